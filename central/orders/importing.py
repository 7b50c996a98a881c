"""Orders of a file into the store: in batches, each order on its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from central.desk.books import Books, Keys
from central.intake.report import Rejected
from central.orders.accepting import Outcome, accept
from central.orders.answers import ImportReport
from central.orders.grouping import Orders, Placed
from central.orders.model import NewOrder
from central.orders.rules import By
from central.store.store import Store

_AT_ONCE: Final = 100
"""Orders in one transaction: the bench's bookings wait no longer than one of these."""


def keys_of(new: NewOrder) -> Keys:
    """What taking an order in touches; its parcels too, for one that the shop cancelled meanwhile."""
    return Keys(
        orders=frozenset({new.order}),
        parcels_of=frozenset({new.order}),
        payments_of=frozenset({new.order}),
        skus=frozenset(line.sku for line in new.lines),
        customers=frozenset({new.contact.email.lower()} - {""}),
    )


async def take_in(store: Store, orders: Orders, by: By) -> ImportReport:
    """Accept every order; what conflicts with an order of before becomes a line of the report."""
    outcomes: list[Outcome] = []
    for start in range(0, len(orders.placed), _AT_ONCE):
        batch = orders.placed[start : start + _AT_ONCE]
        keys = Keys.union(keys_of(placed.order) for placed in batch)
        outcomes += await store.transact(keys, lambda books, batch=batch: _accept_all(books, batch, by))  # type: ignore[misc]
    conflicts = tuple(
        _conflict(placed) for placed, outcome in zip(orders.placed, outcomes, strict=True) if outcome == "conflict"
    )
    rejected = tuple(sorted((*orders.rejected, *conflicts), key=lambda one: one.line))
    return ImportReport.of(outcomes, rejected)


def _accept_all(books: Books, batch: Sequence[Placed], by: By) -> list[Outcome]:
    return [accept(books, placed.order, by) for placed in batch]


def _conflict(placed: Placed) -> Rejected:
    return Rejected(
        placed.line,
        "order",
        placed.order.order,
        "a new order: one with this number is here already, with other content",
        f"Order {placed.order.order}",
    )
