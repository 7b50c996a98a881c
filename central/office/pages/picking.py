"""Picking: batches for the office, and one batch on a picker's phone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.desk.books import Books
from central.intake import fields
from central.office.access import visitor_of
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.orders.rules import By
from central.picking import reading, rules
from central.picking.commands import begin, work
from central.picking.model import KINDS, MOST_ORDERS, BatchKind
from central.tracking import reading as tracking
from contract.keys import OrderId
from contract.values import ShortKind

_KINDS: Final[dict[str, BatchKind]] = {kind: kind for kind in KINDS}
_SHORTS: Final[dict[str, ShortKind]] = {"missing": "missing", "damaged": "damaged"}
_CAMERA: Final = {"Permissions-Policy": "camera=(self), geolocation=(), microphone=()"}
"""The one page that may look at codes through the phone's camera."""


@get("/picking", include_in_schema=False)
async def show_batches(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Annotated[str, QueryParameter(max_length=64)] = "",
    batch_state: Annotated[str, QueryParameter(name="state", max_length=30)] = "",
    chosen: Annotated[str, QueryParameter(name="orders", max_length=20_000)] = "",
) -> Response[str]:
    values = {"most": "10"} | ({"kind": "chosen", "orders": chosen.replace(",", "\n")} if chosen else {})
    return await _list(office, pages, request, values, q=q, state=batch_state)


@get("/picking/chosen", include_in_schema=False)
async def take_chosen(request: Request[Any, Any, Any]) -> Redirect:
    """From the list of orders, with what was ticked there."""
    numbers = request.query_params.getall("order", [])[:MOST_ORDERS]
    return Redirect("/picking", query_params={"orders": ",".join(numbers)}, status_code=303)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    values: dict[str, str],
    errors: Beside | None = None,
    *,
    q: str = "",
    state: str = "",
) -> Response[str]:
    shown = listing(request.query_params, "picking.batches", {"q": q, "state": state})
    return pages.page(
        request,
        "picking.html",
        page=await reading.batches(office.store, q, state, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        state=state,
        states=reading.STATES,
        warehouses=office.house.warehouse_codes,
        values=values,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/picking", include_in_schema=False, status_code=200)
async def make_batch(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[Any]:
    form = await typed(request)
    try:
        kind = fields.choice(form, "kind", _KINDS, "queue")
        numbers = tuple(OrderId(each) for each in form.get("orders", "").replace(",", "\n").split())
        batch = await begin(
            office,
            request,
            "chosen" if numbers else kind,
            numbers,
            warehouse=fields.text(form, "warehouse", 40),
            zone=fields.text(form, "zone", 40),
            most=fields.whole(form, "most", 1, MOST_ORDERS, "orders", 10),
        )
    except REFUSALS as error:
        places = {"orders": "orders", "zone": "zone", "order": "orders"}
        return await _list(office, pages, request, form, errors_of(error, language_of(request), "orders", places))
    return Redirect(f"/picking/{batch.batch}", status_code=303)


@get("/picking/{number:str}", include_in_schema=False)
async def show_batch(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[str]:
    return await _one(office, pages, request, number)


async def _one(
    office: Office, pages: Pages, request: Request[Any, Any, Any], number: str, said: str = ""
) -> Response[str]:
    batch = await reading.one(office.store, number)
    page = pages.page(
        request,
        "pick.html",
        code=409 if said else 200,
        batch=batch,
        task=batch.task_of(visitor_of(request).name) if batch.state == "open" else None,
        said=said,
    )
    page.headers.update(_CAMERA)
    return page


@post("/picking/{number:str}", include_in_schema=False, status_code=200)
async def act(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[Any]:
    """One step of a picker. A script sends it with an Idempotency-Key, so that a lost answer costs nothing."""
    form = await typed(request)
    try:
        await work(office, request, number, _decision(office, number, form), form.get("code", ""))
    except REFUSALS as error:
        said = errors_of(error, language_of(request), "code")
        return await _one(office, pages, request, number, next(iter(said.values())))
    return Redirect(f"/picking/{number}", status_code=303)


def _decision(office: Office, number: str, form: dict[str, str]) -> Callable[[Books, By], None]:
    """What a form of the page asks for. Raises `BadField` for what was typed wrong."""
    match form.get("action", "scan"):
        case "scan":
            code = fields.required(form, "code", 500)
            return lambda books, by: rules.scan(books, number, code, by)
        case "join":
            return lambda books, by: rules.join(books, number, by)
        case "tick":
            ticked = _task(form)
            return lambda books, by: rules.tick(books, number, ticked, by)
        case "missing" | "damaged" as kind:
            task, what = _task(form), _SHORTS[kind]
            return lambda books, by: rules.report_short(books, office.house, number, task, what, by)
        case "stop":
            return lambda books, by: rules.stop(books, number, by)
        case action:
            raise fields.BadField("code", action, "something that can be done while picking")


def _task(form: dict[str, str]) -> int:
    return fields.whole(form, "task", 1, 100_000, "tasks")


PAGES = (show_batches, take_chosen, make_batch, show_batch, act)
