"""The outbox as the relay sees it: rows that wait for the broker, each in its envelope."""

from __future__ import annotations

import time
import uuid
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from central.store.store import Store
from contract.envelope import Envelope, encode
from link.relay import Outgoing

SENDER = "central"
"""Whom news is from."""


SAVED_S: Final = 5.0
"""After a PUBACK, until the broker's file has a message: it is written every second (`autosave_interval 1`)."""
_MOST_AT_ONCE: Final = 2_000
"""Rows forgotten in one transaction: after a burst all the rest would hold it up."""


class CentralOutbox:
    """`link.relay.Outbox` over the store. What the broker has acknowledged is forgotten once its file has it, too: a
    broker that is killed has lost what came since its file was written, and gets it again.
    """

    def __init__(
        self, store: Store, settled: Callable[[Sequence[int]], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`settled` hears which rows the broker has; `clock` in seconds."""
        self._store = store
        self._settled = settled
        self._clock = clock
        self._taken: deque[tuple[float, Sequence[int]]] = deque()
        """When the broker acknowledged which rows, on this connection."""

    async def unsent(self, after: int, limit: int) -> Sequence[Outgoing]:
        """At most `limit` rows with a sequence above `after`, lowest first."""
        return [
            Outgoing(
                row["sequence"],
                row["topic"],
                _enveloped(row["sequence"], row["topic"], row["body"], row["at"]),
                bool(row["retain"]),
            )
            for row in await self._store.read("desk.unsent", (after, limit))
        ]

    async def published(self, rows: Sequence[Outgoing]) -> None:
        """The broker has these."""
        sequences = [row.sequence for row in rows]
        self._taken.append((self._clock(), sequences))
        self._settled(sequences)
        self.forget_saved()

    def start_over(self) -> None:
        """The connection is another one, and the broker perhaps: what is not forgotten is sent again."""
        self._taken.clear()

    def forget_saved(self) -> None:
        """Let go of what is in the broker's file by now."""
        saved, count = self._clock() - SAVED_S, 0
        while self._taken and self._taken[0][0] <= saved and count < _MOST_AT_ONCE:
            _, sequences = self._taken.popleft()
            self._store.forget(sequences)
            count += len(sequences)


def _enveloped(sequence: int, topic: str, body: str, at: int) -> bytes:
    if not body:
        return b""
    station = topic.rsplit("/", 2)[-2] if topic.endswith("/inbox") else SENDER
    return encode(Envelope(message_id(at, sequence), station, sequence, at, msgspec.Raw(body.encode())))


def message_id(at: int, sequence: int) -> str:
    """The same UUIDv7 each time a row is sent: its moment, and its number in the place of chance."""
    low = 0b10 << 62 | sequence & (1 << 62) - 1
    return str(uuid.UUID(int=(at & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | low))
