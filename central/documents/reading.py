"""Documents as they are stored, for routes and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from central.desk.refused import not_found
from central.documents.answers import (
    DocumentAnswer,
    DocumentList,
    MailAnswer,
    MailPage,
    Outcome,
    PrintAnswer,
    PrintPage,
    VolumeAnswer,
)
from central.documents.model import DocumentName, Kind, MailState, PrintState
from central.documents.press import Volume
from central.office.paging import known_filter, page_of
from central.orders import reading as orders
from central.orders.answers import OrderAnswer
from central.shipping import reading as shipping
from central.store.store import Reads, Store
from contract.keys import OrderId


async def of_order(store: Store, order: OrderAnswer) -> tuple[DocumentName, ...]:
    """The documents that there is something to put on."""
    names = []
    if any(line.reserved for line in order.lines):
        names.append(DocumentName("pick_list", order.order))
    if any(line.packed for line in order.lines):
        names.append(DocumentName("delivery_note", order.order))
    parcels = [parcel.sscc for parcel in order.parcels if parcel.status != "voided"]
    labelled = await shipping.labelled(store, parcels)
    names += [DocumentName("slip", sscc) for sscc in parcels]
    names += [DocumentName("carrier_label", sscc) for sscc in parcels if sscc in labelled]
    return tuple(names)


async def standing(store: Store, order: OrderAnswer) -> DocumentList:
    """Each document of the order, and how far it is."""
    prints = [_print(row) for row in await store.read("documents.prints_of_order", (order.order,))]
    mails = [_mail(row) for row in await store.read("documents.mails_of_order", (order.order,))]
    return DocumentList(tuple(_document(name, prints, mails) for name in await of_order(store, order)))


def _document(name: DocumentName, prints: list[PrintAnswer], mails: list[MailAnswer]) -> DocumentAnswer:
    own = tuple(row for row in prints if row.document == str(name))
    counted = [row for row in own if row.state != "withdrawn"]
    state = counted[0].state if counted else "not_printed"
    return DocumentAnswer(
        str(name), name.kind, name.subject, state, own, tuple(row for row in mails if row.document == str(name))
    )


async def named(store: Store, kind: Kind, numbers: tuple[str, ...]) -> list[DocumentName | Outcome]:
    """The documents of this kind that orders have; for an order without one, why."""
    found: list[DocumentName | Outcome] = []
    for number in numbers:
        if not await store.read("orders.one", (number,)):
            found.append(Outcome(number, False, not_found("order", number).text))
            continue
        if kind != "slip":
            found.append(DocumentName(kind, number))
            continue
        order = await orders.one(store, OrderId(number))
        slips = [name for name in await of_order(store, order) if name.kind == "slip"]
        found += slips or [Outcome(number, False, f"Order {number} has no parcel yet.")]
    return found


async def prints(
    store: Store, text: str = "", state: str = "", station: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> PrintPage:
    """Prints, usually newest first; `state` is of `PrintState`. Raises `Refused`."""
    known_filter("state", state, get_args(PrintState))
    rows, more = await page_of(store, "documents.search_prints", (text.strip(), state, station), sort, after, limit)
    return PrintPage(tuple(_print(row) for row in rows), more)


async def mails(
    store: Store, text: str = "", state: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> MailPage:
    """Mails, usually newest first; `state` is of `MailState`. Raises `Refused`."""
    known_filter("state", state, get_args(MailState))
    rows, more = await page_of(store, "documents.search_mails", (text.strip(), state), sort, after, limit)
    return MailPage(tuple(_mail(row) for row in rows), more)


def volume(made: Volume) -> VolumeAnswer:
    """A long work as it is now."""
    return VolumeAnswer(
        made.number,
        len(made.documents),
        made.done,
        made.finished,
        tuple(Outcome(name, False, why) for name, why in made.left_out),
        f"/api/documents/volumes/{made.number}/pdf" if made.pdf is not None else "",
    )


async def one_print(store: Reads, print_id: str) -> PrintAnswer:
    """Raises `Refused` when there is no such print."""
    rows = await store.read("documents.print", (print_id,))
    if not rows:
        raise not_found("print", print_id)
    return _print(rows[0])


def _print(row: Mapping[str, Any]) -> PrintAnswer:
    return PrintAnswer(
        row["print_id"],
        row["document"],
        row["order_id"],
        row["state"],
        row["copy"],
        row["station"],
        row["reason"],
        row["asked_by"],
        row["asked_at"],
        row["settled_at"],
        row["printer"],
        row["trouble"],
    )


def _mail(row: Mapping[str, Any]) -> MailAnswer:
    return MailAnswer(
        row["mail_id"],
        row["document"],
        row["order_id"],
        row["address"],
        row["state"],
        row["attempts"],
        row["trouble"],
        row["asked_by"],
        row["asked_at"],
        row["due_at"],
        row["settled_at"],
    )
