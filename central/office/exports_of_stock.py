"""Downloads of the stock: products, shelves, lots and movements, what is missing, planned, expected and counted."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import Response, get
from litestar.params import QueryParameter
from litestar.response import Stream

from central.counting import reading as counting
from central.counting.answers import CountSummary
from central.intake.writing import moment
from central.office.downloads import AT_ONCE, CSV, Text, listed, listed_in_rows, sheet
from central.office.office import TheOffice
from central.office.paging import PAST_ALL, choice, in_order, sorts, words_of
from central.office.refusals import answers
from central.planning import reading as planning
from central.stock import pending, recall
from central.stock import reading as stock
from central.stock.products_csv import PRODUCT_COLUMNS, STOCK_COLUMNS, product_row
from central.supply import reading as supply
from central.supply.answers import DeliverySummary

_DELIVERIES: Final = (
    "delivery",
    "supplier",
    "supplier_name",
    "warehouse",
    "status",
    "expected",
    "received",
    "expected_at",
    "created_at",
)
_COUNTS: Final = ("count", "what", "warehouse", "status", "lines", "counted", "created_at", "decided_at", "decided_by")
_LOTS: Final = ("lot", "sku", "name", "expiry", "stopped", "pieces")
_MOVEMENTS: Final = (
    *("at", "sku", "reason", "from", "to", "pieces", "reference", "by", "warehouse", "from_bin", "to_bin", "lot"),
    "serial",
)


@get("/products", operation_id="exportProducts", summary="Products as CSV", responses=CSV, opt={"area": "stock"})
async def export_products(
    office: TheOffice, q: Text = "", show: Text = "", sort: Annotated[str, sorts("stock.search")] = ""
) -> Stream:
    return await listed(
        "products",
        tuple(PRODUCT_COLUMNS),
        lambda after: stock.search(office.store, office.now(), q, show, after, AT_ONCE, sort),
        lambda item: product_row(item.product),
    )


@get(
    "/stock",
    operation_id="exportStock",
    summary="What lies on the shelves as CSV",
    responses=CSV,
    opt={"area": "stock"},
)
async def export_stock(office: TheOffice) -> Stream:
    return await listed(
        "stock",
        STOCK_COLUMNS,
        lambda after: stock.shelves(office.store, after, AT_ONCE),
        lambda one: (one.sku, one.shelf, one.warehouse),
    )


@get(
    "/movements",
    operation_id="exportMovements",
    summary="A product's ledger as CSV",
    responses=CSV | answers(404),
    opt={"area": "stock"},
)
async def export_movements(
    office: TheOffice,
    sku: Annotated[str, QueryParameter(min_length=1, max_length=64)],
    sort: Annotated[str, sorts("stock.ledger_of")] = "",
) -> Stream:
    await stock.one(office.store, sku, office.now())
    return await listed(
        "movements",
        _MOVEMENTS,
        lambda after: stock.movements(office.store, sku, after, AT_ONCE, sort),
        lambda one: (
            *(moment(one.at), sku, one.reason, one.source, one.target, one.quantity, one.reference, one.by),
            *(one.warehouse, one.source_bin, one.target_bin, one.lot, one.serial),
        ),
    )


@get("/lots", operation_id="exportLots", summary="Lots as CSV", responses=CSV, opt={"area": "stock"})
async def export_lots(
    office: TheOffice,
    q: Text = "",
    show: Text = "",
    until: Annotated[
        str, QueryParameter(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="With `expiring`: the last day.")
    ] = "",
    sort: Annotated[str, sorts("stock.lots")] = "",
) -> Stream:
    return await listed(
        "lots",
        _LOTS,
        lambda after: recall.lots(office.store, q, show, until, after, AT_ONCE, sort),
        lambda one: (one.lot, one.sku, one.name, one.expiry, one.stopped, one.quantity),
    )


@get(
    "/pending",
    operation_id="exportPending",
    summary="Shelves against open orders as CSV: a row for each order that lacks something",
    responses=CSV,
    opt={"area": "orders"},
)
async def export_pending(
    office: TheOffice,
    q: Text = "",
    show: Annotated[str, choice(pending.SHOWN)] = "",
    sort: Annotated[str, sorts("stock.pending")] = "",
) -> Stream:
    return await listed_in_rows(
        "pending",
        pending.COLUMNS,
        lambda after: pending.pending_view(office.store, q, show, after, AT_ONCE, sort),
        pending.rows_of,
    )


@get("/plan", operation_id="exportPlan", summary="The plan as CSV", responses=CSV, opt={"area": "stock"})
async def export_plan(
    office: TheOffice,
    q: Text = "",
    show: Annotated[str, choice(planning.SHOWN)] = "",
    sort: Annotated[str, in_order(words_of(planning.SORTED))] = "",
) -> Response[bytes]:
    everything = await planning.plan(office.store, office.now())
    found = planning.narrowed(everything, q, show, "", PAST_ALL, sort)
    return sheet("plan", planning.COLUMNS, (each.row for each in found.items))


@get(
    "/deliveries",
    operation_id="exportDeliveries",
    summary="Suppliers' deliveries as CSV",
    responses=CSV,
    opt={"area": "stock"},
)
async def export_deliveries(
    office: TheOffice,
    q: Text = "",
    status: Text = "",
    supplier: Text = "",
    sort: Annotated[str, sorts("supply.search")] = "",
) -> Stream:
    return await listed(
        "deliveries",
        _DELIVERIES,
        lambda after: supply.search(office.store, q, status, supplier, after, AT_ONCE, sort),
        _delivery,
    )


def _delivery(one: DeliverySummary) -> tuple[str, ...]:
    return (
        one.number,
        one.supplier,
        one.supplier_name,
        one.warehouse,
        one.status,
        str(one.expected),
        str(one.received),
        moment(one.expected_at),
        moment(one.created_at),
    )


@get("/counts", operation_id="exportCounts", summary="Counts as CSV", responses=CSV, opt={"area": "counts"})
async def export_counts(
    office: TheOffice, q: Text = "", status: Text = "", sort: Annotated[str, sorts("counting.search")] = ""
) -> Stream:
    return await listed(
        "counts", _COUNTS, lambda after: counting.search(office.store, q, status, after, AT_ONCE, sort), _count
    )


def _count(one: CountSummary) -> tuple[str, ...]:
    return (
        one.count,
        one.what,
        one.warehouse,
        one.status,
        str(one.lines),
        str(one.counted),
        moment(one.created_at),
        moment(one.decided_at),
        one.decided_by,
    )


HANDLERS: Final = (
    *(export_products, export_stock, export_movements, export_lots, export_pending, export_plan),
    *(export_deliveries, export_counts),
)
