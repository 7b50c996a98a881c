"""Downloads of parcels, money, deliveries, counts and problems, each as its list is filtered."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import get
from litestar.params import QueryParameter
from litestar.response import Stream

from central.counting import reading as counting
from central.counting.answers import CountSummary
from central.intake.writing import moment, money
from central.office.downloads import AT_ONCE, CSV, Text, download, of_list, of_query
from central.office.happenings import KINDS
from central.office.office import TheOffice
from central.office.paging import PAST_ALL, known_filter
from central.payments import reading as payments
from central.payments.answers import Moved
from central.shipping.reading import FOUND
from central.shipping.tracking_csv import COLUMNS as TRACKING_COLUMNS
from central.shipping.tracking_csv import tracking_row
from central.supply import reading as supply
from central.supply.answers import DeliverySummary
from central.tracking import reading as tracking
from central.tracking.answers import ProblemAnswer

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
_PAYMENTS: Final = ("order", "kind", "amount", "currency", "method", "reference", "slip", "note", "by", "at")
_PROBLEMS: Final = ("at", "kind", "text", "station", "order", "sscc", "sku", "closed_at", "closed_by")
Moment = Annotated[int, QueryParameter(ge=0, le=PAST_ALL, description="Milliseconds since the epoch.")]


@get(
    "/tracking",
    operation_id="exportTracking",
    summary="Parcels and where they are, as CSV",
    responses=CSV,
    opt={"area": "parcels"},
)
async def export_tracking(office: TheOffice, q: Text = "", status: Text = "") -> Stream:
    known_filter("status", status, FOUND)
    filters = (status, q.strip())
    rows = of_query(office.store, "shipping.exported", filters, (PAST_ALL, ""), ("closed_at", "sscc"), tracking_row)
    return download("tracking", tuple(TRACKING_COLUMNS), rows)


@get(
    "/deliveries",
    operation_id="exportDeliveries",
    summary="Suppliers' deliveries as CSV",
    responses=CSV,
    opt={"area": "stock"},
)
async def export_deliveries(office: TheOffice, q: Text = "", status: Text = "", supplier: Text = "") -> Stream:
    known_filter("status", status, supply.FOUND)
    rows = of_list(lambda after: supply.search(office.store, q, status, supplier, after, AT_ONCE), _delivery)
    return download("deliveries", _DELIVERIES, rows)


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
async def export_counts(office: TheOffice, q: Text = "", status: Text = "") -> Stream:
    known_filter("status", status, counting.FOUND)
    rows = of_list(lambda after: counting.search(office.store, status, after, AT_ONCE, q), _count)
    return download("counts", _COUNTS, rows)


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


@get(
    "/payments",
    operation_id="exportPayments",
    summary="What came and went, as CSV",
    responses=CSV,
    opt={"area": "payments"},
)
async def export_payments(
    office: TheOffice, q: Text = "", kind: Text = "", moved_from: Moment = 0, moved_before: Moment = PAST_ALL
) -> Stream:
    asked = payments.Filters(q, kind, moved_from, moved_before)
    asked.check()
    rows = of_list(lambda after: payments.search(office.store, asked, after, AT_ONCE), _payment)
    return download("payments", _PAYMENTS, rows)


def _payment(moved: Moved) -> tuple[str, ...]:
    entry = moved.entry
    return (
        moved.order,
        entry.kind,
        money(entry.amount),
        moved.currency,
        entry.method,
        entry.reference,
        entry.slip,
        entry.note,
        entry.by,
        moment(entry.at),
    )


@get("/problems", operation_id="exportProblems", summary="Problems as CSV", responses=CSV, opt={"area": "problems"})
async def export_problems(
    office: TheOffice,
    everything: Annotated[bool, QueryParameter(name="all")] = False,
    q: Text = "",
    kind: Text = "",
) -> Stream:
    known_filter("kind", kind, KINDS)
    rows = of_list(
        lambda after: tracking.problems(office.store, everything, after, AT_ONCE, kind=kind, about=q), _problem
    )
    return download("problems", _PROBLEMS, rows)


def _problem(one: ProblemAnswer) -> tuple[str, ...]:
    return (
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


HANDLERS: Final = (export_tracking, export_deliveries, export_counts, export_payments, export_problems)
