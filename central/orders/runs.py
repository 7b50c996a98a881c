"""Runs: one thing done to many orders, some at a time, so that benches are booked in between.

A run lives in this process: what it did stays done and is on the orders' timelines; a run that a restart ended is
started again, which changes nothing more on the orders that it had reached.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Final

from msgspec import Struct

from central.orders.bulk import Action, Result, Versions, carry_out, keys_of
from central.orders.finding import Filters, find
from central.orders.rules import By
from central.packing.house import House
from central.store.store import Store, StoreTrouble
from contract.keys import OrderId

log = logging.getLogger(__name__)

MOST: Final = 50_000
"""Orders of one run."""
_AT_ONCE: Final = 50
_KEPT: Final = 20
_FOUND_AT_ONCE: Final = 1_000


class Progress(Struct, frozen=True):
    """How far a run is."""

    run: str
    action: Action
    by: str
    started_at: int
    total: int
    done: int
    refused: int
    finished: bool
    trouble: str
    """Why it ended before all orders had their turn; empty when it did not."""
    results: tuple[Result, ...]
    """One for each order that had its turn, in the order given."""


class Run:
    """One run, under way or over."""

    def __init__(self, action: Action, by: str, started_at: int) -> None:
        self.name = secrets.token_urlsafe(9)
        self._action = action
        self._by = by
        self._started_at = started_at
        self._total = 0
        self._results: list[Result] = []
        self._trouble = ""
        self._step = asyncio.Event()
        self.ended = asyncio.Event()

    def progress(self) -> Progress:
        refused = sum(not result.done for result in self._results)
        done = len(self._results) - refused
        results = tuple(self._results)
        return Progress(
            self.name,
            self._action,
            self._by,
            self._started_at,
            self._total,
            done,
            refused,
            self.ended.is_set(),
            self._trouble,
            results,
        )

    async def steps(self) -> AsyncIterator[None]:
        """Now, then once for each step until the end, the last one included."""
        while not self.ended.is_set():
            step = self._step
            yield
            await step.wait()
        yield

    def _moved(self) -> None:
        self._step.set()
        self._step = asyncio.Event()

    async def carry_out(
        self,
        store: Store,
        house: House,
        orders: Sequence[OrderId] | Filters,
        versions: Versions,
        now: Callable[[], int],
    ) -> None:
        """Do it to all of them."""
        try:
            chosen = await everything(store, orders) if isinstance(orders, Filters) else list(dict.fromkeys(orders))
            self._total = len(chosen)
            for start in range(0, len(chosen), _AT_ONCE):
                batch = chosen[start : start + _AT_ONCE]
                by = By(self._by, now())
                self._results += await store.transact(
                    keys_of(batch, self._action),
                    lambda books, batch=batch, by=by: carry_out(books, house, batch, self._action, versions, by),  # type: ignore[misc]
                )
                self._moved()
        except StoreTrouble as error:
            log.error("%s of %d orders: %s", self._action.do, self._total, error)
            self._trouble = "The database is not available. Start it again for the orders that are left."
        except Exception:
            log.exception("%s of %d orders", self._action.do, self._total)
            self._trouble = (
                "Something broke here. Read central's log, then start it again for the orders that are left."
            )
        finally:
            self.ended.set()
            self._moved()


async def everything(store: Store, filters: Filters) -> list[OrderId]:
    """All orders that fit, `MOST` at most."""
    orders: list[OrderId] = []
    after: str | None = ""
    while after is not None and len(orders) < MOST:
        found = await find(store, filters, after, _FOUND_AT_ONCE)
        orders += map(OrderId, found.orders)
        after = found.next
    return orders[:MOST]


class Runs:
    """Runs under way, and the last ones that ended."""

    def __init__(self, house: House, now: Callable[[], int]) -> None:
        self._house = house
        self._now = now
        self._runs: dict[str, Run] = {}
        self._under_way: set[asyncio.Task[None]] = set()

    def start(
        self, store: Store, orders: Sequence[OrderId] | Filters, action: Action, versions: Versions, by: str
    ) -> Run:
        """Begin one; it goes on whoever watches."""
        run = Run(action, by, self._now())
        self._runs[run.name] = run
        over = [name for name, each in self._runs.items() if each.ended.is_set()]
        for name in over[: max(0, len(self._runs) - _KEPT)]:
            del self._runs[name]
        work = run.carry_out(store, self._house, orders, versions, self._now)
        task = asyncio.create_task(work, name=f"run {run.name}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return run

    def get(self, name: str) -> Run | None:
        return self._runs.get(name)
