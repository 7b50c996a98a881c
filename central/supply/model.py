"""What is ordered from suppliers, and what comes in."""

from __future__ import annotations

from msgspec import Struct

from central.stock.model import Lot
from contract.keys import Sku


class Supplier(Struct, frozen=True):
    """Who delivers goods to the house."""

    code: str
    name: str
    email: str = ""
    phone: str = ""
    lead_days: int = 0
    """From our order to their delivery, as they say; 0: not known."""


class ExpectedLine(Struct, frozen=True):
    """Pieces that a supplier owes."""

    sku: Sku
    quantity: int


class Expected(Struct, frozen=True):
    """A delivery as it was ordered. Its number is the shop's own (the purchase order)."""

    number: str
    supplier: str
    lines: tuple[ExpectedLine, ...]
    warehouse: str = ""
    """Where it comes to; empty: the first."""
    expected_at: int | None = None
    note: str = ""


class Arrival(Struct, frozen=True):
    """Pieces of one product, and of one lot, that were put to one place."""

    sku: Sku
    quantity: int
    delivery: str = ""
    """The number of the supplier's delivery; empty for goods that nobody expected."""
    bin: str = ""
    """Empty: the product's pick bin."""
    lot: str = ""
    expiry: str = ""
    """YYYY-MM-DD; day 00 is the month's last."""
    serials: tuple[str, ...] = ()

    @property
    def made(self) -> Lot:
        return Lot.of(self.lot, self.expiry)
