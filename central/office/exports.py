"""Downloads of lists as CSV, each as its page shows it: the same filters, the same order, and all of its rows."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Stream

from central.intake.writing import lines
from central.office import exports_of_people, exports_of_stock, exports_of_work
from central.office.downloads import AT_ONCE, CSV, Text, download
from central.office.office import TheOffice
from central.office.paging import PAST_ALL, sorts
from central.orders.finding import Filters, find
from central.orders.packline_csv import COLUMNS as ORDER_COLUMNS
from central.orders.packline_csv import STATUS
from central.orders.packline_written import rows as order_rows
from central.orders.rows import LineRow, OrderRow
from central.store.store import Store

Placed = Annotated[int, QueryParameter(ge=0, le=PAST_ALL, description="Milliseconds since the epoch.")]


@get("/orders", operation_id="exportOrders", summary="Orders as CSV", responses=CSV, opt={"area": "orders"})
async def export_orders(
    office: TheOffice,
    q: Text = "",
    status: Text = "",
    payment: Text = "",
    source: Text = "",
    carrier: Text = "",
    placed_from: Placed = 0,
    placed_before: Placed = PAST_ALL,
    sort: Annotated[str, sorts("orders.in_order")] = "",
) -> Stream:
    filters = Filters(q, status, payment, source, carrier, placed_from, placed_before)
    filters.check(sort)
    return download("orders", (*ORDER_COLUMNS, STATUS), orders(office.store, filters, sort))


async def orders(store: Store, filters: Filters, sort: str) -> AsyncIterator[str]:
    """The rows of all orders that fit."""
    after: str | None = ""
    while after is not None:
        found = await find(store, filters, after, AT_ONCE, sort)
        after = found.next
        wanted = msgspec.json.encode(found.orders).decode()
        known = {row["order_id"]: OrderRow(**row) for row in await store.read("orders.load", (wanted,))}
        of: dict[str, list[LineRow]] = {}
        for row in await store.read("orders.load_lines", (wanted,)):
            of.setdefault(row["order_id"], []).append(LineRow(**row))
        yield lines(row for order in found.orders if order in known for row in order_rows(known[order], of[order]))


router = Router(
    "/api/exports",
    route_handlers=[
        export_orders,
        *exports_of_work.HANDLERS,
        *exports_of_stock.HANDLERS,
        *exports_of_people.HANDLERS,
    ],
    tags=["exports"],
)
