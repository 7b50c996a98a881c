"""Lines that a supplier sends to the customer himself: never promised, never packed here, only followed. Pure."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.editing import line_of
from central.orders.holding import look_again
from central.orders.rows import LineRow
from central.orders.rules import By, changed, known, live
from central.packing.jobs import withdraw
from central.packing.recalling import trim_in_hand
from central.stock import rules as stock
from contract.keys import OrderId

Stage: TypeAlias = Literal["ordered", "shipped", "delivered"]
"""What became of pieces at the supplier: ordered from him, sent by him, with the customer."""


def assign(books: Books, order_id: OrderId, number: int, supplier: str, by: By) -> None:
    """Have a line sent by a supplier, or (with an empty name) from our own shelf again. Raises `Refused`."""
    live(books, order_id)
    line = line_of(books, order_id, number)
    if line.supplier == supplier:
        return
    if line.packed or line.supplier_ordered:
        raise Refused(
            "conflict",
            f"Order {order_id}, line {number}: some of it is packed or ordered from {line.supplier or 'us'} already; "
            "split the line and move the rest.",
            "line",
            str(number),
        )
    line = stock.unreserve_line(books, line, line.reserved)
    books.lines.put(replace(line, supplier=supplier))
    stock.reserve(books, order_id, by.at)
    books.orders.put(changed(books.orders[order_id], by))
    look_again(books, order_id, [number], by)
    books.note(f"order/{order_id}", by.at, "line_assigned", by=by.name, text=f"{line.sku}: {supplier or 'own stock'}")
    withdraw(books, order_id, "edited", by.at)
    trim_in_hand(books, order_id, by.at)


def tell(books: Books, order_id: OrderId, number: int, stage: Stage, quantity: int, reference: str, by: By) -> None:
    """Pieces of a supplier's line reached a stage; a later stage implies the earlier ones. Raises `Refused`."""
    order = known(books, order_id)
    line = line_of(books, order_id, number)
    if not line.supplier:
        raise Refused("conflict", f"Order {order_id}, line {number} is sent by us, not by a supplier.", "line")
    most = _open(line, stage)
    if not 0 < quantity <= most:
        raise Refused(
            "conflict",
            f"Order {order_id}, line {number}: {most} pieces can be {stage}, not {quantity}.",
            "quantity",
            str(quantity),
        )
    books.lines.put(_moved(line, stage, quantity, reference))
    books.orders.put(changed(order, by))
    text = f"{quantity} × {line.sku}, {line.supplier} {reference}".strip()
    books.note(f"order/{order_id}", by.at, f"supplier_{stage}", by=by.name, text=text)


def _open(line: LineRow, stage: Stage) -> int:
    match stage:
        case "ordered":
            return line.wanted - line.supplier_ordered
        case "shipped":
            return line.wanted - line.shipped
        case "delivered":
            return line.shipped - line.delivered


def _moved(line: LineRow, stage: Stage, quantity: int, reference: str) -> LineRow:
    """What a supplier sends counts as packed and shipped, so that the order's status follows as for any line."""
    line = replace(line, supplier_reference=reference or line.supplier_reference)
    match stage:
        case "ordered":
            return replace(line, supplier_ordered=line.supplier_ordered + quantity)
        case "shipped":
            shipped = line.shipped + quantity
            ordered = max(line.supplier_ordered, shipped)
            return replace(line, packed=shipped, shipped=shipped, supplier_ordered=ordered)
        case "delivered":
            return replace(line, delivered=line.delivered + quantity)
