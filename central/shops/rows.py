"""What shops told last of their orders, as the books hold it."""

from __future__ import annotations

from msgspec import Struct

from contract.keys import OrderId


class ShopOrderRow(Struct, frozen=True, gc=False):
    """One order of one shop."""

    key: str
    """The shop's name and its own id of the order: `boutique/5940139491234`."""
    order_id: OrderId
    told_at: int
    """Of the newest that was told; what is older comes too late."""
    lines: str
    """Digest of the lines that were told."""
    deleted: bool = False
    """The shop has thrown it away."""


def key_of(shop: str, reference: str) -> str:
    return f"{shop}/{reference}"
