"""What the broker acknowledged and had not written to its file when it was killed comes again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from central.desk.books import Books, Keys
from central.desk.outbox import SAVED_S, CentralOutbox
from central.stock.ledger import Cause
from central.stock.rules import receive
from central.store.sqlite import SqliteStore
from contract import topics
from contract.keys import StationId
from contract.messages import MessageToPacker
from demo.broker import Broker
from link.client import BrokerConfig, Delivery, Link, Subscription
from link.relay import Relay
from tests.central.shop import AT, MUG, shop

SITE = "lyon"
CAUSE = Cause("received", "test", AT)
STOCK, INBOX = topics.news_stock(SITE, MUG), topics.inbox(SITE, StationId("pack-1"))
PATIENCE_S = 60


class Sending:
    """A store whose outbox goes to a broker, as central puts them together; time stands still."""

    def __init__(self, store: SqliteStore, broker: Broker) -> None:
        self.now = 0.0
        self.store = store
        self.settled = 0
        self.done: set[int] = set()
        """Rows that the broker has."""
        self.outbox = CentralOutbox(store, self._settle, lambda: self.now)
        config = BrokerConfig(broker.host, broker.port)
        self.link = Link(config, "central", subscriptions=(), deliver=lambda _: None, changed=self._changed)
        self.relay = Relay(self.outbox, self.link)

    async def tell(self) -> None:
        """One piece more on the shelf, and a word to a packer."""

        def decide(books: Books) -> None:
            receive(books, MUG, 1, CAUSE)
            books.send("pack-1", MessageToPacker("Hello"))

        await self.store.transact(Keys(skus=frozenset({MUG})), decide)
        self.relay.wake()

    async def kept(self) -> int:
        """Rows that are not forgotten."""
        await self.store.transact(Keys(), lambda books: None)
        return len(await self.store.read("desk.unsent", (0, 100)))

    async def until_settled(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.settled < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    def _settle(self, rows: object) -> None:
        assert isinstance(rows, list)
        self.settled += len(rows)
        self.done.update(rows)
        self.relay.settle(rows)

    def _changed(self, online: bool) -> None:
        if online:
            self.outbox.start_over()
            self.relay.start_over()


@asynccontextmanager
async def sending(folder: Path, broker: Broker) -> AsyncIterator[Sending]:
    async with SqliteStore(folder / "central.db", SITE) as store, asyncio.TaskGroup() as group:

        def stock_up(books: Books) -> None:
            for row in shop().products:
                books.products.put(row)

        await store.transact(Keys(), stock_up)
        central = Sending(store, broker)
        tasks = [group.create_task(each) for each in (central.link.run(), central.relay.run())]
        yield central
        for task in tasks:
            task.cancel()


@asynccontextmanager
async def listening(broker: Broker) -> AsyncIterator[asyncio.Queue[str]]:
    """A bench that subscribes to its letters and to news; the topics that it was brought, once it is there."""
    brought, there = asyncio.Queue[str](), asyncio.Event()

    def deliver(delivery: Delivery) -> None:
        delivery.ack()
        brought.put_nowait(delivery.topic)

    link = Link(
        BrokerConfig(broker.host, broker.port),
        "pack-1",
        subscriptions=[Subscription(STOCK), Subscription(INBOX)],
        deliver=deliver,
        changed=lambda online: there.set() if online else None,
    )
    running = asyncio.create_task(link.run())
    await asyncio.wait_for(there.wait(), PATIENCE_S)
    yield brought
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


@pytest.mark.feature("R2", "P18")
async def test_a_broker_that_was_killed_before_it_wrote_its_file_gets_it_again(tmp_path: Path) -> None:
    """News that others rely on, and a letter to a bench that is away."""
    config = tmp_path / "broker" / "mosquitto.conf"
    broker = Broker(tmp_path / "broker")
    # Its file is never written in time: what a kill loses of the last second, it loses of all that came.
    config.write_text(config.read_text().replace("autosave_interval 1\n", "autosave_interval 3600\n"))
    with broker:
        async with listening(broker):
            pass
        # Ended well it writes its file: it knows the bench, which is away.
        broker.stop()
        broker.start()
        async with sending(tmp_path, broker) as central:
            await central.tell()
            await central.until_settled(2)
            await central.kept()
            broker.kill()
            broker.start()
            async with listening(broker) as brought:
                missing = {STOCK, INBOX}
                while missing:
                    missing.discard(await asyncio.wait_for(brought.get(), PATIENCE_S))


async def test_what_the_brokers_file_has_is_forgotten(tmp_path: Path, broker: Broker) -> None:
    async with sending(tmp_path, broker) as central:
        await central.tell()
        await central.until_settled(2)
        central.now = SAVED_S - 0.1
        central.outbox.forget_saved()
        assert await central.kept() == 2
        central.now = SAVED_S
        central.outbox.forget_saved()
        assert await central.kept() == 0


async def test_a_row_of_the_connection_before_is_forgotten_only_when_it_was_taken_again(
    tmp_path: Path, broker: Broker
) -> None:
    async with sending(tmp_path, broker) as central:
        await central.tell()
        await central.until_settled(2)
        broker.kill()
        central.now = SAVED_S
        broker.start()
        await central.until_settled(4)
        assert await central.kept() == 2
