"""Taking an order in, and taking it further when the shop sends it again. Pure.

`accept` answers with an `Outcome` instead of raising, so that one order of an import cannot undo the others.
"""

from __future__ import annotations

import hashlib
from typing import Literal, TypeAlias

import msgspec
from msgspec.structs import replace

from central.desk.books import Books
from central.orders import checks
from central.orders.cancelling import cancel_as_shop
from central.orders.editing import supplier_of
from central.orders.holding import put_on_hold
from central.orders.model import NewOrder
from central.orders.packline_written import as_now, plain
from central.orders.rows import LineRow, OrderRow
from central.orders.rules import By, gone
from central.payments.incoming import claim
from central.payments.rules import receive
from central.policy.applying import apply_rules, holds_of
from central.stock import rules as stock

Outcome: TypeAlias = Literal["created", "unchanged", "paid", "cancelled", "conflict"]
"""What taking an order in did. `paid` and `cancelled`: the shop's same order has moved on since."""


def content_of(new: NewOrder) -> str:
    """Digest of what the customer ordered. Payment and cancellation come later, the door does not matter."""
    ordered = msgspec.to_builtins(replace(new, payment=None, cancelled=False, source=""))
    del ordered["pays_by"]
    if new.photo is None:
        del ordered["photo"]  # orders of before there was the choice have the digest that they had
    return hashlib.sha256(msgspec.json.encode(ordered)).hexdigest()


def accept(books: Books, new: NewOrder, by: By) -> Outcome:
    """Take an order in. The same order twice changes nothing; another content under its number is a conflict."""
    known = books.orders.get(new.order)
    if known is not None:
        return _again(books, known, new, by)
    order = _row(new, by.at)
    books.orders.put(order)
    for number, line in enumerate(new.lines, start=1):
        supplier = supplier_of(books, line.sku)
        books.lines.put(
            LineRow(new.order, number, line.sku, line.quantity, line.name, line.unit_price, supplier=supplier)
        )
    books.note(f"order/{new.order}", by.at, "order_received", by=by.name, text=new.source)
    if new.cancelled:
        cancel_as_shop(books, new.order, new.lines, by)
        claim(books, new.order, by)
        return "created"
    apply_rules(books, new.order, by, paid=_covers(new))
    stock.reserve(books, new.order, by.at)
    if new.payment is not None:
        receive(books, new.order, new.payment, by)
    claim(books, new.order, by)
    order = books.orders[new.order]
    put_on_hold(books, new.order, (*holds_of(order.actions), *checks.complaints(books, order)), by)
    return "created"


def _covers(new: NewOrder) -> bool:
    """Whether the money for all of it comes with it."""
    return new.payment is not None and (not new.payment.amount or new.payment.amount >= new.total)


def _row(new: NewOrder, at: int) -> OrderRow:
    return OrderRow(
        order_id=new.order,
        placed_at=new.placed_at,
        ship_to=msgspec.json.encode(new.ship_to).decode(),
        name=new.ship_to.name,
        email=new.contact.email,
        phone=new.contact.phone,
        language=new.contact.language,
        pays_by=new.pays_by,
        currency=new.currency,
        total=new.total,
        service=new.service,
        gift_note=new.gift_note,
        notes=msgspec.json.encode(new.notes).decode(),
        tote=new.tote,
        pick_list=new.pick_list,
        promised_at=new.promised_at,
        photo=new.photo or "",
        source=new.source,
        content=content_of(new),
        created_at=at,
        changed_at=at,
    )


def _again(books: Books, known: OrderRow, new: NewOrder, by: By) -> Outcome:
    if known.content != content_of(new) and plain(new) != as_now(known, books.lines.of(new.order)):
        return "conflict"
    if new.cancelled and not known.cancelled:
        if gone(books, new.order):
            return "conflict"
        cancel_as_shop(books, new.order, new.lines, by)
        return "cancelled"
    if new.payment is not None and known.payment == "awaiting" and not known.cancelled:
        receive(books, new.order, new.payment, by)
        return "paid"
    return "unchanged"
