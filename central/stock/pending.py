"""Shelves against open orders: what is missing, for which orders, and when it comes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit, choice, known_filter, like, page_of, sorts
from central.office.refusals import answers
from central.orders.terms import folded
from central.store.store import Store

COLUMNS: Final = ("sku", "name", "to_pack", "reserved", "missing", "on_shelf", "incoming", "order", "order_missing")
SHOWN: Final = ("missing",)
"""What a list may be narrowed to."""


class Lacking(Struct, frozen=True):
    """An order that lacks pieces of a product."""

    sku: str
    order_id: str
    placed_at: int
    status: str
    name: str
    missing: int


class Needed(Struct, frozen=True):
    """A product that open orders need."""

    sku: str
    name: str
    orders: int
    to_pack: int
    reserved: int
    missing: int
    shelf: int
    incoming: int
    """What suppliers still owe."""
    comes_at: int | None
    """When the first of it is expected."""
    lacking: tuple[Lacking, ...] = ()
    """The orders that lack it, the oldest first."""


class PendingView(Struct, frozen=True):
    """One page of what orders need."""

    items: tuple[Needed, ...]
    next: str | None = None


async def pending_view(
    store: Store, text: str = "", show: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> PendingView:
    """What is missing most usually comes first; `text` is of SKU or name, `show` of `SHOWN`. Raises `Refused`."""
    known_filter("view", show, SHOWN, "show")
    text = text.strip()
    rows, more = await page_of(store, "stock.pending", (show, text, like(folded(text))), sort, after, limit)
    needed = [msgspec.convert(row, Needed) for row in rows]
    short = msgspec.json.encode([each.sku for each in needed if each.missing]).decode()
    orders: dict[str, list[Lacking]] = {}
    for row in await store.read("stock.lacking_orders", (short,)):
        orders.setdefault(row["sku"], []).append(msgspec.convert(row, Lacking))
    return PendingView(tuple(replace(each, lacking=tuple(orders.get(each.sku, ()))) for each in needed), more)


def rows_of(one: Needed) -> Iterator[tuple[object, ...]]:
    """As the lines of a CSV with `COLUMNS`: one for each order that lacks it."""
    known = (one.sku, one.name, one.to_pack, one.reserved, one.missing, one.shelf, one.incoming)
    yield from ((*known, order.order_id, order.missing) for order in one.lacking)
    if not one.lacking:
        yield (*known, "", "")


@get(
    "/stock/pending",
    operation_id="listPendingStock",
    summary="Shelves against open orders: what is missing for which orders",
    responses=answers(422),
)
async def list_pending(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="In SKU or name.")] = "",
    show: Annotated[str, choice(SHOWN, "`missing`: only what is not there.")] = "",
    sort: Annotated[str, sorts("stock.pending")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> PendingView:
    return await pending_view(office.store, q, show, after, limit, sort)


router = Router("/api", route_handlers=[list_pending], opt={"area": "orders"}, tags=["stock"])
"""It names orders and consignees: for those who may see orders."""
