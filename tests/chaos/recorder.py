"""Keeps what stations and central said lately, to say it once more: twice, late and in another order."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final, NamedTuple

from contract import topics
from demo.broker import Broker
from demo.stand import SITE
from link.client import BrokerConfig, Delivery, Link, LinkDown, Subscription

_KEPT: Final = 300
"""Of each channel."""
CHANNELS: Final = ("fact", "ask", "inbox", "photo", "state", "progress")
"""All that a station sends and all that it is sent. News is for others: none of our processes hears it."""


class Said(NamedTuple):
    """A message as it went over the wire."""

    topic: str
    payload: bytes
    response_topic: str | None
    correlation: bytes | None


class Recorder:
    """A client of the broker with the right to hear and to send everything."""

    def __init__(self, broker: Broker) -> None:
        self._said: dict[str, deque[Said]] = {channel: deque(maxlen=_KEPT) for channel in CHANNELS}
        self._link = Link(
            BrokerConfig(host=broker.host, port=broker.port),
            "chaos-recorder",
            subscriptions=[Subscription(topics.from_stations(SITE, channel)) for channel in CHANNELS],
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

    async def say_again(self, chance: random.Random) -> dict[str, int]:
        """Send all that is kept, shuffled, each once or twice; how many messages of each channel that were.

        An ask comes after its time too, which no broker does.
        """
        again = [said for kept in self._said.values() for said in kept for _ in range(chance.choice((1, 2)))]
        chance.shuffle(again)
        sent = dict.fromkeys(CHANNELS, 0)
        for said in again:
            with suppress(LinkDown):
                await self._link.publish(
                    said.topic, said.payload, response_topic=said.response_topic, correlation=said.correlation
                )
                sent[_channel(said.topic)] += 1
        return sent

    def _hear(self, delivery: Delivery) -> None:
        delivery.ack()
        said = Said(delivery.topic, delivery.payload, delivery.response_topic, delivery.correlation)
        kept = self._said[_channel(said.topic)]
        if said not in kept:
            kept.append(said)


def _channel(topic: str) -> str:
    parts = topics.parse_station_topic(topic)
    assert parts is not None, topic
    return parts.channel
