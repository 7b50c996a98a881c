"""What shops told last, for routes and pages."""

from __future__ import annotations

import msgspec

from central.shops.model import Word
from central.store.store import Reads
from contract.keys import OrderId


async def told_of(reads: Reads, order: OrderId) -> Word | None:
    """The newest word of a shop about the order; None when no shop told of it, or only before words were kept."""
    rows = await reads.read("shops.told_of", (order,))
    return msgspec.json.decode(rows[0]["told"], type=Word) if rows and rows[0]["told"] else None
