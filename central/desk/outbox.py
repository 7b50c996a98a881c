"""The outbox as the relay sees it: rows that wait for the broker, each in its envelope."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

import msgspec

from central.store.store import Store
from contract.envelope import Envelope, encode
from link.relay import Outgoing

SENDER = "central"
"""Whom news is from."""


class CentralOutbox:
    """`link.relay.Outbox` over the store. What the broker has acknowledged is forgotten."""

    def __init__(self, store: Store, settled: Callable[[Sequence[int]], None]) -> None:
        """`settled` hears which rows are forgotten."""
        self._store = store
        self._settled = settled

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
        self._store.forget(sequences)
        self._settled(sequences)


def _enveloped(sequence: int, topic: str, body: str, at: int) -> bytes:
    station = topic.rsplit("/", 2)[-2] if topic.endswith("/inbox") else SENDER
    return encode(Envelope(message_id(at, sequence), station, sequence, at, msgspec.Raw(body.encode())))


def message_id(at: int, sequence: int) -> str:
    """The same UUIDv7 each time a row is sent: its moment, and its number in the place of chance."""
    low = 0b10 << 62 | sequence & (1 << 62) - 1
    return str(uuid.UUID(int=(at & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | low))
