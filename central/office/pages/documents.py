"""Papers: those of one order, those of many, what is at the benches' printers and what went out by mail."""

from __future__ import annotations

import secrets
from typing import Annotated, Any, Final
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.desk.refused import Refused
from central.documents import commands, reading
from central.documents.answers import Outcome, Outcomes
from central.documents.commands import mail_each, mark_each, print_each
from central.documents.model import OURS, TITLES, DocumentName, Kind, parsed
from central.intake import fields
from central.office.access import visitor_of
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.pages.order_list import asked_of, filters_of
from central.office.render import Pages, ThePages, language_of
from central.orders import reading as orders
from central.orders.rules import By
from central.orders.runs import everything
from central.stations import reading as stations
from central.tracking import reading as tracking
from contract.keys import OrderId

Query = Annotated[str, QueryParameter(max_length=254)]
_KINDS: Final[dict[str, Kind]] = {kind: kind for kind in OURS}
_PRINT_STATES: Final = ("sent", "failed", "uncertain", "printed", "withdrawn")
_MAIL_STATES: Final = ("waiting", "sent", "failed")
_MOST: Final = 500


@get("/orders/{number:str}/papers", include_in_schema=False)
async def show_papers(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[str]:
    return await _of_order(office, pages, request, number)


async def _of_order(
    office: Office, pages: Pages, request: Request[Any, Any, Any], number: str, outcome: Outcome | None = None
) -> Response[str]:
    order = await orders.one(office.store, OrderId(number))
    return pages.page(
        request,
        "papers.html",
        code=422 if outcome else 200,
        order=order,
        papers=(await reading.standing(office.store, order)).items,
        outcome=outcome,
        **await _around(office),
    )


async def _around(office: Office) -> dict[str, Any]:
    benches = (await stations.everyone(office.store, office.live)).items
    waiting = await tracking.waiting(office.store)
    return {"benches": benches, "titles": TITLES, "mails": office.mails, "waiting": waiting}


@post("/orders/{number:str}/papers", include_in_schema=False, status_code=200)
async def act_on_paper(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[Any]:
    form = await typed(request)
    name = form.get("document", "")
    try:
        outcomes = await _act(office, request, [parsed(name)], form)
        failed = next((outcome for outcome in outcomes.items if not outcome.done), None)
    except REFUSALS as error:
        failed = Outcome(name, False, str(error))
    if failed is not None:
        return await _of_order(office, pages, request, number, failed)
    return Redirect(f"/orders/{quote(number, safe='')}/papers", status_code=303)


async def _act(
    office: Office, request: Request[Any, Any, Any], names: list[DocumentName], form: dict[str, str]
) -> Outcomes:
    """What a button asks for. Raises `BadField` and `Refused`."""
    by = By(visitor_of(request).name, office.now())
    match form.get("action", ""):
        case "print":
            station = fields.required(form, "station", 64)
            return await print_each(office, names, station, fields.text(form, "reason", 200), by)
        case "mail":
            return await mail_each(office, names, fields.text(form, "address", 254), by)
        case "mark":
            return await mark_each(office, names, by)
        case action:
            raise fields.BadField("action", action, "something that can be done with a document")


@get("/documents", include_in_schema=False)
async def show_prints(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    print_state: Annotated[str, QueryParameter(name="state", max_length=30)] = "",
    station: Query = "",
    chosen: Annotated[str, QueryParameter(name="orders", max_length=20_000)] = "",
) -> Response[str]:
    asked = {"q": q, "state": print_state, "station": station}
    shown = listing(request.query_params, "documents.search_prints", asked)
    return pages.page(
        request,
        "documents.html",
        page=await reading.prints(office.store, q, print_state, station, shown.after, shown.limit, shown.sort),
        listing=shown,
        asked=asked,
        states=_PRINT_STATES,
        values={"orders": "\n".join(chosen.split(","))},
        errors=Beside(),
        outcomes=(),
        **await _around(office),
    )


@get("/documents/chosen", include_in_schema=False)
async def take_chosen(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Redirect:
    """From the list of orders, with what was ticked there, or all that fit its filters."""
    numbers = request.query_params.getall("order", [])
    if request.query_params.get("which") == "all":
        filters = filters_of(asked_of(request.query_params), pages.zone)
        numbers = list(await everything(office.store, filters))
        if len(numbers) > _MOST:
            raise Refused("invalid", f"More than {_MOST} orders fit. Narrow the filters.", "orders")
    return Redirect("/documents", query_params={"orders": ",".join(numbers)}, status_code=303)


@get("/documents/mails", include_in_schema=False)
async def show_mails(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    mail_state: Annotated[str, QueryParameter(name="state", max_length=30)] = "",
) -> Response[str]:
    asked = {"q": q, "state": mail_state}
    shown = listing(request.query_params, "documents.search_mails", asked)
    return pages.page(
        request,
        "mails.html",
        page=await reading.mails(office.store, q, mail_state, shown.after, shown.limit, shown.sort),
        listing=shown,
        asked=asked,
        states=_MAIL_STATES,
        **await _around(office),
    )


@post("/documents", include_in_schema=False, status_code=200)
async def act_on_many(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[Any]:
    """One result for each document; one that fails stops no other."""
    form = await typed(request)
    try:
        kind = fields.choice(form, "kind", _KINDS, "pick_list")
        numbers = tuple(dict.fromkeys(fields.required(form, "orders", 20_000).replace(",", "\n").split()))
        if len(numbers) > _MOST:
            raise fields.BadField("orders", str(len(numbers)), f"at most {_MOST} orders at once")
        found = await reading.named(office.store, kind, numbers)
        names = [each for each in found if isinstance(each, DocumentName)]
        none = tuple(each for each in found if isinstance(each, Outcome))
        if form.get("action") == "pdf":
            if not names:
                raise Refused("conflict", "None of these orders has such a document.", "orders")
            volume = office.press.begin(secrets.token_urlsafe(9), names, office.now())
            volume.left_out += [(each.document, each.text) for each in none]
            return Redirect(f"/documents/volumes/{volume.number}", status_code=303)
        outcomes = (*(await _act(office, request, names, form)).items, *none)
        errors = Beside()
    except REFUSALS as error:
        errors, outcomes = errors_of(error, language_of(request), "orders", {"station": "station"}), ()
    return pages.page(
        request,
        "documents.html",
        page=await reading.prints(office.store),
        listing=listing({}, "documents.search_prints", {}),
        asked={"q": "", "state": "", "station": ""},
        states=_PRINT_STATES,
        values=form,
        errors=errors,
        outcomes=outcomes,
        **await _around(office),
    )


@post("/documents/withdraw", include_in_schema=False, status_code=200)
async def withdraw(office: TheOffice, request: Request[Any, Any, Any]) -> Redirect:
    await commands.withdraw(office, request, (await typed(request)).get("print_id", ""))
    return Redirect("/documents", status_code=303)


@get("/documents/volumes/{number:str}", include_in_schema=False)
async def show_volume(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[str]:
    return pages.page(
        request,
        "volume.html",
        volume=reading.volume(office.press.volume(number)),
        waiting=await tracking.waiting(office.store),
    )


PAGES = (show_papers, act_on_paper, show_prints, take_chosen, show_mails, act_on_many, withdraw, show_volume)
