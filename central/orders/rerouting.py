"""Sending an order from another warehouse. Pure."""

from __future__ import annotations

from central.desk.books import Books
from central.desk.refused import not_found
from central.orders.merging import leave
from central.orders.rules import By, changed, live
from central.packing.jobs import withdraw
from central.packing.recalling import trim_in_hand
from central.stock import rules as stock
from contract.keys import OrderId


def reroute(books: Books, order_id: OrderId, warehouse: str, by: By) -> None:
    """Promise it there from now on, whatever the rule would choose; a bench that packs it is told, and orders that were
    to be packed with it go on without it. Raises `Refused`.
    """
    order = live(books, order_id)
    if warehouse not in books.standing.warehouses:
        raise not_found("warehouse", warehouse)
    if warehouse == order.warehouse:
        return
    stock.unreserve(books, order_id)
    books.orders.put(changed(order, by, warehouse=warehouse, routed_by=by.name))
    stock.reserve(books, order_id, by.at)
    books.note(f"order/{order_id}", by.at, "order_rerouted", by=by.name, text=f"{order.warehouse} → {warehouse}")
    withdraw(books, order_id, "edited", by.at)
    # An open parcel stays where it was put down.
    trim_in_hand(books, order_id, by.at, all_of_it=True)
    leave(books, order_id, by)
