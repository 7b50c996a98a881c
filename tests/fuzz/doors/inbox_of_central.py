"""What comes to central over MQTT, from stations or from whoever plays one.

An input is a topic, a line end, and the payload. `@new` in it is another name each time, so that a message is booked
again and not only receipted.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, closing
from itertools import count
from pathlib import Path
from typing import Any

from central.app import Central
from central.desk.books import Keys
from central.store.sqlite import SqliteStore
from tests.central.desk.test_inbox import SITE, configuration, stock_up
from tests.fuzz.door import Door, Finding, on_a_loop

_GOLDEN = Path(__file__).parents[2] / "contract" / "golden"


class Came:
    """A delivery without a broker: says when it was acknowledged."""

    retained = False
    response_topic = None
    until = None

    def __init__(self, topic: str, payload: bytes, correlation: bytes | None) -> None:
        self.topic = topic
        self.payload = payload
        self.correlation = correlation
        self.acknowledged = asyncio.Event()

    def ack(self) -> None:
        """Done with."""
        self.acknowledged.set()


@asynccontextmanager
async def _inbox(folder: Path) -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
    numbers = count(1)
    async with SqliteStore(folder / "central.db", SITE) as store:
        await store.transact(Keys(), stock_up)
        central = Central(configuration(folder, 1), store)
        running = [asyncio.create_task(each) for each in (central.inbox.run(), central.photos.run())]

        async def offer(data: bytes) -> str:
            topic, _, payload = data.partition(b"\n")
            before = central.inbox.set_aside
            message = b"fuzz-%d" % next(numbers)
            came = Came(topic.decode("utf-8", "replace"), payload.replace(b"@new", message), message)
            central.delivered(came)  # type: ignore[arg-type]
            acknowledged = asyncio.create_task(came.acknowledged.wait())
            await asyncio.wait([acknowledged, *running], return_when=asyncio.FIRST_COMPLETED)
            for task in running:
                if task.done():
                    raise Finding("a task of central ended") from task.exception()
            return _kept(folder, payload.replace(b"@new", message)) if central.inbox.set_aside > before else ""

        try:
            yield offer
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            if wrong := await store.read("stock.audit_levels", ()):
                raise Finding(f"stock does not agree with its movements: {[dict(row) for row in wrong]}")


def _kept(folder: Path, payload: bytes) -> str:
    """Why the newest row was set aside; its bytes are there."""
    with closing(sqlite3.connect(f"file:{folder / 'central.db'}?mode=ro", uri=True)) as database:
        query = "SELECT reason, payload, size FROM aside ORDER BY aside DESC LIMIT 1"
        reason, kept, size = database.execute(query).fetchone()
    if size != len(payload) or not payload.startswith(kept):
        raise Finding("what was set aside is not what came")
    return str(reason)


def _messages() -> Iterable[bytes]:
    """Each true message of the contract, also on topics where it does not belong."""
    for path in sorted(_GOLDEN.glob("*.json")):
        for channel in ("fact", "ask", "state", "progress", "photo"):
            yield b"packline/1/lyon/station/bench-1/%s\n%s" % (channel.encode(), path.read_bytes())


def _opened(folder: Path) -> Any:
    return on_a_loop(_inbox(folder))


DOORS = (Door("inbox_of_central", _opened, more=_messages, is_json=True),)
