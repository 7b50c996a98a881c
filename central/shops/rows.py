"""What shops told last of their orders, as the books hold it."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from central.shops.model import Word
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
    told: str = ""
    """JSON of the `Word` that was told; empty: it was told before words were kept."""

    @property
    def word(self) -> Word | None:
        return msgspec.json.decode(self.told, type=Word) if self.told else None


def key_of(shop: str, reference: str) -> str:
    return f"{shop}/{reference}"
