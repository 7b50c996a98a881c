"""REST: orders."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any, Final

from litestar import Request, Response, Router, get, patch, post
from litestar.datastructures import UploadFile
from litestar.openapi import ResponseSpec
from litestar.params import JSONBody, MultipartBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.office.commands import IDEMPOTENCY, answered, answered_in_parts
from central.office.office import Office, TheOffice
from central.office.paging import PAST_ALL, USUAL, After, Limit
from central.office.refusals import answers
from central.orders import accepting, cancelling, changing, editing, holding, reading
from central.orders.answers import ImportReport, OrderAnswer, OrderPage
from central.orders.body import AddressBody, ContactBody, EditBody, NoteBody, OrderBody, Sentence
from central.orders.commands import IF_MATCH, change
from central.orders.finding import STATUSES, Filters
from central.orders.importing import keys_of, take_in
from central.orders.intake import read_csv
from central.orders.mapped_csv import FileMapping
from central.orders.model import Contact, NewOrder, Note
from central.orders.queue import Part, Punctuality, QueuePage, queue
from central.orders.rerouting import reroute
from central.orders.rules import By
from central.orders.urgency import Priority, prioritise
from central.packing.jobs import take_back
from central.payments.model import STATES
from central.store.store import Reads
from contract.keys import OrderId

MOST_BYTES: Final = 20 * 1024 * 1024
"""Of an imported file: 50,000 rows have about 10 MB."""
Placed = Annotated[int, QueryParameter(ge=0, le=PAST_ALL, description="Milliseconds since the epoch.")]
Number = Annotated[str, PathParameter(max_length=64, description="The order number; write `#` as `%23`.")]


class WarehouseBody(Struct, frozen=True, forbid_unknown_fields=True):
    """From where an order goes."""

    warehouse: Annotated[str, Meta(min_length=1, max_length=20)]


class PriorityBody(Struct, frozen=True, forbid_unknown_fields=True):
    """How urgent, and why."""

    priority: Priority
    reason: Annotated[str, Meta(max_length=200)] = ""


class ReasonBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Why."""

    reason: Sentence


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
    after: After = "",
    limit: Limit = USUAL,
) -> OrderPage:
    filters = Filters(q, status, payment, source, carrier, placed_from, placed_before)
    return await reading.search(office.store, filters, after, limit)


class Taken(Struct, frozen=True):
    """What taking an order in is answered with."""

    status: int
    order: OrderAnswer


@post(
    "/",
    operation_id="addOrder",
    summary="Take an order in",
    description="201: a new order. 200: it was here already with the same content, or it was paid or cancelled since. "
    "409: it is here with other content; nothing was changed. An order that fails a check is taken and held.",
    responses=answers(409, 413)
    | {200: ResponseSpec(OrderAnswer, description="It was here already", generate_examples=False)},
)
async def add_order(
    office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[OrderBody]
) -> Response[OrderAnswer]:
    new = data.new_order()
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
    "expected.",
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
    after: After = "",
    limit: Limit = USUAL,
) -> QueuePage:
    return await queue(office.store, office.now(), part, punctuality, after, limit)


@get("/{number:str}", operation_id="getOrder", summary="One order with its timeline", responses=answers(404))
async def get_order(office: TheOffice, number: Number) -> OrderAnswer:
    return await reading.one(office.store, OrderId(number))


@patch(
    "/{number:str}",
    operation_id="editOrder",
    summary="Change what it is made of",
    description="At every stage before it has left: stock is promised anew, a bench that packs it is told, a parcel "
    "that has more than is wanted now is held, and when money came already a problem names the difference.",
    responses=answers(404, 409),
)
async def edit(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[EditBody]
) -> OrderAnswer:
    wish = data.edit()
    touched = Keys(skus=frozenset(line.sku for line in wish.added))
    return await change(
        office, request, number, lambda books, by: editing.edit(books, OrderId(number), wish, by), touched
    )


@post("/{number:str}/hold", operation_id="holdOrder", summary="Stop an order", responses=answers(404, 409))
async def hold(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ReasonBody]
) -> OrderAnswer:
    return await change(
        office, request, number, lambda books, by: holding.hold(books, OrderId(number), data.reason, by)
    )


@post("/{number:str}/release", operation_id="releaseOrder", summary="Let it be packed", responses=answers(404, 409))
async def release(office: TheOffice, request: Request[Any, Any, Any], number: Number) -> OrderAnswer:
    return await change(office, request, number, lambda books, by: holding.release(books, OrderId(number), by))


@post("/{number:str}/cancel", operation_id="cancelOrder", summary="Cancel an order", responses=answers(404, 409))
async def cancel(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ReasonBody]
) -> OrderAnswer:
    return await change(
        office, request, number, lambda books, by: cancelling.cancel(books, OrderId(number), data.reason, by)
    )


@post(
    "/{number:str}/address",
    operation_id="readdressOrder",
    summary="Send it elsewhere",
    responses=answers(404, 409),
)
async def readdress(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[AddressBody]
) -> OrderAnswer:
    ship_to = data.address()
    return await change(
        office, request, number, lambda books, by: changing.readdress(books, OrderId(number), ship_to, by)
    )


@post(
    "/{number:str}/contact",
    operation_id="recontactOrder",
    summary="Reach the customer otherwise",
    responses=answers(404, 409),
)
async def recontact(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ContactBody]
) -> OrderAnswer:
    contact = Contact(data.email, data.phone, data.language)
    return await change(
        office, request, number, lambda books, by: changing.recontact(books, OrderId(number), contact, by)
    )


@post(
    "/{number:str}/priority",
    operation_id="prioritiseOrder",
    summary="Put it before the others of the queue, or back among them",
    responses=answers(404, 409),
)
async def set_priority(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[PriorityBody]
) -> OrderAnswer:
    def decide(books: Books, by: By) -> None:
        prioritise(books, OrderId(number), data.priority, data.reason, by)

    return await change(office, request, number, decide)


@post(
    "/{number:str}/warehouse",
    operation_id="rerouteOrder",
    summary="Send it from another warehouse",
    description="Its stock is promised there from now on, whatever the rule would choose.",
    responses=answers(404, 409),
)
async def set_warehouse(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[WarehouseBody]
) -> OrderAnswer:
    def decide(books: Books, by: By) -> None:
        reroute(books, OrderId(number), data.warehouse, by)

    return await change(office, request, number, decide)


@post("/{number:str}/notes", operation_id="annotateOrder", summary="Add a note", responses=answers(404, 409))
async def annotate(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[NoteBody]
) -> OrderAnswer:
    note = Note(data.audience, data.text)
    return await change(office, request, number, lambda books, by: changing.annotate(books, OrderId(number), note, by))


@post(
    "/{number:str}/take-back",
    operation_id="takeBackOrder",
    summary="Free it from a station that does not answer",
    description="What the station still packs of it is booked, and becomes a problem to look at.",
    responses=answers(404, 409),
)
async def free(office: TheOffice, request: Request[Any, Any, Any], number: Number) -> OrderAnswer:
    def decide(books: Books, by: By) -> None:
        if not take_back(books, OrderId(number), by.name, by.at):
            raise Refused("conflict", f"No station works on order {number}.", "order", number)

    return await change(office, request, number, decide)


router = Router(
    "/api/orders",
    route_handlers=[
        list_orders,
        add_order,
        import_orders,
        get_order,
        edit,
        hold,
        release,
        set_warehouse,
        cancel,
        readdress,
        recontact,
        annotate,
        set_priority,
        free,
    ],
    opt={"area": "orders"},
    parameters=IDEMPOTENCY | IF_MATCH,
    tags=["orders"],
)
queue_router = Router("/api/queue", route_handlers=[list_queue], opt={"area": "orders"}, tags=["orders"])
