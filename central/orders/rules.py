"""What may happen to an order before and beside packing. Pure: each rule reads and changes `Books`.

The rules of a person's request raise `Refused` and change nothing; `accept` answers with an `Outcome`, so that one
order of an import cannot undo the others.
"""

from __future__ import annotations

import hashlib
from typing import Literal, NamedTuple, TypeAlias

import msgspec
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.orders import checks
from central.orders.model import Complaint, NewOrder, Note, Payment
from central.orders.recall import hold_parcels
from central.orders.rows import LineRow, OrderRow
from central.packing.jobs import withdraw
from central.stock import rules as stock
from contract.keys import OrderId
from contract.values import Address

Outcome: TypeAlias = Literal["created", "unchanged", "paid", "cancelled", "conflict"]
"""What taking an order in did. `paid` and `cancelled`: the shop's same order has moved on since."""


class By(NamedTuple):
    """Who asks, and when."""

    name: str
    at: int


def content_of(new: NewOrder) -> str:
    """Digest of what the customer ordered. Payment and cancellation come later, the door does not matter."""
    ordered = replace(new, payment=None, cancelled=False, source="")
    return hashlib.sha256(msgspec.json.encode(ordered)).hexdigest()


def accept(books: Books, new: NewOrder, by: By) -> Outcome:
    """Take an order in. The same order twice changes nothing; another content under its number is a conflict."""
    known = books.orders.get(new.order)
    if known is not None:
        return _again(books, known, new, by)
    order = _row(new, by.at)
    books.orders.put(order)
    for number, line in enumerate(new.lines, start=1):
        books.lines.put(LineRow(new.order, number, line.sku, line.quantity, line.name, line.unit_price))
    books.note(f"order/{new.order}", by.at, "order_received", by=by.name, text=new.source)
    if new.cancelled:
        cancel(books, new.order, "cancelled in the shop", by)
        return "created"
    stock.reserve(books, new.order, by.at)
    if new.payment is not None:
        _paid(books, order, new.payment, by)
    _hold(books, new.order, checks.complaints(books, order), by)
    return "created"


def _row(new: NewOrder, at: int) -> OrderRow:
    return OrderRow(
        order_id=new.order,
        placed_at=new.placed_at,
        ship_to=msgspec.json.encode(new.ship_to).decode(),
        name=new.ship_to.name,
        email=new.contact.email,
        phone=new.contact.phone,
        language=new.contact.language,
        currency=new.currency,
        total=new.total,
        service=new.service,
        gift_note=new.gift_note,
        notes=msgspec.json.encode(new.notes).decode(),
        tote=new.tote,
        pick_list=new.pick_list,
        promised_at=new.promised_at,
        source=new.source,
        content=content_of(new),
        created_at=at,
        changed_at=at,
    )


def _again(books: Books, known: OrderRow, new: NewOrder, by: By) -> Outcome:
    if known.content != content_of(new):
        return "conflict"
    if new.cancelled and not known.cancelled:
        if _gone(books, new.order):
            return "conflict"
        cancel(books, new.order, "cancelled in the shop", by)
        return "cancelled"
    if new.payment is not None and known.payment == "awaiting" and not known.cancelled:
        _paid(books, known, new.payment, by)
        return "paid"
    return "unchanged"


def pay(books: Books, order_id: OrderId, payment: Payment, by: By) -> None:
    """The money is there. The same payment twice changes nothing."""
    order = _live(books, order_id)
    amount = payment.amount or order.total
    if order.payment == "paid":
        if (order.payment_method, order.payment_reference) == (payment.method, payment.reference):
            return
        paid = f"{order.payment_method} {order.payment_reference}".strip()
        raise Refused("conflict", f"Order {order_id} is paid already ({paid}).", "payment", order.payment)
    if amount < order.total:
        raise Refused(
            "invalid",
            f"{amount / 100:.2f} is less than the {order.total / 100:.2f} {order.currency} of order {order_id}.",
            "amount",
            str(amount),
        )
    _paid(books, order, payment, by)


def _paid(books: Books, order: OrderRow, payment: Payment, by: By) -> None:
    books.orders.put(
        replace(
            order,
            payment="paid",
            payment_method=payment.method,
            payment_reference=payment.reference,
            paid_amount=payment.amount or order.total,
            changed_at=by.at,
        )
    )
    text = f"{payment.method} {payment.reference}".strip()
    books.note(f"order/{order.order_id}", by.at, "order_paid", by=by.name, text=text)


def hold(books: Books, order_id: OrderId, reason: str, by: By) -> None:
    """Stop the order until somebody releases it; a bench that packs it is told."""
    order = _live(books, order_id)
    complaint = Complaint(checks.BY_HAND, reason, reason)
    if complaint not in order.reasons:
        _hold(books, order_id, (*order.reasons, complaint), by)
        withdraw(books, order_id, "edited", by.at)


def release(books: Books, order_id: OrderId, by: By) -> None:
    """Let the order be packed although it was held: with the stock that there is, to the address as it is."""
    order = _live(books, order_id)
    unknown = [reason for reason in order.reasons if reason.code.startswith(checks.UNKNOWN_PRODUCT)]
    if unknown:
        raise Refused("conflict", unknown[0].text, "held", unknown[0].code)
    if not order.is_held:
        return
    stock.reserve(books, order_id, by.at)
    books.orders.put(replace(order, held="[]", changed_at=by.at))
    text = " ".join(reason.text for reason in order.reasons)
    books.note(f"order/{order_id}", by.at, "order_released", by=by.name, text=text)


def recheck(books: Books, order_id: OrderId, by: By) -> None:
    """Stock or products came: promise what is free now, and drop the complaints that are no longer true."""
    order = books.orders[order_id]
    if order.cancelled:
        return
    stock.reserve(books, order_id, by.at)
    if not order.is_held:
        return
    still = {complaint.code: complaint for complaint in checks.complaints(books, order)}
    kept = tuple(
        still.get(reason.code, reason)
        for reason in order.reasons
        if reason.code in still or reason.code == checks.BY_HAND
    )
    if kept != order.reasons:
        books.orders.put(replace(order, held=_json(kept), changed_at=by.at))
        if not kept:
            books.note(f"order/{order_id}", by.at, "order_released", by=by.name)


def cancel(books: Books, order_id: OrderId, reason: str, by: By) -> None:
    """Pack nothing more of it: its stock is free again, a bench is told, parcels that are still here are held."""
    order = _known(books, order_id)
    if order.cancelled:
        return
    if _gone(books, order_id):
        raise Refused(
            "conflict", f"Order {order_id} has left the house; take it back as a return.", "status", order.status
        )
    stock.unreserve(books, order_id, by.at)
    for line in books.lines.of(order_id):
        if line.to_pack:
            books.lines.put(replace(line, cancelled=line.cancelled + line.to_pack))
    books.orders.put(replace(order, cancelled=True, held="[]", changed_at=by.at))
    books.note(f"order/{order_id}", by.at, "order_cancelled", by=by.name, text=reason)
    withdraw(books, order_id, "cancelled", by.at)
    hold_parcels(books, order_id, "its order was cancelled", by.at)


def readdress(books: Books, order_id: OrderId, ship_to: Address, by: By) -> None:
    """Send it elsewhere: the address is checked again, a bench is told, parcels with the old label are held."""
    order = _live(books, order_id)
    if ship_to == order.address:
        return
    if _gone(books, order_id):
        raise Refused("conflict", f"Order {order_id} has left the house already.", "status", order.status)
    order = replace(order, ship_to=msgspec.json.encode(ship_to).decode(), name=ship_to.name, changed_at=by.at)
    books.orders.put(order)
    books.note(
        f"order/{order_id}", by.at, "address_changed", by=by.name, text=f"{ship_to.postcode} {ship_to.city}".strip()
    )
    others = tuple(reason for reason in order.reasons if not reason.code.startswith("address."))
    wrong = tuple(found for found in checks.complaints(books, order) if found.code.startswith("address."))
    _hold(books, order_id, (*others, *wrong), by)
    withdraw(books, order_id, "edited", by.at)
    hold_parcels(books, order_id, "its label has an old address", by.at)


def annotate(books: Books, order_id: OrderId, note: Note, by: By) -> None:
    """Add a note for packers, the office or the customer."""
    order = _known(books, order_id)
    notes = msgspec.json.encode((*order.noted, note)).decode()
    books.orders.put(replace(order, notes=notes, changed_at=by.at))
    books.note(f"order/{order_id}", by.at, "note_added", by=by.name, text=note.text)


def _gone(books: Books, order_id: OrderId) -> bool:
    lines = books.lines.of(order_id)
    return any(line.shipped for line in lines) and all(line.shipped >= line.ordered - line.cancelled for line in lines)


def _hold(books: Books, order_id: OrderId, reasons: tuple[Complaint, ...], by: By) -> None:
    order = books.orders[order_id]
    new = [reason for reason in reasons if reason not in order.reasons]
    if reasons != order.reasons:
        books.orders.put(replace(order, held=_json(reasons), changed_at=by.at))
    if new:
        text = " ".join(reason.text for reason in new)
        books.note(f"order/{order_id}", by.at, "order_held", by=by.name, text=text)


def _json(reasons: tuple[Complaint, ...]) -> str:
    return msgspec.json.encode(reasons).decode()


def _known(books: Books, order_id: OrderId) -> OrderRow:
    order = books.orders.get(order_id)
    if order is None:
        raise not_found("order", order_id)
    return order


def _live(books: Books, order_id: OrderId) -> OrderRow:
    order = _known(books, order_id)
    if order.cancelled:
        raise Refused("conflict", f"Order {order_id} is cancelled.", "status", order.status)
    return order
