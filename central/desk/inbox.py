"""What stations send: take what has arrived, book it in one transaction, acknowledge, answer.

No waiting when idle, up to `MOST_AT_ONCE` messages when busy. The broker's message is acknowledged, and the station
gets its receipt, only after the commit: whatever dies before, the message comes again and finds what was booked.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from central.desk.batch import Outcome, decide, keys_of
from central.desk.books import Books
from central.desk.deliveries import Arrived, AskCame, FactCame, ProgressCame, SetAside, StateCame, read
from central.desk.refused import Refused
from central.desk.replies import Replies
from central.office.live import Live
from central.packing.house import House
from central.store.store import Store, StoreTrouble
from contract.keys import StationId
from link.backoff import Backoff
from link.client import Delivery

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
MOST_WAITING = 20_000
MOST_BYTES_WAITING = 64 * 1024 * 1024
"""Beyond either, deliveries are let go: no receipt comes, so their stations send them again."""


class Inbox:
    """Books deliveries until cancelled. All of it on the event loop's thread."""

    def __init__(
        self,
        store: Store,
        house: House,
        live: Live,
        replies: Replies,
        *,
        clock: Callable[[], int],
        new_token: Callable[[int], str],
    ) -> None:
        """`new_token` makes the secret part of a parcel's tracking link from the moment of booking."""
        self._store = store
        self._house = house
        self._live = live
        self._replies = replies
        self._clock = clock
        self._new_token = new_token
        self._waiting: deque[Delivery] = deque()
        self._bytes_waiting = 0
        self._arrived = asyncio.Event()
        self._turned = asyncio.Event()
        self.set_aside = 0
        """Payloads that could not be booked, since the start."""
        self.let_go = 0
        """Deliveries beyond `MOST_WAITING` or `MOST_BYTES_WAITING`, since the start."""

    def deliver(self, delivery: Delivery) -> None:
        """Take this when its turn comes."""
        size = len(delivery.payload)
        if len(self._waiting) >= MOST_WAITING or self._bytes_waiting + size > MOST_BYTES_WAITING:
            self.let_go += 1
            if self.let_go % 1000 == 1:
                log.error("%d messages wait already: others are left to be sent again", len(self._waiting))
            # Without an acknowledgement it would keep a place in the broker's window until the connection ends.
            delivery.ack()
            return
        self._bytes_waiting += size
        self._waiting.append(delivery)
        self._arrived.set()

    async def run(self) -> None:
        """Book what arrives until cancelled."""
        while True:
            await self._arrived.wait()
            waiting = self._waiting
            batch = [waiting.popleft() for _ in range(min(MOST_AT_ONCE, len(waiting)))]
            self._bytes_waiting -= sum(len(each.payload) for each in batch)
            if not waiting:
                self._arrived.clear()
            site = self._house.site
            await self._take([(each, read(site, each.topic, each.payload, each.correlation)) for each in batch])
            self._turned.set()
            self._turned = asyncio.Event()

    async def probe(self) -> None:
        """Return when nothing waits, or when the next batch is booked."""
        if self._waiting:
            await self._turned.wait()

    async def _take(self, batch: list[tuple[Delivery, Arrived]]) -> None:
        """All in one transaction; what fails is tried one by one, so that it stops nothing else."""
        try:
            outcome = await self._book([came for _, came in batch])
        except Exception as error:
            if len(batch) == 1:
                delivery, came = batch[0]
                await self._take([(delivery, _unbookable(delivery, came, error))])
                return
            for each in batch:
                await self._take([each])
            return
        for delivery, came in batch:
            delivery.ack()
            self._show(delivery, came)
        self._replies.send(outcome, self._clock())

    async def _book(self, batch: Sequence[Arrived]) -> Outcome:
        """Write the batch. While the database is in trouble, everything waits."""
        backoff = Backoff(first_s=0.2, cap_s=10.0, chance=lambda: 1.0)
        house = self._house
        while True:
            now = self._clock()
            tokens = [self._new_token(now) for _ in batch]

            def deciding(books: Books, now: int = now, tokens: Sequence[str] = tokens) -> Outcome:
                return decide(books, house, batch, iter(tokens), now)

            try:
                return await self._store.transact(keys_of(house, batch), deciding)
            except StoreTrouble as error:
                pause = backoff.next_s()
                log.error("%d messages wait %.1f s for the database: %s", len(batch), pause, error)
                await asyncio.sleep(pause)

    def _show(self, delivery: Delivery, came: Arrived) -> None:
        """The live view and the log, for what is not only in the books."""
        if isinstance(came, ProgressCame):
            self._live.progress(StationId(came.envelope.station), came.envelope.body, self._clock())
        elif isinstance(came, StateCame):
            self._live.state(StationId(came.envelope.station), came.envelope.body, self._clock())
        elif isinstance(came, SetAside):
            self.set_aside += 1
            log.error("%s: set aside, %d since the start: %s", delivery.topic, self.set_aside, came.reason)


def _unbookable(delivery: Delivery, came: Arrived, error: Exception) -> SetAside:
    """A message that the rules or the database choke on. Raises `error` when nothing of it can be kept either."""
    if isinstance(came, SetAside):
        if came.fact is None:
            raise error
        # Its envelope is what the database cannot hold: no receipt can be kept under such a name or number.
        return replace(came, fact=None)
    if not isinstance(error, Refused):
        log.error("%s: a message cannot be booked", delivery.topic, exc_info=error)
    fact = came.envelope if isinstance(came, FactCame) else None
    kind = type(came.envelope.body).__name__
    asked = "answered" if isinstance(came, AskCame) else "booked"
    return SetAside(delivery.topic, delivery.payload, f"{kind} cannot be {asked}: {error}", fact)
