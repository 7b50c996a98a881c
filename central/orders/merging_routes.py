"""REST: orders that go in one parcel."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.params import JSONBody, QueryParameter
from msgspec import Meta, Struct

from central.desk.books import Books, Keys
from central.office.commands import IDEMPOTENCY
from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit, in_order, words_of
from central.office.refusals import answers
from central.orders import merging
from central.orders.answers import OrderAnswer
from central.orders.body import Name
from central.orders.commands import IF_MATCH, change
from central.orders.number import Number
from central.orders.proposing import SORTED, ProposalPage, proposals
from central.orders.rules import By
from contract.keys import OrderId


class MergeBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be packed with the order."""

    orders: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=20)]


@get(
    "/api/merges",
    operation_id="listMerges",
    summary="Orders that could go in one parcel",
    description="Paid orders of one address, service and warehouse that wait to be packed and are at no station.",
    responses=answers(422),
)
async def list_merges(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="In the consignee's name, or an order.")] = "",
    sort: Annotated[str, in_order(words_of(SORTED))] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> ProposalPage:
    return await proposals(office.store, q, after, limit, sort)


@post(
    "/api/orders/{number:str}/merge",
    operation_id="mergeOrders",
    summary="Pack orders together",
    description="They become one job: the code of any of them opens it. A change of one of them recalls it.",
    responses=answers(404, 409, 422),
)
async def merge(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[MergeBody]
) -> OrderAnswer:
    others = frozenset(OrderId(order) for order in data.orders)
    orders = (OrderId(number), *(OrderId(order) for order in data.orders))
    return await change(
        office, request, number, lambda books, by: merging.merge(books, orders, by), Keys(orders=others)
    )


@post(
    "/api/orders/{number:str}/unmerge",
    operation_id="unmergeOrders",
    summary="Pack each of them alone again",
    description="A station that packs them is told. What is packed together stays so. An order that somebody added "
    "since you looked would go alone unseen.",
    responses=answers(404, 409, 428),
)
async def unmerge(office: TheOffice, request: Request[Any, Any, Any], number: Number) -> OrderAnswer:
    def decide(books: Books, by: By) -> None:
        merging.unmerge(books, OrderId(number), by)

    return await change(office, request, number, decide, replaces=True)


router = Router(
    "/",
    route_handlers=[list_merges, merge, unmerge],
    opt={"area": "orders"},
    parameters=IDEMPOTENCY | IF_MATCH,
    tags=["orders"],
)
