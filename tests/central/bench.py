"""A bench of the test's own on the true wire: says what a station says, keeps what central sends it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, TypeVar

from contract import topics
from contract.envelope import Envelope, encode, read_inbox
from contract.keys import StationId
from contract.messages import Ask, Fact, InboxItem, Progress, Receipts, StationState
from contract.values import Receipt
from demo.broker import Broker
from link.client import BrokerConfig, Delivery, Link, Subscription
from link.identity import new_message_id
from tests.central.shop import AT

T = TypeVar("T")
PATIENCE_S = 60


class Bench:
    """One played station at a broker."""

    def __init__(self, broker: Broker, site: str, name: str) -> None:
        self._site = site
        self.name = StationId(name)
        self.items: list[tuple[InboxItem, bytes | None]] = []
        self.news: dict[str, Any] = {}
        self._sequence = count(1)
        self._change = asyncio.Event()
        self.link = Link(
            BrokerConfig(port=broker.port),
            f"test-{name}",
            subscriptions=[Subscription(topics.inbox(site, self.name)), Subscription(f"packline/1/{site}/news/#")],
            deliver=self._deliver,
            changed=lambda online: self._change.set(),
        )

    def _deliver(self, delivery: Delivery) -> None:
        if "/news/" in delivery.topic:
            self.news[delivery.topic.split("/news/")[1]] = json.loads(delivery.payload)
        else:
            self.items.append((read_inbox(delivery.payload).body, delivery.correlation))
        delivery.ack()
        self._change.set()

    async def until(self, met: Callable[[], T | None]) -> T:
        """What `met` gives as soon as it gives something."""
        async with asyncio.timeout(PATIENCE_S):
            while not (found := met()):
                self._change.clear()
                await self._change.wait()
            return found

    def envelope(self, body: Fact | Ask | StationState | Progress) -> Envelope[Any]:
        return Envelope(new_message_id(), self.name, next(self._sequence), AT, body)

    async def say(
        self,
        channel: str,
        payload: bytes,
        *,
        correlation: bytes | None = None,
        retain: bool = False,
        expiry_s: int | None = None,
    ) -> None:
        topic = f"packline/1/{self._site}/station/{self.name}/{channel}"
        await self.link.publish(topic, payload, correlation=correlation, retain=retain, expiry_s=expiry_s)

    async def tell(self, *facts: Fact) -> list[Receipt]:
        """Send the facts, wait for their receipts."""
        envelopes = [self.envelope(fact) for fact in facts]
        for envelope in envelopes:
            await self.say("fact", encode(envelope))
        return await self.receipts({envelope.message_id for envelope in envelopes})

    async def receipts(self, wanted: set[str]) -> list[Receipt]:
        def all_there() -> list[Receipt] | None:
            found = {receipt.message: receipt for receipt in self.receipted if receipt.message in wanted}
            return list(found.values()) if found.keys() == wanted else None

        return await self.until(all_there)

    @property
    def receipted(self) -> list[Receipt]:
        return [each for item, _ in self.items if isinstance(item, Receipts) for each in item.receipts]

    async def ask(self, ask: Ask, correlation: bytes = b"ask-1") -> InboxItem:
        """Ask, and wait for the answer with the same correlation."""
        await self.say("ask", encode(self.envelope(ask)), correlation=correlation)
        return await self.answer(correlation)

    async def answer(self, correlation: bytes) -> InboxItem:
        return await self.until(lambda: next((item for item, known in self.items if known == correlation), None))

    async def item(self, kind: type[T]) -> T:
        """The first inbox item of this kind."""
        return await self.until(lambda: next((item for item, _ in self.items if isinstance(item, kind)), None))


@asynccontextmanager
async def at_work(broker: Broker, site: str, name: str) -> AsyncIterator[Bench]:
    """A bench whose link is up."""
    bench = Bench(broker, site, name)
    running = asyncio.create_task(bench.link.run())
    try:
        await bench.until(lambda: bench.link.online or None)
        yield bench
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
