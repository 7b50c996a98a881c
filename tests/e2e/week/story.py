"""The words in which the week is told."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from demo.customers import Customer

DAYS = 7
GOODS_DAY = 3
"""On which a supplier brings what was sold out."""
Door: TypeAlias = Literal["rest", "csv", "mapped", "shopify-csv", "shopify", "woocommerce", "prestashop"]
"""How an order comes in."""
Money: TypeAlias = Literal["at once", "card", "bank", "cheques", "by hand", "never"]
"""How its money comes: with the order, told by the card processor, in the bank's file, on a deposit slip …"""
Fate: TypeAlias = Literal[
    "plain",
    "more wanted",
    "less wanted",
    "moved house",
    "moved after packing",
    "divided",
    "together",
    "cancelled early",
    "cancelled in hand",
    "cancelled unheard",
    "cancelled packed",
    "piece missing",
    "piece damaged",
    "picked",
    "papers",
    "again",
    "from supplier",
    "waits for goods",
    "bad postcode",
    "urgent",
    "complains",
]
"""What happens to it besides being packed and sent. "together": with the order before it, in one parcel. "unheard": the
bench that packs it hears nothing of it. "waits for goods": has a product that a supplier brings on the fourth day."""


class Wanted(Struct, frozen=True):
    """A line of an order."""

    sku: str
    quantity: int
    price: int


class Script(Struct, frozen=True):
    """One order and its fate. Money in cents, days counted from 0."""

    number: str
    """As central knows it."""
    serial: int
    """Counts all orders of the week."""
    day: int
    door: Door
    money: Money
    fate: Fate
    customer: Customer
    lines: tuple[Wanted, ...]
    placed_at: int

    @property
    def total(self) -> int:
        return sum(line.quantity * line.price for line in self.lines)
