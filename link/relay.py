"""Brings what an outbox holds to the broker, in order, and again until the outbox says that it is settled."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Iterable, Sequence
from typing import Protocol

from msgspec import Struct

from link.backoff import Backoff
from link.client import LinkDown, PublishRefused
from link.window import Window

log = logging.getLogger(__name__)

_AT_ONCE = 10
"""Rows before the event loop has a turn: a burst of 60 held up a receipt for 18 ms (measured)."""


class Outgoing(Struct, frozen=True):
    """One row of an outbox, ready for the wire."""

    sequence: int
    topic: str
    payload: bytes
    retain: bool = False


class Outbox(Protocol):
    """Rows that wait, durable, in the order of their sequence."""

    async def unsent(self, after: int, limit: int) -> Sequence[Outgoing]:
        """At most `limit` rows with a sequence above `after`, lowest first."""
        ...

    async def published(self, rows: Sequence[Outgoing]) -> None:
        """The broker has these. Called once per row and connection."""
        ...


class Line(Protocol):
    """The link, as far as a relay needs it."""

    @property
    def online(self) -> bool: ...
    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> Awaitable[None]: ...


class Relay:
    """At most `most` rows are under way: sent, and not settled yet. Fewer while they are settled late (`Window`).

    What settles a row is its owner's matter (a station waits for central's receipt, central for the PUBACK) and
    is told by `settle`. Rows that are not settled about `again_s` seconds after they were sent, or when a connection
    ended, are sent again; while nothing is settled at all, each wait is twice the last, up to `longest_s`. The waits
    are spread by chance, so that a fleet does not send again at one instant.
    """

    def __init__(
        self, outbox: Outbox, link: Line, *, most: int = 100, again_s: float = 8.0, longest_s: float = 300.0
    ) -> None:
        self._outbox = outbox
        self._link = link
        self._window = Window(most)
        self._patience = Backoff(again_s, longest_s, random.random)
        self._patience_s = self._patience.next_s()
        self._under_way: dict[int, float] = {}
        """When each row was sent, by the loop's clock; the oldest first."""
        self._last_sent = 0
        self._round = 0
        self._wake = asyncio.Event()
        self._refused: set[int] = set()

    @property
    def under_way(self) -> int:
        """Rows that are sent and not settled."""
        return len(self._under_way)

    def wake(self) -> None:
        """There may be something to send: a new row, or the link is up."""
        self._wake.set()

    def settle(self, sequences: Iterable[int]) -> None:
        """These rows are done with; their places in the window are free."""
        now = asyncio.get_running_loop().time()
        gone = [sent for sequence in sequences if (sent := self._under_way.pop(sequence, None)) is not None]
        for sent in gone:
            self._window.settled(sent, now)
        if gone:
            self._patience.reset()
            self._patience_s = self._patience.next_s()
        self._wake.set()

    def start_over(self) -> None:
        """The connection is another one: whatever was under way may be lost."""
        self._under_way.clear()
        self._last_sent = 0
        self._round += 1
        self._wake.set()

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            try:
                async with asyncio.timeout_at(self._patience_ends()):
                    await self._wake.wait()
            except TimeoutError:
                log.info("%d messages were sent and are not settled: sending them again", len(self._under_way))
                self._window.in_vain(asyncio.get_running_loop().time())
                self._patience_s = self._patience.next_s()
                self.start_over()
            self._wake.clear()
            await self._send_what_fits()

    def _patience_ends(self) -> float | None:
        """By the oldest row that is under way, however much is settled around it."""
        if not self._under_way:
            return None
        return next(iter(self._under_way.values())) + self._patience_s

    async def _send_what_fits(self) -> None:
        while self._link.online and (room := self._window.size - len(self._under_way)) > 0:
            this_round = self._round
            rows = await self._outbox.unsent(self._last_sent, room)
            if this_round != self._round:
                continue
            if not rows:
                return
            pubacks: list[Awaitable[None]] = []
            try:
                for at in range(0, len(rows), _AT_ONCE):
                    await asyncio.sleep(0)
                    if this_round != self._round:
                        break
                    pubacks += self._publish(rows[at : at + _AT_ONCE])
            except LinkDown:
                return
            results = await asyncio.gather(*pubacks, return_exceptions=True)
            await self._note_results(rows[: len(results)], results)

    def _publish(self, rows: Sequence[Outgoing]) -> list[Awaitable[None]]:
        now = asyncio.get_running_loop().time()
        pubacks = []
        for row in rows:
            pubacks.append(self._link.publish(row.topic, row.payload, retain=row.retain))
            self._under_way[row.sequence] = now
            self._last_sent = row.sequence
        return pubacks

    async def _note_results(self, rows: Sequence[Outgoing], results: Sequence[BaseException | None]) -> None:
        accepted: list[Outgoing] = []
        for row, result in zip(rows, results, strict=True):
            if result is None:
                accepted.append(row)
            elif isinstance(result, PublishRefused):
                if row.sequence not in self._refused:
                    self._refused.add(row.sequence)
                    log.error("%s: %s; the row is kept and tried again", row.topic, result)
            elif not isinstance(result, LinkDown):
                raise result
        if accepted:
            await self._outbox.published(accepted)
