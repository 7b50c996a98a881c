"""A ZPL label printer on USB: what reaches /dev/g_printer0 is what a real one would print."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from typing import Final

from guest.gadgets import Gadget
from guest.waiting import gone, there

SERIAL: Final = "PRN0001"
_OUR_END: Final = "/dev/g_printer0"
NODE: Final = f"/dev/packline/by-id/Packline_printer_{SERIAL}"
"""By the shipped rule. Its number is not always 0: the kernel counts scales (/dev/usb/hiddev0) along with printers."""
_LABEL: Final = re.compile(rb"\^XA.*?\^XZ", re.DOTALL)
_ASKED: Final = b"~HS"
_WELL: Final = (
    b"\x02030,0,0,1218,000,0,0,0,000,0,0,0\x03\r\n\x02001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"
)


class UsbPrinter:
    """Keeps every label and answers that it is well."""

    def __init__(self, port: int) -> None:
        self._gadget = Gadget(port, "printer", 0x0A5F, 0x0166, SERIAL, pnp_string="MFG:Zebra;CMD:ZPL;CLS:PRINTER;")
        self._end = -1
        self._held = b""
        self.labels: list[bytes] = []
        self.printed: Callable[[bytes], None] = lambda label: None

    async def plug(self) -> None:
        """Put the cable in and switch it on."""
        self._gadget.plug()
        # Our end cannot be opened before the other is there.
        await there(NODE)
        self._end = os.open(_OUR_END, os.O_RDWR | os.O_NONBLOCK)
        asyncio.get_running_loop().add_reader(self._end, self._take)

    async def unplug(self) -> None:
        """Pull the cable."""
        asyncio.get_running_loop().remove_reader(self._end)
        os.close(self._end)
        self._gadget.unplug()
        self._held = b""
        await gone(NODE)

    def _take(self) -> None:
        try:
            self._held += os.read(self._end, 65536)
        except BlockingIOError:
            return
        while label := _LABEL.search(self._held):
            asked = self._held.count(_ASKED, 0, label.start())
            self._held = self._held[label.end() :]
            self.labels.append(label[0])
            self.printed(label[0])
            self._answer(asked)
        if b"^XA" not in self._held:
            self._answer(self._held.count(_ASKED))
            self._held = self._held.rpartition(_ASKED)[2]

    def _answer(self, times: int) -> None:
        if times:
            os.write(self._end, _WELL * times)
