"""Two scales on USB: one of the HID class, one that speaks 8217 on a serial line."""

from __future__ import annotations

import asyncio
import contextlib
import os
import struct
import termios
import tty
from typing import Final, Protocol

from guest.gadgets import Gadget
from guest.waiting import gone, there

HID_SERIAL: Final = "SCL0002"
HID_NODE: Final = f"/dev/packline/by-id/Packline_hid_{HID_SERIAL}"
"""By the shipped rule."""
_OUR_END: Final = "/dev/hidg0"
SERIAL: Final = "SCL0001"
SERIAL_NODE: Final = f"/dev/serial/by-id/usb-Packline_acm_{SERIAL}-if00"
_STREAM_S: Final = 0.2
_MOVES_FOR: Final = 2
"""Reports of motion after each change."""
_POSTAL_SCALE: Final = bytes.fromhex(
    "058d 0920 a101 0932 a102 8503"  # usage page Scales: Scale Device, its Scale Data Report, number 3
    "0970 a102 1971 2978 1501 2508 7508 9501 8100 c0"  # Scale Status: one of eight
    "0950 a102 1951 295c 1501 250c 7508 9501 8100 c0"  # Weight Unit: one of twelve
    "0941 1580 257f 7508 9501 8102"  # Data Scaling: signed power of ten
    "0940 1500 27ffff0000 7510 9501 8102"  # Data Weight: 16 bits
    "c0 c0"
)
"""Its report descriptor. Source: USB-IF, HID Usage Tables, Scales page."""
_REPORT: Final = struct.Struct("<BBBbH")
_STABLE_AT_ZERO, _MOTION, _STABLE = 2, 3, 4
_GRAMS: Final = 2


class Scale(Protocol):
    """What the packer and the story need of a scale."""

    grams: int

    def place(self, grams: int) -> None: ...
    async def plug(self) -> None: ...
    async def unplug(self) -> None: ...


class HidScale:
    """Streams reports of usage page 0x8D."""

    def __init__(self, port: int) -> None:
        self.grams = 0
        self._moves = 0
        behaviour = {"protocol": "0", "subclass": "0", "report_length": str(_REPORT.size)}
        self._gadget = Gadget(port, "hid", 0x0922, 0x8003, HID_SERIAL, **behaviour, report_desc=_POSTAL_SCALE)
        self._end = -1
        self._streaming: asyncio.Task[None] | None = None

    def place(self, grams: int) -> None:
        """Have this much on it."""
        self.grams, self._moves = grams, _MOVES_FOR

    async def plug(self) -> None:
        """Put the cable in."""
        self._gadget.plug()
        await there(HID_NODE)
        self._end = os.open(_OUR_END, os.O_RDWR | os.O_NONBLOCK)
        self._streaming = asyncio.create_task(self._stream())

    async def unplug(self) -> None:
        """Pull it out."""
        if self._streaming is not None:
            self._streaming.cancel()
        os.close(self._end)
        self._gadget.unplug()
        await gone(HID_NODE)

    async def _stream(self) -> None:
        while True:
            self._report()
            await asyncio.sleep(_STREAM_S)

    def _report(self) -> None:
        status = _STABLE if self.grams else _STABLE_AT_ZERO
        if self._moves:
            status, self._moves = _MOTION, self._moves - 1
        with contextlib.suppress(BlockingIOError):  # nobody has fetched the one before
            os.write(self._end, _REPORT.pack(3, status, _GRAMS, 0, self.grams))


class SerialScale:
    """Answers `W` on the far end of a USB serial line."""

    def __init__(self, port: int) -> None:
        self.grams = 0
        self._moves = 0
        self._gadget = Gadget(port, "acm", 0x0EB8, 0xF000, SERIAL)
        self._end = -1

    def place(self, grams: int) -> None:
        """Have this much on it."""
        self.grams, self._moves = grams, _MOVES_FOR

    async def plug(self) -> None:
        """Put the cable in."""
        self._gadget.plug()
        await there(SERIAL_NODE)
        self._end = os.open("/dev/ttyGS0", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self._end, termios.TCSANOW)
        asyncio.get_running_loop().add_reader(self._end, self._hear)

    async def unplug(self) -> None:
        """Pull it out."""
        asyncio.get_running_loop().remove_reader(self._end)
        os.close(self._end)
        self._gadget.unplug()
        await gone(SERIAL_NODE)

    def _hear(self) -> None:
        for _ in range(os.read(self._end, 4096).count(b"W")):
            os.write(self._end, self._answer())

    def _answer(self) -> bytes:
        if self._moves:
            self._moves -= 1
            return b"\x02?A\r"
        return b"\x02%02d.%03d\r" % divmod(self.grams, 1000)
