"""Stock: levels of all products, one product with its ledger, receiving and adjusting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, ServerSentEvent

from central.desk.books import Books
from central.intake import fields
from central.office.access import visitor_of
from central.office.commands import command
from central.office.forms import REFUSALS, Beside, errors_of, typed, uploaded
from central.office.happenings import REASONS, happening
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.office.streams import follow
from central.office.telling import names
from central.orders.rules import By
from central.stock import lots, reading, rules
from central.stock.answers import RowsReport
from central.stock.elsewhere import elsewhere
from central.stock.ledger import Cause
from central.stock.model import Place
from central.stock.products_csv import read_products, read_stock
from central.stock.routes import MOST_BYTES, take_counts, take_products
from central.stock.transfers import set_pick_bin, transfer
from central.tracking import reading as tracking
from contract.keys import Sku

Query = Annotated[str, QueryParameter(max_length=100)]
_NEWEST: Final = 50
"""Entries on a product's page."""


@get("/stock", include_in_schema=False)
async def show_stock(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    show: Query = "",
) -> Response[str]:
    return await _list(office, pages, request, q, show)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    q: str = "",
    show: str = "",
    report: RowsReport | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    shown = listing(request.query_params, "stock.search", {"q": q, "show": show})
    return pages.page(
        request,
        "stock.html",
        page=await reading.search(office.store, office.now(), q, show, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        show=show,
        report=report,
        elsewhere=await elsewhere(office.store, office.house.warehouse_codes),
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@get("/stock/live", include_in_schema=False)
async def follow_stock(office: TheOffice, request: Request[Any, Any, Any], sku: Query = "") -> ServerSentEvent:
    """Tells when levels changed, of one product if it is named."""
    return follow(office, request, f"product/{sku}" if sku else "product")


@post("/stock/products", include_in_schema=False, request_max_body_size=MOST_BYTES, status_code=200)
async def import_products(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    try:
        listed, refused = read_products(await uploaded(request, "products"))
    except REFUSALS as error:
        return await _list(office, pages, request, errors=errors_of(error, language_of(request), "products"))
    return await _list(office, pages, request, report=await take_products(office, listed, refused))


@post("/stock/counts", include_in_schema=False, request_max_body_size=MOST_BYTES, status_code=200)
async def import_counts(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    try:
        counted, refused = read_stock(await uploaded(request, "counts"))
    except REFUSALS as error:
        return await _list(office, pages, request, errors=errors_of(error, language_of(request), "counts"))
    by = By(visitor_of(request).name, office.now())
    return await _list(office, pages, request, report=await take_counts(office, counted, refused, by))


@get("/stock/{sku:str}", include_in_schema=False)
async def show_product(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], sku: FromPath[str]
) -> Response[str]:
    return await _one(office, pages, request, sku)


async def _one(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    sku: str,
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    shown = listing(request.query_params, "stock.ledger_of", {}, {"sku": sku})
    movements = await reading.movements(office.store, sku, shown.after, shown.limit, shown.sort)
    entries = await tracking.newest(office.store, f"product/{sku}", _NEWEST)
    return pages.page(
        request,
        "product.html",
        item=await reading.one(office.store, sku, office.now()),
        movements=movements,
        entries=entries,
        events=happening,
        names=await names(office.store, [*(each.by for each in movements.items), *(each.by for each in entries)]),
        listing=shown,
        pending=await reading.pending(office.store, sku),
        places=await reading.places(office.store, sku, office.now()),
        warehouses=office.house.warehouses,
        reasons=REASONS,
        values=values,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/stock/{sku:str}/{action:str}", include_in_schema=False, status_code=200)
async def change(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], sku: FromPath[str], action: FromPath[str]
) -> Response[Any]:
    form = await typed(request)
    try:
        first = office.house.warehouse_codes[0]
        keys = lots.keys_to_stop(Sku(sku)) if action == "stopped" else lots.keys_of(Sku(sku))
        await command(office, request, keys, _decision(Sku(sku), action, form, first))
    except REFUSALS as error:
        quantity = "quantity" if action == "received" else "pieces"
        places = {"counted": "on_hand", "quantity": quantity, "lot": "stop_lot"}
        places |= {"reference": "delivery"} if action == "received" else {}
        errors = errors_of(error, language_of(request), "product", places)
        return await _one(office, pages, request, sku, form, errors)
    return Redirect(f"/stock/{quote(sku, safe='')}", status_code=303)


def _decision(sku: Sku, action: str, form: dict[str, str], first: str) -> Callable[[Books, By], None]:
    """What a form of the page asks for. Raises `BadField` for what was typed wrong."""
    if action == "received":
        quantity = fields.quantity(form, "quantity")
        delivery = fields.text(form, "delivery", 120)
        return lambda books, by: rules.receive_by_hand(books, sku, quantity, Cause(delivery, by.name, by.at))
    if action == "counted":
        on_hand = fields.whole(form, "on_hand", 0, 10_000_000, "pieces")
        why = fields.text(form, "why", 120)
        return lambda books, by: rules.adjust(books, sku, on_hand, Cause(why, by.name, by.at))
    if action == "moved":
        pieces = fields.quantity(form, "pieces")
        warehouse = form.get("from_warehouse") or first
        source = Place(warehouse, fields.text(form, "from_bin", 40))
        target = Place(form.get("to_warehouse") or warehouse, fields.text(form, "to_bin", 40))
        lot, why = fields.text(form, "lot", 40), fields.text(form, "reference", 120)
        return lambda books, by: transfer(books, sku, pieces, source, target, Cause(why, by.name, by.at), lot)
    if action == "pick-bin":
        place = Place(form.get("pick_warehouse") or first, fields.text(form, "pick_bin", 40))
        return lambda books, by: set_pick_bin(books, sku, place, by)
    if action == "stopped":
        lot, why = fields.name(form, "stop_lot"), fields.required(form, "stop_reason", 200)
        return lambda books, by: lots.stop(books, sku, lot, why, by)
    if action == "resumed":
        lot = fields.name(form, "stop_lot")
        return lambda books, by: lots.resume(books, sku, lot, by)
    raise fields.BadField("product", action, "something that can be done with a product")


PAGES = (show_stock, follow_stock, import_products, import_counts, show_product, change)
