"""Batches as they are stored, for routes and pages."""

from __future__ import annotations

from typing import Final

import msgspec

from central.desk.refused import not_found
from central.office.paging import known_filter, page_of
from central.picking.answers import BatchAnswer, BatchOrder, BatchPage, BatchSummary, Task
from central.picking.model import BatchKind
from central.store.store import Reads, Store, of_one_moment
from contract.keys import OrderId

STATES: Final = ("open", "done", "stopped")
"""Of batches."""


async def batches(
    store: Store, text: str = "", state: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> BatchPage:
    """Usually the open ones first, then the newest; `state` is of `STATES`, `text` who began it, or an order or tote of
    it. Raises `Refused`.
    """
    known_filter("state", state, STATES)
    rows, more = await page_of(store, "picking.batches", (state, text.strip()), sort, after, limit)
    return BatchPage(tuple(msgspec.convert(row, BatchSummary) for row in rows), more)


@of_one_moment
async def one(store: Reads, batch: str) -> BatchAnswer:
    """Raises `Refused` when there is no such batch."""
    rows = await store.read("picking.one", (batch,))
    if not rows:
        raise not_found("batch", batch)
    orders = await store.read("picking.orders_of", (batch,))
    tasks = await store.read("picking.tasks_of", (batch,))
    return BatchAnswer(
        **rows[0],
        orders=tuple(msgspec.convert(row, BatchOrder) for row in orders),
        tasks=tuple(msgspec.convert(row, Task) for row in tasks),
    )


async def candidates(store: Store, kind: BatchKind, warehouse: str, zone: str, most: int) -> tuple[OrderId, ...]:
    """What a batch of this kind would take now, the most urgent first."""
    rows = await store.read("picking.candidates", (warehouse, int(kind == "singles"), zone, most))
    return tuple(OrderId(row["order_id"]) for row in rows)
