"""What stations send: take what has arrived, book it in one transaction, acknowledge, answer.

No waiting when idle, up to `MOST_AT_ONCE` messages when busy. The broker's message is acknowledged, and the station
gets its receipt, only after the commit: whatever dies before, the message comes again and finds what was booked.

Under more than we can book, what waits is bounded here, and the broker holds what it may not bring yet; stations have
few messages under way when receipts are late (`link.window`). See docs/decisions/0023.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Sequence

from msgspec.structs import replace

from central.desk.batch import Outcome, decide, keys_of
from central.desk.books import Books
from central.desk.deliveries import Arrived, AskCame, FactCame, ProgressCame, SetAside, StateCame, read
from central.desk.refused import Refused
from central.desk.replies import Replies
from central.desk.waiting import BOUNDS, Bounds, Waiting
from central.office.live import Live
from central.packing.house import House
from central.store.store import BeyondTheTables, Store, StoreTrouble
from contract.keys import StationId
from contract.messages import StationState
from contract.topics import parse_station_topic
from link.backoff import Backoff
from link.client import Delivery

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
_MANY = 2_000
"""So many messages waiting are told in the log."""


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
        state_came: Callable[[StationId, StationState], None] = lambda station, state: None,
        bounds: Bounds = BOUNDS,
    ) -> None:
        """`new_token` makes the secret part of a parcel's tracking link from the moment of booking; `state_came` hears
        how each station is."""
        self._store = store
        self._house = house
        self._live = live
        self._replies = replies
        self._clock = clock
        self._new_token = new_token
        self._state_came = state_came
        self._waiting: Waiting[tuple[Delivery, str]] = Waiting(bounds)
        self._arrived = asyncio.Event()
        self._turned = asyncio.Event()
        self.set_aside = 0
        """Payloads that could not be booked, since the start."""
        self.let_go = 0
        """Deliveries that found no room, since the start."""
        self._most_waited = 0

    def deliver(self, delivery: Delivery, refused: str = "") -> None:
        """Take this when its turn comes. `refused` is why it is set aside, when somebody has read it already."""
        parts = parse_station_topic(delivery.topic)
        station, is_ask = (parts.station, parts.channel == "ask") if parts is not None else ("", False)
        if self._waiting.put(station, (delivery, refused), len(delivery.payload), is_ask=is_ask):
            self._arrived.set()
            return
        self.let_go += 1
        if self.let_go % 1000 == 1:
            log.error(
                "%d messages wait, and %s has no more room among them: %d since the start are left to be sent again",
                len(self._waiting),
                station or "the rest",
                self.let_go,
            )
        # Without an acknowledgement it would keep a place in the broker's window until the connection ends.
        delivery.ack()

    async def run(self) -> None:
        """Book what arrives until cancelled."""
        while True:
            await self._arrived.wait()
            await self._replies.room()
            self._note_how_many()
            batch = self._waiting.take(MOST_AT_ONCE)
            if not self._waiting:
                self._arrived.clear()
            await self._take([(each, self._read(each, refused)) for each, refused in batch])
            self._turned.set()
            self._turned = asyncio.Event()

    def _note_how_many(self) -> None:
        """Say once that many wait, and once how many it were."""
        many = len(self._waiting)
        if max(many, self._most_waited) < _MANY:
            return
        if not self._most_waited:
            log.warning("%d messages wait to be booked: more comes than can be booked", many)
        self._most_waited = max(many, self._most_waited)
        if many < MOST_AT_ONCE:
            log.warning("all is booked that waited, at most %d messages at once", self._most_waited)
            self._most_waited = 0

    def _read(self, delivery: Delivery, refused: str) -> Arrived:
        if refused:
            return SetAside(delivery.topic, delivery.payload, refused)
        return read(self._house.site, delivery.topic, delivery.payload, delivery.correlation, delivery.until)

    async def probe(self) -> None:
        """Return when nothing waits, when the next batch is booked, or while the broker holds us up."""
        if self._waiting and not self._replies.is_full:
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
            now, heeded = self._clock(), _heeded(batch)
            tokens = [self._new_token(now) for _ in heeded]

            def deciding(
                books: Books, now: int = now, heeded: Sequence[Arrived] = heeded, tokens: Sequence[str] = tokens
            ) -> Outcome:
                return decide(books, house, heeded, iter(tokens), now)

            try:
                return await self._store.transact(keys_of(house, heeded, now), deciding)
            except StoreTrouble as error:
                pause = backoff.next_s()
                log.error("%d messages wait %.1f s for the database: %s", len(batch), pause, error)
                await asyncio.sleep(pause)

    def _show(self, delivery: Delivery, came: Arrived) -> None:
        """The live view and the log, for what is not only in the books."""
        if isinstance(came, ProgressCame):
            self._live.progress(StationId(came.envelope.station), came.envelope.body, self._clock())
        elif isinstance(came, StateCame):
            station, state = StationId(came.envelope.station), came.envelope.body
            self._live.state(station, state, self._clock())
            self._state_came(station, state)
        elif isinstance(came, SetAside):
            self.set_aside += 1
            log.error("%s: set aside, %d since the start: %s", delivery.topic, self.set_aside, came.reason)


def _heeded(batch: Sequence[Arrived]) -> Sequence[Arrived]:
    """Without asks that waited here until their stations gave them up: nobody would pack what they are lent."""
    now = time.monotonic()
    return [came for came in batch if not (isinstance(came, AskCame) and came.until is not None and came.until < now)]


def _unbookable(delivery: Delivery, came: Arrived, error: Exception) -> SetAside:
    """A message that the rules or the database choke on. Raises `error` when nothing of it can be kept either."""
    if isinstance(came, SetAside):
        if came.fact is None:
            raise error
        # Its envelope is what the database cannot hold: no receipt can be kept under such a name or number.
        return replace(came, fact=None)
    if not isinstance(error, Refused | BeyondTheTables):
        log.error("%s: a message cannot be booked", delivery.topic, exc_info=error)
    fact = came.envelope if isinstance(came, FactCame) else None
    kind = type(came.envelope.body).__name__
    asked = "answered" if isinstance(came, AskCame) else "booked"
    return SetAside(delivery.topic, delivery.payload, f"{kind} cannot be {asked}: {error}", fact)
