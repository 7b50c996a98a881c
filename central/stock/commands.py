"""Changes of stock that orders wait for: after each, the orders that lacked the product are looked at again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

import msgspec

from central.desk.books import Books, Keys
from central.orders.holding import recheck
from central.orders.rules import By
from central.store.store import Store
from contract.keys import OrderId, Sku

_AT_ONCE: Final = 50


async def serve_waiting(store: Store, skus: Collection[Sku], by: By) -> None:
    """Promise what is free now to the orders that lack these products, the oldest first."""
    rows = await store.read("orders.waiting_for", (msgspec.json.encode(sorted(skus)).decode(),))
    orders = [OrderId(row["order_id"]) for row in rows]
    for start in range(0, len(orders), _AT_ONCE):
        batch = orders[start : start + _AT_ONCE]
        await store.transact(Keys(orders=frozenset(batch)), _recheck_all(batch, by))


def _recheck_all(orders: Collection[OrderId], by: By) -> Callable[[Books], None]:
    def decide(books: Books) -> None:
        for order in orders:
            recheck(books, order, by)

    return decide
