"""REST: orders taken in, one by one and from files."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

from litestar import Request, Response, post
from litestar.datastructures import UploadFile
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, MultipartBody, QueryParameter
from msgspec import Struct

from central.desk.books import Books
from central.desk.refused import Refused
from central.office.access import require_for_payments
from central.office.commands import answered, answered_in_parts
from central.office.office import Office, TheOffice
from central.office.refusals import answers
from central.orders import accepting, reading
from central.orders.answers import ImportReport, OrderAnswer
from central.orders.body import OrderBody
from central.orders.importing import keys_of, take_in
from central.orders.intake import read_csv
from central.orders.mapped_csv import FileMapping
from central.orders.model import NewOrder
from central.orders.rules import By
from central.store.store import Reads
from contract.keys import OrderId

MOST_BYTES: Final = 20 * 1024 * 1024
"""Of an imported file: 50,000 rows have about 10 MB."""


class Taken(Struct, frozen=True):
    """What taking an order in is answered with."""

    status: int
    order: OrderAnswer


@post(
    "/",
    operation_id="addOrder",
    summary="Take an order in",
    description="201: a new order. 200: it was here already with the same content, or it was paid or cancelled since. "
    "409: it is here with other content; nothing was changed. An order that fails a check is taken and held. "
    "One with a payment needs the right payments:write too.",
    responses=answers(409, 413)
    | {200: ResponseSpec(OrderAnswer, description="It was here already", generate_examples=False)},
)
async def add_order(
    office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[OrderBody]
) -> Response[OrderAnswer]:
    new = data.new_order()
    require_for_payments(request, paid=new.payment is not None)
    taken = await answered(
        office, request, keys_of(new), lambda books, by: _accept(books, new, by), partial(_taken, new.order), Taken
    )
    return Response(taken.order, status_code=taken.status)


def _accept(books: Books, new: NewOrder, by: By) -> accepting.Outcome:
    outcome = accepting.accept(books, new, by)
    if outcome == "conflict":
        raise Refused(
            "conflict",
            f"Order {new.order} is here already, with other content. Change it there, or send it under another number.",
            "order",
            new.order,
        )
    return outcome


async def _taken(order: OrderId, reads: Reads, outcome: accepting.Outcome) -> Taken:
    return Taken(201 if outcome == "created" else 200, await reading.one(reads, order))


@post(
    "/import",
    operation_id="importOrders",
    summary="Import a file of orders",
    description="Packline's own columns, a Shopify order export, or a shop's own file by a mapping, as "
    "multipart/form-data. A bad row refuses its order and no other; the report names line, field, value and what is "
    "expected. A file with paid orders needs the right payments:write too.",
    request_max_body_size=MOST_BYTES,
    status_code=200,
    responses=answers(413, 422),
)
async def import_orders(
    office: TheOffice,
    request: Request[Any, Any, Any],
    data: MultipartBody[UploadFile],
    mapping: Annotated[
        str, QueryParameter(max_length=80, description="Of a shop's own file: one of `[[mappings]]` of central.toml.")
    ] = "",
) -> ImportReport:
    orders = read_csv(content := await data.read(), mapping_named(office, mapping))
    require_for_payments(request, paid=orders.has_payments)
    return await answered_in_parts(office, request, content, lambda by: take_in(office.store, orders, by), ImportReport)


def mapping_named(office: Office, name: str) -> FileMapping | None:
    """The configured mapping; None without a name. Raises `Refused` for one that nobody configured."""
    if not name:
        return None
    mapping = office.doors.mappings.get(name)
    if mapping is None:
        raise Refused(
            "invalid", f"There is no mapping {name!r}; add it to [[mappings]] of central.toml.", "mapping", name
        )
    return mapping
