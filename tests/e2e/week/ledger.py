"""The test's own books: what it sent and what it saw, and what follows. Nothing here comes from central."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from contract.messages import ParcelClosed
from tests.e2e.week.story import DAYS, Script


@dataclass
class Line:
    """Pieces of one product on an order."""

    sku: str
    ordered: int
    price: int
    cancelled: int = 0
    by_supplier: bool = False

    @property
    def wanted(self) -> int:
        return self.ordered - self.cancelled


@dataclass
class Order:
    """One order as it must be. Money in cents."""

    number: str
    lines: list[Line]
    total: int
    packed_on: int
    """The day on which its last parcel is closed; such orders are sent that evening."""
    received: int = 0
    refunded: int = 0
    refunds_by_split: int = 0
    """Of `refunded`: what went to the order that was split off."""
    gone: bool = False
    """It was cancelled."""
    part_left: bool = False
    """Some of it was sent before, by us or by a supplier."""
    told: list[str] = field(default_factory=list)
    """Kinds of timeline entries that must be there, in this order."""

    @property
    def status(self) -> str:
        """Where it stands after the seventh evening."""
        if self.gone:
            return "cancelled"
        if self.packed_on >= DAYS - 1:
            return "partly_shipped" if self.part_left else "packed"
        return "shipped" if self.packed_on == DAYS - 2 else "delivered"


class Ledger:
    """All orders, all pieces, all money."""

    def __init__(self, opening: Mapping[str, int]) -> None:
        self.orders: dict[str, Order] = {}
        self.shelf: Counter[str] = Counter(opening)
        """Opening stock and all that came, without what was lost; parcels are not taken off."""
        self.parcels: dict[str, ParcelClosed] = {}
        """By SSCC, as the benches told them on the wire."""
        self.shipped: set[str] = set()
        self.voided: set[str] = set()

    def took(self, script: Script) -> Order:
        """An order came in."""
        lines = [Line(line.sku, line.quantity, line.price) for line in script.lines]
        order = Order(script.number, lines, script.total, script.day)
        order.told.append("order_received")
        self.orders[script.number] = order
        return order

    def saw(self, parcels: Iterable[ParcelClosed]) -> None:
        """Benches closed these parcels; the same one may be told again."""
        for parcel in parcels:
            self.parcels[str(parcel.sscc)] = parcel

    def of_order(self, number: str) -> set[str]:
        """Its parcels that were not taken apart."""
        return {
            sscc
            for sscc, parcel in self.parcels.items()
            if sscc not in self.voided and any(line.order == number for line in parcel.contents)
        }

    def pieces(self, ssccs: Iterable[str]) -> Counter[str]:
        """By SKU."""
        found: Counter[str] = Counter()
        for sscc in ssccs:
            for line in self.parcels[sscc].contents:
                found[line.sku] += line.quantity
        return found

    def packed(self, number: str) -> Counter[int]:
        """Pieces of each line in parcels that were not taken apart."""
        found: Counter[int] = Counter()
        for sscc in self.of_order(number):
            for line in self.parcels[sscc].contents:
                if line.order == number:
                    found[line.line] += line.quantity
        return found

    @property
    def whole(self) -> set[str]:
        """Parcels that were not taken apart."""
        return self.parcels.keys() - self.voided
