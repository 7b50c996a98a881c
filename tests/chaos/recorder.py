"""Keeps what stations and central said lately, to say it once more: twice, late and in another order."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from contract import topics
from demo.broker import Broker
from demo.stand import SITE
from link.client import BrokerConfig, Delivery, Link, LinkDown, Subscription

_KEPT = 300


class Recorder:
    """A client of the broker with the right to hear and to send everything."""

    def __init__(self, broker: Broker) -> None:
        self._said: deque[tuple[str, bytes]] = deque(maxlen=_KEPT)
        self._link = Link(
            BrokerConfig(host=broker.host, port=broker.port),
            "chaos-recorder",
            subscriptions=[Subscription(topics.from_stations(SITE, channel)) for channel in ("fact", "inbox")],
            deliver=self._hear,
        )

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen while the block runs."""
        running = asyncio.create_task(self._link.run(), name="recorder")
        try:
            yield
        finally:
            running.cancel()

    async def say_again(self, chance: random.Random) -> int:
        """Send all that is kept, shuffled, each once or twice; how many messages that were."""
        again = [said for said in self._said for _ in range(chance.choice((1, 2)))]
        chance.shuffle(again)
        sent = 0
        for topic, payload in again:
            with suppress(LinkDown):
                await self._link.publish(topic, payload)
                sent += 1
        return sent

    def _hear(self, delivery: Delivery) -> None:
        delivery.ack()
        kept = delivery.topic, delivery.payload
        if kept not in self._said:
            self._said.append(kept)
