"""Downloads: what a list shows, as CSV that is read back unchanged. Written while it is read, however much it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from typing import Annotated, Any, Final

import msgspec
from litestar import Router, get
from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from central.intake.writing import MARK, lines, moment
from central.office.office import TheOffice
from central.office.paging import PAST_ALL
from central.office.refusals import answers
from central.orders.finding import Filters, find
from central.orders.packline_csv import COLUMNS as ORDER_COLUMNS
from central.orders.packline_csv import STATUS
from central.orders.packline_written import rows as order_rows
from central.orders.rows import LineRow, OrderRow
from central.shipping.tracking_csv import COLUMNS as TRACKING_COLUMNS
from central.shipping.tracking_csv import tracking_row
from central.stock import reading as stock
from central.stock.products_csv import PRODUCT_COLUMNS, STOCK_COLUMNS, product_row
from central.store.store import Store
from central.tracking import reading as tracking

_AT_ONCE: Final = 500
_PROBLEM_COLUMNS: Final = ("at", "kind", "text", "station", "order", "sscc", "sku", "closed_at", "closed_by")
_CSV: Final = {
    200: ResponseSpec(bytes, description="CSV in UTF-8", media_type="text/csv", generate_examples=False)
} | answers(422)
Text = Annotated[str, QueryParameter(max_length=100)]
Placed = Annotated[int, QueryParameter(ge=0, le=PAST_ALL, description="Milliseconds since the epoch.")]


def _download(name: str, columns: Sequence[str], rows: AsyncIterator[str]) -> Stream:
    async def file() -> AsyncIterator[str]:
        yield MARK + lines([columns])
        async for part in rows:
            yield part

    return Stream(
        file(),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


@get("/orders", operation_id="exportOrders", summary="Orders as CSV", responses=_CSV, opt={"area": "orders"})
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
    return _download("orders", (*ORDER_COLUMNS, STATUS), orders(office.store, filters))


async def orders(store: Store, filters: Filters) -> AsyncIterator[str]:
    """The rows of all orders that fit, newest first."""
    after: str | None = ""
    while after is not None:
        found = await find(store, filters, after, _AT_ONCE)
        after = found.next
        wanted = msgspec.json.encode(found.orders).decode()
        known = {row["order_id"]: OrderRow(**row) for row in await store.read("orders.load", (wanted,))}
        of: dict[str, list[LineRow]] = {}
        for row in await store.read("orders.load_lines", (wanted,)):
            of.setdefault(row["order_id"], []).append(LineRow(**row))
        yield lines(row for order in found.orders if order in known for row in order_rows(known[order], of[order]))


@get("/products", operation_id="exportProducts", summary="Products as CSV", responses=_CSV, opt={"area": "stock"})
async def export_products(office: TheOffice, q: Text = "", show: Text = "") -> Stream:
    async def rows() -> AsyncIterator[str]:
        after: str | None = ""
        while after is not None:
            page = await stock.search(office.store, office.now(), q, show, after, _AT_ONCE)
            after = page.next
            yield lines(product_row(item.product) for item in page.items)

    return _download("products", tuple(PRODUCT_COLUMNS), rows())


@get(
    "/stock",
    operation_id="exportStock",
    summary="What lies on the shelves as CSV",
    responses=_CSV,
    opt={"area": "stock"},
)
async def export_stock(office: TheOffice) -> Stream:
    def written(row: Mapping[str, Any]) -> Sequence[str]:
        return row["sku"], str(row["shelf"]), row["warehouse"]

    rows = _pages(office.store, "stock.exported_levels", ("", ""), ("sku", "warehouse"), written)
    return _download("stock", STOCK_COLUMNS, rows)


@get(
    "/tracking",
    operation_id="exportTracking",
    summary="Parcels and where they are, as CSV",
    responses=_CSV,
    opt={"area": "parcels"},
)
async def export_tracking(office: TheOffice) -> Stream:
    rows = _pages(office.store, "shipping.exported", (PAST_ALL, ""), ("closed_at", "sscc"), tracking_row)
    return _download("tracking", tuple(TRACKING_COLUMNS), rows)


async def _pages(
    store: Store,
    query: str,
    first: tuple[object, object],
    key: tuple[str, str],
    written: Callable[[Mapping[str, Any]], Sequence[str]],
) -> AsyncIterator[str]:
    """A query that goes on after the `key` of the row before, page by page."""
    place = first
    while True:
        page = await store.read(query, (*place, _AT_ONCE))
        yield lines(written(row) for row in page)
        if len(page) < _AT_ONCE:
            return
        place = (page[-1][key[0]], page[-1][key[1]])


@get("/problems", operation_id="exportProblems", summary="Problems as CSV", responses=_CSV, opt={"area": "problems"})
async def export_problems(office: TheOffice, everything: Annotated[bool, QueryParameter(name="all")] = False) -> Stream:
    async def rows() -> AsyncIterator[str]:
        after: str | None = ""
        while after is not None:
            page = await tracking.problems(office.store, everything, after, _AT_ONCE)
            after = page.next
            yield lines(
                (
                    moment(one.at),
                    one.kind,
                    one.text,
                    one.station,
                    one.order_id,
                    one.sscc,
                    one.sku,
                    moment(one.closed_at),
                    one.closed_by,
                )
                for one in page.items
            )

    return _download("problems", _PROBLEM_COLUMNS, rows())


router = Router(
    "/api/exports",
    route_handlers=[export_orders, export_products, export_stock, export_tracking, export_problems],
    tags=["exports"],
)
