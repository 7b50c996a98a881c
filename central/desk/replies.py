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
        asyncio.ensure_future(puback).add_done_callback(_forget)


def _forget(puback: asyncio.Future[None]) -> None:
    if not puback.cancelled():
        puback.exception()
