"""A byte stream on one non-blocking file descriptor: serial line, socket, device node. No threads."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import select
import socket
import stat
import struct
import termios
from collections.abc import Callable
from typing import Literal

from station.devices.ports import DeviceFault
from station.devices.tap import tap_now

Handshake = Literal["none", "rtscts", "xonxoff"]
"""How the other end of a serial line holds the data up."""
_CHUNK = 4096
_READS, _BYTES = 64, 16 * 1024
"""As many reports as the kernel keeps of a HID device, and more than a serial line holds."""
_PART = 64 * 1024
"""Bytes of a document that are followed to the other end before the next ones are sent; a label fits one."""


class Line:
    """Reads and writes; any failure is a `DeviceFault` that names the device and ends the line's life."""

    def __init__(self, descriptor: int, place: str, close: Callable[[], object]) -> None:
        os.set_blocking(descriptor, False)
        self.descriptor = descriptor
        self._place = place
        self._close = close
        self._closed = False
        self._tap = tap_now()

    def close(self) -> None:
        """Give the descriptor back, once."""
        if not self._closed:
            self._closed = True
            self._close()

    async def read(self) -> bytes:
        """What arrives next, at least one byte; from a packet device exactly one packet."""
        while True:
            await self._until_ready(reading=True)
            data = self.read_now()
            if data is not None:
                return data

    def read_now(self) -> bytes | None:
        """What is there already, or None."""
        try:
            data = os.read(self.descriptor, _CHUNK)
        except BlockingIOError:
            return None
        except OSError as error:
            raise gone(self._place, error.strerror) from error
        if not data:
            raise gone(self._place, "it was unplugged or closed its end")
        self._tap.heard(data)
        return data

    def read_waiting(self) -> list[bytes]:
        """What is there already, oldest first; of a device that never rests a part: others want a turn."""
        found: list[bytes] = []
        size = 0
        while len(found) < _READS and size < _BYTES and (data := self.read_now()) is not None:
            found.append(data)
            size += len(data)
        return found

    @property
    def waiting(self) -> bool:
        """Whether something is there, unread: then a time-out of a read only says that we were busy."""
        return bool(select.select([self.descriptor], [], [], 0)[0])

    async def write(self, data: bytes) -> None:
        """Hand every byte to the kernel."""
        self._tap.said(data)
        sent = 0
        while sent < len(data):
            try:
                sent += os.write(self.descriptor, data[sent : sent + 65536])
            except BlockingIOError:
                await self._until_ready(reading=False)
            except OSError as error:
                raise gone(self._place, error.strerror) from error

    async def write_through(self, data: bytes, stalled_after_s: float) -> None:
        """Write, then wait until the other end has taken every byte; `DeviceFault` when it stops taking."""
        sent = 0
        while sent < len(data):
            part = data[sent : sent + _PART]
            try:
                async with asyncio.timeout(stalled_after_s):
                    await self.write(part)
                    await self._taken()
            except TimeoutError as error:
                raise stalled(self._place, sent, len(data)) from error
            except DeviceFault as error:
                raise DeviceFault(f"{error}. {arrived(sent, len(data))}", error.text_fr) from error
            sent += len(part)

    async def _taken(self) -> None:
        """Return when nothing of ours waits in the kernel (TCP: all is acknowledged)."""
        pause = 0.0005
        while unsent(self.descriptor) and not broken(self.descriptor):
            await asyncio.sleep(pause)
            pause = min(2 * pause, 0.02)
        if broken(self.descriptor):
            raise gone(self._place, "it closed its end")

    async def _until_ready(self, *, reading: bool) -> None:
        loop = asyncio.get_running_loop()
        ready = loop.create_future()

        def wake() -> None:
            if not ready.done():
                ready.set_result(None)

        if reading:
            loop.add_reader(self.descriptor, wake)
        else:
            loop.add_writer(self.descriptor, wake)
        try:
            await ready
        finally:
            if reading:
                loop.remove_reader(self.descriptor)
            else:
                loop.remove_writer(self.descriptor)


def unsent(descriptor: int) -> int:
    """Bytes that the other end has not taken yet (TCP: not acknowledged)."""
    try:
        answer = fcntl.ioctl(descriptor, termios.TIOCOUTQ, struct.pack("i", 0))
    except OSError:  # /dev/usb/lp* keeps no queue: its write returns when the printer has taken the bytes
        return 0
    return int(struct.unpack("i", answer)[0])


def broken(descriptor: int) -> bool:
    """Whether the other end has hung up or reset the connection."""
    poll = select.poll()
    poll.register(descriptor, 0)
    return bool(poll.poll(0))


def gone(place: str, why: str | None) -> DeviceFault:
    """The device was there and is not any more."""
    return DeviceFault(
        f"{place} is gone ({why}): check its cable and its power",
        f"{place} ne répond plus : vérifiez son câble et son alimentation",
    )


def arrived(sent: int, of: int) -> str:
    """How much of a document reached the printer: what was under way when the line broke may have, or not."""
    return f"Of {of} bytes at least {sent} had arrived"


def stalled(place: str, sent: int, of: int) -> DeviceFault:
    """The printer stopped taking bytes in the middle of a document."""
    return DeviceFault(
        f"{place} takes no more data: see whether it is out of paper, open or paused, then switch it off and on."
        f" {arrived(sent, of)}",
        f"{place} n'accepte plus de données : vérifiez papier, capot et pause, puis éteignez et rallumez",
    )


def not_there(place: str, error: OSError) -> DeviceFault:
    """Why a device could not be opened, in words that say what to do."""
    if isinstance(error, PermissionError):
        return DeviceFault(
            f"{place} may not be opened: add the station's user to the group that owns it (ls -l {place})"
        )
    if error.errno in (errno.EAGAIN, errno.EBUSY):
        return DeviceFault(f"{place} is held by another program: stop it (sudo fuser -v {place})")
    if isinstance(error, FileNotFoundError):
        return DeviceFault(
            f"{place} is not there: plug the device in and switch it on",
            f"{place} est absent : branchez l'appareil et allumez-le",
        )
    return DeviceFault(
        f"{place} cannot be opened ({error.strerror or error}): check its cable and its power",
        f"{place} ne s'ouvre pas : vérifiez son câble et son alimentation",
    )


def open_node(path: str, flags: int = os.O_RDWR) -> Line:
    """Open a device node. A Unix packet socket at `path` is a device's twin and is connected to instead."""
    try:
        if stat.S_ISSOCK(os.stat(path).st_mode):
            twin = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                twin.connect(path)
            except OSError:
                twin.close()
                raise
            return Line(twin.fileno(), path, twin.close)
        descriptor = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        raise not_there(path, error) from error
    return Line(descriptor, path, lambda: os.close(descriptor))


async def open_tcp(host: str, port: int, within_s: float) -> Line:
    """Connect with TCP_NODELAY, or raise `DeviceFault`."""
    place = f"{host}:{port}"
    try:
        async with asyncio.timeout(within_s):
            loop = asyncio.get_running_loop()
            family, kind, protocol, _, address = (await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM))[0]
            connection = socket.socket(family, kind, protocol)
            try:
                connection.setblocking(False)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                await loop.sock_connect(connection, address)
            except BaseException:
                connection.close()
                raise
    except (OSError, TimeoutError) as error:
        raise DeviceFault(
            f"no printer answers at {place} ({error or 'time-out'}): switch it on, check its network cable and address",
            f"aucune imprimante ne répond à {place} : allumez-la, vérifiez son câble réseau et son adresse",
        ) from error
    return Line(connection.fileno(), place, connection.close)


def open_serial(path: str, *, baud: int, bits: int, parity: str, stop_bits: int, handshake: Handshake = "none") -> Line:
    """Open a serial line for this process alone."""
    import serial

    try:
        tty = serial.Serial(
            path,
            baud,
            bytesize=bits,
            parity=parity,
            stopbits=stop_bits,
            rtscts=handshake == "rtscts",
            xonxoff=handshake == "xonxoff",
            timeout=0,
            write_timeout=0,
            exclusive=True,
        )
    except OSError as error:
        cause = error if error.errno is None else OSError(error.errno, os.strerror(error.errno))
        raise not_there(path, cause) from error
    except ValueError as error:
        raise DeviceFault(f"{path}: {error}. Mend baud, bits, parity or stop_bits in station.toml") from error
    _tell_silence_from_an_end(tty.fileno())
    if parity != "N":
        _spoil_bad_parity(tty.fileno())
    return Line(tty.fileno(), path, tty.close)


def _tell_silence_from_an_end(descriptor: int) -> None:
    """pyserial lets a read of nothing return nothing, which is also what an unplugged line returns."""
    modes = termios.tcgetattr(descriptor)
    modes[6][termios.VMIN] = 1
    termios.tcsetattr(descriptor, termios.TCSANOW, modes)


def _spoil_bad_parity(descriptor: int) -> None:
    """Let the kernel turn a byte with wrong parity into NUL: pyserial would pass it on as if it were right."""
    modes = termios.tcgetattr(descriptor)
    modes[0] |= termios.INPCK
    modes[0] &= ~(termios.IGNPAR | termios.PARMRK)
    termios.tcsetattr(descriptor, termios.TCSANOW, modes)
