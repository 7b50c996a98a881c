"""REST: what makes two orders or lines of one, and lines that a supplier sends."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Router, post
from litestar.params import JSONBody, PathParameter
from msgspec import Meta, Struct

from central.desk.books import Keys
from central.office.commands import IDEMPOTENCY
from central.office.office import TheOffice
from central.office.refusals import answers
from central.orders import repeating, splitting, supplied
from central.orders.answers import OrderAnswer
from central.orders.body import Name, Quantity, Short
from central.orders.commands import IF_MATCH, change, make
from central.orders.editing import LineChange
from central.orders.number import Number
from central.orders.supplied import Stage
from contract.keys import OrderId

Line = Annotated[int, PathParameter(ge=1, le=100_000)]


class PartBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Pieces of a line."""

    line: Annotated[int, Meta(ge=1, le=100_000)]
    quantity: Quantity


class SplitBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What moves to a second order."""

    order: Name | None = None
    """Its number; null: the first one's with a number after it."""
    lines: Annotated[tuple[PartBody, ...], Meta(max_length=500)] = ()
    """Empty: all that waits for stock."""


class PiecesBody(Struct, frozen=True, forbid_unknown_fields=True):
    """How many pieces."""

    quantity: Quantity


class RepeatBody(Struct, frozen=True, forbid_unknown_fields=True):
    """The copy's number."""

    order: Name | None = None
    """Null: the first one's with a number after it."""


class SupplierBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Who sends the line."""

    supplier: Short
    """Empty: we do, from our own shelf."""


class SupplyBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of pieces at the supplier."""

    stage: Stage
    quantity: Quantity
    reference: Short = ""
    """The supplier's order or tracking number."""


@post(
    "/{number:str}/split",
    operation_id="splitOrder",
    summary="Move pieces to a second order",
    description="The second order has the same customer, address and wishes, and its share of the money; the answer is "
    "the second order. Only pieces that are neither packed nor ordered from a supplier can be moved.",
    responses=answers(404, 409, 422),
)
async def split(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[SplitBody]
) -> OrderAnswer:
    first = OrderId(number)
    numbers = splitting.numbers_for(first, data.order or "")
    parts = [LineChange(part.line, part.quantity) for part in data.lines]
    touched = Keys(orders=frozenset(numbers), payments_of=frozenset({first}))
    return await make(
        office, request, first, lambda books, by: splitting.split_off(books, first, numbers, parts, by), touched
    )


@post(
    "/{number:str}/repeat",
    operation_id="repeatOrder",
    summary="Order the same again",
    description="The copy is not paid, and takes today's stock; the answer is the copy.",
    responses=answers(404, 409),
)
async def repeat(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[RepeatBody]
) -> OrderAnswer:
    first = OrderId(number)
    wished = data.order or ""
    touched = Keys(orders=frozenset(splitting.numbers_for(first, wished)))
    return await make(office, request, first, lambda books, by: repeating.repeat(books, first, wished, by), touched)


@post(
    "/{number:str}/lines/{line:int}/split",
    operation_id="splitLine",
    summary="Make two lines of one",
    description="The new line, the order's last, takes pieces that nothing happened to yet.",
    responses=answers(404, 409),
)
async def split_line(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, line: Line, data: JSONBody[PiecesBody]
) -> OrderAnswer:
    order = OrderId(number)
    return await change(
        office, request, number, lambda books, by: splitting.split_line(books, order, line, data.quantity, by)
    )


@post(
    "/{number:str}/lines/{line:int}/supplier",
    operation_id="assignLine",
    summary="Have a line sent by a supplier",
    responses=answers(404, 409, 428),
)
async def assign(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, line: Line, data: JSONBody[SupplierBody]
) -> OrderAnswer:
    order = OrderId(number)
    return await change(
        office, request, number, lambda books, by: supplied.assign(books, order, line, data.supplier, by), replaces=True
    )


@post(
    "/{number:str}/lines/{line:int}/supply",
    operation_id="supplyLine",
    summary="What became of a supplier's line",
    description="`ordered` from him, `shipped` by him, `delivered` to the customer. The order's status follows.",
    responses=answers(404, 409),
)
async def supply(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, line: Line, data: JSONBody[SupplyBody]
) -> OrderAnswer:
    order = OrderId(number)
    return await change(
        office,
        request,
        number,
        lambda books, by: supplied.tell(books, order, line, data.stage, data.quantity, data.reference, by),
    )


router = Router(
    "/api/orders",
    route_handlers=[split, repeat, split_line, assign, supply],
    opt={"area": "orders"},
    parameters=IDEMPOTENCY | IF_MATCH,
    tags=["orders"],
)
