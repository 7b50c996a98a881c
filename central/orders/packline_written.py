"""Orders as rows of Packline's own order file: read again, they change nothing. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import cast

from msgspec.structs import replace

from central.intake.writing import moment, money, yes
from central.orders.model import Contact, NewLine, NewOrder, Note
from central.orders.packline_csv import COLUMNS, STATUS
from central.orders.rows import LineRow, OrderRow
from contract.values import PhotoPolicy


def as_now(order: OrderRow, lines: Sequence[LineRow]) -> NewOrder:
    """The order as a shop would send it today, in the form that the file can hold."""
    now = NewOrder(
        order=order.order_id,
        placed_at=order.placed_at,
        ship_to=order.address,
        lines=tuple(NewLine(line.sku, line.ordered, line.unit_price, line.name) for line in lines),
        contact=Contact(order.email, order.phone, "fr" if order.language == "fr" else "en"),
        currency=order.currency,
        total=order.total,
        service=order.service,
        gift_note=order.gift_note,
        notes=order.noted,
        tote=order.tote,
        pick_list=order.pick_list,
        promised_at=order.promised_at,
        photo=cast(PhotoPolicy, order.photo) if order.photo else None,
    )
    return plain(now)


def plain(new: NewOrder) -> NewOrder:
    """What the file can tell of the order: one note for each audience, two lines of street; not the money."""
    street = new.ship_to.lines
    notes = tuple(
        Note(audience, "\n".join(note.text for note in new.notes if note.audience == audience))
        for audience in ("packer", "office", "customer")
        if any(note.audience == audience for note in new.notes)
    )
    ship_to = replace(new.ship_to, lines=(*street[:1], ", ".join(street[1:])) if len(street) > 1 else street)
    return replace(new, ship_to=ship_to, notes=notes, payment=None, pays_by="", cancelled=False, source="")


def rows(order: OrderRow, lines: Sequence[LineRow]) -> Iterator[list[str]]:
    """One for each line of the order; what is the order's own stands on the first one."""
    now = as_now(order, lines)
    head = _head(order, now)
    for line in now.lines:
        of_line = {
            "order": now.order,
            "sku": line.sku,
            "quantity": str(line.quantity),
            "unit_price": money(line.unit_price),
            "item": line.name,
        }
        yield [{**head, **of_line}.get(column, "") for column in (*COLUMNS, STATUS)]
        head = {}


def _head(order: OrderRow, now: NewOrder) -> dict[str, str]:
    street = (*now.ship_to.lines, "")
    notes = {f"note_{note.audience}": note.text for note in now.notes}
    paid = order.is_paid
    return notes | {
        "placed_at": moment(now.placed_at),
        "name": now.ship_to.name,
        "company": now.ship_to.company,
        "street": street[0],
        "street2": street[1],
        "postcode": now.ship_to.postcode,
        "city": now.ship_to.city,
        "region": now.ship_to.region,
        "country": now.ship_to.country,
        "email": now.contact.email,
        "phone": now.contact.phone,
        "language": now.contact.language,
        "currency": now.currency,
        "total": money(now.total),
        "pays_by": "" if paid else order.pays_by,
        "paid_method": order.payment_method if paid else "",
        "paid_reference": order.payment_reference if paid else "",
        "paid_amount": money(order.paid_amount) if paid else "",
        "service": now.service,
        "gift_note": now.gift_note,
        "tote": now.tote,
        "pick_list": now.pick_list,
        "photo": now.photo or "",
        "promised_at": moment(now.promised_at),
        "cancelled": yes(order.cancelled),
        STATUS: order.status,
    }
