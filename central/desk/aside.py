"""Messages that could not be booked, as the office reads them."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from central.store.store import Store


class SetAside(Struct, frozen=True):
    """Messages of one topic that were refused for one reason."""

    topic: str
    reason: str
    messages: int
    most_bytes: int
    last: int


async def set_aside(store: Store, since: int) -> tuple[SetAside, ...]:
    """The newest twenty kinds since a moment."""
    return tuple(msgspec.convert(row, SetAside) for row in await store.read("desk.set_aside", (since,)))
