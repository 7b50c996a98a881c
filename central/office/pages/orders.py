"""One order, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from central.desk.books import Books, Keys
from central.intake import fields
from central.office.commands import command
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.happenings import happening
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.orders import cancelling, changing, holding, reading
from central.orders.model import Audience, Note
from central.orders.packline_csv import address_of
from central.orders.rules import By
from central.orders.urgency import PRIORITIES, Priority, prioritise
from central.tracking import reading as tracking
from contract.keys import OrderId

_AUDIENCES: dict[str, Audience] = {"packer": "packer", "office": "office", "customer": "customer"}
_PRIORITIES: dict[str, Priority] = {priority: priority for priority in PRIORITIES}
Decide = Callable[[Books, By], None]


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


PAGES = (show_order, act)
