"""Rows of a file to orders: an order is all rows with its number; one bad row refuses its order and no other."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from central.intake import fields
from central.intake.fields import BadField
from central.intake.report import Rejected, rejected
from central.intake.table import Row, Table
from central.orders.model import NewLine, NewOrder


class Placed(Struct, frozen=True):
    """An order and the line of the file where it begins."""

    line: int
    order: NewOrder


class Orders(Struct, frozen=True):
    """What a file holds."""

    placed: tuple[Placed, ...]
    rejected: tuple[Rejected, ...]

    @property
    def has_payments(self) -> bool:
        return any(placed.order.payment is not None for placed in self.placed)


Head = Callable[[Mapping[str, str], tuple[NewLine, ...]], NewOrder]
"""The order from its first row and its lines."""
Line = Callable[[Mapping[str, str]], NewLine | None]
"""The order line of a row; None when the row is nothing to pack."""


def orders(table: Table, key: str, head: Head, line: Line, shared: Sequence[str]) -> Orders:
    """All orders of a file whose column `key` has the order number.

    `shared` are the columns of the order itself: filled on its first row, empty or repeated on the others.
    """
    groups: dict[str, list[Row]] = {}
    for row in table.rows:
        groups.setdefault(row.fields.get(key, "").strip(), []).append(row)
    placed: list[Placed] = []
    refused: list[Rejected] = []
    for number, rows in groups.items():
        found = _order(table, number, rows, head, line, shared)
        if isinstance(found, Rejected):
            refused.append(found)
        else:
            placed.append(found)
    return Orders(tuple(placed), tuple(sorted(refused, key=lambda one: one.line)))


def _order(
    table: Table, number: str, rows: Sequence[Row], head: Head, line: Line, shared: Sequence[str]
) -> Placed | Rejected:
    first = rows[0].fields
    row = rows[0]
    try:
        lines: list[NewLine] = []
        for row in rows:
            found = table.whole(row)
            _agrees(found, first, shared)
            packed = line(found)
            if packed is not None:
                lines.append(packed)
        row = rows[0]
        return Placed(row.line, head(first, tuple(lines)))
    except BadField as bad:
        return rejected(row.line, f"Order {number}" if number else "", bad)


def _agrees(row: Mapping[str, str], first: Mapping[str, str], shared: Sequence[str]) -> None:
    for field in shared:
        value = fields.text(row, field)
        if value and value != fields.text(first, field):
            raise BadField(field, value, f"what the first row of this order has: {fields.text(first, field)!r}")
