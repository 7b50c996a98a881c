"""One order: what happened, where its pieces are, and what may be done with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from central.desk.refused import Refused
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.happenings import happening
from central.office.office import Office, TheOffice
from central.office.pages.order_wishes import FIELD_WORDS, Read, Side, sides, standing, wish_of
from central.office.render import Pages, ThePages, language_of
from central.office.telling import names, with_parcels
from central.orders import reading
from central.orders.commands import change_seen
from central.orders.proposing import proposal_of
from central.orders.rules import ChangedSince
from central.shops.comparing import complaint
from central.tracking import reading as tracking
from contract.keys import OrderId

_VERSION: Final = re.compile("[0-9]{1,15}")


@get("/orders/{number:str}", include_in_schema=False)
async def show_order(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[str]:
    return await _one(office, pages, request, number)


async def _one(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    number: str,
    action: str = "",
    form: dict[str, str] | None = None,
    errors: Beside | None = None,
    *,
    outdated: bool = False,
) -> Response[str]:
    """`form`: what was typed and not done. `outdated`: because the order was changed meanwhile."""
    order = await reading.one(office.store, OrderId(number))
    entries = await with_parcels(office.store, order.timeline, (parcel.sscc for parcel in order.parcels))
    now = standing(order, pages.zone)
    asked_about = {complaint(each.field).code for each in order.differs}
    compared: tuple[Side, ...] = sides(order, now, form) if outdated and form else ()
    return pages.page(
        request,
        "order.html",
        code=409 if outdated else 422 if errors else 200,
        order=order,
        warehouses=office.house.warehouses,
        events=happening,
        entries=entries,
        names=await names(office.store, (entry.by for entry in entries)),
        problems=await tracking.problems_of(office.store, number),
        version=len(order.timeline),
        action=action,
        form=form or {},
        outdated=outdated,
        proposal=await proposal_of(office.store, order.order, order.ship_to.name),
        sides=compared,
        reasons=[reason for reason in order.held if reason.code not in asked_about],
        field_words=FIELD_WORDS,
        values=now | (form or {}) | {"version": str(order.version)},
        errors=errors,
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
    return await carry_out(office, pages, request, number, action)


async def carry_out(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    number: str,
    action: str,
    read: Read = wish_of,
    places: Mapping[str, str] | None = None,
) -> Response[Any]:
    """Do what a form of the page asks for, as `read` understands it, and show the page again.

    `places` names the form's field where the rules have another name for it.
    """
    order = OrderId(number)
    form = await typed(request)
    shown = form.pop("version", "")
    try:
        seen = _version(shown)
        wish = read(order, action, form, pages.zone)
        await change_seen(office, request, order, seen, wish.decide, wish.also)
    except ChangedSince:
        return await _one(office, pages, request, number, action, form, outdated=True)
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "order", {"choices": "choices"} | dict(places or {}))
        return await _one(office, pages, request, number, action, form, errors)
    return Redirect(f"/orders/{quote(number, safe='')}", status_code=303)


def _version(shown: str) -> int:
    """The version that the page showed. Raises `Refused` for a form that does not tell it."""
    if not _VERSION.fullmatch(shown):
        raise Refused(
            "unsaid",
            "Nothing was changed: the form did not say which version of the order you saw. Look at the order as it is "
            "now and send the form again.",
        )
    return int(shown)


PAGES = (show_order, act)
