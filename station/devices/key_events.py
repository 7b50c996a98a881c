"""Where a keyboard scanner's events come from: an input node of the kernel, or a twin's packet socket.

Source of the numbers: `linux/input-event-codes.h`.
"""

from __future__ import annotations

import asyncio
import errno
import os
import select
import stat
import struct
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

from station.devices.line import Line, gone, not_there, open_node
from station.devices.ports import DeviceFault
from station.devices.tap import tap_now

if TYPE_CHECKING:
    from evdev import InputDevice

EV_SYN, EV_KEY, EV_MSC, EV_LED = 0, 1, 4, 17
SYN_REPORT, SYN_DROPPED = 0, 3
LED_CAPS = 1
RECORD = struct.Struct("<qqHHi")
"""struct input_event of a 64-bit kernel, for twins and tapes: seconds, microseconds, type, code, value."""


class KeyEvent(NamedTuple):
    """One event, without its time."""

    kind: int
    code: int
    value: int


class Held(NamedTuple):
    """The keyboard at one moment."""

    keys: frozenset[int]
    caps: bool
    """Whether Caps Lock is lit."""


NOTHING_HELD = Held(frozenset(), False)


class KeySource(Protocol):
    """An open keyboard. What fails is a `DeviceFault`."""

    async def read(self) -> Sequence[KeyEvent]:
        """The next events, at least one."""
        ...

    def waiting(self) -> bool:
        """Whether events are there, unread: then a time-out only says that we were busy."""
        ...

    def held(self) -> Held:
        """The keys that are down now, and Caps Lock."""
        ...

    def close(self) -> None: ...


def open_keys(path: str, name: str) -> KeySource:
    """Open the keyboard at `path` for this process alone. Raises `DeviceFault`."""
    try:
        is_twin = stat.S_ISSOCK(os.stat(path).st_mode)
    except OSError as error:
        raise not_there(path, error) from error
    return TwinKeys(open_node(path)) if is_twin else InputNode(path, name)


def events_in(records: bytes) -> list[KeyEvent]:
    """The whole records in these bytes; a rest is no event."""
    whole = len(records) // RECORD.size * RECORD.size
    return [KeyEvent(*record[2:]) for record in RECORD.iter_unpack(records[:whole])]


class TwinKeys:
    """A simulated keyboard: packets of whole `struct input_event` records. It types for nobody else."""

    def __init__(self, line: Line) -> None:
        self._line = line

    async def read(self) -> Sequence[KeyEvent]:
        return events_in(await self._line.read())

    def waiting(self) -> bool:
        return self._line.waiting

    def held(self) -> Held:
        return NOTHING_HELD

    def close(self) -> None:
        self._line.close()


class InputNode:
    """A real node, by python-evdev, grabbed: nobody else sees its keys."""

    def __init__(self, path: str, name: str) -> None:
        self._path = path
        self._device = _opened(path, name)
        self._tap = tap_now()
        # On a tape, too, the text depends on it.
        self._tap.heard(RECORD.pack(0, 0, EV_LED, LED_CAPS, self.held().caps))

    async def read(self) -> Sequence[KeyEvent]:
        while True:
            await self._readable()
            try:
                events = [KeyEvent(event.type, event.code, event.value) for event in self._device.read()]
            except BlockingIOError:
                continue
            except OSError as error:
                raise gone(self._path, error.strerror) from error
            self._tap.heard(b"".join(RECORD.pack(0, 0, *event) for event in events))
            return events

    def waiting(self) -> bool:
        return bool(select.select([self._device.fd], [], [], 0)[0])

    def held(self) -> Held:
        try:
            return Held(frozenset(self._device.active_keys()), LED_CAPS in self._device.leds())
        except OSError as error:
            raise gone(self._path, error.strerror) from error

    def close(self) -> None:
        self._device.close()

    async def _readable(self) -> None:
        """As `InputDevice.async_read` waits, but events survive a time-out: that one reads for nobody."""
        loop = asyncio.get_running_loop()
        ready = asyncio.Event()
        loop.add_reader(self._device.fd, ready.set)
        try:
            await ready.wait()
        finally:
            loop.remove_reader(self._device.fd)


def _opened(path: str, name: str) -> InputDevice[str]:
    try:
        from evdev import InputDevice
    except ImportError as error:
        raise DeviceFault(
            f"{name}: reading keyboard scanners needs python-evdev: apt install python3-evdev,"
            " or pip install 'packline[devices]'"
        ) from error
    no_keyboard = DeviceFault(f"{name} is no keyboard: give the path of the scanner's event-kbd node")
    try:
        device = InputDevice(path)
    except OSError as error:
        raise no_keyboard if error.errno in (errno.ENOTTY, errno.EINVAL) else not_there(path, error) from error
    try:
        device.grab()
    except OSError as error:
        device.close()
        if error.errno == errno.EBUSY:
            raise DeviceFault(f"{name} is held by another program: stop it (sudo fuser -v {path})") from error
        raise no_keyboard from error
    return device
