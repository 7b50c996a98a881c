"""REST: payments."""

from __future__ import annotations

import logging
from typing import Annotated, Any, Literal

from litestar import Request, Router, get, post
from litestar.datastructures import UploadFile
from litestar.exceptions import NotAuthorizedException
from litestar.params import FromPath, JSONBody, MultipartBody
from msgspec import Meta, Struct

from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.office.commands import IDEMPOTENCY, answered, answered_in_parts, command
from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit
from central.office.refusals import answers
from central.orders.answers import OrderAnswer
from central.orders.body import Filled, Minor, Name, PaymentBody, Short
from central.orders.commands import IF_MATCH, change
from central.orders.intake_routes import MOST_BYTES
from central.orders.model import Payment
from central.orders.number import Number
from central.orders.rules import By
from central.payments import bulk, incoming, reading, rules, stripe
from central.payments.answers import (
    Accepted,
    Given,
    Outcomes,
    PieceResult,
    PieceResults,
    StatementReport,
    UnmatchedPage,
)
from central.payments.bulk import Do
from central.payments.incoming import Taken
from central.payments.recording import accept, keys_to_accept, keys_to_pay, pay_all, take, take_statement
from central.payments.statement import read as read_statement
from central.people.scopes import PUBLIC
from central.stations.rows import AsideRow
from central.store.store import Reads
from contract.keys import OrderId

log = logging.getLogger(__name__)


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


class BatchBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Several orders paid in together."""

    orders: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=500)]
    method: Filled
    slip: Filled
    """The deposit slip, or the reference of the transfer."""


class AcceptBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose money it is."""

    accepted: Annotated[tuple[Accepted, ...], Meta(min_length=1, max_length=500)]


@post(
    "/payments/batch",
    operation_id="payOrders",
    summary="One deposit slip or transfer paid several orders",
    description="Each order gets what it owes. One that is refused stops no other; the answer has a result for each.",
    status_code=200,
    responses=answers(422),
)
async def pay_batch(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[BatchBody]) -> Outcomes:
    orders = tuple(OrderId(order) for order in data.orders)
    payment = Payment(data.method, data.slip)

    def decide(books: Books, by: By) -> tuple[Given, ...]:
        return pay_all(books, orders, payment, data.slip, by)

    return await answered(office, request, keys_to_pay(*orders), decide, _outcomes, Outcomes)


async def _outcomes(reads: Reads, given: tuple[Given, ...]) -> Outcomes:
    return Outcomes(given)


@get(
    "/payments/incoming",
    operation_id="listIncoming",
    summary="Money that nobody knows whose it is, with proposals",
    responses=answers(422),
)
async def list_incoming(office: TheOffice, after: After = "", limit: Limit = USUAL) -> UnmatchedPage:
    return await reading.unmatched(office.store, after, limit)


@post(
    "/payments/incoming/accept",
    operation_id="acceptIncoming",
    summary="Say whose money it is",
    description="One that is refused stops no other; the answer has a result for each.",
    status_code=200,
    responses=answers(422),
)
async def accept_incoming(office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[AcceptBody]) -> Outcomes:
    def decide(books: Books, by: By) -> tuple[Given, ...]:
        return accept(books, data.accepted, by)

    return await answered(office, request, keys_to_accept(data.accepted), decide, _outcomes, Outcomes)


class ChosenBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Which pieces of money, and what is done to them."""

    do: Do
    keys: Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...], Meta(min_length=1, max_length=500)]


@post(
    "/payments/incoming/chosen",
    operation_id="decideIncoming",
    summary="Accept as proposed, or dismiss, several pieces of money",
    description="`accepted`: each goes to the order that stands out among its proposals now, if that still awaits "
    "money. One that is refused stops no other; the answer has a result for each.",
    status_code=200,
    responses=answers(422),
)
async def decide_incoming(
    office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[ChosenBody]
) -> PieceResults:
    accepts = data.do == "accepted"
    pieces = await reading.proposed(office.store, data.keys) if accepts else dict.fromkeys(data.keys)

    def decide(books: Books, by: By) -> tuple[PieceResult, ...]:
        return bulk.carry_out(books, data.do, pieces, by)

    return await answered(office, request, bulk.keys_of(pieces), decide, _each, PieceResults)


async def _each(reads: Reads, results: tuple[PieceResult, ...]) -> PieceResults:
    return PieceResults(results)


@post(
    "/payments/incoming/{key:str}/dismiss",
    operation_id="dismissIncoming",
    summary="It is no order's money",
    status_code=204,
    responses=answers(404, 409),
)
async def dismiss_incoming(office: TheOffice, request: Request[Any, Any, Any], key: FromPath[str]) -> None:
    await command(office, request, Keys(incoming=frozenset({key})), lambda books, by: incoming.dismiss(books, key, by))


@post(
    "/payments/statement",
    operation_id="importStatement",
    summary="Import a bank's file of movements",
    description="CSV as banks write it: semicolons, decimal commas, Latin-1 or UTF-8. The same movement twice counts "
    "once; credits wait until somebody accepts whose they are.",
    request_max_body_size=MOST_BYTES,
    status_code=200,
    responses=answers(413, 422),
)
async def import_statement(
    office: TheOffice, request: Request[Any, Any, Any], data: MultipartBody[UploadFile]
) -> StatementReport:
    statement = read_statement(content := await data.read(), office.doors.bank)
    return await answered_in_parts(
        office, request, content, lambda by: take_statement(office.store, statement, by), StatementReport
    )


router = Router(
    "/api",
    route_handlers=[
        pay,
        refund,
        pay_batch,
        list_incoming,
        accept_incoming,
        decide_incoming,
        dismiss_incoming,
        import_statement,
    ],
    opt={"area": "payments"},
    parameters=IDEMPOTENCY | IF_MATCH,
    tags=["payments"],
)


class Heard(Struct, frozen=True):
    """What an event did."""

    outcome: Taken | Literal["unused"]


@post(
    "/stripe",
    operation_id="hearStripe",
    summary="Stripe's webhook",
    description="`payment_intent.succeeded` and `charge.refunded`, with the order in the metadata as `order`, "
    "`order_number` or `order_id`. 401: the signature does not fit or is older than five minutes.",
    status_code=200,
    security=[{}],
    responses=answers(404, 413, 422),
)
async def hear_stripe(office: TheOffice, request: Request[Any, Any, Any]) -> Heard:
    secret = office.doors.stripe
    if secret is None:
        raise not_found("card processor", "stripe")
    body = await request.body()
    if not stripe.is_signed(secret, body, request.headers.get("stripe-signature", ""), office.now()):
        log.warning("stripe: an event of %d bytes without its signature was turned away", len(body))
        raise NotAuthorizedException(
            "The signature in stripe-signature does not fit. Compare the secret and the clock."
        )
    try:
        row = stripe.read(body)
    except stripe.BadEvent as error:
        aside = AsideRow("card/stripe", str(error), body, len(body), office.now())
        await office.store.transact(Keys(), lambda books: books.aside.append(aside))
        raise Refused("invalid", f"This delivery cannot be read, and is kept for a person: {error}.") from None
    return Heard("unused" if row is None else await take(office.store, row, By("stripe", office.now())))


cards = Router("/api/cards", route_handlers=[hear_stripe], opt={"area": PUBLIC}, tags=["payments"])
