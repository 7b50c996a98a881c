"""Suppliers and their deliveries as the books hold them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from msgspec import Struct

from contract.keys import Sku

DeliveryStatus: TypeAlias = Literal["expected", "partly_received", "received", "closed", "cancelled"]


class SupplierRow(Struct, frozen=True, gc=False):
    """One supplier; the fields of `central.supply.model.Supplier`."""

    code: str
    name: str
    email: str = ""
    phone: str = ""
    lead_days: int = 0


class DeliveryRow(Struct, frozen=True, gc=False):
    """One delivery of a supplier."""

    number: str
    supplier: str
    warehouse: str
    expected_at: int | None
    note: str
    status: DeliveryStatus
    """Follows from the lines, until somebody closes or cancels it."""
    created_at: int
    changed_at: int
    created_by: str

    @property
    def is_over(self) -> bool:
        """Nothing more is expected."""
        return self.status in ("received", "closed", "cancelled")


class DeliveryLineRow(Struct, frozen=True, gc=False):
    """One product of a delivery. `received` is the sum of the movements that name the delivery and the product."""

    delivery: str
    line: int
    sku: Sku
    expected: int
    """0 for goods that came although nobody expected them."""
    received: int = 0

    @property
    def missing(self) -> int:
        return max(0, self.expected - self.received)

    @property
    def too_many(self) -> int:
        return max(0, self.received - self.expected)


def status_of(lines: Iterable[DeliveryLineRow]) -> DeliveryStatus:
    """Where a delivery stands by its quantities."""
    lines = list(lines)
    if not any(line.received for line in lines):
        return "expected"
    return "partly_received" if any(line.missing for line in lines) else "received"
