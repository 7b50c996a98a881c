"""Downloads of what is done with orders: the queue, picking, parcels, papers, money and problems."""

from __future__ import annotations

from typing import Annotated, Final

from litestar import Response, get
from litestar.params import QueryParameter
from litestar.response import Stream

from central.documents import reading as documents
from central.intake.writing import moment, money
from central.office.downloads import AT_ONCE, CSV, Text, listed, sheet
from central.office.office import TheOffice
from central.office.paging import PAST_ALL, choice, in_order, sorts, words_of
from central.orders import proposing
from central.orders.queue import Part, Punctuality, Queued, queue
from central.payments import reading as payments
from central.payments.answers import Moved
from central.picking import reading as picking
from central.shipping import reading as shipping
from central.shipping.tracking_csv import COLUMNS as TRACKING_COLUMNS
from central.shipping.tracking_csv import tracking_row
from central.tracking import reading as tracking
from central.tracking.answers import ProblemAnswer

_PAYMENTS: Final = ("order", "kind", "amount", "currency", "method", "reference", "slip", "note", "by", "at")
_PROBLEMS: Final = ("at", "kind", "text", "station", "order", "sscc", "sku", "closed_at", "closed_by")
_QUEUE: Final = (
    *("order", "status", "due_at", "punctuality", "consignee", "city", "country", "service", "priority", "pieces"),
    *("reserved", "station", "placed_at", "held"),
)
_MERGES: Final = ("consignee", "city", "country", "service", "orders")
_BATCHES: Final = (
    *("batch", "state", "kind", "warehouse", "orders", "pieces", "picked", "begun_by", "begun_at", "ended_at"),
)
_PRINTS: Final = (
    *("order", "document", "copy", "state", "station", "printer", "reason", "asked_by", "asked_at", "settled_at"),
    "trouble",
)
_MAILS: Final = (
    *("order", "document", "address", "state", "attempts", "asked_by", "asked_at", "settled_at", "trouble"),
)
Moment = Annotated[int, QueryParameter(ge=0, le=PAST_ALL, description="Milliseconds since the epoch.")]


@get(
    "/tracking",
    operation_id="exportTracking",
    summary="Parcels and where they are, as CSV",
    responses=CSV,
    opt={"area": "parcels"},
)
async def export_tracking(
    office: TheOffice, q: Text = "", status: Text = "", sort: Annotated[str, sorts("shipping.listed")] = ""
) -> Stream:
    return await listed(
        "tracking",
        tuple(TRACKING_COLUMNS),
        lambda after: shipping.search(office.store, q.strip(), status, False, after, AT_ONCE, sort),
        tracking_row,
    )


@get(
    "/payments",
    operation_id="exportPayments",
    summary="What came and went, as CSV",
    responses=CSV,
    opt={"area": "payments"},
)
async def export_payments(
    office: TheOffice,
    q: Text = "",
    kind: Text = "",
    moved_from: Moment = 0,
    moved_before: Moment = PAST_ALL,
    sort: Annotated[str, sorts("payments.search")] = "",
) -> Stream:
    asked = payments.Filters(q, kind, moved_from, moved_before)
    return await listed(
        "payments", _PAYMENTS, lambda after: payments.search(office.store, asked, after, AT_ONCE, sort), _payment
    )


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
    sort: Annotated[str, sorts("tracking.open_problems")] = "",
) -> Stream:
    return await listed(
        "problems",
        _PROBLEMS,
        lambda after: tracking.problems(office.store, everything, after, AT_ONCE, kind=kind, about=q, sort=sort),
        _problem,
    )


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


@get("/queue", operation_id="exportQueue", summary="The queue as CSV", responses=CSV, opt={"area": "orders"})
async def export_queue(
    office: TheOffice,
    part: Annotated[Part, QueryParameter()] = "",
    due: Annotated[Punctuality, QueryParameter()] = "",
    sort: Annotated[str, sorts("orders.queue")] = "",
) -> Stream:
    return await listed(
        "queue", _QUEUE, lambda after: queue(office.store, office.now(), part, due, after, AT_ONCE, sort), _queued
    )


def _queued(one: Queued) -> tuple[object, ...]:
    return (
        one.order,
        one.status,
        moment(one.due_at),
        one.punctuality,
        one.name,
        one.city,
        one.country,
        one.service,
        one.priority,
        one.pieces,
        one.reserved,
        one.station,
        moment(one.placed_at),
        "; ".join(each.text for each in one.held),
    )


@get(
    "/merges",
    operation_id="exportMerges",
    summary="Orders that could go in one parcel, as CSV",
    responses=CSV,
    opt={"area": "orders"},
)
async def export_merges(
    office: TheOffice, q: Text = "", sort: Annotated[str, in_order(words_of(proposing.SORTED))] = ""
) -> Response[bytes]:
    found = await proposing.proposals(office.store, q, "", PAST_ALL, sort)
    rows = ((one.name, one.city, one.country, one.service, " ".join(one.orders)) for one in found.items)
    return sheet("merges", _MERGES, rows)


@get("/batches", operation_id="exportBatches", summary="Batches as CSV", responses=CSV, opt={"area": "picking"})
async def export_batches(
    office: TheOffice,
    q: Text = "",
    batch_state: Annotated[str, choice(picking.STATES, name="state")] = "",
    sort: Annotated[str, sorts("picking.batches")] = "",
) -> Stream:
    return await listed(
        "batches",
        _BATCHES,
        lambda after: picking.batches(office.store, q, batch_state, after, AT_ONCE, sort),
        lambda one: (
            *(one.batch, one.state, one.kind, one.warehouse, one.orders, one.pieces, one.picked, one.begun_by),
            *(moment(one.begun_at), moment(one.ended_at)),
        ),
    )


@get("/prints", operation_id="exportPrints", summary="Papers as CSV", responses=CSV, opt={"area": "orders"})
async def export_prints(
    office: TheOffice,
    q: Text = "",
    print_state: Annotated[str, QueryParameter(name="state", max_length=30)] = "",
    station: Text = "",
    sort: Annotated[str, sorts("documents.search_prints")] = "",
) -> Stream:
    return await listed(
        "prints",
        _PRINTS,
        lambda after: documents.prints(office.store, q, print_state, station, after, AT_ONCE, sort),
        lambda one: (
            *(one.order, one.document, one.copy, one.state, one.station, one.printer, one.reason, one.asked_by),
            *(moment(one.asked_at), moment(one.settled_at), one.trouble),
        ),
    )


@get("/mails", operation_id="exportMails", summary="Mails as CSV", responses=CSV, opt={"area": "orders"})
async def export_mails(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=254)] = "",
    mail_state: Annotated[str, QueryParameter(name="state", max_length=30)] = "",
    sort: Annotated[str, sorts("documents.search_mails")] = "",
) -> Stream:
    return await listed(
        "mails",
        _MAILS,
        lambda after: documents.mails(office.store, q, mail_state, after, AT_ONCE, sort),
        lambda one: (
            *(one.order, one.document, one.address, one.state, one.attempts, one.asked_by),
            *(moment(one.asked_at), moment(one.settled_at), one.trouble),
        ),
    )


HANDLERS: Final = (
    *(export_tracking, export_payments, export_problems, export_queue, export_merges),
    *(export_batches, export_prints, export_mails),
)
