"""Two scales of the HID class: one with a USB cable, one without, whose reports a program hands to the kernel."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import struct
from abc import ABC, abstractmethod
from typing import Final

from guest.gadgets import Gadget
from guest.scales import MOVES_FOR
from guest.waiting import gone, there

_STREAM_S: Final = 0.2
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
_VENDOR, _PRODUCT = 0x0922, 0x8003
_DESTROY, _OPEN, _CLOSE, _GET_REPORT, _GET_REPLY, _CREATE, _INPUT, _SET_REPORT, _SET_REPLY = 1, 4, 5, *range(9, 15)
"""Kinds of uhid's events. Source: linux/uhid.h."""
_LONGEST_EVENT: Final = 4380
_BLUETOOTH: Final = 5


class _PostalScale(ABC):
    """Streams reports of usage page 0x8D while it is plugged in."""

    node: str
    """By the shipped rule."""

    def __init__(self) -> None:
        self.grams = 0
        self._moves = 0
        self._end = -1
        self._streaming: asyncio.Task[None] | None = None

    def place(self, grams: int) -> None:
        """Have this much on it."""
        self.grams, self._moves = grams, MOVES_FOR

    async def plug(self) -> None:
        """Put the cable in, or switch it on."""
        self._end = await self._come()
        self._streaming = asyncio.create_task(self._stream())

    async def unplug(self) -> None:
        """Pull it out, or switch it off."""
        if self._streaming is not None:
            self._streaming.cancel()
        self._go()
        await gone(self.node)

    @abstractmethod
    async def _come(self) -> int:
        """The open end of the device, when udev has named its node."""

    @abstractmethod
    def _go(self) -> None: ...

    @abstractmethod
    def _send(self, report: bytes) -> None: ...

    async def _stream(self) -> None:
        while True:
            status = _STABLE if self.grams else _STABLE_AT_ZERO
            if self._moves:
                status, self._moves = _MOTION, self._moves - 1
            self._send(_REPORT.pack(3, status, _GRAMS, 0, self.grams))
            await asyncio.sleep(_STREAM_S)


class UsbScale(_PostalScale):
    """A gadget on a port of its own."""

    serial: Final = "SCL0002"
    node = f"/dev/packline/by-id/Packline_hid_{serial}"

    def __init__(self, port: int) -> None:
        super().__init__()
        behaviour = {"protocol": "0", "subclass": "0", "report_length": str(_REPORT.size)}
        self._gadget = Gadget(port, "hid", _VENDOR, _PRODUCT, self.serial, **behaviour, report_desc=_POSTAL_SCALE)

    async def _come(self) -> int:
        self._gadget.plug()
        await there(self.node)
        return os.open("/dev/hidg0", os.O_RDWR | os.O_NONBLOCK)

    def _go(self) -> None:
        os.close(self._end)
        self._gadget.unplug()

    def _send(self, report: bytes) -> None:
        with contextlib.suppress(BlockingIOError):  # nobody has fetched the one before
            os.write(self._end, report)


class WirelessScale(_PostalScale):
    """As BlueZ makes one of a Bluetooth scale, through /dev/uhid. Source: the kernel's Documentation/hid/uhid.rst."""

    address: Final = "00:00:5e:00:53:02"
    node = f"/dev/packline/by-id/bluetooth-{address}"

    def __init__(self) -> None:
        super().__init__()
        self._opened = 0

    async def _come(self) -> int:
        end = os.open("/dev/uhid", os.O_RDWR | os.O_NONBLOCK)
        names = (b"Packline wireless scale", b"00:00:5e:00:53:01", self.address.encode())
        numbers = (len(_POSTAL_SCALE), _BLUETOOTH, _VENDOR, _PRODUCT, 1, 0)
        os.write(end, struct.pack("<I128s64s64sHHIIII4096s", _CREATE, *names, *numbers, _POSTAL_SCALE))
        asyncio.get_running_loop().add_reader(end, self._hear, end)
        await there(self.node)
        return end

    def _go(self) -> None:
        asyncio.get_running_loop().remove_reader(self._end)
        os.write(self._end, struct.pack("<I", _DESTROY))
        os.close(self._end)
        self._opened = 0

    def _send(self, report: bytes) -> None:
        if self._opened:
            os.write(self._end, struct.pack("<IH", _INPUT, len(report)) + report)

    def _hear(self, end: int) -> None:
        """Who reads it is counted; questions, which wait for their answer, are refused: it only streams."""
        event = os.read(end, _LONGEST_EVENT)
        (kind,) = struct.unpack_from("<I", event)
        if kind in (_OPEN, _CLOSE):
            self._opened += 1 if kind == _OPEN else -1
        elif kind in (_GET_REPORT, _SET_REPORT):
            (number,) = struct.unpack_from("<I", event, 4)
            reply = _GET_REPLY if kind == _GET_REPORT else _SET_REPLY
            os.write(end, struct.pack("<IIHH", reply, number, errno.EIO, 0))
