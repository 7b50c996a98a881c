"""Doors beside REST that orders and money come in by: who may use them, and how they write."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from central.claims.authority import Authority
from central.orders.mapped_csv import FileMapping
from central.payments.statement import Columns
from central.shops.settings import Shop


class Doors(Struct, frozen=True):
    """What is configured. Shops and Stripe prove themselves by signatures; empty, nobody may."""

    shops: Mapping[str, Shop] = field(default_factory=dict)
    """By name."""
    stripe: bytes | None = field(default=None)
    """What Stripe signs its events with."""
    bank: Columns = Columns()
    """Of the bank's files."""

    mappings: Mapping[str, FileMapping] = field(default_factory=dict)
    """Of shops' own order files, by name."""

    authority: Authority | None = None
    """Signs stations' certificates."""

    def __repr__(self) -> str:
        """Without secrets: they must not get into a log."""
        return f"Doors({', '.join(self.shops)})"


NO_DOORS = Doors()
"""Tokens only."""
