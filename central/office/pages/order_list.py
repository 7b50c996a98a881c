"""The list of orders: searched, narrowed, imported into, and one thing done to many of them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect, ServerSentEvent, ServerSentEventMessage

from central.desk.refused import Refused
from central.documents.model import OURS, TITLES
from central.office.access import require, require_for_payments, visitor_of
from central.office.forms import REFUSALS, Beside, errors_of, month_of, typed, uploaded
from central.office.listing import listing
from central.office.marks import ORDER_STATUSES
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.office.streams import stream
from central.orders import reading
from central.orders.answers import ImportReport
from central.orders.bulk import REPLACING, Do, Versions, action
from central.orders.bulk_routes import known
from central.orders.finding import Filters
from central.orders.importing import take_in
from central.orders.intake import read_csv
from central.orders.intake_routes import MOST_BYTES, mapping_named
from central.orders.rules import By
from central.orders.urgency import Priority
from central.payments.model import STATES
from central.stations import reading as stations
from central.tracking import reading as tracking
from contract.keys import OrderId

_PRIORITIES: Final[Mapping[Priority, str]] = {"normal": "Normal", "express": "Express", "vip": "VIP"}
_TYPED: Final = ("do", "reason", "method", "reference", "priority", "paper", "station")
_NOTHING_CHOSEN: Final[Mapping[str, Any]] = {"orders": (), "everything": False} | dict.fromkeys(_TYPED, "")
FIELDS: Final = ("q", "status", "payment", "month", "carrier", "source")
"""The filters, as the address has them."""
_LONGEST: Final = 100
_MOST_SHOWN: Final = 500
_DOING: Final[Mapping[Do, str]] = {
    "paid": "Mark as paid",
    "released": "Release",
    "held": "Hold",
    "prioritised": "Change the priority",
    "shipped": "Mark as shipped",
    "sent_to_printer": "Print at a station",
    "printed": "Mark as printed",
    "cancelled": "Cancel",
}
_SIDES: Final[Mapping[str, str]] = {"priority": "Priority", "reason": "Why", "held": "Hold", "status": "Status"}


def asked_of(given: Mapping[str, str]) -> dict[str, str]:
    """The filters that are filled in. Raises `Refused` for a text that nobody would type."""
    asked = {name: given[name].strip() for name in FIELDS if given.get(name, "").strip()}
    for name, value in asked.items():
        if len(value) > _LONGEST:
            raise Refused("invalid", f"This is longer than {_LONGEST} characters.", name, value[:_LONGEST])
    return asked


def filters_of(asked: Mapping[str, str], zone: ZoneInfo) -> Filters:
    """Raises `Refused` for a month or a status that is none."""
    begin, end = month_of(asked.get("month", ""), zone)
    q, status, payment, source, carrier = (
        asked.get(name, "") for name in ("q", "status", "payment", "source", "carrier")
    )
    filters = Filters(q, status, payment, source, carrier, begin, end)
    filters.check()
    return filters


@get("/orders", include_in_schema=False)
async def show_orders(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    given = {name: value for name, value in request.query_params.items() if isinstance(value, str)}
    return await _list(office, pages, request, asked_of(given), given)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    asked: Mapping[str, str],
    given: Mapping[str, str] = {},
    *,
    chosen: Mapping[str, Any] | None = None,
    report: ImportReport | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    """`given`: where in the list it is, and in which order. `chosen`: what the form below it had, when it was wrong."""
    filters = filters_of(asked, pages.zone)
    exported = {name: value for name, value in asked.items() if name != "month"}
    if "month" in asked:
        exported |= {"placed_from": str(filters.placed_from), "placed_before": str(filters.placed_before)}
    shown = listing(given, "orders.in_order", asked, exported)
    page = await reading.search(office.store, filters, shown.after, shown.limit, shown.sort)
    return pages.page(
        request,
        "orders.html",
        page=page,
        listing=shown,
        counts=await reading.open_by_status(office.store),
        statuses=ORDER_STATUSES,
        payments=STATES,
        doing=_DOING,
        priorities=_PRIORITIES,
        versions=msgspec.json.encode({order.order: order.version for order in page.items}).decode(),
        papers={kind: TITLES[kind] for kind in OURS},
        benches=(await stations.everyone(office.store, office.live)).items,
        asked=asked,
        chosen=chosen or _NOTHING_CHOSEN,
        mappings=tuple(office.doors.mappings),
        report=report,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/orders/import", include_in_schema=False, request_max_body_size=MOST_BYTES, status_code=200)
async def import_orders(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    try:
        chosen = mapping_named(office, (await typed(request)).get("mapping", ""))
        orders = read_csv(await uploaded(request, "file"), chosen)
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "file")
        return await _list(office, pages, request, {}, errors=errors)
    require_for_payments(request, paid=orders.has_payments)
    report = await take_in(office.store, orders, By(visitor_of(request).name, office.now()))
    return await _list(office, pages, request, {}, report=report)


@post("/runs", include_in_schema=False, status_code=200)
async def start_run(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[Any]:
    form = await request.form()
    given = {name: value for name, value in form.items() if isinstance(value, str)}
    orders = [OrderId(value) for value in form.getall("order", []) if isinstance(value, str)]
    asked = asked_of(given)
    everything = given.get("which") == "all"
    texts = {name: given.get(name, "")[:_LONGEST] for name in _TYPED}
    try:
        if not orders and not everything:
            raise Refused("invalid", "Select at least one order.", "do")
        wanted = action(**texts)
        replaces = wanted.do in REPLACING and not everything
        versions = _drawn(orders, given.get("versions", "")) if replaces else "any"
    except Refused as error:
        errors = errors_of(error, language_of(request), "do", {name: name for name in texts})
        chosen = {"orders": orders, "everything": everything, **texts}
        return await _list(office, pages, request, asked, given, chosen=chosen, errors=errors)
    if wanted.do == "paid":
        require(request, "payments:write")
    which = filters_of(asked, pages.zone) if everything else orders
    run = office.runs.start(office.store, which, wanted, versions, visitor_of(request).name)
    return Redirect(f"/runs/{run.name}", status_code=303)


def _drawn(orders: list[OrderId], told: str) -> Versions:
    """The versions of the rows that the list showed. Raises `Refused` for a form that does not tell them."""
    try:
        versions = msgspec.json.decode(told, type=dict[OrderId, int])
    except msgspec.DecodeError:
        versions = {}
    if not versions.keys() >= set(orders):
        raise Refused(
            "unsaid",
            "Nothing was changed: the form did not say which versions of the orders you saw. Look at the list as it is "
            "now and carry it out again.",
            "do",
        )
    return versions


@get("/runs/{run:str}", include_in_schema=False)
async def show_run(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], run: FromPath[str]
) -> Response[str]:
    progress = known(office, run).progress()
    refused = [result for result in progress.results if not result.done]
    done = [result for result in progress.results if result.done]
    return pages.page(
        request,
        "run.html",
        run=progress,
        doing=_DOING[progress.action.do],
        sides=_SIDES,
        refused=refused[:_MOST_SHOWN],
        done=done[:_MOST_SHOWN],
        most=_MOST_SHOWN,
        waiting=await tracking.waiting(office.store),
    )


@get("/runs/{run:str}/live", include_in_schema=False)
async def follow_run(office: TheOffice, request: Request[Any, Any, Any], run: FromPath[str]) -> ServerSentEvent:
    """One `changed` for each step of a run."""
    followed = known(office, run)

    async def steps() -> AsyncGenerator[ServerSentEventMessage]:
        yield ServerSentEventMessage(comment="open")
        async for _ in followed.steps():
            yield ServerSentEventMessage(data="step", event="changed")

    return stream(office, request, steps())


PAGES = (show_orders, import_orders, start_run, show_run, follow_run)
