"""Money received and given back. Pure. The order's own state follows from its payments and its total."""

from __future__ import annotations

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.model import Payment
from central.orders.rows import OrderRow
from central.orders.rules import By, changed, known
from central.payments.model import MOVED, Kind, state_of
from central.payments.rows import PaymentRow
from central.policy.applying import apply_again
from central.tracking.rows import ProblemRow
from contract.keys import OrderId


def settled(order: OrderRow, total: int | None = None) -> OrderRow:
    """The order, with another total if one is given, and the payment state that follows from its money."""
    order = order if total is None else replace(order, total=total)
    came = bool(order.payment_method)
    return replace(order, payment=state_of(order.total, order.paid_amount, order.refunded_amount, any_came=came))


def pay(books: Books, order_id: OrderId, payment: Payment, by: By, *, slip: str = "") -> None:
    """A person says that money came: all that is owed, when no amount is named.

    The same payment (method and reference) twice changes nothing. Raises `Refused` for an order that owes nothing,
    unless the amount is named: money that came all the same is on record, and a problem asks what to do with it.
    """
    order = known(books, order_id)
    if _is_known(books, order, payment):
        return
    if not payment.amount and order.cancelled:
        raise Refused("conflict", f"Order {order_id} is cancelled.", "status", order.status)
    if not payment.amount and order.is_paid:
        paid = f"{order.payment_method} {order.payment_reference}".strip()
        raise Refused("conflict", f"Order {order_id} is paid already ({paid}).", "payment", order.payment)
    receive(books, order_id, payment, by, slip=slip)


def receive(books: Books, order_id: OrderId, payment: Payment, by: By, *, slip: str = "") -> None:
    """Money came for an order: nobody can refuse it. Too much, or for a cancelled order, becomes a problem."""
    order = books.orders[order_id]
    amount = payment.amount or order.owed
    order = _record(books, order, "received", replace(payment, amount=amount), by, slip=slip)
    if order.cancelled:
        _ask(books, order, "paid_cancelled", f"{_money(amount)} {order.currency} came for it, and it is cancelled", by)
    elif order.payment == "overpaid":
        over = order.paid_amount - order.refunded_amount - order.total
        _ask(books, order, "paid_too_much", f"{_money(over)} {order.currency} more than it costs", by)


def refund(books: Books, order_id: OrderId, payment: Payment, by: By, *, note: str = "") -> None:
    """Money went back: all that was kept, when no amount is named. Raises `Refused` for more than was received."""
    order = known(books, order_id)
    kept = order.paid_amount - order.refunded_amount
    if _is_known(books, order, payment, "refunded"):
        return
    amount = payment.amount or kept
    if not 0 < amount <= kept:
        raise Refused(
            "conflict",
            f"{_money(amount)} cannot be given back: {_money(kept)} {order.currency} of order {order_id} are here.",
            "amount",
            str(amount),
        )
    method = payment.method or order.payment_method
    _record(books, order, "refunded", replace(payment, method=method, amount=amount), by, note=note)


def catch_up(books: Books, order_id: OrderId, received: Payment | None, refunded: Payment | None, by: By) -> None:
    """A shop tells all that it ever received and gave back: what is not on record yet is recorded.

    Told again, or told late, it changes nothing. What came by another door before (a card's own webhook) counts too.
    """
    order = books.orders[order_id]
    if received is not None and (received.amount > order.paid_amount or not order.payment_method):
        receive(books, order_id, replace(received, amount=received.amount - order.paid_amount), by)
    if refunded is not None:
        _catch_up_with_refunds(books, books.orders[order_id], refunded, by)


def _catch_up_with_refunds(books: Books, order: OrderRow, told: Payment, by: By) -> None:
    """What went to an order that was split off is still with us, so it is no part of what the shop gave back."""
    moved = sum(row.amount for row in payments_of(books, order.order_id) if row.method == MOVED)
    missing = told.amount - (order.refunded_amount - moved)
    back = min(missing, order.paid_amount - order.refunded_amount)
    if back <= 0:
        return
    order = _record(books, order, "refunded", replace(told, amount=back), by)
    if moved and missing > back:
        text = (
            f"Order {order.order_id}: the shop gave {_money(missing - back)} {order.currency} more back than was left "
            "of it here. It was split: look at the order that has the rest."
        )
        books.problems.append(ProblemRow("shop_differs", text, by.at, order_id=order.order_id))


def _record(
    books: Books, order: OrderRow, kind: Kind, payment: Payment, by: By, *, slip: str = "", note: str = ""
) -> OrderRow:
    number = len(payments_of(books, order.order_id)) + 1
    row = PaymentRow(
        order.order_id, number, kind, payment.amount, payment.method, payment.reference, slip, note, by.name, by.at
    )
    books.payments.put(row)
    if kind == "received":
        order = changed(
            order,
            by,
            payment_method=payment.method,
            payment_reference=payment.reference,
            paid_amount=order.paid_amount + payment.amount,
        )
    else:
        order = changed(order, by, refunded_amount=order.refunded_amount + payment.amount)
    order = settled(order)
    books.orders.put(order)
    told = f"{payment.method} {payment.reference}".strip()
    what = "order_paid" if order.is_paid and kind == "received" else f"payment_{kind}"
    text = told if what == "order_paid" else f"{_money(payment.amount)} {order.currency}, {told}"
    books.note(f"order/{order.order_id}", by.at, what, by=by.name, text=f"{text}: {note}" if note else text)
    apply_again(books, order.order_id, by)
    return books.orders[order.order_id]


def payments_of(books: Books, order_id: OrderId) -> list[PaymentRow]:
    """The order's payments in the order they were recorded; `Keys.payments_of` loads them."""
    return [row for row in books.payments if row.order_id == order_id]


def _is_known(books: Books, order: OrderRow, payment: Payment, kind: Kind = "received") -> bool:
    """Whether this very payment is on record; one without a reference is known again only as “all of it”."""
    told = (kind, payment.method or order.payment_method, payment.reference)
    whole = not payment.amount and order.payment in ("paid", "refunded")
    return any(
        (row.kind, row.method, row.reference) == told
        and (payment.amount in (0, row.amount) if payment.reference else whole)
        for row in payments_of(books, order.order_id)
    )


def _ask(books: Books, order: OrderRow, kind: str, what: str, by: By) -> None:
    books.problems.append(
        ProblemRow(kind, f"Order {order.order_id}: {what}. Give it back.", by.at, order_id=order.order_id)
    )


def _money(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
