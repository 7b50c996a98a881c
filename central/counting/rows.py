"""Count jobs as the books hold them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

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
