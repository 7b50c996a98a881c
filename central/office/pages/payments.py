"""Payments: what an order's own page does with them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from litestar import Request, Response, post
from litestar.params import FromPath

from central.intake import fields
from central.office.office import TheOffice
from central.office.pages.order_wishes import Wish
from central.office.pages.orders import carry_out
from central.office.render import ThePages
from central.orders.model import Payment
from central.payments import rules
from central.payments.routes import keys_to_pay
from contract.keys import OrderId


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


PAGES = (pay, refund)
