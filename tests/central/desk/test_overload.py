"""More than central can book: what waits is bounded, asks are answered, everybody gets his receipts in the end."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest

from central.app import Central
from central.desk.batch import Outcome
from central.desk.books import Keys
from central.desk.inbox import MOST_AT_ONCE
from central.desk.replies import MOST_UNDER_WAY, Replies
from central.desk.waiting import BOUNDS
from central.store.sqlite import SqliteStore
from contract import topics
from contract.envelope import encode, read_inbox
from contract.keys import StationId
from contract.messages import BadgeKnown, Configure, Receipts, SignedIn, StationState, WhoIs
from contract.values import Receipt
from demo.broker import Broker
from link.client import BrokerConfig, Delivery, Link, Subscription
from link.identity import new_message_id
from link.relay import Outgoing, Relay
from tests.central.bench import PATIENCE_S, Bench, at_work
from tests.central.desk.test_inbox import SITE, configuration, stock_up
from tests.central.shop import AT

pytestmark = pytest.mark.feature("R2")


class Held:
    """A running central whose database another process holds for a while."""

    def __init__(self, central: Central, database: Path) -> None:
        self.central = central
        self._database = database

    @contextmanager
    def busy(self) -> Iterator[None]:
        other = sqlite3.connect(self._database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.execute("ROLLBACK")
            other.close()

    @property
    def waiting(self) -> int:
        return len(self.central.inbox._waiting)


@pytest.fixture
async def held(tmp_path: Path, broker: Broker) -> AsyncIterator[Held]:
    config = configuration(tmp_path, broker.port)
    async with SqliteStore(Path(config.database), SITE, patience_s=0.05) as store:
        await store.transact(Keys(), stock_up)
        central = Central(config, store)
        running = [asyncio.create_task(each) for each in (central.link.run(), central.inbox.run(), central.relay.run())]
        try:
            async with at_work(broker, SITE, "first") as bench:
                # Retained: it comes to central as soon as that listens.
                await bench.say("state", encode(bench.envelope(StationState(True, "0", (), 0, AT))), retain=True)
                await bench.item(Configure)
            yield Held(central, Path(config.database))
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


class Station:
    """Facts in memory, brought by the true relay."""

    def __init__(self, broker: Broker, name: str, facts: int) -> None:
        self.bench = Bench(broker, SITE, name)
        topic = topics.fact(SITE, StationId(name))
        envelopes = [self.bench.envelope(SignedIn("1001", AT)) for _ in range(facts)]
        self.rows = {
            number: Outgoing(number, topic, encode(envelope)) for number, envelope in enumerate(envelopes, start=1)
        }
        self._numbers = {envelope.message_id: number for number, envelope in enumerate(envelopes, start=1)}
        self.link = Link(
            BrokerConfig(port=broker.port),
            name,
            subscriptions=[Subscription(topics.inbox(SITE, StationId(name)))],
            deliver=self._deliver,
            changed=lambda online: self.relay.start_over() if online else None,
        )
        self.relay = Relay(self, self.link, again_s=1.0, longest_s=2.0)
        self.all_receipted = asyncio.Event()

    async def unsent(self, after: int, limit: int) -> Sequence[Outgoing]:
        return [row for number, row in self.rows.items() if number > after][:limit]

    async def published(self, rows: Sequence[Outgoing]) -> None: ...

    def _deliver(self, delivery: Delivery) -> None:
        body = read_inbox(delivery.payload).body
        assert isinstance(body, Receipts)
        numbers = [self._numbers[receipt.message] for receipt in body.receipts]
        for number in numbers:
            self.rows.pop(number, None)
        self.relay.settle(numbers)
        delivery.ack()
        if not self.rows:
            self.all_receipted.set()


@asynccontextmanager
async def delivering(*stations: Station) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(work) for each in stations for work in (each.link.run(), each.relay.run())]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_mad_station_fills_its_own_places_and_everybody_is_booked(held: Held, broker: Broker) -> None:
    calm = [Station(broker, f"calm-{number}", 150) for number in range(3)]
    async with at_work(broker, SITE, "mad") as mad:
        facts = [mad.envelope(SignedIn("1001", AT)) for _ in range(2_000)]
        with held.busy():
            await asyncio.gather(*(mad.say("fact", encode(fact)) for fact in facts))
            async with asyncio.timeout(PATIENCE_S), delivering(*calm):
                # One batch was taken before the database was found busy.
                while held.central.inbox.let_go < len(facts) - BOUNDS.messages_of_one - MOST_AT_ONCE:
                    await mad.say("progress", b"{}")
                assert held.waiting <= BOUNDS.messages_of_one + 3 * 100
        async with asyncio.timeout(PATIENCE_S), delivering(*calm):
            for each in calm:
                await each.all_receipted.wait()
        # It has no receipts for most, so it sends them again, and this time keeps to a window.
        unreceipted = [fact for fact in facts if fact.message_id not in {each.message for each in mad.receipted}]
        assert len(unreceipted) >= 1000
        for first in range(0, len(unreceipted), 100):
            part = unreceipted[first : first + 100]
            await asyncio.gather(*(mad.say("fact", encode(fact)) for fact in part))
            await mad.receipts({fact.message_id for fact in part})
    stored = await held.central.store.read(
        "desk.load_received", (encode([fact.message_id for fact in facts]).decode(),)
    )
    assert len(stored) == len(facts)


async def test_an_ask_is_answered_before_the_facts_of_others_that_came_earlier(held: Held, broker: Broker) -> None:
    """All inboxes are read over one connection, so what central said first comes first."""
    came: list[object] = []
    up, answered = asyncio.Event(), asyncio.Event()

    def deliver(delivery: Delivery) -> None:
        body = read_inbox(delivery.payload).body
        came.extend(body.receipts if isinstance(body, Receipts) else [body])
        if isinstance(body, BadgeKnown):
            answered.set()
        delivery.ack()

    reader = Link(
        BrokerConfig(port=broker.port),
        "reader",
        subscriptions=[Subscription(topics.from_stations(SITE, "inbox"))],
        deliver=deliver,
        changed=lambda online: up.set(),
    )
    reading = asyncio.create_task(reader.run())
    async with at_work(broker, SITE, "asks") as bench:
        await up.wait()
        with held.busy():
            for number in range(20):
                each = Bench(broker, SITE, f"busy-{number}")
                each.link = bench.link
                facts = [encode(each.envelope(SignedIn("1001", AT))) for _ in range(90)]
                await asyncio.gather(*(each.say("fact", fact) for fact in facts))
            await bench.say("ask", encode(bench.envelope(WhoIs("1001"))), correlation=b"who")
            async with asyncio.timeout(PATIENCE_S):
                while held.waiting < 20 * 90 + 1 - MOST_AT_ONCE:
                    await bench.say("progress", b"{}")
        async with asyncio.timeout(PATIENCE_S):
            await answered.wait()
    before = next(place for place, body in enumerate(came) if isinstance(body, BadgeKnown))
    assert before <= 2 * MOST_AT_ONCE
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


class SlowLine:
    """A broker that acknowledges when it is told to."""

    def __init__(self) -> None:
        self.under_way: list[asyncio.Future[None]] = []

    def publish(
        self, topic: str, payload: bytes, *, expiry_s: int | None = None, correlation: bytes | None = None
    ) -> Awaitable[None]:
        puback: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.under_way.append(puback)
        return puback


async def test_receipts_that_the_broker_does_not_take_hold_up_the_booking() -> None:
    line = SlowLine()
    replies = Replies(line, SITE, new_message_id)
    outcome = Outcome({f"station-{number}": [Receipt("m")] for number in range(MOST_UNDER_WAY)}, [])
    await replies.room()
    replies.send(outcome, AT)
    room = asyncio.create_task(replies.room())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not room.done()
    assert replies.is_full
    line.under_way[0].set_result(None)
    async with asyncio.timeout(PATIENCE_S):
        await room
