"""The money of an order. Pure."""

from __future__ import annotations

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.model import Payment
from central.orders.rows import OrderRow
from central.orders.rules import By, changed, live
from contract.keys import OrderId


def pay(books: Books, order_id: OrderId, payment: Payment, by: By) -> None:
    """The money is there. The same payment twice changes nothing."""
    order = live(books, order_id)
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
    take_payment(books, order, payment, by)


def take_payment(books: Books, order: OrderRow, payment: Payment, by: By) -> None:
    """Write down that the order is paid."""
    books.orders.put(
        changed(
            order,
            by,
            payment="paid",
            payment_method=payment.method,
            payment_reference=payment.reference,
            paid_amount=payment.amount or order.total,
        )
    )
    text = f"{payment.method} {payment.reference}".strip()
    books.note(f"order/{order.order_id}", by.at, "order_paid", by=by.name, text=text)
