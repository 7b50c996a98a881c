"""Suppliers and deliveries as they are stored, for routes and pages."""

from __future__ import annotations

from typing import Final, get_args

import msgspec

from central.desk.refused import not_found
from central.office.paging import known_filter, like, page_of
from central.store.store import Reads, Store, of_one_moment
from central.supply.answers import (
    DeliveryAnswer,
    DeliveryLine,
    DeliveryPage,
    DeliverySummary,
    Receipt,
    SupplierList,
)
from central.supply.model import Supplier
from central.supply.rows import DeliveryStatus

FOUND: Final = ("open", *get_args(DeliveryStatus))
"""What a list may be narrowed to; `open`: something is still expected."""


async def suppliers(store: Reads) -> SupplierList:
    rows = await store.read("supply.suppliers")
    return SupplierList(tuple(msgspec.convert(row, Supplier) for row in rows))


async def search(
    store: Store, text: str = "", status: str = "", supplier: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> DeliveryPage:
    """Deliveries, usually the newest first; `status` is of `FOUND`. Raises `Refused`."""
    known_filter("status", status, FOUND)
    text = text.strip()
    rows, more = await page_of(store, "supply.search", (status, supplier, text, like(text)), sort, after, limit)
    return DeliveryPage(tuple(msgspec.convert(row, DeliverySummary) for row in rows), more)


@of_one_moment
async def one(store: Reads, number: str) -> DeliveryAnswer:
    """Raises `Refused` when there is no such delivery."""
    rows = await store.read("supply.one", (number,))
    if not rows:
        raise not_found("delivery", number)
    lines = await store.read("supply.lines_of", (number,))
    receipts = await store.read("supply.receipts_of", (number,))
    return DeliveryAnswer(
        **rows[0],
        lines=tuple(msgspec.convert(row, DeliveryLine) for row in lines),
        receipts=tuple(msgspec.convert(row, Receipt) for row in receipts),
    )
