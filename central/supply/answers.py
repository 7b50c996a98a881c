"""Suppliers and deliveries as the REST interface and the pages show them."""

from __future__ import annotations

from msgspec import Struct

from central.supply.model import Supplier
from central.supply.rows import DeliveryStatus


class SupplierList(Struct, frozen=True):
    """All suppliers, by name."""

    items: tuple[Supplier, ...]
    next: str | None = None
    """Give it as `after` to get the next page; null on the last one."""


class DeliveryLine(Struct, frozen=True):
    """One product of a delivery."""

    line: int
    sku: str
    name: str
    expected: int
    received: int

    @property
    def difference(self) -> int:
        """Above zero: more came than was expected."""
        return self.received - self.expected


class Receipt(Struct, frozen=True):
    """Pieces that came of a delivery."""

    movement: int
    sku: str
    quantity: int
    warehouse: str
    bin: str
    lot: str
    serial: str
    by: str
    at: int


class DeliverySummary(Struct, frozen=True):
    """One row of the list; the quantities are pieces of all products."""

    number: str
    supplier: str
    supplier_name: str
    warehouse: str
    expected_at: int | None
    note: str
    status: DeliveryStatus
    created_at: int
    changed_at: int
    created_by: str
    expected: int
    received: int


class DeliveryAnswer(DeliverySummary, frozen=True):
    """A delivery with what was expected and what came of it."""

    lines: tuple[DeliveryLine, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    """The oldest first."""


class DeliveryPage(Struct, frozen=True):
    """One page of deliveries, the newest first."""

    items: tuple[DeliverySummary, ...]
    next: str | None
