"""Shelves against open orders: what is missing, for which orders, and when it comes."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from litestar import Response, Router, get
from litestar.params import QueryParameter
from msgspec import Struct
from msgspec.structs import replace

from central.office.downloads import SHEET, sheet
from central.office.office import TheOffice
from central.office.refusals import answers
from central.store.store import Store

COLUMNS: Final = ("sku", "name", "to_pack", "reserved", "missing", "on_shelf", "incoming", "order", "order_missing")
Show: TypeAlias = Annotated[Literal["", "missing"], QueryParameter(description="`missing`: only what is not there.")]


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
    """What is missing most comes first; at most 1,000 products."""

    items: tuple[Needed, ...]


async def pending_view(store: Store, show: str = "") -> PendingView:
    """`show`: `missing` or empty for all that is needed."""
    needed = [msgspec.convert(row, Needed) for row in await store.read("stock.pending", (show,))]
    short = msgspec.json.encode([each.sku for each in needed if each.missing]).decode()
    orders: dict[str, list[Lacking]] = {}
    for row in await store.read("stock.lacking_orders", (short,)):
        orders.setdefault(row["sku"], []).append(msgspec.convert(row, Lacking))
    return PendingView(tuple(replace(each, lacking=tuple(orders.get(each.sku, ()))) for each in needed))


@get(
    "/stock/pending",
    operation_id="listPendingStock",
    summary="Shelves against open orders: what is missing for which orders",
    responses=answers(),
)
async def list_pending(office: TheOffice, show: Show = "") -> PendingView:
    return await pending_view(office.store, show)


@get("/stock/pending/csv", operation_id="getPendingSheet", summary="The same as CSV", responses=SHEET | answers())
async def get_pending_sheet(office: TheOffice, show: Show = "") -> Response[bytes]:
    rows: list[tuple[object, ...]] = []
    for each in (await pending_view(office.store, show)).items:
        known = (each.sku, each.name, each.to_pack, each.reserved, each.missing, each.shelf, each.incoming)
        rows += [(*known, order.order_id, order.missing) for order in each.lacking] or [(*known, "", "")]
    return sheet("pending", COLUMNS, rows)


router = Router("/api", route_handlers=[list_pending, get_pending_sheet], opt={"area": "orders"}, tags=["stock"])
"""It names orders and consignees: for those who may see orders."""
