"""Downloads of orders, products and stock, as CSV that is read back unchanged."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Annotated, Any

import msgspec
from litestar import Router, get
from litestar.params import QueryParameter
from litestar.response import Stream

from central.intake.writing import lines
from central.office.downloads import AT_ONCE, CSV, Text, download, of_list, of_query
from central.office.exports_of_work import HANDLERS
from central.office.office import TheOffice
from central.office.paging import PAST_ALL, known_filter
from central.orders.finding import Filters, find
from central.orders.packline_csv import COLUMNS as ORDER_COLUMNS
from central.orders.packline_csv import STATUS
from central.orders.packline_written import rows as order_rows
from central.orders.rows import LineRow, OrderRow
from central.stock import reading as stock
from central.stock.products_csv import PRODUCT_COLUMNS, STOCK_COLUMNS, product_row
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
) -> Stream:
    filters = Filters(q, status, payment, source, carrier, placed_from, placed_before)
    filters.check()
    return download("orders", (*ORDER_COLUMNS, STATUS), orders(office.store, filters))


async def orders(store: Store, filters: Filters) -> AsyncIterator[str]:
    """The rows of all orders that fit, newest first."""
    after: str | None = ""
    while after is not None:
        found = await find(store, filters, after, AT_ONCE)
        after = found.next
        wanted = msgspec.json.encode(found.orders).decode()
        known = {row["order_id"]: OrderRow(**row) for row in await store.read("orders.load", (wanted,))}
        of: dict[str, list[LineRow]] = {}
        for row in await store.read("orders.load_lines", (wanted,)):
            of.setdefault(row["order_id"], []).append(LineRow(**row))
        yield lines(row for order in found.orders if order in known for row in order_rows(known[order], of[order]))


@get("/products", operation_id="exportProducts", summary="Products as CSV", responses=CSV, opt={"area": "stock"})
async def export_products(office: TheOffice, q: Text = "", show: Text = "") -> Stream:
    known_filter("view", show, stock.SHOWN, "show")
    rows = of_list(
        lambda after: stock.search(office.store, office.now(), q, show, after, AT_ONCE),
        lambda item: product_row(item.product),
    )
    return download("products", tuple(PRODUCT_COLUMNS), rows)


@get(
    "/stock",
    operation_id="exportStock",
    summary="What lies on the shelves as CSV",
    responses=CSV,
    opt={"area": "stock"},
)
async def export_stock(office: TheOffice) -> Stream:
    def written(row: Mapping[str, Any]) -> Sequence[str]:
        return row["sku"], str(row["shelf"]), row["warehouse"]

    rows = of_query(office.store, "stock.exported_levels", (), ("", ""), ("sku", "warehouse"), written)
    return download("stock", STOCK_COLUMNS, rows)


router = Router(
    "/api/exports",
    route_handlers=[export_orders, export_products, export_stock, *HANDLERS],
    tags=["exports"],
)
