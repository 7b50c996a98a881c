"""Leases that were given after the copy from which the database was restored: only stations know of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from central.desk.asks import answer, keys_of
from central.desk.books import Books, Found, Keys
from central.packing.ahead import asked, lend
from central.packing.jobs import TELL_FIRST_MS, open_work, take_back
from central.policy.standing import NOTHING_DECIDED
from central.stations.rules import heard
from central.store.sqlite import SqliteStore
from contract.envelope import Envelope
from contract.keys import JobId, OrderId
from contract.messages import (
    NEXT_WORK,
    CompareFacts,
    InboxItem,
    JobFinished,
    JobOffered,
    JobOpened,
    JobReturned,
    JobWithdrawn,
    LendAhead,
    OpenWork,
    StationState,
    WorkComing,
)
from contract.values import HeldJob
from tests.central.shop import AT, HOUSE, MUG, TEA, ask, book, kinds, message, parcel, shop

JOB = JobId("P-1")
RESTORED_AT = AT + 3_600_000


def restored(books: Books) -> Books:
    """What is in these books, after they came back from a copy."""
    books.standing = replace(NOTHING_DECIDED, restored_at=RESTORED_AT)
    return books


@pytest.mark.feature("F9", "R3")
def test_what_was_packed_under_a_lost_lease_is_booked_without_a_problem() -> None:
    books = restored(shop(("P-1", [(MUG, 1), (TEA, 1)])))
    closed = parcel(1, "P-1", (1, MUG, 1), (2, TEA, 1), fence=4)
    book(books, message(JobOpened(JOB, 4, "1001", AT)), message(closed), message(JobFinished(JOB, 4, "1001", AT)))
    assert kinds(books) == []
    assert books.letters == []
    assert books.orders[OrderId("P-1")].status == "packed"
    assert (books.jobs[JOB].fence, books.jobs[JOB].state) == (4, "idle")


@pytest.mark.feature("F9", "R3")
def test_a_bench_that_still_packs_under_a_lost_lease_keeps_it() -> None:
    books = restored(shop(("P-1", [(MUG, 1)])))
    book(books, message(JobOpened(JOB, 4, "1001", AT), "pack-2"))
    assert (books.jobs[JOB].station, books.jobs[JOB].state) == ("pack-2", "leased")
    assert not isinstance(ask(books, "pack-1", "P-1"), JobOffered)
    assert books.letters == []


@pytest.mark.feature("F9", "R3")
def test_a_bench_that_packs_says_so_before_anybody_else_gets_the_order() -> None:
    """It lists what it holds whenever it comes online: long before its facts are compared."""
    books = restored(shop(("P-1", [(MUG, 1)])))
    asked(books, HOUSE, "pack-2", LendAhead(0, (HeldJob(JOB, 4, True),)), AT)
    assert (books.jobs[JOB].station, books.jobs[JOB].fence, books.jobs[JOB].state) == ("pack-2", 4, "leased")
    assert books.letters == []
    assert not isinstance(ask(books, "pack-1", "P-1"), JobOffered)


@pytest.mark.feature("F9", "R3")
def test_what_lies_unopened_at_a_bench_is_asked_back_and_nobody_else_gets_it_before_the_answer() -> None:
    """The order may have been edited since the copy, or before the loss: it is lent again as it is now."""
    books = restored(shop(("P-1", [(MUG, 1)])))
    held = LendAhead(4, (HeldJob(JOB, 4),))
    for _ in range(2):
        books.waiting = {"main": [OrderId("P-1")]}
        assert asked(books, HOUSE, "pack-2", held, AT) == []
        assert not isinstance(ask(books, "pack-1", "P-1"), JobOffered)
    asked_back = {letter.item for letter in books.letters if isinstance(letter.item, JobWithdrawn)}
    assert {(item.job, item.fence, item.reason) for item in asked_back} == {(JOB, 4, "expired")}
    book(books, message(JobReturned(JOB, 4, "", AT, "expired"), "pack-2"))
    offered = ask(books, "pack-1", "P-1")
    assert isinstance(offered, JobOffered)
    assert offered.job.fence > RESTORED_AT


@pytest.mark.feature("F9", "R3")
@pytest.mark.parametrize("opened", [True, False])
async def test_wherever_in_the_queue_it_stands_nobody_else_gets_what_lies_at_a_bench(
    tmp_path: Path, *, opened: bool
) -> None:
    """The database finds the order by the bench's word alone: its own rows say that nobody has it."""
    async with SqliteStore(tmp_path / "central.db", "lyon", clock=lambda: AT) as store:

        async def asks(station: str, what: LendAhead | OpenWork) -> InboxItem:
            envelope = Envelope(f"{station}-asks", station, 1, AT, what)
            keys = keys_of(HOUSE, envelope, AT)
            return (await store.transact(keys, lambda books: answer(books, HOUSE, envelope, AT)))[-1]

        def come(books: Books) -> None:
            made = shop(*((f"P-{number}", [(MUG, 1)]) for number in range(10, 20)))
            for name in ("orders", "lines", "products", "levels"):
                for row in getattr(made, name):
                    getattr(books, name).put(row)
            books.movements.extend(made.movements)

        await store.transact(Keys(), come)
        store.standing = replace(store.standing, restored_at=RESTORED_AT)
        await asks("pack-2", LendAhead(0, (HeldJob(JobId("P-19"), 4, opened),)))
        assert not isinstance(await asks("pack-1", OpenWork("P-19", "1001")), JobOffered)


@pytest.mark.feature("F9", "R3")
def test_what_is_opened_in_the_moment_in_which_it_is_asked_back_stays_there() -> None:
    books = restored(shop(("P-1", [(MUG, 1)])))
    asked(books, HOUSE, "pack-2", LendAhead(0, (HeldJob(JOB, 4),)), AT)
    book(books, message(JobOpened(JOB, 4, "1001", AT), "pack-2"))
    row = books.jobs[JOB]
    assert (row.station, row.fence, row.state, row.is_unopened) == ("pack-2", 4, "leased", False)
    book(books, message(parcel(1, "P-1", (1, MUG, 1), fence=4), "pack-2"))
    assert kinds(books) == []


@pytest.mark.feature("F9", "R3")
@pytest.mark.parametrize(
    ("since_restoring", "since_start", "lends"),
    [(0, 0, False), (3_600_000, TELL_FIRST_MS - 1, False), (0, TELL_FIRST_MS, True), (86_400_000, 0, True)],
)
def test_benches_tell_first_what_they_have(since_restoring: int, since_start: int, lends: bool) -> None:
    """What looks free after a restoration may lie at a bench; whoever wants the next order waits a moment."""
    books = restored(shop(("P-1", [(MUG, 1)])))
    now = RESTORED_AT + since_restoring
    books.standing = replace(books.standing, opened_at=now - since_start)
    books.waiting = {"main": [OrderId("P-1")]}
    books.at_work = frozenset({"pack-1"})
    books.found = [Found(NEXT_WORK, "order", OrderId("P-1"))]
    assert bool(lend(books, HOUSE, "pack-1", 4, now)) is lends
    assert books.stations["pack-1"].wants == 4
    take_back(books, OrderId("P-1"), "anna", now)
    answer = open_work(books, HOUSE, "pack-1", OpenWork(NEXT_WORK, "1001"), now)
    assert isinstance(answer, JobOffered if lends else WorkComing)


@pytest.mark.feature("R3")
def test_no_fence_that_may_be_out_is_given_again() -> None:
    """A bench that was away holds the lost lease; another one gets the job meanwhile, and the first is told."""
    books = restored(shop(("P-1", [(MUG, 1)])))
    offered = ask(books, "pack-1", "P-1")
    assert isinstance(offered, JobOffered)
    assert offered.job.fence > RESTORED_AT
    book(books, message(parcel(1, "P-1", (1, MUG, 1), fence=1), "pack-2"))
    assert "stale_lease" in kinds(books)
    assert [letter.station for letter in books.letters if isinstance(letter.item, JobWithdrawn)] == ["pack-2"]
    take_back(books, OrderId("P-1"), "anna", AT)
    assert books.jobs[JOB].fence > offered.job.fence


def test_without_a_restoration_an_unknown_fence_stays_stale() -> None:
    books = shop(("P-1", [(MUG, 1)]))
    assert isinstance(ask(books, "pack-1", "P-1"), JobOffered)
    book(books, message(parcel(1, "P-1", (1, MUG, 1), fence=4), "pack-2"))
    assert "stale_lease" in kinds(books)


@pytest.mark.feature("F9")
def test_parcels_of_orders_that_came_after_the_copy_are_kept_and_told() -> None:
    books = restored(shop(("P-1", [(MUG, 1)])))
    book(books, message(parcel(1, "P-99", (1, MUG, 1), fence=1)))
    assert "unknown_order" in kinds(books)
    assert len(books.parcels) == 1


@pytest.mark.feature("F9")
def test_a_station_is_asked_until_it_has_compared_and_an_old_one_is_left_alone() -> None:
    books = restored(shop())
    for known, times in ((None, 0), (0, 1), (-1, 2), (RESTORED_AT, 2)):
        heard(books, HOUSE, "pack-1", StationState(True, restored_at=known), AT)
        told = [letter.item for letter in books.letters if isinstance(letter.item, CompareFacts)]
        assert told == [CompareFacts(RESTORED_AT)] * times
