"""Suppliers, deliveries and receipts as the REST interface takes them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from central.supply.model import Arrival, Expected, ExpectedLine, Supplier
from contract.keys import Sku

Name = Annotated[str, Meta(min_length=1, max_length=64)]
Pieces = Annotated[int, Meta(ge=1, le=10_000_000, description="pieces")]
Bin = Annotated[str, Meta(max_length=40, description="Empty: the product's pick bin.")]
LotName = Annotated[str, Meta(max_length=40)]
Day = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="YYYY-MM-DD; day 00 is the month's last.")]
Moment = Annotated[int, Meta(ge=0, le=4_102_444_800_000, description="milliseconds since the epoch")]


class SupplierBody(Struct, frozen=True, forbid_unknown_fields=True):
    """All of a supplier but the code, which is in the address."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    email: Annotated[str, Meta(max_length=200)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    lead_days: Annotated[int, Meta(ge=0, le=1000, description="from our order to their delivery; 0: not known")] = 0

    def supplier(self, code: str) -> Supplier:
        return Supplier(code, self.name, self.email, self.phone, self.lead_days)


class LineBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Pieces that a supplier owes."""

    sku: Name
    quantity: Pieces


class ExpectedBody(Struct, frozen=True, forbid_unknown_fields=True):
    """All of an expected delivery but its number, which is in the address."""

    supplier: Name
    lines: Annotated[tuple[LineBody, ...], Meta(min_length=1, max_length=1000)]
    warehouse: Annotated[str, Meta(max_length=20, description="Where it comes to; empty: the first.")] = ""
    expected_at: Moment | None = None
    note: Annotated[str, Meta(max_length=300)] = ""

    def expected(self, number: str) -> Expected:
        lines = tuple(ExpectedLine(Sku(line.sku), line.quantity) for line in self.lines)
        return Expected(number, self.supplier, lines, self.warehouse, self.expected_at, self.note)


class ArrivalBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Pieces of one product and lot that were put to one place."""

    sku: Name
    quantity: Pieces
    bin: Bin = ""
    lot: LotName = ""
    expiry: Day = ""
    serials: Annotated[tuple[Name, ...], Meta(max_length=10_000)] = ()

    def arrival(self, delivery: str) -> Arrival:
        return Arrival(Sku(self.sku), self.quantity, delivery, self.bin, self.lot, self.expiry, self.serials)


class ArrivalsBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What came in one go: all of it is booked, or nothing."""

    arrivals: Annotated[tuple[ArrivalBody, ...], Meta(min_length=1, max_length=500)]
