"""Orders: the list, one order, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.desk.books import Books, Keys
from central.intake import fields
from central.office.access import visitor_of
from central.office.commands import command
from central.office.forms import REFUSALS, Beside, errors_of, typed, uploaded
from central.office.happenings import happening
from central.office.marks import ORDER_STATUSES
from central.office.office import Office, TheOffice
from central.office.paging import PAST_ALL
from central.office.render import Pages, ThePages, language_of
from central.orders import cancelling, changing, holding, reading
from central.orders.answers import ImportReport
from central.orders.finding import Filters
from central.orders.importing import take_in
from central.orders.intake import read_csv
from central.orders.model import Audience, Note
from central.orders.packline_csv import address_of
from central.orders.routes import MOST_BYTES
from central.orders.rules import By
from central.orders.urgency import PRIORITIES, Priority, prioritise
from central.payments.model import STATES
from central.tracking import reading as tracking
from contract.keys import OrderId

_AUDIENCES: dict[str, Audience] = {"packer": "packer", "office": "office", "customer": "customer"}
_PRIORITIES: dict[str, Priority] = {priority: priority for priority in PRIORITIES}
Query = Annotated[str, QueryParameter(max_length=100)]
Decide = Callable[[Books, By], None]


@get("/orders", include_in_schema=False)
async def show_orders(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    status: Query = "",
    payment: Query = "",
    month: Query = "",
    carrier: Query = "",
    after: Query = "",
) -> Response[str]:
    begin, end = _month(month, pages)
    filters = Filters(q, status, payment, "", carrier, begin, end)
    return await _list(office, pages, request, filters, month, after)


def _month(month: str, pages: Pages) -> tuple[int, int]:
    """The first moment of `2026-05` and of the month after, in the site's zone; all of time when it is not one."""
    try:
        first = datetime.strptime(month, "%Y-%m").replace(tzinfo=pages.zone)
    except ValueError:
        return 0, PAST_ALL
    following = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return int(first.timestamp() * 1000), int(following.timestamp() * 1000)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    filters: Filters,
    month: str = "",
    after: str = "",
    report: ImportReport | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    asked = {
        "q": filters.text,
        "status": filters.status,
        "payment": filters.payment,
        "month": month,
        "carrier": filters.carrier,
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    return pages.page(
        request,
        "orders.html",
        code=422 if errors else 200,
        page=await reading.search(office.store, filters, after),
        counts=await reading.open_by_status(office.store),
        statuses=ORDER_STATUSES,
        payment_states=STATES,
        filters=filters,
        month=month,
        query=query,
        narrowed=bool(query),
        report=report,
        errors=errors or Beside(),
        waiting=await tracking.waiting(office.store),
    )


@post("/orders/import", include_in_schema=False, request_max_body_size=MOST_BYTES, status_code=200)
async def import_orders(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    try:
        orders = read_csv(await uploaded(request, "file"))
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "file")
        return await _list(office, pages, request, Filters(), errors=errors)
    report = await take_in(office.store, orders, By(visitor_of(request).name, office.now()))
    return await _list(office, pages, request, Filters(), report=report)


@get("/orders/{number:str}", include_in_schema=False)
async def show_order(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[str]:
    return await order_page(office, pages, request, number)


async def order_page(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    number: str,
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    """One order's page, with what was typed and the sentences beside it."""
    order = await reading.one(office.store, OrderId(number))
    address = order.ship_to
    street = (*address.lines, "", "")
    written = {
        "name": address.name,
        "company": address.company,
        "street": street[0],
        "street2": ", ".join(line for line in street[1:] if line),
        "postcode": address.postcode,
        "city": address.city,
        "region": address.region,
        "country": address.country,
    }
    return pages.page(
        request,
        "order.html",
        code=422 if errors else 200,
        order=order,
        events=happening,
        problems=await tracking.problems_of(office.store, number),
        version=len(order.timeline),
        values=written | (values or {}),
        errors=errors or Beside(),
        waiting=await tracking.waiting(office.store),
    )


@post("/orders/{number:str}/{action:str}", include_in_schema=False, status_code=200)
async def act(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    number: FromPath[str],
    action: FromPath[str],
) -> Response[Any]:
    order = OrderId(number)
    form = await typed(request)
    try:
        decide = _decision(order, action, form)
        await command(office, request, Keys(orders=frozenset({order}), parcels_of=frozenset({order})), decide)
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "order")
        return await order_page(office, pages, request, number, form, errors)
    return Redirect(f"/orders/{quote(number, safe='')}", status_code=303)


def _decision(order: OrderId, action: str, form: dict[str, str]) -> Decide:
    """What a form of the page asks for. Raises `BadField` for what was typed wrong."""
    match action:
        case "release":
            return lambda books, by: holding.release(books, order, by)
        case "hold":
            why = fields.required(form, "hold_reason", 500)
            return lambda books, by: holding.hold(books, order, why, by)
        case "cancel":
            reason = fields.required(form, "cancel_reason", 500)
            return lambda books, by: cancelling.cancel(books, order, reason, by)
        case "priority":
            why = fields.text(form, "priority_reason", 200)
            priority = fields.choice(form, "priority", _PRIORITIES, "normal")
            return lambda books, by: prioritise(books, order, priority, why, by)
        case "notes":
            note = Note(fields.choice(form, "audience", _AUDIENCES, "office"), fields.required(form, "text"))
            return lambda books, by: changing.annotate(books, order, note, by)
        case "address":
            ship_to = address_of(form)
            return lambda books, by: changing.readdress(books, order, ship_to, by)
        case _:
            raise fields.BadField("order", action, "something that can be done with an order")


PAGES = (show_orders, import_orders, show_order, act)
