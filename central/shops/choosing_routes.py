"""REST: choosing between the shop's word and ours."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Router, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from central.desk.books import Books
from central.office.commands import IDEMPOTENCY
from central.office.office import TheOffice
from central.office.refusals import answers
from central.orders.answers import OrderAnswer
from central.orders.commands import IF_MATCH, change
from central.orders.number import Number
from central.orders.rules import By
from central.shops import choosing
from central.shops.model import Field, Whose
from contract.keys import OrderId


class ChoiceBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Whose value counts, of each field or of some."""

    choices: Annotated[dict[Field, Whose], Meta(min_length=1, max_length=8)]


@post(
    "/api/orders/{number:str}/shop",
    operation_id="chooseBetweenShopAndUs",
    summary="Choose between the shop's word and ours",
    description="Where the shop and the office both changed an order, it is held, with both sides in its `differs`. "
    "`shop` makes a field what the shop told last, `ours` leaves it as it is, until the shop tells something else. "
    "Once nothing is left to choose, the order goes on. Lines bring the shop's total with them.",
    status_code=200,
    responses=answers(404, 409, 422, 428),
)
async def choose(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ChoiceBody]
) -> OrderAnswer:
    order = OrderId(number)

    def decide(books: Books, by: By) -> None:
        choosing.choose(books, order, data.choices, by)

    return await change(office, request, number, decide, choosing.keys_to_choose(order), replaces=True)


router = Router(
    "/", route_handlers=[choose], opt={"area": "orders"}, parameters=IDEMPOTENCY | IF_MATCH, tags=["orders"]
)
