"""Stock in a warehouse that is configured no more: nothing is promised from it, so somebody must fetch it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from central.desk.books import Books, Keys
from central.store.store import Store
from central.tracking.rows import ProblemRow


async def elsewhere(store: Store, warehouses: Sequence[str]) -> tuple[str, ...]:
    """Warehouses that are none of these, and not empty."""
    known = msgspec.json.encode(warehouses).decode()
    return tuple(row["warehouse"] for row in await store.read("stock.elsewhere", (known,)))


async def tell_elsewhere(store: Store, warehouses: Sequence[str], now: int) -> None:
    """Raise a problem for each of them, once while it is open."""
    told = {row["text"] for row in await store.read("tracking.open_of_kind", ("warehouse_unknown",))}

    def decide(books: Books) -> None:
        for warehouse in lost:
            problem = ProblemRow(
                "warehouse_unknown",
                f"Stock lies in warehouse {warehouse}, which is not configured: nothing of it is promised. Add it to "
                "[[warehouses]] again, or move its pieces to another warehouse on their products' pages",
                now,
            )
            if problem.text not in told:
                books.problems.append(problem)

    if lost := await elsewhere(store, warehouses):
        await store.transact(Keys(), decide)
