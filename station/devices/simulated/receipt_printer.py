"""Twin of the receipt printers; it keeps what reached it."""

from __future__ import annotations

import re
from collections.abc import Callable

from station.devices.simulated.listening import ListeningPrinter

_QUESTION = re.compile(rb"(?:\x10\x04[\x01-\x04])+")
_KICK = re.compile(rb"\x1bp[\x00\x01\x30\x31]..", re.DOTALL)
_CUT = re.compile(rb"\x1dV(?:[\x00\x01\x30\x31]|[\x41\x42].)", re.DOTALL)


class SimulatedEscPosPrinter(ListeningPrinter):
    """An ESC/POS receipt printer: keeps what it printed and answers `DLE EOT n`."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, printed: Callable[[bytes], None] | None = None
    ) -> None:
        super().__init__(host=host, port=port)
        self.receipts: list[bytes] = []
        """What was printed and cut, oldest first."""
        self.kicks: list[bytes] = []
        """The pulses that its drawer got between two receipts."""
        self.paper_out = False
        self.cover_open = False
        self._held = b""
        self._printed = printed

    def took(self, data: bytes) -> bytes:
        """Take documents and questions. A question inside picture data is data."""
        self._held += data
        while cut := _CUT.search(self._held):
            receipt, self._held = self._held[: cut.end()], self._held[cut.end() :]
            self.receipts.append(receipt)
            if self._printed is not None:
                self._printed(receipt)
        while kick := _KICK.match(self._held):
            self.kicks.append(kick[0])
            self._held = self._held[kick.end() :]
        if not _QUESTION.fullmatch(self._held):
            return b""
        questions, self._held = self._held[2::3], b""
        return bytes(self._answer(asked) for asked in questions)

    def forget_half(self) -> None:
        """A receipt that did not come whole is torn off."""
        self._held = b""

    def _answer(self, asked: int) -> int:
        status = 0x12
        if asked == 1 and (self.cover_open or self.paper_out):
            status |= 0x08
        if asked == 2:
            status |= 0x04 * self.cover_open | 0x20 * self.paper_out
        if asked == 4 and self.paper_out:
            status |= 0x6C
        return status
