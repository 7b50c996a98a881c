"""REST: orders found and shown, and the queue of what is packed next."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import QueryParameter

from central.office.office import TheOffice
from central.office.paging import PAST_ALL, USUAL, After, Limit, sorts
from central.office.refusals import answers
from central.orders import reading
from central.orders.answers import OrderAnswer, OrderPage
from central.orders.finding import STATUSES, Filters
from central.orders.number import Number
from central.orders.queue import Part, Punctuality, QueuePage, queue
from central.payments.model import STATES
from contract.keys import OrderId

Placed = Annotated[int, QueryParameter(ge=0, le=PAST_ALL, description="Milliseconds since the epoch.")]


@get(
    "/",
    operation_id="listOrders",
    summary="Orders, newest first",
    description="A page may hold fewer orders than `limit` and still have a `next`: a search that finds little in a "
    "large shop goes on there.",
    responses=answers(422),
)
async def list_orders(
    office: TheOffice,
    q: Annotated[
        str,
        QueryParameter(
            max_length=100,
            description="Words that begin the number, name, company, e-mail address or a SKU, without regard to case "
            "and accents; all must fit. Or a whole tracking number or SSCC.",
        ),
    ] = "",
    status: Annotated[str, QueryParameter(max_length=30, description=f"One of {', '.join(STATUSES)}.")] = "",
    payment: Annotated[str, QueryParameter(max_length=30, description=f"One of {', '.join(STATES)}.")] = "",
    source: Annotated[str, QueryParameter(max_length=30, description="The door it came by, such as rest or csv.")] = "",
    carrier: Annotated[str, QueryParameter(max_length=40, description="The carrier of one of its parcels.")] = "",
    placed_from: Placed = 0,
    placed_before: Placed = PAST_ALL,
    sort: Annotated[str, sorts("orders.in_order")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> OrderPage:
    filters = Filters(q, status, payment, source, carrier, placed_from, placed_before)
    return await reading.search(office.store, filters, after, limit, sort)


@get(
    "/",
    operation_id="listQueue",
    summary="What is still to be packed, the most urgent first",
    description="The order in which stations draw their work: by priority, then by the moment at which the order must "
    "be packed to leave in time, then by when it was placed.",
    responses=answers(422),
)
async def list_queue(
    office: TheOffice,
    part: Annotated[Part, QueryParameter(description="Only what may be packed, is being packed, or is stopped.")] = "",
    punctuality: Annotated[
        Punctuality, QueryParameter(description="Only what is late, or also what will soon be.")
    ] = "",
    sort: Annotated[str, sorts("orders.queue")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> QueuePage:
    return await queue(office.store, office.now(), part, punctuality, after, limit, sort)


@get("/{number:str}", operation_id="getOrder", summary="One order with its timeline", responses=answers(404))
async def get_order(office: TheOffice, number: Number) -> OrderAnswer:
    return await reading.one(office.store, OrderId(number))
