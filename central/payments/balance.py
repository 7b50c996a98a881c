"""An order that money came for costs something else now: somebody must settle the difference. Pure."""

from __future__ import annotations

from central.desk.books import Books
from central.orders.rows import OrderRow
from central.orders.rules import By
from central.payments.rules import settled
from central.tracking.rows import ProblemRow
from contract.keys import OrderId


def recost(books: Books, order: OrderRow, total: int, by: By) -> None:
    """Put the order with its new total; what is kept beyond it, or lacks, becomes a problem."""
    difference = total - order.total
    order = settled(order, total)
    books.orders.put(order)
    kept = order.paid_amount - order.refunded_amount
    if not difference or not kept:
        return
    if difference < 0 and kept > total:
        give_back(books, order, min(-difference, kept - total), by)
    elif difference > 0 and kept < total:
        _ask_for_more(books, order, min(difference, total - kept), by)


def give_back(books: Books, order: OrderRow, amount: int, by: By) -> None:
    """So much of what came for the order must go back to the customer."""
    if amount <= 0:
        return
    number, paid, money = _in_words(order, amount)
    books.problems.append(
        ProblemRow("refund_due", f"Order {number}, paid by {paid}: pay {money} back.", by.at, order_id=number)
    )
    books.note(f"order/{number}", by.at, "refund_due", by=by.name, text=money)


def _ask_for_more(books: Books, order: OrderRow, amount: int, by: By) -> None:
    number, paid, money = _in_words(order, amount)
    books.problems.append(
        ProblemRow("payment_due", f"Order {number}, paid by {paid}: ask for {money} more.", by.at, order_id=number)
    )
    books.note(f"order/{number}", by.at, "payment_due", by=by.name, text=money)


def _in_words(order: OrderRow, amount: int) -> tuple[OrderId, str, str]:
    paid = f"{order.payment_method} {order.payment_reference}".strip()
    return order.order_id, paid, f"{amount // 100}.{amount % 100:02d} {order.currency}"
