"""Payments: what an order's own page does with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from litestar import Request, Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from central.desk.books import Books
from central.intake import fields
from central.office.commands import command
from central.office.forms import REFUSALS, errors_of, typed
from central.office.office import Office, TheOffice
from central.office.pages.orders import Decide, order_page
from central.office.render import Pages, ThePages, language_of
from central.orders.model import Payment
from central.orders.rules import By
from central.payments import rules
from central.payments.routes import keys_to_pay
from contract.keys import OrderId


@post("/orders/{number:str}/payment", include_in_schema=False, status_code=200)
async def pay(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[Any]:
    form = await typed(request)
    return await _act(office, pages, request, number, form, _payment)


@post("/orders/{number:str}/refund", include_in_schema=False, status_code=200)
async def refund(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: FromPath[str]
) -> Response[Any]:
    form = await typed(request)
    return await _act(office, pages, request, number, form, _refund)


def _payment(order: OrderId, form: dict[str, str]) -> Decide:
    payment = Payment(
        fields.required(form, "method", 40), fields.text(form, "reference", 120), fields.money(form, "amount")
    )

    def decide(books: Books, by: By) -> None:
        rules.pay(books, order, payment, by)

    return decide


def _refund(order: OrderId, form: dict[str, str]) -> Decide:
    note = fields.required(form, "refund_note", 120)
    reference = fields.text(form, "refund_reference", 120)
    payment = Payment("", reference, fields.money(form, "refund_amount"))

    def decide(books: Books, by: By) -> None:
        rules.refund(books, order, payment, by, note=note)

    return decide


async def _act(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    number: str,
    form: dict[str, str],
    decision: Callable[[OrderId, dict[str, str]], Decide],
) -> Response[Any]:
    order = OrderId(number)
    try:
        await command(office, request, keys_to_pay(order), decision(order, form))
    except REFUSALS as error:
        places = {"amount": "refund_amount" if decision is _refund else "amount"}
        errors = errors_of(error, language_of(request), "order", places)
        return await order_page(office, pages, request, number, form, errors)
    return Redirect(f"/orders/{quote(number, safe='')}", status_code=303)


PAGES = (pay, refund)
