"""Count jobs as the books hold them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from contract.keys import Sku

CountStatus: TypeAlias = Literal["open", "counted", "approved", "rejected"]
"""`counted`: all lines have been counted, and somebody must decide."""


class CountRow(Struct, frozen=True, gc=False):
    """One count job: some of a warehouse's bins and lots, counted by hand."""

    count: str
    warehouse: str
    what: str
    """In people's words: `class A`, `bin A1`, `MUG-BLUE`."""
    blind: bool
    """Who counts is not told what the books have."""
    status: CountStatus
    created_at: int
    created_by: str
    decided_at: int | None = None
    decided_by: str = ""


class CountLineRow(Struct, frozen=True, gc=False):
    """What is to be counted: a product's pieces of one lot in one bin; both empty where they lie loose."""

    count: str
    sku: Sku
    bin: str
    lot: str
    counted: int | None = None
    counted_at: int | None = None
    counted_by: str = ""
    expected: int | None = None
    """What the books had at the moment of counting; known once it is decided, when all that moved before has come."""
    first_counted: int | None = None
    """What was found the first time, of a line that is counted twice because that was far off."""
    first_at: int | None = None
    first_by: str = ""

    @property
    def is_due_again(self) -> bool:
        """It was far off, and nobody has counted it since."""
        return self.first_counted is not None and self.counted is None

    @property
    def at_last(self) -> CountLineRow:
        """As it was found last: the first time, while the second count is still due."""
        if self.counted is not None:
            return self
        return replace(self, counted=self.first_counted, counted_at=self.first_at, counted_by=self.first_by)

    @property
    def due_again(self) -> CountLineRow:
        """To be counted a second time."""
        return replace(
            self,
            counted=None,
            counted_at=None,
            counted_by="",
            first_counted=self.counted,
            first_at=self.counted_at,
            first_by=self.counted_by,
        )
