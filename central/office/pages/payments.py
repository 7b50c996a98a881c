"""Payments: what an order's own page does with them, and the page of money whose order is not known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.desk.books import Keys
from central.desk.refused import Refused
from central.intake import fields
from central.office.access import visitor_of
from central.office.commands import command
from central.office.forms import REFUSALS, Beside, errors_of, month_of, typed, uploaded
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.pages.order_wishes import Wish
from central.office.pages.orders import carry_out
from central.office.paging import MOST
from central.office.render import Pages, ThePages, language_of
from central.orders.intake_routes import MOST_BYTES
from central.orders.model import Payment
from central.orders.rules import By
from central.payments import bulk, incoming, reading, rules
from central.payments.answers import Accepted, Given, PieceResult, StatementReport
from central.payments.matching import likeliest
from central.payments.model import Kind
from central.payments.recording import accept, keys_to_accept, keys_to_pay, pay_all, take_statement
from central.payments.statement import read as read_statement
from central.tracking import reading as tracking
from contract.keys import OrderId

Query = Annotated[str, QueryParameter(max_length=120)]
_KINDS: Final[Mapping[Kind, str]] = {"received": "Received", "refunded": "Money given back"}


@post("/orders/{number:str}/payment", include_in_schema=False, status_code=200)
async def pay(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[Any]:
    return await carry_out(office, pages, request, number, "payment", _payment, {"amount": "amount"})


@post("/orders/{number:str}/refund", include_in_schema=False, status_code=200)
async def refund(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[Any]:
    return await carry_out(office, pages, request, number, "refund", _refund, {"amount": "refund_amount"})


def _payment(order: OrderId, _: str, form: dict[str, str], zone: ZoneInfo) -> Wish:
    payment = Payment(
        fields.required(form, "method", 40), fields.text(form, "reference", 120), fields.money(form, "amount")
    )
    return Wish(lambda books, by: rules.pay(books, order, payment, by), keys_to_pay(order))


def _refund(order: OrderId, _: str, form: dict[str, str], zone: ZoneInfo) -> Wish:
    note = fields.required(form, "refund_note", 120)
    reference = fields.text(form, "refund_reference", 120)
    payment = Payment("", reference, fields.money(form, "refund_amount"))
    return Wish(lambda books, by: rules.refund(books, order, payment, by, note=note), keys_to_pay(order))


@get("/payments", include_in_schema=False)
async def show_payments(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    kind: Query = "",
    month: Query = "",
) -> Response[str]:
    return await _list(office, pages, request, q, kind, month)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    q: str = "",
    kind: str = "",
    month: str = "",
    report: StatementReport | None = None,
    results: tuple[Given, ...] = (),
    decided: tuple[PieceResult, ...] = (),
    values: dict[str, str] | None = None,
    errors: Beside | None = None,
) -> Response[str]:
    asked = reading.Filters(q, kind, *month_of(month, pages.zone))
    span = {"moved_from": str(asked.moved_from), "moved_before": str(asked.moved_before)} if month else {}
    filters = {"q": q, "kind": kind, "month": month}
    shown = listing(request.query_params, "payments.search", filters, {"q": q, "kind": kind} | span)
    return pages.page(
        request,
        "payments.html",
        unmatched=(await reading.unmatched(office.store)).items,
        likeliest=likeliest,
        page=await reading.search(office.store, asked, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        kind=kind,
        month=month,
        kinds=_KINDS,
        report=report,
        results=results,
        decided=decided,
        values=values,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/payments/statement", include_in_schema=False, request_max_body_size=MOST_BYTES, status_code=200)
async def import_statement(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    try:
        statement = read_statement(await uploaded(request, "file"), office.doors.bank)
    except REFUSALS as error:
        return await _list(office, pages, request, errors=errors_of(error, language_of(request), "file"))
    report = await take_statement(office.store, statement, _by(office, request))
    return await _list(office, pages, request, report=report)


@post("/payments/accept", include_in_schema=False, status_code=200)
async def accept_selected(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    """Each piece of money has a field with its key, which holds the order; empty ones wait on."""
    form = await typed(request)
    pieces = [name.removeprefix("for-") for name in form if name.startswith("for-") and form[name].strip()]
    wishes = [Accepted(key, OrderId(form[f"for-{key}"].strip())) for key in pieces]
    by = _by(office, request)
    results = await office.store.transact(keys_to_accept(wishes), lambda books: accept(books, wishes, by))
    return await _list(office, pages, request, results=results)


@post("/payments/chosen", include_in_schema=False, status_code=200)
async def decide_selected(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    """As accepted is what the page proposed when it was looked at: each piece has a field with it."""
    form = await request.form()
    given = await typed(request)
    keys = [value for value in form.getall("piece", [])[:MOST] if isinstance(value, str)]
    do = given.get("do", "")
    try:
        if not keys:
            raise Refused("invalid", "Select at least one payment.", "chosen")
        wanted = next((each for each in bulk.DOES if each == do), None)
        if wanted is None:
            raise Refused("invalid", f"{do!r} is nothing that can be done with a payment.", "chosen", do)
    except Refused as error:
        return await _list(office, pages, request, errors=errors_of(error, language_of(request), "chosen"))
    pieces = {key: OrderId(given.get(f"proposed-{key}", "")) or None for key in keys}
    by = _by(office, request)
    decided = await office.store.transact(bulk.keys_of(pieces), lambda books: bulk.carry_out(books, wanted, pieces, by))
    return await _list(office, pages, request, decided=decided)


@post("/payments/dismiss/{key:str}", include_in_schema=False, status_code=200)
async def dismiss(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], key: FromPath[str]
) -> Response[Any]:
    try:
        keys = Keys(incoming=frozenset({key}))
        await command(office, request, keys, lambda books, by: incoming.dismiss(books, key, by))
    except REFUSALS as error:
        return await _list(office, pages, request, errors=errors_of(error, language_of(request), "file"))
    return Redirect("/payments", status_code=303)


@post("/payments/batch", include_in_schema=False, status_code=200)
async def pay_together(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    form = await typed(request)
    try:
        numbers = fields.required(form, "orders").replace(",", " ").split()
        payment = Payment(fields.required(form, "method", 40), fields.required(form, "slip", 120))
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "orders")
        return await _list(office, pages, request, values=form, errors=errors)
    orders = [OrderId(number) for number in dict.fromkeys(numbers)]
    by = _by(office, request)
    results = await office.store.transact(
        keys_to_pay(*orders), lambda books: pay_all(books, orders, payment, payment.reference, by)
    )
    return await _list(office, pages, request, results=results)


def _by(office: Office, request: Request[Any, Any, Any]) -> By:
    return By(visitor_of(request).name, office.now())


PAGES = (pay, refund, show_payments, import_statement, accept_selected, decide_selected, dismiss, pay_together)
