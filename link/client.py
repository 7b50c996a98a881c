"""An MQTT 5 link over paho that stays up: subscribes again, keeps the broker's session, acknowledges by hand.

Each connection is a paho client of its own that lives once (`link.connection`). So an acknowledgement can only
reach the connection that brought the message, and nothing of paho's in-memory queue outlives a connection:
what must not be lost stays in its outbox until the `Relay` has sent it.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Awaitable, Callable, Sequence

from link.backoff import Backoff
from link.connection import Connection, Delivery, LinkDown, PublishRefused, Subscription, Will
from link.tls import BrokerConfig

__all__ = ["BrokerConfig", "Delivery", "Link", "LinkDown", "PublishRefused", "Subscription", "Will"]

log = logging.getLogger(__name__)

_BRIEF_S = 5.0
_SUSPICIOUS = 3
"""Connections lost within `_BRIEF_S` before we suspect a second device with our name: Mosquitto 2.0.11 closes the
older connection without a word (measured), and the two throw each other out in turn."""


class Link:
    """One client id at one broker. Everything here is called from, and calls back on, the event loop's thread."""

    def __init__(
        self,
        broker: BrokerConfig,
        client_id: str,
        *,
        subscriptions: Sequence[Subscription],
        deliver: Callable[[Delivery], None],
        will: Will | None = None,
        changed: Callable[[bool], None] = lambda online: None,
        most_unacknowledged: int = 100,
    ) -> None:
        """The broker brings no more than `most_unacknowledged` messages before the first of them is acknowledged."""
        self._broker = broker
        self._client_id = client_id
        self._subscriptions = tuple(subscriptions)
        self._deliver = deliver
        self._will = will
        self._changed = changed
        self._most_unacknowledged = most_unacknowledged
        self._connection: Connection | None = None
        self.fault = "not connected yet"
        """Why the link is down, for a technician; empty while it is up."""

    @property
    def online(self) -> bool:
        """Connected, and every subscription granted."""
        return self._connection is not None and self._connection.ready

    @property
    def remembered(self) -> bool:
        """False on a connection whose broker did not know us: it lost its file, or we come for the first time."""
        return self._connection is not None and self._connection.remembered

    async def run(self) -> None:
        """Connect, and connect again whenever the connection ends, until cancelled."""
        backoff = Backoff(first_s=0.2, cap_s=15.0, chance=random.random)
        brief = 0
        while True:
            connection = Connection(
                self._broker,
                self._client_id,
                self._subscriptions,
                self._will,
                self._deliver,
                self._came_up,
                self._most_unacknowledged,
            )
            self._connection = connection
            began = time.monotonic()
            try:
                reason = await connection.live()
            finally:
                was_up = connection.ready
                self._connection = None
                if was_up:
                    self._changed(False)
            brief = brief + 1 if was_up and time.monotonic() - began < _BRIEF_S else 0
            if was_up and brief <= _SUSPICIOUS:
                backoff.reset()
            if brief >= _SUSPICIOUS:
                reason += f"; {brief} times right after connecting: does another device have the same station id?"
            self._complain(reason, brief)
            await asyncio.sleep(backoff.next_s())

    def _complain(self, reason: str, brief: int) -> None:
        """Loud for what is new, quiet for what goes on."""
        if reason != self.fault and brief <= _SUSPICIOUS:
            log.warning("broker %s:%d: %s", self._broker.host, self._broker.port, reason)
        self.fault = reason

    def _came_up(self) -> None:
        log.info("broker %s:%d: connected as %s", self._broker.host, self._broker.port, self._client_id)
        self.fault = ""
        self._changed(True)

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        expiry_s: int | None = None,
        response_topic: str | None = None,
        correlation: bytes | None = None,
    ) -> Awaitable[None]:
        """Send with QoS 1. The awaitable ends at the broker's PUBACK, which is no proof that anybody has it.

        Raises `LinkDown` when there is no connection, or (from the awaitable) when it ends first, and
        `PublishRefused` when the broker's access list forbids the topic.
        """
        if self._connection is None or not self._connection.ready:
            raise LinkDown(self.fault)
        return self._connection.publish(
            topic, payload, 1, retain=retain, expiry_s=expiry_s, response_topic=response_topic, correlation=correlation
        )

    def post(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Send with QoS 0; dropped without a word while the link is down."""
        if self._connection is not None and self._connection.ready:
            self._connection.publish(topic, payload, 0, retain=retain)
