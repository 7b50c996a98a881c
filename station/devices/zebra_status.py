"""The three lines that a ZPL printer answers to `~HS`. Pure.

Source: Zebra, ZPL II Programming Guide, `~HS` Host Status Return. Some printers do not answer at all while
paper or ribbon is out or the head is open: silence says nothing.
"""

from __future__ import annotations

import re
from typing import Self

from msgspec import Struct

from station.devices import paper_trouble
from station.devices.ports import PrinterStatus

ASK = b"~HS\r\n"
_LINE = re.compile(rb"\x02([\x20-\x7e]*)\x03\r?\n?")
_FIELDS = (12, 11, 2)
_KEPT = 1024


class HostStatus(Struct, frozen=True):
    """What the flags say."""

    paper_out: bool
    paused: bool
    buffer_full: bool
    head_up: bool
    ribbon_out: bool
    too_cold: bool
    too_hot: bool
    memory_lost: bool
    formats_waiting: int
    labels_remaining: int

    @classmethod
    def read(cls, lines: tuple[str, str, str]) -> Self:
        """Raise `ValueError` when a line has too few fields or a field is neither a flag nor a number."""
        first, second, third = (line.split(",") for line in lines)
        for fields, wanted in zip((first, second, third), _FIELDS, strict=True):
            if len(fields) < wanted:
                raise ValueError(f"~HS line has {len(fields)} fields, it should have {wanted}")
        return cls(
            paper_out=_flag(first[1]),
            paused=_flag(first[2]),
            formats_waiting=_count(first[4]),
            buffer_full=_flag(first[5]),
            memory_lost=_flag(first[9]),
            too_cold=_flag(first[10]),
            too_hot=_flag(first[11]),
            head_up=_flag(second[2]),
            ribbon_out=_flag(second[3]),
            labels_remaining=_count(second[8]),
        )

    @property
    def printer_status(self) -> PrinterStatus:
        """What the packer should know: the first thing to mend."""
        return paper_trouble.first_of(
            (
                (self.head_up, paper_trouble.HEAD_OPEN),
                (self.paper_out, paper_trouble.NO_LABELS),
                (self.ribbon_out, paper_trouble.NO_RIBBON),
                (self.too_hot, paper_trouble.TOO_HOT),
                (self.too_cold, paper_trouble.TOO_COLD),
                (self.memory_lost, paper_trouble.SETTINGS_LOST),
                (self.paused, paper_trouble.PAUSED),
                (self.buffer_full, paper_trouble.FULL),
            ),
            queued=self.formats_waiting + self.labels_remaining,
        )


class HostStatusReader:
    """Collects the three lines from a stream that may hold other answers."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> HostStatus | None:
        """The newest whole answer in what has arrived, if there is one."""
        self._held = (self._held + data)[-_KEPT:]
        newest: HostStatus | None = None
        lines: list[tuple[str, int]] = [(found[1].decode("ascii"), found.end()) for found in _LINE.finditer(self._held)]
        used = 0
        while len(lines) >= 3:
            try:
                newest = HostStatus.read((lines[0][0], lines[1][0], lines[2][0]))
            except ValueError:
                del lines[0]  # not the first of three: look from the next line on
            else:
                used = lines[2][1]
                del lines[:3]
        self._held = self._held[used:]
        return newest


def _flag(field: str) -> bool:
    if field not in ("0", "1"):
        raise ValueError(f"~HS flag is {field!r}, it should be 0 or 1")
    return field == "1"


def _count(field: str) -> int:
    if not field.strip().isdigit():
        raise ValueError(f"~HS count is {field!r}, it should be a number")
    return int(field)
