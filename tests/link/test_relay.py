"""The relay's patience: a lost receipt is noticed whatever goes on around it, and a new connection begins anew."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from typing import cast

import pytest

from link.relay import Outgoing, Relay
from link.window import FIRST, LEAST


class Rows:
    """An outbox in memory, and a link that takes everything and tells nobody."""

    online = True

    def __init__(self) -> None:
        self.rows: list[int] = []
        self.sent: list[int] = []
        self.before_answer: Callable[[], None] = lambda: None
        self._news = asyncio.Event()

    async def unsent(self, after: int, limit: int) -> Sequence[Outgoing]:
        found = [Outgoing(number, "topic", b"") for number in self.rows if number > after][:limit]
        await asyncio.sleep(0)
        self.before_answer()
        return found

    async def published(self, rows: Sequence[Outgoing]) -> None: ...

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> asyncio.Future[None]:
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def until_sent(self, numbers: list[int]) -> None:
        async with asyncio.timeout(60):
            while self.sent != numbers:
                self._news.clear()
                await self._news.wait()

    def note(self, rows: Sequence[Outgoing]) -> None:
        self.sent += [row.sequence for row in rows]
        self._news.set()


class NotedRelay(Relay):
    async def _note_results(self, rows: Sequence[Outgoing], results: Sequence[BaseException | None]) -> None:
        cast(Rows, self._outbox).note(rows)


@pytest.fixture
async def rows() -> Rows:
    return Rows()


@asynccontextmanager
async def relaying(rows: Rows, again_s: float) -> AsyncIterator[Relay]:
    made = NotedRelay(rows, rows, most=3, again_s=again_s, longest_s=max(again_s, 0.2))
    task = asyncio.create_task(made.run())
    yield made
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def patient(rows: Rows) -> AsyncIterator[Relay]:
    async with relaying(rows, 60) as made:
        yield made


@pytest.fixture
async def relay(rows: Rows) -> AsyncIterator[Relay]:
    async with relaying(rows, 0.05) as made:
        yield made


async def test_the_window_opens_as_rows_are_settled(rows: Rows, patient: Relay) -> None:
    rows.rows = [1, 2, 3, 4, 5]
    patient.wake()
    await rows.until_sent([1, 2, 3])
    patient.settle([1, 2])
    await rows.until_sent([1, 2, 3, 4, 5])


@pytest.mark.feature("R2")
async def test_a_lost_receipt_is_noticed_while_others_come(rows: Rows, relay: Relay) -> None:
    rows.rows = [1]
    relay.wake()
    await rows.until_sent([1])
    number = 1
    async with asyncio.timeout(60):
        while rows.sent.count(1) < 3:
            number += 1
            rows.rows = [1, number]
            relay.wake()
            await asyncio.sleep(0.01)
            relay.settle([number])


@pytest.mark.feature("R2")
async def test_a_connection_that_comes_while_rows_are_read_begins_anew(rows: Rows, patient: Relay) -> None:
    rows.rows = [1, 2]
    patient.wake()
    await rows.until_sent([1, 2])

    def reconnected() -> None:
        rows.before_answer = lambda: None
        patient.start_over()

    rows.rows = [1, 2, 3]
    rows.before_answer = reconnected
    patient.wake()
    await rows.until_sent([1, 2, 1, 2, 3])


@pytest.mark.feature("R2")
async def test_after_silence_few_rows_go_first(rows: Rows) -> None:
    """A fleet that finds its receiver back does not pour out all that it holds."""
    made = NotedRelay(rows, rows, most=100, again_s=0.05, longest_s=0.05)
    task = asyncio.create_task(made.run())
    rows.rows = list(range(1, 200))
    made.wake()
    await rows.until_sent([*range(1, FIRST + 1), *range(1, LEAST + 1)])
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
