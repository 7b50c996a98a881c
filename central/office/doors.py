"""Doors that open to a signature instead of a token: what the configuration says of those who may use them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from central.shops.settings import Shop


class Doors(Struct, frozen=True):
    """Shops by name."""

    shops: Mapping[str, Shop] = field(default_factory=dict)


NO_DOORS = Doors()
"""Tokens only."""
