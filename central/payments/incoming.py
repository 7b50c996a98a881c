"""Money of which a bank or a card processor tells: whose it is may be told later, or found by a person. Pure.

Each piece has a key of its own, so that it counts once however often it is told.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.orders.model import Payment
from central.orders.rules import By, known
from central.payments import rules
from central.payments.model import MOVED
from central.payments.rows import IncomingRow
from contract.keys import OrderId

Taken: TypeAlias = Literal["booked", "waiting", "known"]
"""What became of told money: it is an order's now, it waits for a person or its order, or it was told before."""


def take(books: Books, row: IncomingRow, by: By) -> Taken:
    """Money came or went. With the number of a known order it is booked at once."""
    if row.key in books.incoming:
        return "known"
    books.incoming.put(row)
    order = books.orders.get(OrderId(row.named))
    if order is None or order.currency != row.currency:
        return "waiting"
    claim(books, order.order_id, by)
    return "booked" if books.incoming[row.key].state == "booked" else "waiting"


def book(books: Books, key: str, order_id: OrderId, by: By) -> None:
    """A person says whose it is. Raises `Refused` when it is somebody's already; the same again changes nothing."""
    row = row_of(books, key)
    order = known(books, order_id)
    if row.state == "booked" and row.order_id == order_id:
        return
    if row.state != "open":
        raise over(row)
    if row.currency != order.currency:
        raise Refused(
            "conflict", f"It is in {row.currency}, and order {order_id} is in {order.currency}.", "order", order_id
        )
    if not _book(books, row, order_id, by):
        raise Refused("conflict", f"More was given back than came for order {order_id}.", "order", order_id)


def dismiss(books: Books, key: str, by: By) -> None:
    """It is no order's. Raises `Refused` when it is booked."""
    row = row_of(books, key)
    if row.state == "booked":
        raise over(row)
    books.incoming.put(replace(row, state="dismissed", by=by.name))


def over(row: IncomingRow) -> Refused:
    """What who decides of it too late is told."""
    return Refused("conflict", f"This money is dealt with already ({row.order_id or row.by}).", "state", row.state)


def claim(books: Books, order_id: OrderId, by: By) -> None:
    """Money that named this order is its own. What was given back before it came waits until it is here."""
    currency = books.orders[order_id].currency
    waiting = [row for row in books.incoming if (row.state, row.named, row.currency) == ("open", order_id, currency)]
    for row in sorted(waiting, key=lambda row: (row.kind, row.at, row.amount)):
        _book(books, row, order_id, by)


def _book(books: Books, row: IncomingRow, order_id: OrderId, by: By) -> bool:
    """False for a refund of more than came: it stays as it is."""
    payment = Payment(row.method, row.reference, row.amount)
    if row.kind == "refunded":
        told = [each for each in books.incoming if _same_charge(each, row) and each.key != row.key]
        back = row.amount - max((each.amount for each in told), default=0)
        order = books.orders[order_id]
        if back > 0 and not _went_on_record(books, order_id, back):
            if back > order.paid_amount - order.refunded_amount:
                return False
            rules.refund(books, order_id, replace(payment, reference=row.key, amount=back), by)
    elif not _is_on_record(books, row, order_id):
        rules.receive(books, order_id, payment, by)
    books.incoming.put(replace(row, state="booked", order_id=order_id, by=by.name))
    return True


def _same_charge(one: IncomingRow, other: IncomingRow) -> bool:
    """Refunds of one charge: each tells the sum so far."""
    return one.state == "booked" and (one.kind, one.reference) == ("refunded", other.reference)


def _is_on_record(books: Books, row: IncomingRow, order_id: OrderId) -> bool:
    """Whether a shop or a person told of this money before: by its reference, or without one and of this amount."""
    rows = [each for each in rules.payments_of(books, order_id) if each.kind == "received"]
    if any(each.reference and each.reference in (row.reference, row.label) for each in rows):
        return True
    unnamed = sum(1 for each in rows if not each.reference and each.amount == row.amount)
    told = [
        each
        for each in books.incoming
        if (each.order_id, each.kind, each.amount) == (order_id, "received", row.amount) and each.key != row.key
    ]
    recorded = {each.reference for each in rows}
    return unnamed > sum(1 for each in told if each.reference not in recorded)


def _went_on_record(books: Books, order_id: OrderId, back: int) -> bool:
    """Whether a shop or a person told of this refund before: one of this amount that no card's event stands for."""
    rows = [each for each in rules.payments_of(books, order_id) if each.kind == "refunded" and each.method != MOVED]
    told = [each for each in books.incoming if (each.order_id, each.kind) == (order_id, "refunded")]
    by_card, recorded = {each.key for each in told}, {each.reference for each in rows}
    elsewhere = sum(1 for each in rows if each.amount == back and each.reference not in by_card)
    return elsewhere > sum(1 for each in told if each.key not in recorded)


def row_of(books: Books, key: str) -> IncomingRow:
    """Money by its key. Raises `Refused`."""
    row = books.incoming.get(key)
    if row is None:
        raise not_found("payment", key)
    return row
