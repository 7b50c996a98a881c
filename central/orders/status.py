"""An order's status follows from its lines' quantities and from what people decided about it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from msgspec.structs import replace

from central.desk.books import Books
from central.orders.rows import NEVER, LineRow, OrderRow
from central.payments.rules import settled

Status: TypeAlias = Literal[
    "cancelled",
    "held",
    "awaiting_payment",
    "open",
    "back_ordered",
    "at_supplier",
    "partly_packed",
    "packed",
    "partly_shipped",
    "shipped",
    "delivered",
    "returned",
]
"""`open`: may be packed. `back_ordered`: nothing can be packed until stock comes. `at_supplier`: nothing is to be
packed here, suppliers send it."""
_TO_PACK: Final[frozenset[Status]] = frozenset(
    {"held", "awaiting_payment", "open", "back_ordered", "partly_packed", "partly_shipped"}
)


def status_of(order: OrderRow, lines: Sequence[LineRow]) -> Status:
    """Where the order stands: what left the house counts first, then what stops it, then what is packed."""
    wanted = sum(line.ordered - line.cancelled for line in lines)
    if wanted == 0:
        return "cancelled"
    packed = sum(line.packed for line in lines)
    shipped = sum(line.shipped for line in lines)
    if shipped:
        return _on_its_way(wanted, shipped, lines)
    if order.cancelled:
        return "cancelled"
    if order.is_held:
        return "held"
    if packed == wanted:
        return "packed"
    if not order.is_paid:
        return "awaiting_payment"
    if not any(line.to_pack for line in lines):
        return "packed" if packed else "at_supplier"
    if packed:
        return "partly_packed"
    return "open" if any(line.reserved for line in lines) else "back_ordered"


def _on_its_way(wanted: int, shipped: int, lines: Sequence[LineRow]) -> Status:
    if shipped < wanted:
        return "partly_shipped"
    if sum(line.returned for line in lines) == wanted:
        return "returned"
    return "delivered" if sum(line.delivered for line in lines) == wanted else "shipped"


def settle(books: Books, now: int) -> None:
    """Give every order that changed, or whose lines did, the status that follows, and its place in the queue."""
    touched = dict.fromkeys(books.orders.changed)
    touched.update((order, None) for order, _ in books.lines.changed)
    for order_id in touched:
        order = books.orders.get(order_id)
        if order is None:
            continue
        lines = books.lines.of(order_id)
        paid = settled(order)
        status = status_of(paid, lines)
        queued = _queued(books, paid, lines, status, now) if status in _TO_PACK else paid
        if (status, queued.payment) != (order.status, order.payment):
            queued = replace(queued, status=status, changed_at=now)
        if queued != order:
            books.orders.put(queued)


def _queued(books: Books, order: OrderRow, lines: Sequence[LineRow], status: Status, now: int) -> OrderRow:
    """Until when it must be packed: from what was promised, and from since when nothing stops it."""
    free = status in ("open", "partly_packed", "partly_shipped") and not order.is_held and order.is_paid
    ready = free and any(line.reserved for line in lines)
    ready_at = (order.ready_at or now) if ready else None
    waits = any(line.to_pack for line in lines)
    due_at = books.standing.timetable.due(order.service, order.promised_at, ready_at) if waits else None
    if (ready_at, due_at or NEVER) == (order.ready_at, order.due_at):
        return order
    return replace(order, ready_at=ready_at, due_at=due_at or NEVER)
