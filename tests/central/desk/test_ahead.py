"""Orders lent ahead over a real broker and database: asked for, brought when they come, asked back, taken back."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from central.app import Central
from central.desk.books import Books, Keys
from central.desk.replies import Replies
from central.orders.queue import queue
from central.packing.jobs import TELL_FIRST_MS
from central.packing.lending import Lending
from central.stock.rows import LevelRow
from central.stock.rules import reserve
from central.store.sqlite import SqliteStore, now_ms
from contract.envelope import encode
from contract.keys import JobId, OrderId
from contract.messages import (
    NEXT_WORK,
    AheadLent,
    InboxItem,
    JobOffered,
    JobOpened,
    JobReturned,
    JobWithdrawn,
    LendAhead,
    OpenWork,
    SignedIn,
    StationState,
    WorkComing,
    WorkRefused,
)
from contract.values import HeldJob
from demo.broker import Broker
from link.identity import new_message_id
from tests.central.bench import Bench, at_work
from tests.central.desk.test_inbox import configuration
from tests.central.shop import AT, HOUSE, MUG, add_order, shop

pytestmark = pytest.mark.feature("R1")
SITE = "lyon"


class Floor:
    """Central at work and two benches."""

    def __init__(self, central: Central, store: SqliteStore, benches: list[Bench]) -> None:
        self.central = central
        self.store = store
        self.one, self.two = benches

    async def orders(self, *numbers: int) -> None:
        """Somebody orders a mug in each of these."""

        def come(books: Books) -> None:
            made = shop(shelf=20 if 1 in numbers else 0)
            for number in numbers:
                add_order(made, str(number), [(MUG, 1)], placed_at=AT + number)
            if 1 not in numbers:
                made.levels.fill([LevelRow(MUG, "main", 20)])
                for number in numbers:
                    reserve(made, OrderId(str(number)), AT)
            for name in ("orders", "lines", "products", "levels"):
                for row in getattr(made, name):
                    getattr(books, name).put(row)
            books.movements.extend(made.movements)

        await self.store.transact(Keys(), come)

    async def ready(self) -> list[tuple[str, str]]:
        """What the office sees as ready, and at which bench it lies."""
        return [(row.order, row.station) for row in (await queue(self.store, AT, "ready")).items]

    async def state(self, bench: Bench, *, online: bool) -> None:
        """It says how it is, and central has heard it."""
        await bench.say("state", encode(bench.envelope(StationState(online=online, since=AT))), retain=True)
        await ask(bench, LendAhead(0))

    async def lent(self, *numbers: int) -> None:
        """These orders come and lie at the first bench."""
        await self.orders(*numbers)
        await ask(self.one, LendAhead(len(numbers)))
        await offered(self.one, len(numbers))


async def ask(bench: Bench, what: LendAhead | OpenWork) -> InboxItem:
    return await bench.ask(what, new_message_id().encode())


async def offered(bench: Bench, count: int) -> list[JobOffered]:
    """What came without being asked for by its code, as soon as it is so many."""

    def found() -> list[JobOffered] | None:
        offers = [item for item, known in bench.items if isinstance(item, JobOffered) and known is None]
        return offers if len(offers) >= count else None

    return await bench.until(found)


@pytest.fixture
async def floor(tmp_path: Path, broker: Broker) -> AsyncIterator[Floor]:
    config = configuration(tmp_path, broker.port)
    config = replace(config, packing=replace(config.packing, ahead=3))
    async with AsyncExitStack() as opened:
        store = await opened.enter_async_context(SqliteStore(Path(config.database), SITE, config.standing))
        central = Central(config, store)
        benches = [await opened.enter_async_context(at_work(broker, SITE, f"pack-{each}")) for each in (1, 2)]
        found = Floor(central, store, benches)
        parts = (central.link, central.inbox, central.relay, central.lending)
        running = [asyncio.create_task(part.run()) for part in parts]
        while not central.link.online:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        await found.state(found.one, online=True)
        await found.one.tell(SignedIn("1001", AT))
        try:
            yield found
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


@pytest.mark.feature("O13")
async def test_the_head_of_the_queue_is_lent_with_all_that_a_bench_needs(floor: Floor) -> None:
    await floor.orders(1, 2, 3, 4, 5)
    assert await ask(floor.one, LendAhead(10)) == AheadLent(3)
    lent = await offered(floor.one, 3)
    assert [offer.job.orders for offer in lent] == [("1",), ("2",), ("3",)]
    assert lent[0].job.lines[0].codes
    assert lent[0].ahead is not None
    assert lent[0].ahead.lasts_s == 4 * 3600
    assert await floor.ready() == [("1", "pack-1"), ("2", "pack-1"), ("3", "pack-1"), ("4", ""), ("5", "")]


async def test_orders_that_come_later_go_to_the_bench_that_wanted_more(floor: Floor) -> None:
    await floor.orders(1)
    assert await ask(floor.one, LendAhead(3)) == AheadLent(1)
    await floor.orders(2, 3, 4)
    lent = await offered(floor.one, 3)
    assert [offer.job.job for offer in lent] == ["1", "2", "3"]


async def test_a_bench_that_has_its_share_does_not_keep_another_from_its_own(floor: Floor) -> None:
    await floor.orders(1, 2)
    assert await ask(floor.one, LendAhead(3)) == AheadLent(2)
    await floor.state(floor.two, online=True)
    await floor.two.tell(SignedIn("1002", AT))
    assert await ask(floor.two, LendAhead(3)) == AheadLent(0)
    await floor.orders(3)
    assert [offer.job.job for offer in await offered(floor.two, 1)] == ["3"]


async def test_what_a_bench_does_not_have_of_what_it_was_lent_is_offered_again(floor: Floor) -> None:
    await floor.lent(1, 2)
    await ask(floor.one, LendAhead(2, (HeldJob(JobId("2"), 1),)))
    assert [offer.job.job for offer in (await offered(floor.one, 3))[2:]] == ["1"]


@pytest.mark.feature("R3")
async def test_another_bench_gets_it_when_the_first_has_given_it_back(floor: Floor) -> None:
    await floor.lent(1)
    assert isinstance(await ask(floor.two, OpenWork("1", "1002")), WorkComing)
    assert (await floor.one.item(JobWithdrawn)).reason == "wanted"
    await floor.one.tell(JobReturned(JobId("1"), 1, "", AT, "wanted"))
    offer = await ask(floor.two, OpenWork("1", "1002"))
    assert isinstance(offer, JobOffered)
    assert (offer.job.fence, offer.ahead) == (2, None)


@pytest.mark.feature("R3", "O13")
async def test_who_finds_the_queue_empty_gets_what_another_bench_has_not_opened(floor: Floor) -> None:
    await floor.lent(1, 2)
    await floor.one.tell(JobOpened(JobId("1"), 1, "1001", AT))
    coming = await ask(floor.two, OpenWork(NEXT_WORK, "1002"))
    assert isinstance(coming, WorkComing)
    assert (await floor.one.item(JobWithdrawn)).job == "2"
    await floor.one.tell(JobReturned(JobId("2"), 1, "", AT, "wanted"))
    offer = await ask(floor.two, OpenWork(NEXT_WORK, "1002"))
    assert isinstance(offer, JobOffered)
    assert offer.job.job == "2"


@pytest.mark.feature("R3")
async def test_of_a_bench_that_is_away_it_is_free_when_its_time_is_over(floor: Floor) -> None:
    await floor.lent(1)
    await floor.state(floor.one, online=False)
    refusal = await ask(floor.two, OpenWork("1", "1002"))
    assert isinstance(refusal, WorkRefused)
    assert "pack-1, which has no network" in refusal.text
    later = Lending(floor.store, HOUSE, replies_to_nobody(floor), lambda: now_ms() + 5 * 3_600_000)
    await later.take_back_expired()
    offer = await ask(floor.two, OpenWork("1", "1002"))
    assert isinstance(offer, JobOffered)
    assert offer.job.fence > 1
    receipts = await floor.one.tell(JobOpened(JobId("1"), 1, "1001", AT))
    assert "pack-2" in receipts[0].problem


@pytest.mark.feature("R3")
async def test_a_clock_that_jumps_frees_nothing_that_a_bench_without_network_may_still_open(floor: Floor) -> None:
    """For as long as a lease lasts; a bench that can be reached is asked as ever."""
    await floor.lent(1)
    await floor.state(floor.one, online=False)
    start, jump_s, passed_s = now_ms(), 0, 0
    lending = Lending(
        floor.store,
        HOUSE,
        replies_to_nobody(floor),
        lambda: start + (jump_s + passed_s) * 1_000,
        since_boot_s=lambda: 9_000.0 + passed_s,
    )
    jump_s = 7 * 24 * 3_600
    for later in (15, HOUSE.ahead_s):
        passed_s = later
        await lending.take_back_expired()
        assert isinstance(await ask(floor.two, OpenWork("1", "1002")), WorkRefused)
    passed_s = 2 * HOUSE.ahead_s
    await lending.take_back_expired()
    assert isinstance(await ask(floor.two, OpenWork("1", "1002")), JobOffered)


@pytest.mark.feature("F9")
async def test_after_a_restoration_lending_begins_by_itself_when_the_benches_have_told(floor: Floor) -> None:
    await ask(floor.one, LendAhead(2))
    floor.store.grew = lambda: None
    await floor.orders(1, 2)
    told_at = now_ms()
    floor.store.standing = replace(floor.store.standing, restored_at=1, opened_at=told_at - TELL_FIRST_MS)
    times = itertools.chain([told_at - 50], itertools.repeat(told_at))
    running = asyncio.create_task(Lending(floor.store, HOUSE, replies_to_nobody(floor), lambda: next(times)).run())
    assert {offer.job.job for offer in await offered(floor.one, 2)} == {"1", "2"}
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


def replies_to_nobody(floor: Floor) -> Replies:
    return Replies(floor.central.link, SITE, new_message_id)
