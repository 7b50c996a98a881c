"""Lends to stations that wait for orders when some come, and takes back what nobody opened in time.

A station asks by itself when it has opened half of what it had. It waits for nothing but for new orders: those come
here by a sign of the store, and go out to the stations that noted that they want more.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from central.desk.batch import Answer, Outcome
from central.desk.books import Keys
from central.desk.replies import Replies
from central.packing.ahead import LONGER_MS, expire, keys_to_lend, lend
from central.packing.house import House
from central.packing.jobs import TELL_FIRST_MS
from central.steady import SteadyClock
from central.store.store import Store, StoreTrouble
from contract.keys import JobId

log = logging.getLogger(__name__)
_GATHER_S: Final = 0.3
"""Orders come in crowds: what comes so soon after the first is lent with it."""
_LOOK_S: Final = 15.0
_NOT_BEFORE_S: Final = 60.0
"""After a start stations tell first what they have opened."""
_JUMP_S: Final = 60.0
"""Less than by what central's time for a lease is longer than the station's."""


def _since_boot_s() -> float:
    """Goes on while the computer sleeps, and nobody sets it."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) / 1e9


class Lending:
    """Lends whenever it is woken."""

    def __init__(
        self,
        store: Store,
        house: House,
        replies: Replies,
        now: Callable[[], int],
        *,
        since_boot_s: Callable[[], float] = _since_boot_s,
    ) -> None:
        self._store = store
        self._house = house
        self._replies = replies
        self._now = now
        self._lasts_ms = house.ahead_s * 1_000 + LONGER_MS
        self._clock = SteadyClock(now, since_boot_s, steady_s=self._lasts_ms / 1_000, jump_s=_JUMP_S, believed=True)
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Something may have come into the queue."""
        self._woken.set()

    async def run(self) -> None:
        """Work until cancelled. While the database is in trouble, nothing is lent."""
        told_at = self._store.standing.opened_at + TELL_FIRST_MS
        asyncio.get_running_loop().call_later(max(0, told_at - self._now()) / 1_000, self.wake)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._lend_what_comes(), name="lending")
            group.create_task(self._take_back(), name="expired leases")

    async def _lend_what_comes(self) -> None:
        while True:
            await self._woken.wait()
            await asyncio.sleep(_GATHER_S)
            self._woken.clear()
            try:
                await self.lend_to_hungry()
            except StoreTrouble as error:
                log.error("nothing is lent to stations ahead of time: %s", error)

    async def _take_back(self) -> None:
        await asyncio.sleep(_NOT_BEFORE_S)
        while True:
            with suppress(StoreTrouble):
                await self.take_back_expired()
            await asyncio.sleep(_LOOK_S)

    async def lend_to_hungry(self) -> None:
        """Give to each that waits its share."""
        for row in await self._store.read("stations.hungry"):
            await self._lend_to(row["station"], row["wants"])

    async def _lend_to(self, station: str, wants: int) -> None:
        now, house = self._now(), self._house
        keys = keys_to_lend(house, station, wants)
        offers = await self._store.transact(keys, lambda books: lend(books, house, station, wants, now))
        self._replies.send(Outcome({}, [Answer(station, offer, None) for offer in offers]), now)

    async def take_back_expired(self) -> None:
        """Have everything back in the queue whose time is over.

        Benches count it by a clock that does not jump. After a jump of ours, one that cannot be reached has all of it.
        """
        longer_ms = 0 if self._clock.look() else self._lasts_ms
        now = self._now()
        while rows := await self._store.read("packing.expired", (now,)):
            jobs = [JobId(row["job_id"]) for row in rows]
            await self._store.transact(
                Keys(lent=frozenset(jobs)),
                lambda books, jobs=jobs: expire(books, jobs, now, longer_ms),  # type: ignore[misc]
            )
