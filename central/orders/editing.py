"""Editing what an order is made of, at every stage before it has left. Pure.

A line's wanted pieces are `ordered − cancelled`: more raise `ordered`, fewer raise `cancelled`, so that nothing that
was ever ordered is forgotten. What is packed stays packed: a parcel that has more than is wanted now must not leave.
"""

from __future__ import annotations

from msgspec import UNSET, Struct, UnsetType
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.holding import look_again
from central.orders.model import NewLine
from central.orders.recall import by_another_service, hold_parcel
from central.orders.rows import LineRow, OrderRow
from central.orders.rules import By, changed, gone, live
from central.packing.jobs import withdraw
from central.packing.recalling import trim_in_hand
from central.payments.balance import recost
from central.policy.applying import apply_again, asked_service, service_chosen
from central.stock import rules as stock
from central.tracking.rows import ProblemRow
from contract.keys import OrderId, Sku


class LineChange(Struct, frozen=True):
    """How many of a line are wanted now; 0 takes the line off the order."""

    line: int
    quantity: int


class Edit(Struct, frozen=True):
    """What is to be different. What is left out stays."""

    lines: tuple[LineChange, ...] = ()
    added: tuple[NewLine, ...] = ()
    service: str | UnsetType = UNSET
    gift_note: str | UnsetType = UNSET
    promised_at: int | UnsetType | None = UNSET


def edit(books: Books, order_id: OrderId, wish: Edit, by: By) -> None:
    """Make the order what it is wished to be: stock is promised anew, a bench is told, the money is compared.

    Raises `Refused`. An order that is already as wished stays as it is.
    """
    order = live(books, order_id)
    if gone(books, order_id):
        raise Refused("conflict", f"Order {order_id} has left the house already.", "status", order.status)
    told, worth = _lines(books, order, wish, by)
    fields, told_of_fields = _fields(order, wish)
    if not told and not fields:
        return
    asked = asked_service(order)
    order = changed(order, by, **fields)
    books.orders.put(order)
    books.note(
        f"order/{order_id}", by.at, "order_edited", by=by.name, text="; ".join((*told.values(), *told_of_fields))
    )
    if told:
        stock.reserve(books, order_id, by.at)
        look_again(books, order_id, told.keys(), by)
        recost(books, books.orders[order_id], max(0, order.total + worth), by)
    if "service" in fields:
        service_chosen(books, order_id, asked)
    apply_again(books, order_id, by)
    if told or fields.keys() & {"service", "gift_note"}:
        withdraw(books, order_id, "edited", by.at)
        trim_in_hand(books, order_id, by.at)
    if "service" in fields:
        by_another_service(books, order_id, by)


def _fields(order: OrderRow, wish: Edit) -> tuple[dict[str, object], list[str]]:
    """The fields that become different, and words for the timeline."""
    fields: dict[str, object] = {}
    told = []
    for name in ("service", "gift_note", "promised_at"):
        value = getattr(wish, name)
        if value is not UNSET and value != getattr(order, name):
            fields[name] = value
            told.append(f"service {value or '–'}" if name == "service" else name.replace("_", " "))
    return fields, told


def _lines(books: Books, order: OrderRow, wish: Edit, by: By) -> tuple[dict[int, str], int]:
    """Change the lines; return words for each that became different, and what that adds to the order's worth."""
    _check(books, order, wish)
    told: dict[int, str] = {}
    worth = 0
    for change in wish.lines:
        line = books.lines[order.order_id, change.line]
        more = change.quantity - line.wanted
        if more > 0:
            put_on(books, line, more)
        elif more < 0:
            take_off(books, line, -more, by)
        if more:
            told[line.line] = f"{line.sku} {line.wanted} → {change.quantity}"
            worth += more * line.unit_price
    for number, new in enumerate(wish.added, start=next_line(books, order.order_id)):
        supplier = supplier_of(books, new.sku)
        books.lines.put(
            LineRow(order.order_id, number, new.sku, new.quantity, new.name, new.unit_price, supplier=supplier)
        )
        told[number] = f"{new.sku} + {new.quantity}"
        worth += new.quantity * new.unit_price
    return told, worth


def supplier_of(books: Books, sku: Sku) -> str:
    """Who sends the product to customers himself; empty: nobody, it comes from our shelf."""
    product = books.products.get(sku)
    return product.supplier if product is not None else ""


def line_of(books: Books, order_id: OrderId, number: int) -> LineRow:
    """Raises `Refused` when the order has no such line."""
    line = books.lines.get((order_id, number))
    if line is None:
        raise Refused("not_found", f"Order {order_id} has no line {number}.", "line", str(number))
    return line


def stop_supplier(books: Books, line: LineRow, quantity: int, by: By) -> None:
    """So many pieces fewer are wanted: somebody must tell the supplier, if they were ordered from him."""
    told = min(quantity, line.supplier_ordered - line.shipped)
    if told > 0:
        books.problems.append(
            ProblemRow(
                "supplier_stop",
                f"Order {line.order_id}: tell {line.supplier} that {told} × {line.sku} are not wanted any more.",
                by.at,
                order_id=line.order_id,
                sku=line.sku,
            )
        )


def next_line(books: Books, order_id: OrderId) -> int:
    """The number of the line that comes after the order's last."""
    return max((line.line for line in books.lines.of(order_id)), default=0) + 1


def _check(books: Books, order: OrderRow, wish: Edit) -> None:
    number = order.order_id
    wanted = {line.line: line.wanted for line in books.lines.of(number)}
    for change in wish.lines:
        line = line_of(books, number, change.line)
        if change.quantity < line.shipped:
            raise Refused(
                "conflict",
                f"Order {number}, line {line.line}: {line.shipped} have left the house; take them back as a return.",
                "quantity",
                str(change.quantity),
            )
        wanted[change.line] = change.quantity
    if not wish.added and not any(wanted.values()):
        raise Refused("conflict", f"Nothing would be left of order {number}; cancel it instead.", "lines")


def put_on(books: Books, line: LineRow, quantity: int) -> None:
    """Want more pieces of a line: those first that are in parcels already, beyond what was wanted before."""
    line = replace(line, ordered=line.ordered + quantity)
    for piece in [row for row in books.parcel_lines if (row.order_id, row.line) == (line.order_id, line.line)]:
        parcel = books.parcels.get(piece.sscc)
        if piece.sku != line.sku or parcel is None or parcel.shipped_at is not None or parcel.status == "voided":
            continue
        there = min(quantity, piece.quantity - piece.counted)
        quantity -= there
        line = replace(line, packed=line.packed + there)
        books.parcel_lines.put(replace(piece, counted=piece.counted + there))
    books.lines.put(line)


def take_off(books: Books, line: LineRow, quantity: int, by: By) -> None:
    """Want fewer pieces of a line: first those that are not packed, then those in parcels, which must not leave."""
    unpacked = min(quantity, line.unsent)
    stop_supplier(books, line, unpacked, by)
    line = stock.unreserve_line(books, line, max(0, line.reserved - (line.unsent - unpacked)))
    line = replace(line, cancelled=line.cancelled + unpacked)
    for piece in [row for row in books.parcel_lines if (row.order_id, row.line) == (line.order_id, line.line)]:
        parcel = books.parcels.get(piece.sscc)
        excess = min(quantity - unpacked, piece.counted)
        if not excess or parcel is None or parcel.shipped_at is not None:
            continue
        unpacked += excess
        line = replace(line, packed=line.packed - excess, cancelled=line.cancelled + excess)
        books.parcel_lines.put(replace(piece, counted=piece.counted - excess))
        why = f"it has {excess} × {piece.sku} more than order {line.order_id} wants"
        hold_parcel(books, parcel, line.order_id, "more_than_ordered", why, by.at)
    books.lines.put(line)
