"""REST: what is done to one order."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, patch, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.office.office import TheOffice
from central.office.refusals import answers
from central.orders import cancelling, changing, editing, holding
from central.orders.answers import OrderAnswer
from central.orders.body import AddressBody, ContactBody, EditBody, NoteBody, Sentence
from central.orders.commands import change
from central.orders.model import Contact, Note
from central.orders.number import Number
from central.orders.rerouting import reroute
from central.orders.rules import By
from central.orders.urgency import Priority, prioritise
from central.packing.jobs import take_back
from contract.keys import OrderId


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


@patch(
    "/{number:str}",
    operation_id="editOrder",
    summary="Change what it is made of",
    description="At every stage before it has left: stock is promised anew, a bench that packs it is told, a parcel "
    "that has more than is wanted now is held, and when money came already a problem names the difference.",
    responses=answers(404, 409, 428),
)
async def edit(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[EditBody]
) -> OrderAnswer:
    wish = data.edit()
    touched = Keys(skus=frozenset(line.sku for line in wish.added))
    return await change(
        office,
        request,
        number,
        lambda books, by: editing.edit(books, OrderId(number), wish, by),
        touched,
        replaces=True,
    )


@post("/{number:str}/hold", operation_id="holdOrder", summary="Stop an order", responses=answers(404, 409))
async def hold(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ReasonBody]
) -> OrderAnswer:
    return await change(
        office, request, number, lambda books, by: holding.hold(books, OrderId(number), data.reason, by)
    )


@post(
    "/{number:str}/release",
    operation_id="releaseOrder",
    summary="Let it be packed",
    description="Every reason why it is held is dropped; one that came since you looked would be dropped unseen.",
    responses=answers(404, 409, 428),
)
async def release(office: TheOffice, request: Request[Any, Any, Any], number: Number) -> OrderAnswer:
    def decide(books: Books, by: By) -> None:
        holding.release(books, OrderId(number), by)

    return await change(office, request, number, decide, replaces=True)


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
    responses=answers(404, 409, 428),
)
async def readdress(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[AddressBody]
) -> OrderAnswer:
    ship_to = data.address()
    return await change(
        office,
        request,
        number,
        lambda books, by: changing.readdress(books, OrderId(number), ship_to, by),
        replaces=True,
    )


@post(
    "/{number:str}/contact",
    operation_id="recontactOrder",
    summary="Reach the customer otherwise",
    responses=answers(404, 409, 428),
)
async def recontact(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[ContactBody]
) -> OrderAnswer:
    contact = Contact(data.email, data.phone, data.language)
    return await change(
        office,
        request,
        number,
        lambda books, by: changing.recontact(books, OrderId(number), contact, by),
        replaces=True,
    )


@post(
    "/{number:str}/priority",
    operation_id="prioritiseOrder",
    summary="Put it before the others of the queue, or back among them",
    responses=answers(404, 409, 428),
)
async def set_priority(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[PriorityBody]
) -> OrderAnswer:
    def decide(books: Books, by: By) -> None:
        prioritise(books, OrderId(number), data.priority, data.reason, by)

    return await change(office, request, number, decide, replaces=True)


@post(
    "/{number:str}/warehouse",
    operation_id="rerouteOrder",
    summary="Send it from another warehouse",
    description="Its stock is promised there from now on, whatever the rule would choose.",
    responses=answers(404, 409, 428),
)
async def set_warehouse(
    office: TheOffice, request: Request[Any, Any, Any], number: Number, data: JSONBody[WarehouseBody]
) -> OrderAnswer:
    def decide(books: Books, by: By) -> None:
        reroute(books, OrderId(number), data.warehouse, by)

    return await change(office, request, number, decide, replaces=True)


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
