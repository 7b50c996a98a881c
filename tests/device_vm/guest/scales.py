"""What a scale is to the packer, and one that speaks 8217 on a USB serial line."""

from __future__ import annotations

import asyncio
import os
import termios
import tty
from typing import Final, Protocol

from guest.gadgets import Gadget
from guest.waiting import gone, there

SERIAL: Final = "SCL0001"
SERIAL_NODE: Final = f"/dev/serial/by-id/usb-Packline_acm_{SERIAL}-if00"
MOVES_FOR: Final = 2
"""Answers that tell of motion after each change."""


class Scale(Protocol):
    """What the packer and the story need of a scale."""

    grams: int

    def place(self, grams: int) -> None: ...
    async def plug(self) -> None: ...
    async def unplug(self) -> None: ...


class SerialScale:
    """Answers `W` on the far end of a USB serial line."""

    def __init__(self, port: int) -> None:
        self.grams = 0
        self._moves = 0
        self._gadget = Gadget(port, "acm", 0x0EB8, 0xF000, SERIAL)
        self._end = -1

    def place(self, grams: int) -> None:
        """Have this much on it."""
        self.grams, self._moves = grams, MOVES_FOR

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
