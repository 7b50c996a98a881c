"""Which orders come first: what a person put before others, what must leave soonest, what came first. Pure."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

from central.desk.books import Books
from central.orders.rules import By, changed, live
from contract.keys import OrderId

Priority: TypeAlias = Literal["normal", "express", "vip"]
"""The last is packed first."""
PRIORITIES: Final[tuple[Priority, ...]] = get_args(Priority)


def prioritise(books: Books, order_id: OrderId, priority: Priority, reason: str, by: By) -> None:
    """Put the order before all of a lower priority, or back among the others. Raises `Refused`."""
    order = live(books, order_id)
    rank = PRIORITIES.index(priority)
    if (order.priority, order.priority_reason) == (rank, reason):
        return
    books.orders.put(changed(order, by, priority=rank, priority_reason=reason))
    text = f"{priority}: {reason}" if reason else priority
    books.note(f"order/{order_id}", by.at, "priority_changed", by=by.name, text=text)
