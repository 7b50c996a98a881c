"""Dividing an order: a line into two, or part of it into a second order that goes its own way. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders import checks
from central.orders.editing import LineChange, line_of, next_line
from central.orders.holding import look_again
from central.orders.model import Payment
from central.orders.rows import LineRow, OrderRow
from central.orders.rules import By, changed, live
from central.packing.jobs import withdraw
from central.packing.recalling import trim_in_hand
from central.payments.model import MOVED
from central.payments.rules import receive, refund, settled
from central.stock import rules as stock
from contract.keys import OrderId

_MOST_PARTS: Final = 20
"""Of one order: then a person names the next."""


def numbers_for(order_id: OrderId, wished: str) -> tuple[OrderId, ...]:
    """What the second order may be called: as wished, else after the first."""
    return (OrderId(wished),) if wished else tuple(OrderId(f"{order_id}-{part}") for part in range(2, _MOST_PARTS))


def split_line(books: Books, order_id: OrderId, number: int, quantity: int, by: By) -> None:
    """Make two lines of one: the new one takes `quantity` pieces that nothing happened to yet."""
    live(books, order_id)
    line = line_of(books, order_id, number)
    _check(line, quantity, line.wanted - 1)
    new = _part(books, line, quantity, order_id, next_line(books, order_id), by)
    stock.reserve(books, order_id, by.at)
    books.orders.put(changed(books.orders[order_id], by))
    told = f"{line.sku} {line.wanted} → {line.wanted - quantity} + {quantity} (line {new.line})"
    books.note(f"order/{order_id}", by.at, "order_edited", by=by.name, text=told)
    withdraw(books, order_id, "edited", by.at)
    trim_in_hand(books, order_id, by.at)


def split_off(
    books: Books, order_id: OrderId, numbers: Sequence[OrderId], wished: Sequence[LineChange], by: By
) -> OrderId:
    """Move pieces to a second order under the first of `numbers` that is free: those wished, else all that wait for
    stock. It has its share of the money. Return its number. Raises `Refused`.
    """
    order = live(books, order_id)
    differing = [reason for reason in order.reasons if reason.code.startswith(checks.BY_SHOP)]
    if differing:
        raise Refused("conflict", differing[0].text, "held", differing[0].code)
    parts = wished or [
        LineChange(line.line, line.back_ordered) for line in books.lines.of(order_id) if line.back_ordered
    ]
    if not parts:
        raise Refused("conflict", f"Nothing of order {order_id} waits for stock; say which lines to move.", "lines")
    _check_parts(books, order_id, parts)
    number = next((each for each in numbers if each not in books.orders), None)
    if number is None:
        raise Refused("conflict", f"There is an order {numbers[0]} already; take another number.", "order", numbers[0])
    books.orders.put(_second(order, number, by))
    worth = 0
    for new_line, part in enumerate(parts, start=1):
        line = books.lines[order_id, part.line]
        _part(books, line, part.quantity, number, new_line, by)
        worth += part.quantity * line.unit_price
    stock.reserve(books, order_id, by.at)
    stock.reserve(books, number, by.at)
    look_again(books, order_id, [part.line for part in parts], by)
    _divide_money(books, order_id, number, min(worth, order.total), by)
    books.note(f"order/{order_id}", by.at, "order_split", by=by.name, text=number)
    books.note(f"order/{number}", by.at, "order_received", by=by.name, text=f"split from {order_id}")
    withdraw(books, order_id, "edited", by.at)
    trim_in_hand(books, order_id, by.at)
    return number


def _check_parts(books: Books, order_id: OrderId, parts: Sequence[LineChange]) -> None:
    if len({part.line for part in parts}) < len(parts):
        raise Refused("invalid", "A line is named twice; name each line once.", "lines")
    for part in parts:
        line = line_of(books, order_id, part.line)
        _check(line, part.quantity, line.untouched)
    moved = sum(part.quantity for part in parts)
    if moved >= sum(line.wanted for line in books.lines.of(order_id)):
        raise Refused("conflict", f"Nothing would be left of order {order_id}; leave a piece on it.", "lines")


def _check(line: LineRow, quantity: int, most: int) -> None:
    most = min(most, line.untouched)
    if not 0 < quantity <= most:
        raise Refused(
            "conflict",
            f"Order {line.order_id}, line {line.line}: {most} pieces can be moved, not {quantity}.",
            "quantity",
            str(quantity),
        )


def _part(books: Books, line: LineRow, quantity: int, order_id: OrderId, number: int, by: By) -> LineRow:
    """Take pieces off a line that nothing happened to, and put them on a new one."""
    surplus = max(0, line.reserved - max(0, line.to_pack - quantity))
    line = stock.unreserve_line(books, line, surplus)
    books.lines.put(replace(line, ordered=line.ordered - quantity))
    new = LineRow(order_id, number, line.sku, quantity, line.name, line.unit_price, supplier=line.supplier)
    books.lines.put(new)
    return new


def _second(order: OrderRow, number: OrderId, by: By) -> OrderRow:
    """The first order's address, contact and wishes; its own money, holds and life."""
    kept = tuple(reason for reason in order.reasons if not reason.code.startswith(checks.OF_LINES))
    return replace(
        order,
        order_id=number,
        payment="awaiting",
        payment_method="",
        payment_reference="",
        paid_amount=0,
        refunded_amount=0,
        total=0,
        tote="",
        pick_list="",
        source="split",
        held=checks.as_json(kept),
        content="",
        created_at=by.at,
        changed_at=by.at,
        version=1,
        ready_at=None,
        merged_into=OrderId(""),
    )


def _divide_money(books: Books, first: OrderId, second: OrderId, worth: int, by: By) -> None:
    """The second order costs what its pieces cost; what came for the first beyond its own rest comes with them."""
    order = changed(books.orders[first], by)
    was_paid = order.is_paid
    order = settled(order, order.total - worth)
    books.orders.put(order)
    books.orders.put(settled(books.orders[second], worth))
    share = min(worth, order.paid_amount - order.refunded_amount - order.total)
    payment = Payment(order.payment_method, order.payment_reference, max(0, share))
    if share > 0:
        refund(books, first, replace(payment, method=MOVED, reference=second), by)
    if share > 0 or (was_paid and not worth):
        receive(books, second, payment, by)
