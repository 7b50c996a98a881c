"""Listens on the broker to what the station tells and what central answers, as any program may."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

from contract import topics
from contract.envelope import Unreadable, read_fact, read_inbox
from contract.keys import Sscc
from contract.messages import Configure, ParcelClosed, Receipts
from demo.broker import Broker
from link.client import BrokerConfig, Delivery, Link, Subscription


class Observer:
    """Every closed parcel on the wire, and how long its receipt took."""

    def __init__(self, broker: Broker, site: str) -> None:
        self.receipt_ms: dict[str, float] = {}
        """From the journal's commit of a closed parcel to the first receipt for it, by message id."""
        self.told: dict[str, ParcelClosed] = {}
        """Closed parcels by message id."""
        self._configured: set[str] = set()
        self._recorded_ms: dict[str, int] = {}
        self._online = asyncio.Event()
        self._heard = asyncio.Event()
        self._link = Link(
            BrokerConfig(host=broker.host, port=broker.port),
            "demo-observer",
            subscriptions=[Subscription(topics.from_stations(site, channel)) for channel in ("fact", "inbox")],
            deliver=self._hear,
            changed=self._link_changed,
        )

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Listen while the block runs; returns when the broker has taken the subscriptions."""
        running = asyncio.create_task(self._link.run(), name="observer")
        try:
            async with asyncio.timeout(60):
                await self._online.wait()
            yield
        finally:
            running.cancel()

    def _link_changed(self, online: bool) -> None:
        if online:
            self._online.set()

    async def receipts_for(self, parcels: Collection[Sscc], timeout_s: float) -> None:
        """Wait until each of these parcels was told and has its receipt. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout_s):
            while not set(parcels) <= {self.told[message].sscc for message in self.receipt_ms}:
                await self._heard.wait()

    async def all_configured(self, stations: Collection[str], timeout_s: float) -> None:
        """Wait until central has sent each of these stations its people and boxes. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout_s):
            while not set(stations) <= self._configured:
                await self._heard.wait()

    def _hear(self, delivery: Delivery) -> None:
        now_ms = time.time() * 1000
        delivery.ack()
        self._note(delivery, now_ms)
        self._heard.set()
        self._heard = asyncio.Event()

    def _note(self, delivery: Delivery, now_ms: float) -> None:
        if delivery.topic.endswith("/fact"):
            try:
                envelope = read_fact(delivery.payload)
            except Unreadable:
                # Central sets it aside, and so nobody is told of it.
                return
            if isinstance(envelope.body, ParcelClosed):
                self.told[envelope.message_id] = envelope.body
                self._recorded_ms[envelope.message_id] = envelope.recorded_at
            return
        try:
            item = read_inbox(delivery.payload).body
        except Unreadable:
            return
        if isinstance(item, Configure):
            station = topics.parse_station_topic(delivery.topic)
            self._configured.update([station.station] if station else [])
        elif isinstance(item, Receipts):
            for receipt in item.receipts:
                if receipt.message in self.told and receipt.message not in self.receipt_ms:
                    self.receipt_ms[receipt.message] = max(0.0, now_ms - self._recorded_ms[receipt.message])
