"""Payments as they are stored, for routes and pages."""

from __future__ import annotations

import msgspec

from central.payments.answers import PaymentEntry
from central.store.store import Reads
from contract.keys import OrderId


async def of_order(store: Reads, order: OrderId) -> tuple[PaymentEntry, ...]:
    """What came and went, oldest first."""
    return tuple(msgspec.convert(row, PaymentEntry) for row in await store.read("payments.of_order", (order,)))
