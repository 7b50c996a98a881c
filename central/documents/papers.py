"""A document's content as the books have it now. Pure."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable
from typing import cast

from msgspec import json

from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.documents.model import DocumentName, Kind
from central.orders.rows import LineRow, OrderRow
from central.packing.house import House
from central.picking.model import PREFIX
from central.shipping.rows import CarrierLabelRow, ParcelRow
from central.stock.ledger import take
from contract.keys import BadKey, OrderId, Sku, Sscc
from contract.papers import CarrierLabel, DeliveryNote, Form, OfficePaper, PackingSlip, PickLine, PickList, SlipLine
from contract.values import Language


def keys_of(name: DocumentName) -> Keys:
    """All rows that the document's content comes from, and its prints and mails. Raises `Refused`."""
    documents = frozenset({str(name)})
    if name.kind in ("slip", "carrier_label"):
        sscc = frozenset({_sscc(name.subject)})
        labelled = sscc if name.kind == "carrier_label" else frozenset()
        return Keys(parcels=sscc, carrier_labels=labelled, documents=documents)
    if _is_batch(name):
        return Keys(batches=frozenset({name.subject}), documents=documents)
    order = frozenset({OrderId(name.subject)})
    if name.kind == "delivery_note":
        return Keys(orders=order, parcels_of=order, documents=documents)
    return Keys(orders=order, documents=documents)


def order_of(books: Books, name: DocumentName) -> OrderRow:
    """The order that the document belongs to; of a parcel of several orders the first. Raises `Refused`."""
    number = OrderId(name.subject)
    if name.kind in ("slip", "carrier_label"):
        number = next(iter(_parcel(books, name).order_ids), number)
    if _is_batch(name):
        number = next(iter(_batch_orders(books, name)), number)
    order = books.orders.get(number)
    if order is None:
        raise not_found("batch" if _is_batch(name) else "order", number)
    return order


def of_kind(books: Books, kind: Kind, order: OrderId) -> list[DocumentName]:
    """The order's documents of a kind: its parcels' slips, else one. Raises `Refused` where there is no parcel.

    Load with `Keys(orders={order}, parcels_of={order})`.
    """
    if kind != "slip":
        return [DocumentName(kind, order)]
    parcels = [row for row in books.parcels if order in row.order_ids and row.status != "voided"]
    if not parcels:
        raise Refused("conflict", f"Order {order} has no parcel yet.", "document")
    return [DocumentName("slip", row.sscc) for row in sorted(parcels, key=lambda row: (row.closed_at, row.sscc))]


def content(books: Books, house: House, name: DocumentName, copy: int, at: int) -> OfficePaper:
    """What is on the paper. Raises `Refused` when there is nothing to put on it."""
    match name.kind:
        case "slip":
            return _slip(books, house, name, copy)
        case "delivery_note":
            return _note(books, house, name, copy, at)
        case "pick_list":
            return _pick_list(books, house, name, copy, at)
        case "carrier_label":
            return _carrier_label(books, name, copy)


def since(books: Books, name: DocumentName) -> int:
    """From when on its prints count as copies of it: another file of a carrier is another label."""
    return carrier_label(books, name).kept_at if name.kind == "carrier_label" else 0


def carrier_label(books: Books, name: DocumentName) -> CarrierLabelRow:
    """Raises `Refused` where nobody has brought one."""
    row = books.carrier_labels.get(_sscc(name.subject))
    if row is None:
        raise Refused("conflict", f"Parcel {name.subject} has no label from its carrier yet.", "document", str(name))
    return row


def _carrier_label(books: Books, name: DocumentName, copy: int) -> CarrierLabel:
    parcel, row = _parcel(books, name), carrier_label(books, name)
    if parcel.status == "voided":
        raise Refused("conflict", f"Parcel {parcel.sscc} was taken apart; its label is void.", "document", str(name))
    return CarrierLabel(
        sscc=Sscc(parcel.sscc),
        carrier=row.carrier,
        tracking=row.tracking_number,
        form=cast(Form, row.form),
        data=b64decode(row.file),
        dpi=row.dpi,
        codes=json.decode(row.codes, type=tuple[str, ...]),
        copy=copy,
    )


def _slip(books: Books, house: House, name: DocumentName, copy: int) -> PackingSlip:
    parcel, order = _parcel(books, name), order_of(books, name)
    if parcel.contents == "[]" or parcel.status == "voided":
        raise Refused("conflict", f"Parcel {parcel.sscc} was taken apart; it has no slip.", "document", str(name))
    lines = [line for number in parcel.order_ids for line in books.lines.of(number)]
    packed = [SlipLine(each.sku, _name(books, each.sku), each.quantity) for each in books.pieces_in(parcel)]
    return PackingSlip(
        sscc=Sscc(parcel.sscc),
        sender=house.sender,
        consignee=order.address,
        orders=parcel.order_ids,
        number=parcel.number,
        packed=tuple(packed),
        to_follow=_lines(books, lines, [line.to_pack for line in lines]),
        cancelled=_lines(books, lines, [line.cancelled for line in lines]),
        packed_at=parcel.closed_at,
        language=cast(Language, order.language),
        gift_note=order.gift_note,
        copy=copy,
        contact=house.contact,
    )


def _note(books: Books, house: House, name: DocumentName, copy: int, at: int) -> DeliveryNote:
    order = order_of(books, name)
    lines = books.lines.of(order.order_id)
    if not any(line.packed for line in lines):
        raise Refused(
            "conflict", f"Nothing of order {order.order_id} is packed yet; there is nothing to deliver.", "document"
        )
    parcels = sorted(
        (row.closed_at, row.sscc)
        for row in books.parcels
        if row.status != "voided" and row.contents != "[]" and order.order_id in row.order_ids
    )
    return DeliveryNote(
        number=order.order_id,
        sender=house.sender,
        consignee=order.address,
        orders=(order.order_id,),
        lines=_lines(books, lines, [line.packed for line in lines]),
        at=at,
        parcels=tuple(Sscc(sscc) for _, sscc in parcels),
        to_follow=_lines(books, lines, [line.to_pack for line in lines]),
        language=cast(Language, order.language),
        contact=house.contact,
        copy=copy,
        notes=tuple(note.text for note in order.noted if note.audience == "customer"),
    )


def _is_batch(name: DocumentName) -> bool:
    return name.kind == "pick_list" and name.subject.startswith(PREFIX)


def _batch_orders(books: Books, name: DocumentName) -> list[OrderId]:
    rows = sorted((row for row in books.batch_orders if row.batch == name.subject), key=lambda row: row.place)
    return [row.order_id for row in rows]


def _batch_list(books: Books, house: House, name: DocumentName, copy: int, at: int) -> PickList:
    """What is left of a batch, in the order of the walk; each line says which order it is for."""
    orders = _batch_orders(books, name)
    tasks = [task for task in books.tasks if task.batch == name.subject and task.left]
    if not tasks:
        order_of(books, name)
        raise Refused("conflict", f"Nothing is left to pick of {name.subject}.", "document")
    lines = tuple(
        PickLine(
            task.bin,
            task.sku,
            _name(books, task.sku) + (f" · {task.lot}" if task.lot else ""),
            task.left,
            f"{orders.index(task.order_id) + 1}: {task.order_id}",
        )
        for task in sorted(tasks, key=lambda task: task.task)
    )
    return PickList(name.subject, tuple(orders), lines, at, language=house.language, copy=copy)


def _pick_list(books: Books, house: House, name: DocumentName, copy: int, at: int) -> PickList:
    if _is_batch(name):
        return _batch_list(books, house, name, copy, at)
    order = order_of(books, name)
    wanted = [line for line in books.lines.of(order.order_id) if line.reserved]
    if not wanted:
        raise Refused("conflict", f"Order {order.order_id} has nothing to pick: see its status.", "document")
    lines = sorted((each for line in wanted for each in _places(books, order, line, at)), key=lambda line: line.place)
    notes = " · ".join(note.text for note in order.noted if note.audience == "packer")
    return PickList(order.order_id, (order.order_id,), tuple(lines), at, notes, house.language, copy)


def _places(books: Books, order: OrderRow, line: LineRow, at: int) -> Iterable[PickLine]:
    """Where the line's pieces lie, as the ledger will take them."""
    level = books.level_at(line.sku, order.warehouse)
    for taken in take(books, level, line.reserved, at):
        lot = f" · {taken.lot}" if taken.lot else ""
        yield PickLine(taken.bin, line.sku, _name(books, line.sku, line.name) + lot, taken.quantity)


def _lines(books: Books, lines: Iterable[LineRow], quantities: Iterable[int]) -> tuple[SlipLine, ...]:
    return tuple(
        SlipLine(line.sku, _name(books, line.sku, line.name), quantity)
        for line, quantity in zip(lines, quantities, strict=True)
        if quantity
    )


def _name(books: Books, sku: str, printed: str = "") -> str:
    product = books.products.get(Sku(sku))
    return product.name if product is not None else printed or sku


def _parcel(books: Books, name: DocumentName) -> ParcelRow:
    parcel = books.parcels.get(_sscc(name.subject))
    if parcel is None:
        raise not_found("parcel", name.subject)
    return parcel


def _sscc(text: str) -> Sscc:
    try:
        return Sscc(text)
    except BadKey as error:
        raise Refused("invalid", f"“{text}” is no SSCC: {error}.", "document", text) from error
