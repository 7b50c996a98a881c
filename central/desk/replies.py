"""What goes straight back to stations after a commit: receipts and answers.

Neither is kept for later: a station that misses one sends its fact or ask again, and gets the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from itertools import count
from typing import Protocol

from central.desk.batch import Outcome
from contract import topics
from contract.envelope import Envelope, encode
from contract.keys import StationId
from contract.messages import InboxItem, Receipts
from link.client import LinkDown

MOST_UNDER_WAY = 2_000
"""Messages that the broker has not acknowledged. Beyond, nothing more is booked until it has."""
ANSWER_LIVES_S = 60
"""A station asks again long before."""


class Line(Protocol):
    """The link, as far as answering needs it."""

    def publish(
        self, topic: str, payload: bytes, *, expiry_s: int | None = None, correlation: bytes | None = None
    ) -> Awaitable[None]: ...


class Replies:
    """Sends what a batch came to."""

    def __init__(self, line: Line, site: str, new_id: Callable[[], str]) -> None:
        self._line = line
        self._site = site
        self._new_id = new_id
        self._sequence = count(1)
        self._under_way = 0
        self._moved = asyncio.Event()

    @property
    def is_full(self) -> bool:
        """Whether the broker must take some first."""
        return self._under_way >= MOST_UNDER_WAY

    async def room(self) -> None:
        """Return when the broker takes more."""
        while self.is_full:
            self._moved.clear()
            await self._moved.wait()

    def send(self, outcome: Outcome, now: int) -> None:
        """One message of receipts for each station, then the answers."""
        for station, receipts in outcome.receipts.items():
            self._send(station, Receipts(tuple(receipts)), now, None, None)
        for answer in outcome.answers:
            self._send(answer.station, answer.item, now, answer.correlation, ANSWER_LIVES_S)

    def tell(self, station: str, item: InboxItem, now: int) -> None:
        """Say this to a station; lost when it is away."""
        self._send(station, item, now, None, ANSWER_LIVES_S)

    def _send(self, station: str, item: InboxItem, now: int, correlation: bytes | None, expiry_s: int | None) -> None:
        envelope = Envelope(self._new_id(), station, next(self._sequence), now, item)
        topic = topics.inbox(self._site, StationId(station))
        try:
            puback = self._line.publish(topic, encode(envelope), expiry_s=expiry_s, correlation=correlation)
        except LinkDown:
            return
        # Nobody waits for it: a lost receipt is asked for by sending the fact again.
        self._under_way += 1
        asyncio.ensure_future(puback).add_done_callback(self._settled)

    def _settled(self, puback: asyncio.Future[None]) -> None:
        self._under_way -= 1
        self._moved.set()
        if not puback.cancelled():
            puback.exception()
