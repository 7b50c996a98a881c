"""Cancelling an order at any stage before it has left. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.editing import stop_supplier
from central.orders.merging import leave
from central.orders.model import NewLine
from central.orders.recall import hold_parcels
from central.orders.rules import By, changed, gone, known
from central.packing.jobs import withdraw
from central.packing.recalling import trim_in_hand
from central.payments.balance import give_back, recost
from central.stock import rules as stock
from central.tracking.rows import ProblemRow
from contract.keys import OrderId, Sku


def cancel(books: Books, order_id: OrderId, reason: str, by: By) -> None:
    """Pack nothing more of it: its stock is free again, a bench is told, parcels that are still here are held."""
    order = known(books, order_id)
    if order.cancelled:
        return
    if gone(books, order_id):
        raise Refused(
            "conflict", f"Order {order_id} has left the house; take it back as a return.", "status", order.status
        )
    stock.unreserve(books, order_id)
    worth = 0
    for line in books.lines.of(order_id):
        worth += line.unit_price * (line.wanted - line.shipped)
        if line.unsent:
            books.lines.put(replace(line, cancelled=line.cancelled + line.unsent))
            stop_supplier(books, line, line.unsent, by)
    books.orders.put(changed(order, by, cancelled=True, held="[]"))
    books.note(f"order/{order_id}", by.at, "order_cancelled", by=by.name, text=reason)
    order = books.orders[order_id]
    if any(line.shipped for line in books.lines.of(order_id)):
        recost(books, order, max(0, order.total - worth), by)
    else:
        give_back(books, order, order.paid_amount - order.refunded_amount, by)
    withdraw(books, order_id, "cancelled", by.at)
    trim_in_hand(books, order_id, by.at)
    leave(books, order_id, by)
    hold_parcels(books, order_id, "void_label", "its order was cancelled", by.at)


def cancel_as_shop(books: Books, order_id: OrderId, told: Iterable[NewLine], by: By) -> None:
    """The shop cancelled all that it `told` of. What is on an order that was split off goes on: a person decides."""
    if books.orders[order_id].cancelled:
        return
    cancel(books, order_id, "cancelled in the shop", by)
    elsewhere: Counter[Sku] = Counter()
    for new in told:
        elsewhere[new.sku] += new.quantity
    for line in books.lines.of(order_id):
        elsewhere[line.sku] -= line.ordered
    if pieces := ", ".join(f"{more} × {sku}" for sku, more in elsewhere.items() if more > 0):
        text = (
            f"Order {order_id}: the shop cancelled it, and {pieces} of it are not here. If it was split, cancel the "
            "order that has them."
        )
        books.problems.append(ProblemRow("shop_differs", text, by.at, order_id=order_id))
