"""Orders that wait for stock take what came free, the most urgent first: a little in each transaction.

Whatever frees stock (goods that came, a cancellation, a count, an order sent from elsewhere) or makes a product known
leaves a mark in the transaction in which it does so; so does a parcel with pieces that were promised to others, whose
promises are taken back first. A mark goes when everything that waits was served: nothing is forgotten, whoever is
killed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Final

from central.desk.books import Books, Keys
from central.orders.holding import recheck
from central.orders.rules import By
from central.orders.urgency import PRIORITIES
from central.stock.promises import keep_promises
from central.store.store import Store, StoreTrouble
from contract.keys import OrderId, Sku

log = logging.getLogger(__name__)
AT_ONCE: Final = 50
"""Orders in one transaction: the bench's bookings wait no longer than one of these."""
_FIRST: Final = (len(PRIORITIES), 0, 0, "")


class Serving:
    """Serves whenever it is woken."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self._store = store
        self._now = now
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something may have come free."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled. While the database is in trouble, the marks stay."""
        while True:
            await self._woken.wait()
            self._woken.clear()
            try:
                await serve_waiting(self._store, self._now)
            except StoreTrouble as error:
                log.error("orders wait for stock that is there: %s", error)


async def serve_waiting(store: Store, now: Callable[[], int]) -> None:
    """Serve every product that has a mark; then no more is promised of it than there is."""
    while marks := await store.read("orders.freed"):
        for mark in marks:
            await _keep_promises(store, mark["sku"], now)
            await _serve(store, mark["sku"], now)
            done = (mark["sku"], mark["times"])
            await store.transact(Keys(), lambda books, done=done: books.served.append(done))  # type: ignore[misc]


async def _keep_promises(store: Store, sku: Sku, now: Callable[[], int]) -> None:
    """Where more is promised than there is, the newest orders wait again."""
    while rows := await store.read("orders.over_promised", (sku, AT_ONCE)):
        keys = Keys(orders=frozenset(OrderId(row["order_id"]) for row in rows), skus=frozenset({sku}))
        warehouses = sorted({row["warehouse"] for row in rows})
        by = By("stock", now())
        await store.transact(keys, lambda books, by=by, sites=warehouses: _take_back(books, sku, sites, by))  # type: ignore[misc]


def _take_back(books: Books, sku: Sku, warehouses: Sequence[str], by: By) -> None:
    for warehouse in warehouses:
        keep_promises(books, sku, warehouse, by)


async def _serve(store: Store, sku: Sku, now: Callable[[], int]) -> None:
    """Go down the queue of those that lack the product until one batch got nothing."""
    place = _FIRST
    while rows := await store.read("orders.lacking", (sku, *place, AT_ONCE)):
        orders = [OrderId(row["order_id"]) for row in rows]
        by = By("stock", now())
        keys = Keys(orders=frozenset(orders))
        if not await store.transact(keys, lambda books, orders=orders, by=by: _recheck(books, orders, by)):  # type: ignore[misc]
            return
        last = rows[-1]
        place = (last["priority"], last["due_at"], last["placed_at"], last["order_id"])


def _recheck(books: Books, orders: Sequence[OrderId], by: By) -> bool:
    """Whether any of them is better off."""
    for order in orders:
        recheck(books, order, by)
    return bool(books.orders.changed or books.lines.changed)
