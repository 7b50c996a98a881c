"""Stations draw their next work from one queue, over a real broker: the most urgent first, never the same twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

from central.app import Central
from central.desk.books import Books, Keys
from central.orders.queue import queue
from central.orders.rules import By
from central.orders.urgency import prioritise
from central.store.sqlite import SqliteStore
from contract.keys import JobId, OrderId
from contract.messages import NEXT_WORK, JobFinished, JobOffered, JobSuspended, OpenWork, WorkRefused
from demo.broker import Broker
from link.identity import new_message_id
from tests.central.bench import Bench, at_work
from tests.central.desk.test_inbox import configuration
from tests.central.shop import AT, MUG, add_order, shop

pytestmark = pytest.mark.feature("O13")
SITE = "lyon"
DAY = 86_400_000
STATIONS = 6
TODAY = By("anna", AT)


def orders(books: Books) -> None:
    """Twelve that may be packed, promised one after the other the later their number; and four that may not."""
    made = shop(shelf=12)
    for number in range(12, 0, -1):
        add_order(made, f"P-{number:02}", [(MUG, 1)], promised_at=AT + (number + 7) * DAY)
    add_order(made, "OUT", [(MUG, 1)])
    add_order(made, "HELD", [(MUG, 1)], held='[{"code":"by_hand","text":"?","text_fr":"?"}]')
    add_order(made, "UNPAID", [(MUG, 1)], payment="awaiting", total=100)
    add_order(made, "GONE", [(MUG, 1)], cancelled=True)
    for name in ("orders", "lines", "products", "levels"):
        for row in getattr(made, name):
            getattr(books, name).put(row)
    books.movements.extend(made.movements)


@pytest.fixture
async def store(tmp_path: Path, broker: Broker) -> AsyncIterator[SqliteStore]:
    config = configuration(tmp_path, broker.port)
    # The clock of AT: whatever is promised is in the future.
    async with SqliteStore(Path(config.database), SITE, config.standing, clock=lambda: AT) as opened:
        await opened.transact(Keys(), orders)
        central = Central(config, opened)
        running = [asyncio.create_task(each) for each in (central.link.run(), central.inbox.run(), central.relay.run())]
        try:
            yield opened
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


@pytest.fixture
async def benches(broker: Broker) -> AsyncIterator[list[Bench]]:
    async with AsyncExitStack() as opened:
        yield [await opened.enter_async_context(at_work(broker, SITE, f"pack-{each}")) for each in range(STATIONS)]


async def drawn(bench: Bench) -> JobOffered | WorkRefused:
    answer = await bench.ask(OpenWork(NEXT_WORK, "1002"), new_message_id().encode())
    assert isinstance(answer, JobOffered | WorkRefused)
    return answer


def finished(offer: JobOffered | WorkRefused) -> JobFinished:
    assert isinstance(offer, JobOffered)
    return JobFinished(offer.job.job, offer.job.fence, "1002", AT)


async def test_stations_that_ask_together_get_different_orders_the_most_urgent_first(
    store: SqliteStore, benches: list[Bench]
) -> None:
    first = await asyncio.gather(*(drawn(bench) for bench in benches))
    jobs = [offer.job.job for offer in first if isinstance(offer, JobOffered)]
    assert sorted(jobs) == [f"P-{number:02}" for number in range(1, 7)]
    page = await queue(store, AT, "at_station")
    assert {row.order: row.station for row in page.items} == {
        offer.job.job: bench.name for offer, bench in zip(first, benches, strict=True) if isinstance(offer, JobOffered)
    }


async def test_an_answer_that_was_lost_is_given_again(store: SqliteStore, benches: list[Bench]) -> None:
    first, again = [await drawn(benches[0]) for _ in range(2)]
    assert isinstance(first, JobOffered)
    assert again == first
    await benches[0].tell(finished(first))
    # Finished without a parcel it is still to be packed, and stands where it stood.
    other = await drawn(benches[1])
    assert isinstance(other, JobOffered)
    assert (other.job.job, other.job.fence) == ("P-01", first.job.fence + 1)


async def test_what_was_put_down_waits_at_its_bench(store: SqliteStore, benches: list[Bench]) -> None:
    offer = await drawn(benches[0])
    assert isinstance(offer, JobOffered)
    await benches[0].tell(JobSuspended(offer.job.job, offer.job.fence, "1002", AT))
    for bench in benches[:2]:
        following = await drawn(bench)
        assert isinstance(following, JobOffered)
        assert following.job.job != offer.job.job
    resumed = await benches[2].ask(OpenWork("P-01"))
    assert isinstance(resumed, JobOffered)


async def test_a_person_puts_an_order_before_the_others(store: SqliteStore, benches: list[Bench]) -> None:
    def decide(books: Books) -> None:
        prioritise(books, OrderId("P-09"), "express", "the customer called", TODAY)
        prioritise(books, OrderId("P-11"), "vip", "", TODAY)
        prioritise(books, OrderId("P-12"), "express", "", TODAY)
        prioritise(books, OrderId("P-12"), "normal", "", TODAY)

    await store.transact(Keys(orders=frozenset(map(OrderId, ("P-09", "P-11", "P-12")))), decide)
    offers = [await drawn(bench) for bench in benches[:3]]
    assert [offer.job.job for offer in offers if isinstance(offer, JobOffered)] == ["P-11", "P-09", "P-01"]


async def test_when_nothing_is_left_the_packer_is_told_in_both_languages(
    store: SqliteStore, benches: list[Bench]
) -> None:
    def pack_all(books: Books) -> None:
        for line in list(books.lines):
            books.lines.put(replace(line, packed=line.ordered, reserved=0))

    keys = Keys(orders=frozenset(OrderId(f"P-{number:02}") for number in range(1, 13)))
    await store.transact(keys, pack_all)
    refused = await drawn(benches[0])
    assert isinstance(refused, WorkRefused)
    assert (refused.code, refused.reason) == (NEXT_WORK, "none_waiting")
    assert refused.text.startswith("No order waits")
    assert refused.text_fr.startswith("Aucune commande n'attend")
    stopped = await queue(store, AT, "stopped")
    assert {row.order: row.status for row in stopped.items} == {
        "OUT": "back_ordered",
        "HELD": "held",
        "UNPAID": "awaiting_payment",
    }


async def test_the_queue_is_paged_in_its_order_and_says_what_is_late(store: SqliteStore) -> None:
    seen: list[str] = []
    after = ""
    while True:
        page = await queue(store, AT, "ready", after=after, limit=5)
        seen += [row.order for row in page.items]
        if page.next is None:
            break
        after = page.next
    assert seen == [f"P-{number:02}" for number in range(1, 13)]
    first = (await queue(store, AT)).items[0]
    assert first.due_at is not None
    assert first.promised_at is not None
    assert AT < first.due_at < first.promised_at
    soon = await queue(store, first.due_at - 60_000)
    assert (soon.late, soon.at_risk, soon.items[0].punctuality) == (0, 1, "at_risk")
    late = await queue(store, first.due_at + 1, punctuality="late")
    assert [(row.order, row.punctuality) for row in late.items] == [("P-01", "late")]


async def test_a_job_that_was_offered_is_not_offered_to_another(store: SqliteStore, benches: list[Bench]) -> None:
    """A withdrawn job waits for its station's word."""
    offer = await drawn(benches[0])
    assert isinstance(offer, JobOffered)

    def take(books: Books) -> None:
        books.jobs.put(replace(books.jobs[JobId("P-01")], state="withdrawn"))

    await store.transact(Keys(orders=frozenset({OrderId("P-01")})), take)
    other = await drawn(benches[1])
    assert isinstance(other, JobOffered)
    assert other.job.job == "P-02"
