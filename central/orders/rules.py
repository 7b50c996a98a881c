"""What the rules of an order's life stand on: who asks, which order is meant, which state it was asked about. Pure.

The rules themselves are told by what happens: `accepting`, `holding`, `changing`, `cancelling`. Those of a
person's request raise `Refused` and change nothing.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.orders.rows import OrderRow
from contract.keys import OrderId


class By(NamedTuple):
    """Who asks, and when."""

    name: str
    at: int


class OfAVersion(Refused):
    """Which version of the order was decided about forbids the change. Who answers fills in both sides."""

    now: object = None
    """The order as it is."""
    sent: object = None
    """What was asked for."""


class ChangedSince(OfAVersion):
    """The order is not any more as it was when somebody decided about it."""


class VersionUnsaid(OfAVersion):
    """Values would be replaced that somebody else may have changed, and nobody said which were seen."""


Seen: TypeAlias = int | Literal["any", "unsaid"]
"""The version that was decided about; `any`: whatever is there; `unsaid` where one of the two must be said."""


def changed(order: OrderRow, by: By, **fields: Any) -> OrderRow:
    """The order with other fields, one version further: for each change of a person or a shop."""
    return replace(order, **fields, version=order.version + 1, changed_at=by.at)


def expect(books: Books, order_id: OrderId, seen: Seen) -> None:
    """Raise `ChangedSince` unless the order is still at the version that was seen, `VersionUnsaid` without one."""
    order = known(books, order_id)
    if seen == "unsaid":
        raise VersionUnsaid(
            "unsaid",
            f"Order {order_id} was not changed: this replaces what others may have changed. It has version "
            f'{order.version} now: look at it and send If-Match: "{order.version}", or If-Match: * to replace '
            "whatever is there.",
            "If-Match",
        )
    if seen != "any" and order.version != seen:
        raise ChangedSince(
            "conflict",
            f"Order {order_id} was changed meanwhile: it has version {order.version}, this was decided about version "
            f"{seen}. Look at it as it is now and decide again.",
            "If-Match",
            str(seen),
        )


def known(books: Books, order_id: OrderId) -> OrderRow:
    """Raises `Refused` when nobody has heard of it."""
    order = books.orders.get(order_id)
    if order is None:
        raise not_found("order", order_id)
    return order


def live(books: Books, order_id: OrderId) -> OrderRow:
    """Raises `Refused` when it is not known or cancelled."""
    order = known(books, order_id)
    if order.cancelled:
        raise Refused("conflict", f"Order {order_id} is cancelled.", "status", order.status)
    return order


def gone(books: Books, order_id: OrderId) -> bool:
    """Whether all of it that will ever leave the house has left."""
    lines = books.lines.of(order_id)
    return any(line.shipped for line in lines) and all(line.shipped >= line.ordered - line.cancelled for line in lines)
