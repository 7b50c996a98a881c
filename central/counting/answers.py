"""Counts as the REST interface and the pages show them."""

from __future__ import annotations

from msgspec import Struct

from central.counting.rows import CountStatus


class CountLine(Struct, frozen=True):
    """A product's pieces of one lot in one bin. Without `expected` while who counts must not be told."""

    sku: str
    name: str
    bin: str
    lot: str
    counted: int | None
    counted_at: int | None
    counted_by: str
    expected: int | None = None
    """What the books had at the moment of counting."""
    first_counted: int | None = None
    """What was found the first time, of a line that is counted twice because that was far off."""
    first_by: str = ""
    unsure: bool = False
    """It is far off, and nobody else has counted it again yet: approving it asks for a reason."""

    @property
    def difference(self) -> int | None:
        """Above zero: more was found than the books had."""
        last = self.first_counted if self.counted is None else self.counted
        return None if last is None or self.expected is None else last - self.expected


class CountHead(Struct, frozen=True):
    """What a count is, and who planned and decided it."""

    count: str
    warehouse: str
    what: str
    blind: bool
    status: CountStatus
    created_at: int
    created_by: str
    decided_at: int | None
    decided_by: str


class CountSummary(CountHead, frozen=True):
    """One row of the list."""

    lines: int
    counted: int
    """How many of the lines have been counted."""


class CountAnswer(CountHead, frozen=True):
    """A count with its lines, by bin and product."""

    lines: tuple[CountLine, ...]


class CountPage(Struct, frozen=True):
    """One page of counts, the newest first."""

    items: tuple[CountSummary, ...]
    next: str | None
