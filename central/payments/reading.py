"""Payments as they are stored, for routes and pages."""

from __future__ import annotations

import msgspec

from central.payments.answers import Moved, PaymentEntry, Unmatched
from central.payments.matching import Matcher, Owing
from central.store.store import Reads
from contract.keys import OrderId


async def of_order(store: Reads, order: OrderId) -> tuple[PaymentEntry, ...]:
    """What came and went, oldest first."""
    return tuple(msgspec.convert(row, PaymentEntry) for row in await store.read("payments.of_order", (order,)))


async def unmatched(store: Reads) -> tuple[Unmatched, ...]:
    """Money that waits for somebody, with the orders whose it may be; the newest 5,000 that owe are looked at."""
    rows = await store.read("payments.waiting")
    if not rows:
        return ()
    owing = [
        Owing(OrderId(row["order_id"]), row["name"], row["currency"], row["owed"])
        for row in await store.read("payments.owing")
    ]
    matcher = Matcher(owing)
    return tuple(
        msgspec.convert(
            {**row, "proposals": matcher.proposals(row["label"], row["amount"], row["currency"])}, Unmatched
        )
        for row in rows
    )


async def newest(store: Reads, now: int) -> tuple[Moved, ...]:
    """The newest fifty payments and refunds."""
    rows = await store.read("payments.newest", (now,))
    return tuple(Moved(row["order_id"], row["currency"], msgspec.convert(row, PaymentEntry)) for row in rows)
