"""Suppliers' deliveries: the list, one delivery with what came of it, receiving, suppliers."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.intake import fields
from central.office.access import visitor_of
from central.office.bars import code_128
from central.office.forms import REFUSALS, Beside, errors_of, typed, uploaded
from central.office.happenings import happening
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.office.telling import names
from central.orders.rules import By
from central.stock.answers import RowsReport
from central.stock.routes import MOST_BYTES
from central.supply import commands, reading
from central.supply.deliveries_csv import read_deliveries
from central.supply.model import Arrival, Supplier
from central.tracking import reading as tracking
from contract.keys import Sku
from contract.messages import DELIVERY_PREFIX

Query = Annotated[str, QueryParameter(max_length=100)]


@get("/deliveries", include_in_schema=False)
async def show_deliveries(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    status: Query = "open",
    supplier: Query = "",
) -> Response[str]:
    return await _list(office, pages, request, q, status, supplier)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    q: str = "",
    status: str = "open",
    supplier: str = "",
    report: RowsReport | None = None,
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    asked = {"q": q, "status": status, "supplier": supplier}
    shown = listing(request.query_params, "supply.search", asked, always="status")
    return pages.page(
        request,
        "deliveries.html",
        page=await reading.search(office.store, q, status, supplier, shown.after, shown.limit, shown.sort),
        listing=shown,
        suppliers=(await reading.suppliers(office.store)).items,
        q=q,
        status=status,
        supplier=supplier,
        report=report,
        values=values,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/deliveries", include_in_schema=False, request_max_body_size=MOST_BYTES, status_code=200)
async def import_deliveries(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    try:
        listed, refused = read_deliveries(await uploaded(request, "file"))
    except REFUSALS as error:
        return await _list(office, pages, request, errors=errors_of(error, language_of(request), "file"))
    by = By(visitor_of(request).name, office.now())
    return await _list(office, pages, request, report=await commands.take_in(office, listed, refused, by))


@post("/suppliers", include_in_schema=False, status_code=200)
async def keep_supplier(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[Any]:
    form = await typed(request)
    try:
        supplier = Supplier(
            fields.name(form, "code"),
            fields.required(form, "name", 200),
            fields.text(form, "email", 200),
            fields.text(form, "phone", 40),
            fields.whole(form, "lead_days", 0, 1000, "days", default=0),
        )
        await commands.keep(office, request, supplier)
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "supplier")
        return await _list(office, pages, request, values=form, errors=errors)
    return Redirect("/deliveries", status_code=303)


@get("/deliveries/{number:str}", include_in_schema=False)
async def show_delivery(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[str]:
    return await _one(office, pages, request, number)


async def _one(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    number: str,
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    entries = await tracking.timeline(office.store, f"delivery/{number}")
    return pages.page(
        request,
        "delivery.html",
        delivery=await reading.one(office.store, number),
        code_128=code_128(f"{DELIVERY_PREFIX}{number}"),
        timeline=entries,
        names=await names(office.store, (entry.by for entry in entries)),
        events=happening,
        values=values,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/deliveries/{number:str}/{action:str}", include_in_schema=False, status_code=200)
async def change(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str], action: FromPath[str]
) -> Response[Any]:
    form = await typed(request)
    try:
        if action == "received":
            await commands.receive(office, request, number, [_arrival(form, number)])
        elif action == "closed":
            await commands.close(office, request, number)
        else:
            raise fields.BadField("delivery", action, "something that can be done with a delivery")
    except REFUSALS as error:
        places = {"product": "sku", "lot": "lot", "expiry": "expiry", "serial": "serials", "serials": "serials"}
        errors = errors_of(error, language_of(request), "delivery", places)
        return await _one(office, pages, request, number, form, errors)
    return Redirect(f"/deliveries/{quote(number, safe='')}", status_code=303)


def _arrival(form: dict[str, str], number: str) -> Arrival:
    """What was typed. Raises `BadField`."""
    return Arrival(
        Sku(fields.name(form, "sku")),
        fields.quantity(form, "quantity"),
        number,
        fields.text(form, "bin", 40),
        fields.text(form, "lot", 40),
        fields.text(form, "expiry", 10),
        tuple(fields.text(form, "serials").split()),
    )


PAGES = (show_deliveries, import_deliveries, keep_supplier, show_delivery, change)
