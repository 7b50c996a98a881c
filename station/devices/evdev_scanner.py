"""Scanners that type as a keyboard, read from the kernel's /dev/input events with an exclusive grab.

Source of the layouts and numbers: `linux/input.h`, `linux/input-event-codes.h`.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import stat
import struct
from collections.abc import AsyncIterator
from typing import ClassVar, Literal, Self

from station.devices.keymap import CAPS_LOCK, FunctionKey, KeyReader
from station.devices.layouts import LayoutName
from station.devices.line import Line, open_node
from station.devices.ports import DeviceFault, Garbled, ScannedText
from station.devices.scan_text import Outcome
from station.devices.serial_scanner import seen
from station.devices.settings import AttachedSettings, Seconds
from station.devices.udev import node_of

EVENT = struct.Struct("@llHHi")
"""struct input_event: seconds, microseconds, type, code, value."""
EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
_EVIOCGRAB = 0x40044590
_EVIOCGKEY_96 = 0x80604518
"""Which keys are down: 96 bytes, a bit for each of the 768 codes."""
_EVIOCGLED_8 = 0x80084519
_LED_CAPS = 1


class EvdevScannerConfig(AttachedSettings, frozen=True, kw_only=True, tag="evdev_scanner"):
    """`driver = "evdev_scanner"`."""

    subsystem: ClassVar[str] = "input"
    layout: LayoutName = "us"
    """The keyboard that the scanner is set to imitate."""
    ends_by: Literal["key", "pause"] = "key"
    """`key`: Enter, keypad Enter or Tab ends a scan, and one without is refused. `pause`: silence ends it too."""
    pause_s: Seconds = 0.15
    gs_keys: tuple[FunctionKey, ...] = ("F8",)
    """Function keys that the scanner types for GS, besides Ctrl + ] and Alt + 029."""


class EvdevScanner:
    """Reads key events, yields scans; nobody else sees the keys."""

    def __init__(self, config: EvdevScannerConfig) -> None:
        self._config = config
        self._keys = KeyReader(config.layout, pause_ends=config.ends_by == "pause", gs_keys=config.gs_keys)
        self._resyncing = False
        self._line: Line

    async def __aenter__(self) -> Self:
        self._line = open_node(node_of(self._config, self._config.subsystem), os.O_RDONLY)
        try:
            self._grab()
        except DeviceFault:
            self._line.close()
            raise
        self._keys.start(*self._now_held())
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._line.close()

    async def scans(self) -> AsyncIterator[ScannedText | Garbled]:
        """Each scan once; a scan cut off by a lost device is never given."""
        while True:
            for found in await self._next():
                yield seen(found, self._config.name)

    async def _next(self) -> list[Outcome]:
        try:
            async with asyncio.timeout(self._config.pause_s if self._keys.open else None):
                data = await self._line.read()
        except TimeoutError:
            ended = self._keys.pause()
            return [] if ended is None else [ended]
        return self.events(data)

    def events(self, data: bytes) -> list[Outcome]:
        """The scans that these events end. The kernel gives whole events only; a rest is no event."""
        found: list[Outcome] = []
        for _, _, kind, code, value in EVENT.iter_unpack(data[: len(data) // EVENT.size * EVENT.size]):
            if kind == EV_SYN and code == SYN_DROPPED:
                self._resyncing = True
            elif self._resyncing:
                if kind == EV_SYN and code == SYN_REPORT:
                    self._resyncing = False
                    self._keys.lost()
                    self._keys.start(*self._now_held())
            elif kind == EV_KEY and (outcome := self._keys.key(code, value)) is not None:
                found.append(outcome)
        return found

    def _grab(self) -> None:
        if stat.S_ISSOCK(os.fstat(self._line.descriptor).st_mode):
            return  # a twin: it types for nobody else
        try:
            fcntl.ioctl(self._line.descriptor, _EVIOCGRAB, 1)
        except OSError as error:
            if error.errno == errno.EBUSY:
                raise DeviceFault(
                    f"{self._config.name} is held by another program: stop it (sudo fuser -v {self._config.path})"
                ) from error
            raise DeviceFault(
                f"{self._config.name} is no keyboard: give the path of the scanner's event-kbd node"
            ) from error

    def _now_held(self) -> tuple[frozenset[int], bool]:
        """The keys that are down, and whether Caps Lock is lit."""
        try:
            keys = fcntl.ioctl(self._line.descriptor, _EVIOCGKEY_96, bytes(96))
            leds = fcntl.ioctl(self._line.descriptor, _EVIOCGLED_8, bytes(8))
        except OSError:  # a twin cannot say
            return frozenset(), False
        held = frozenset(code for code in range(96 * 8) if keys[code // 8] >> code % 8 & 1)
        return held - {CAPS_LOCK}, bool(leds[0] >> _LED_CAPS & 1)
