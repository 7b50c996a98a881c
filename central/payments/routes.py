"""REST: payments."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, post
from litestar.params import JSONBody
from msgspec import Struct

from central.desk.books import Keys
from central.office.commands import IDEMPOTENCY
from central.office.office import TheOffice
from central.office.refusals import answers
from central.orders.answers import OrderAnswer
from central.orders.body import Filled, Minor, PaymentBody, Short
from central.orders.commands import IF_MATCH, change
from central.orders.model import Payment
from central.orders.routes import Number
from central.payments import rules
from contract.keys import OrderId


class RefundBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Money given back."""

    note: Filled
    """Why; on record, not for the customer."""
    method: Short = ""
    """As it was paid, when empty."""
    reference: Short = ""
    amount: Minor = 0
    """0: all that is here."""


@post(
    "/orders/{number:str}/payment",
    operation_id="payOrder",
    summary="Money came for an order",
    description="Without an amount: all that is owed. The same method and reference twice change nothing.",
    responses=answers(404, 409, 422),
)
async def pay(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[PaymentBody]
) -> OrderAnswer:
    payment = Payment(data.method, data.reference, data.amount)
    order = OrderId(number)
    return await change(
        office, request, number, lambda books, by: rules.pay(books, order, payment, by), keys_to_pay(order)
    )


@post(
    "/orders/{number:str}/refund",
    operation_id="refundOrder",
    summary="Money was given back",
    description="On record only: give it back with your bank or card processor. Without an amount: all that is here.",
    responses=answers(404, 409, 422),
)
async def refund(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[RefundBody]
) -> OrderAnswer:
    payment = Payment(data.method, data.reference, data.amount)
    order = OrderId(number)
    return await change(
        office,
        request,
        number,
        lambda books, by: rules.refund(books, order, payment, by, note=data.note),
        keys_to_pay(order),
    )


def keys_to_pay(*orders: OrderId) -> Keys:
    """What recording a payment touches."""
    return Keys(orders=frozenset(orders), payments_of=frozenset(orders))


router = Router(
    "/api", route_handlers=[pay, refund], opt={"area": "payments"}, parameters=IDEMPOTENCY | IF_MATCH, tags=["payments"]
)
