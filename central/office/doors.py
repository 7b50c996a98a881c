"""Doors that open to a signature instead of a token: what the configuration says of those who may use them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from central.payments.statement import Columns
from central.shops.settings import Shop


class Doors(Struct, frozen=True):
    """What is configured; empty, nobody may."""

    shops: Mapping[str, Shop] = field(default_factory=dict)
    """By name."""
    stripe: bytes | None = field(default=None)
    """What Stripe signs its events with."""
    bank: Columns = Columns()
    """Of the bank's files."""

    def __repr__(self) -> str:
        """Without secrets: they must not get into a log."""
        return f"Doors({', '.join(self.shops)})"


NO_DOORS = Doors()
"""Tokens only."""
