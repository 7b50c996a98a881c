"""Orders that nobody pays are cancelled after a time, and their stock is free again.

Nothing is remembered but the orders themselves: after a restart the same ones are due. A clock that jumps proves
nothing about how long somebody had to pay, so for a while after each jump and each start nothing is cancelled.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Annotated, Final

from msgspec import Meta, Struct

from central.desk.books import Books
from central.orders.cancelling import cancel
from central.orders.rows import OrderRow
from central.orders.rules import By, gone
from central.payments.recording import keys_to_pay
from central.store.store import Store, StoreTrouble
from contract.keys import OrderId

log = logging.getLogger(__name__)

DAY_MS: Final = 24 * 3600 * 1000
LOOK_EVERY_S: Final = 300.0
STEADY_FOR_MS: Final = 10 * 60 * 1000
"""So long the clock must have gone evenly before it is believed; where orders wait shorter, as long as they wait."""
_LOOKS: Final = 4
"""Within the shortest time that an order waits, where that is not long."""
_JUMP_MS: Final = 60_000
Days = Annotated[float, Meta(ge=0, le=3650)]


class UnpaidConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[orders]`: how long an order waits for its money."""

    cancel_unpaid_after_days: Days = 0
    """0: as long as it takes; 0.5: twelve hours."""
    cancel_unpaid_after_days_by: Mapping[str, Days] = {}
    """Other times for ways to pay, in the shop's words: `{ cheque = 21 }`. 0: as long as it takes."""

    def patience_ms(self, pays_by: str) -> int:
        """How long an order waits that is to be paid so; 0: for ever."""
        days = {way.casefold(): days for way, days in self.cancel_unpaid_after_days_by.items()}
        return round(days.get(pays_by.casefold(), self.cancel_unpaid_after_days) * DAY_MS)

    @property
    def shortest_ms(self) -> int:
        """Of all patience; 0: nothing is ever cancelled."""
        days = [each for each in (self.cancel_unpaid_after_days, *self.cancel_unpaid_after_days_by.values()) if each]
        return round(min(days, default=0) * DAY_MS)


def is_due(order: OrderRow, config: UnpaidConfig, now: int) -> bool:
    """Whether it waited long enough: nothing came, nothing left."""
    patience = config.patience_ms(order.pays_by)
    return bool(patience) and order.payment == "awaiting" and not order.cancelled and order.created_at + patience < now


class Steadiness:
    """Whether the wall clock goes as evenly as the one that cannot be set."""

    def __init__(self, steady_for_ms: int = STEADY_FOR_MS) -> None:
        self._steady_for_ms = steady_for_ms
        self._since: int | None = None
        self._offset = 0

    def steady(self, wall_ms: int, monotonic_ms: int) -> bool:
        """Tell both clocks at each look."""
        offset = wall_ms - monotonic_ms
        if self._since is None or abs(offset - self._offset) > _JUMP_MS:
            self._since = monotonic_ms
        self._offset = offset
        return monotonic_ms - self._since >= self._steady_for_ms


class Unpaid:
    """Looks for orders that are due, until cancelled."""

    def __init__(
        self, store: Store, config: UnpaidConfig, wall_ms: Callable[[], int], monotonic_ms: Callable[[], int]
    ) -> None:
        self._store = store
        self._config = config
        self._wall_ms = wall_ms
        self._monotonic_ms = monotonic_ms
        self._steadiness = Steadiness(min(STEADY_FOR_MS, config.shortest_ms))
        self._pause_s = min(LOOK_EVERY_S, config.shortest_ms / 1000 / _LOOKS) or LOOK_EVERY_S

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except StoreTrouble as error:
                log.error("unpaid orders wait longer: %s", error)
            await asyncio.sleep(self._pause_s)

    async def look(self) -> int:
        """Cancel what is due now; how many that were."""
        now = self._wall_ms()
        if not self._steadiness.steady(now, self._monotonic_ms()) or not self._config.shortest_ms:
            return 0
        before, at, order = now - self._config.shortest_ms, 0, ""
        done = 0
        while rows := await self._store.read("payments.unpaid_since", (before, at, order)):
            for row in rows:
                at, order = row["created_at"], row["order_id"]
                if 0 < self._config.patience_ms(row["pays_by"]) < now - at:
                    done += await self._give_up(OrderId(order), By("central", now))
        return done

    async def _give_up(self, order_id: OrderId, by: By) -> bool:
        """Cancel the order unless its money came meanwhile."""

        def decide(books: Books) -> bool:
            order = books.orders[order_id]
            if not is_due(order, self._config, by.at) or gone(books, order_id):
                return False
            cancel(books, order_id, f"not paid within {_in_words(self._config.patience_ms(order.pays_by))}", by)
            return True

        if not await self._store.transact(keys_to_pay(order_id), decide):
            return False
        log.info("order %s: cancelled, nobody paid it", order_id)
        return True


def _in_words(patience_ms: int) -> str:
    """The longest unit of which there is a whole number."""
    for name, unit_ms in (("days", DAY_MS), ("hours", 3_600_000), ("minutes", 60_000)):
        if patience_ms % unit_ms == 0:
            return f"{patience_ms // unit_ms} {name}"
    return f"{patience_ms / 1000:g} seconds"
