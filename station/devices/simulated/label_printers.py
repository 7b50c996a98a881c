"""Twins of the label printers, one for each language; they keep what reached them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import ClassVar

from station.devices import epl2_printer, tspl_printer
from station.devices.simulated.listening import ListeningPrinter


class SimulatedLabelPrinter(ListeningPrinter):
    """A roll, a head and a PAUSE key; labels wait in it while one of them is in trouble."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, printed: Callable[[bytes], None] | None = None
    ) -> None:
        super().__init__(host=host, port=port)
        self.labels: list[bytes] = []
        """What came out, oldest first."""
        self._waiting: list[bytes] = []
        self._held = b""
        self._printed = printed
        self._paper_out = False
        self._head_open = False
        self._paused = False

    @property
    def paper_out(self) -> bool:
        """Whether the roll is empty. Labels wait in the printer until it is not."""
        return self._paper_out

    @paper_out.setter
    def paper_out(self, out: bool) -> None:
        self._paper_out = out
        self._print()

    @property
    def head_open(self) -> bool:
        """Whether the cover is open."""
        return self._head_open

    @head_open.setter
    def head_open(self, is_open: bool) -> None:
        self._head_open = is_open
        self._print()

    @property
    def paused(self) -> bool:
        """Whether somebody pressed PAUSE."""
        return self._paused

    @paused.setter
    def paused(self, paused: bool) -> None:
        self._paused = paused
        self._print()

    def took(self, data: bytes) -> bytes:
        """Take labels and questions, in any pieces."""
        self._held += data
        asked = self._take_in()
        self._print()
        return self._status() * asked

    def forget_half(self) -> None:
        """A label that did not come whole is never printed."""
        self._held = b""

    def _take_in(self) -> int:
        """Move whole labels from `_held` to `_waiting`; how many questions were among them."""
        raise NotImplementedError

    def _status(self) -> bytes:
        """The answer to one question."""
        raise NotImplementedError

    def _print(self) -> None:
        while self._waiting and not (self._paper_out or self._head_open or self._paused):
            label = self._waiting.pop(0)
            self.labels.append(label)
            if self._printed is not None:
                self._printed(label)


class SimulatedZplPrinter(SimulatedLabelPrinter):
    """A ZPL label printer: keeps each `^XA … ^XZ` it printed and answers `~HS`."""

    _JOB = re.compile(rb"\^XA.*?\^XZ", re.DOTALL)

    def _take_in(self) -> int:
        asked = 0
        while b"~HS" in self._held and not self._in_label(self._held.index(b"~HS")):
            self._held = self._held.replace(b"~HS", b"", 1)
            asked += 1
        while job := self._JOB.search(self._held):
            self._waiting.append(job[0])
            self._held = self._held[job.end() :]
        return asked

    def _in_label(self, place: int) -> bool:
        before = self._held[:place]
        return before.rfind(b"^XA") > before.rfind(b"^XZ")

    def _status(self) -> bytes:
        first = b"030,%d,%d,1218,%03d,0,0,%d,000,0,0,0" % (
            self.paper_out,
            self.paused,
            len(self._waiting),
            bool(self._held),
        )
        second = b"000,0,%d,0,0,2,4,0,00000000,1,000" % self.head_open
        return b"".join(b"\x02%s\x03\r\n" % line for line in (first, second, b"1234,0"))


class _LineByLine(SimulatedLabelPrinter):
    """Commands are lines; one of them has a bitmap of announced size in it, and one prints."""

    question: ClassVar[bytes]
    bitmap: ClassVar[re.Pattern[bytes]]
    """The head of the bitmap command: its groups are bytes a row and rows."""
    end: ClassVar[re.Pattern[bytes]]
    """The line that prints."""

    def _take_in(self) -> int:
        asked = 0
        while self._held:
            if self._held.startswith(self.question):
                self._held = self._held[len(self.question) :]
                asked += 1
                continue
            whole = self._whole()
            if whole is None:
                break
            self._waiting.append(self._held[:whole])
            self._held = self._held[whole:]
        return asked

    def _whole(self) -> int | None:
        """Where the first label ends, once it is whole."""
        place = 0
        while True:
            if head := self.bitmap.match(self._held, place):
                place = head.end() + int(head[1]) * int(head[2])
                if place > len(self._held):
                    return None
            line_end = self._held.find(b"\n", place)
            if line_end < 0:
                return None
            line, place = self._held[place:line_end].strip(), line_end + 1
            if self.end.fullmatch(line):
                return place


class SimulatedEpl2Printer(_LineByLine):
    """An EPL2 label printer: keeps each label up to its `P` and answers `^ee`."""

    question = epl2_printer.ASK
    bitmap = re.compile(rb"GW\d+,\d+,(\d+),(\d+)(?:,|\r*\n)")
    end = re.compile(rb"P\d+(?:,\d+)?")

    def _status(self) -> bytes:
        codes = [
            code for there, code in ((self.head_open, b"11"), (self.paper_out, b"07"), (self.paused, b"12")) if there
        ]
        return (b",".join(codes) or b"00") + b"\r\n"


class SimulatedTsplPrinter(_LineByLine):
    """A TSPL label printer: keeps each label up to its `PRINT` and answers `<ESC>!?`."""

    question = tspl_printer.ASK
    bitmap = re.compile(rb"BITMAP \d+,\d+,(\d+),(\d+),\d,")
    end = re.compile(rb"PRINT \d+(?:,\d+)?")

    def _status(self) -> bytes:
        bits = tspl_printer.HEAD_OPEN * self.head_open | tspl_printer.NO_LABELS * self.paper_out
        return bytes((bits | tspl_printer.PAUSED * self.paused,))
