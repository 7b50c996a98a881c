"""Orders lent before anybody asks: by priority, in shares, with a fence and an end; pure."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from central.desk.books import Books, Found
from central.orders.cancelling import cancel
from central.orders.changing import annotate, readdress
from central.orders.merging import merge
from central.orders.model import Note
from central.orders.rules import By
from central.packing.ahead import LONGER_MS, asked, expire, lent_to, renew
from central.packing.jobs import is_current, open_work, opened, returned, take_back
from central.packing.rows import HELD
from central.stations.rows import StationRow
from contract.keys import JobId, OrderId
from contract.messages import (
    NEXT_WORK,
    InboxItem,
    JobOffered,
    JobOpened,
    JobReturned,
    JobWithdrawn,
    LendAhead,
    OpenWork,
    WorkComing,
    WorkRefused,
)
from contract.values import Ahead, HeldJob
from tests.central.shop import ADDRESS, AT, HOUSE, MUG, book, kinds, message, parcel, shop

pytestmark = pytest.mark.feature("R1")
OURS = replace(HOUSE, ahead=4)
ENDS = AT + OURS.ahead_s * 1_000 + LONGER_MS
BY = By("office", AT)


def queued(*numbers: str, at_work: tuple[str, ...] = ("pack-1",)) -> Books:
    """Orders of one mug, the first to be packed first, and stations that are online."""
    books = shop(*((number, [(MUG, 1)]) for number in numbers))
    for place, number in enumerate(numbers):
        books.orders.put(replace(books.orders[OrderId(number)], placed_at=AT + place))
    for station in at_work:
        books.stations.put(StationRow(station, online=True, badge="1001"))
    books.at_work = frozenset(at_work)
    return books


def lend(
    books: Books, station: str = "pack-1", most: int = 4, held: tuple[HeldJob, ...] = (), at: int = AT, **how: bool
) -> list[JobOffered]:
    """As the store finds the queue for this ask."""
    free = [order for order in books.orders if _is_free(books, order.order_id)]
    free.sort(key=lambda order: (-order.priority, order.due_at, order.placed_at))
    books.waiting = {"main": [order.order_id for order in free]}
    return asked(books, OURS, station, LendAhead(most, held, **how), at)


def _is_free(books: Books, order: OrderId) -> bool:
    row = books.jobs.get(JobId(order))
    return books.orders[order].ready_at is not None and (row is None or row.state == "idle")


def numbers(offers: list[JobOffered]) -> list[str]:
    return [offer.job.job for offer in offers]


def scan(books: Books, code: str, station: str = "pack-2", at: int = AT) -> InboxItem:
    books.found = [Found(code, "order", OrderId(code))] if OrderId(code) in books.orders else []
    return open_work(books, OURS, station, OpenWork(code, "1002"), at)


def letters(books: Books) -> list[tuple[str, str, str]]:
    told = [(each.station, each.item) for each in books.letters]
    books.letters.clear()
    return [(station, item.job, item.reason) for station, item in told if isinstance(item, JobWithdrawn)]


def test_the_most_urgent_are_lent_first_up_to_what_the_station_wants() -> None:
    books = queued("1", "2", "3", "4", "5", "6")
    books.orders.put(replace(books.orders[OrderId("6")], priority=2))
    offers = lend(books)
    assert numbers(offers) == ["6", "1", "2", "3"]
    assert [offer.job.fence for offer in offers] == [1, 1, 1, 1]
    assert offers[0].ahead is not None
    assert (offers[0].ahead.lasts_s, offers[0].ahead.priority) == (OURS.ahead_s, 2)
    assert books.jobs[JobId("6")].until == ENDS
    assert lend(books, held=tuple(HeldJob(offer.job.job, 1) for offer in offers)) == []


def test_one_bench_does_not_hoard_what_several_could_pack() -> None:
    books = queued("1", "2", "3", "4", "5", at_work=("pack-1", "pack-2", "pack-3"))
    assert numbers(lend(books)) == ["1", "2"]
    assert books.stations["pack-1"].wants == 4
    assert numbers(lend(books, "pack-2")) == ["3"]
    assert numbers(lend(books, "pack-3")) == ["4"]


def test_with_enough_for_everybody_each_gets_all_that_it_wants() -> None:
    books = queued(*map(str, range(10, 22)), at_work=("pack-1", "pack-2"))
    assert len(lend(books)) == len(lend(books, "pack-2")) == 4
    assert books.stations["pack-1"].wants == 0


def test_an_offer_that_was_lost_is_given_again_with_the_same_fence_and_the_rest_of_its_time() -> None:
    books = queued("1")
    (first,) = lend(books)
    (again,) = lend(books, at=AT + 60_000)
    assert again.job == first.job
    assert again.ahead == replace(first.ahead or Ahead(0), lasts_s=OURS.ahead_s - 60)


def test_a_lease_of_which_the_station_knows_nothing_is_found_again() -> None:
    """Its answer was lost, or its disk: it was asked for, and no fact of it will ever come."""
    books = queued("1")
    scan(books, "1", "pack-1")
    assert lend(books, at=AT + 60_000, settled=True) == []
    assert lend(books, at=AT + 200_000) == []
    (offer,) = lend(books, at=AT + 200_000, settled=True)
    assert (offer.job.job, offer.job.fence) == ("1", 1)
    assert books.jobs[JobId("1")].is_unopened


def test_what_a_station_still_has_of_a_lease_that_is_over_is_taken_from_it() -> None:
    books = queued("1", "2")
    lend(books)
    take_back(books, OrderId("1"), "office", AT)
    letters(books)
    lend(books, most=0, held=(HeldJob(JobId("1"), 1), HeldJob(JobId("2"), 1)))
    assert letters(books) == [("pack-1", "1", "expired")], "one that is opened meanwhile is not stopped by it"


def test_opened_it_has_no_end_and_is_asked_back_by_nobody() -> None:
    books = queued("1")
    lend(books)
    book(books, message(JobOpened(JobId("1"), 1, "1001", AT)))
    expire(books, [JobId("1")], ENDS + 10**9)
    assert (books.jobs[JobId("1")].state, books.jobs[JobId("1")].until) == ("leased", 0)
    refusal = scan(books, "1")
    assert isinstance(refusal, WorkRefused)
    assert refusal.text == "Order 1 is being packed at pack-1. Suspend it there first."
    assert letters(books) == []


@pytest.mark.feature("R3")
def test_a_scan_elsewhere_has_it_given_back_and_then_opens_it() -> None:
    books = queued("1", at_work=("pack-1", "pack-2"))
    lend(books)
    assert isinstance(scan(books, "1"), WorkComing)
    assert isinstance(scan(books, "1"), WorkComing)
    assert letters(books) == [("pack-1", "1", "wanted")]
    book(books, message(JobReturned(JobId("1"), 1, "", AT, "wanted")))
    offer = scan(books, "1")
    assert isinstance(offer, JobOffered)
    assert (offer.job.fence, books.jobs[JobId("1")].station) == (2, "pack-2")


@pytest.mark.feature("R3")
def test_opened_in_the_moment_in_which_another_wants_it_it_stays() -> None:
    books = queued("1", at_work=("pack-1", "pack-2"))
    lend(books)
    scan(books, "1")
    book(books, message(JobOpened(JobId("1"), 1, "1001", AT)))
    refusal = scan(books, "1")
    assert isinstance(refusal, WorkRefused)
    assert refusal.reason == "leased"
    assert books.jobs[JobId("1")].state == "leased"


@pytest.mark.feature("R3")
def test_asked_back_without_the_station_having_heard_it_it_is_lent_on_until_somebody_asks_again() -> None:
    books = queued("1", at_work=("pack-1", "pack-2"))
    lend(books)
    scan(books, "1")
    assert books.jobs[JobId("1")].state == "wanted"
    assert lend(books, held=(HeldJob(JobId("1"), 1, opened=False),)) == []
    row = books.jobs[JobId("1")]
    assert (row.state, row.until, row.is_unopened) == ("leased", ENDS, True)
    letters(books)
    assert isinstance(scan(books, "1"), WorkComing)
    assert letters(books) == [("pack-1", "1", "wanted")]


@pytest.mark.feature("P18")
def test_what_was_withdrawn_is_not_offered_again_to_the_station_that_gave_it_up() -> None:
    books = queued("1")
    lend(books)
    readdress(books, OrderId("1"), replace(ADDRESS, city="Lyon"), BY)
    assert lend(books, at=AT + 1_000) == []
    assert books.jobs[JobId("1")].state == "withdrawn"


@pytest.mark.feature("P18")
@pytest.mark.parametrize("opened", [True, False])
def test_a_station_that_has_not_heard_that_its_order_is_cancelled_is_told_again(opened: bool) -> None:
    """Whatever became of the letter: a broker may lose it."""
    books = queued("1")
    lend(books)
    cancel(books, OrderId("1"), "", BY)
    assert letters(books) == [("pack-1", "1", "cancelled")]
    assert lend(books, held=(HeldJob(JobId("1"), 1, opened=opened),)) == []
    assert letters(books) == [("pack-1", "1", "cancelled")]
    assert books.jobs[JobId("1")].state == "withdrawn"


@pytest.mark.feature("P18")
def test_a_station_that_has_not_heard_of_an_edit_is_told_again() -> None:
    books = queued("1")
    lend(books)
    readdress(books, OrderId("1"), replace(ADDRESS, city="Lyon"), BY)
    letters(books)
    lend(books, held=(HeldJob(JobId("1"), 1, opened=True),))
    assert letters(books) == [("pack-1", "1", "edited")]


@pytest.mark.feature("P18", "S1")
@pytest.mark.parametrize("settled", [True, False])
def test_a_station_that_forgot_the_withdrawn_job_is_asked_for_its_answer(settled: bool) -> None:
    """Its disk went back, and its answer with it; while facts of it wait, the answer may be among them."""
    books = queued("1")
    lend(books)
    book(books, message(JobOpened(JobId("1"), 1, "1001", AT)))
    readdress(books, OrderId("1"), replace(ADDRESS, city="Lyon"), BY)
    letters(books)
    assert lend(books, settled=settled) == []
    assert letters(books) == ([("pack-1", "1", "edited")] if settled else [])
    book(books, message(JobReturned(JobId("1"), 1, "", AT, "edited")))
    assert numbers(lend(books)) == ["1"]


@pytest.mark.feature("R3")
def test_what_is_packed_under_a_lease_that_was_taken_back_is_stopped_before_it_is_lent_anew() -> None:
    books = queued("1")
    lend(books)
    book(books, message(JobOpened(JobId("1"), 1, "1001", AT)))
    take_back(books, OrderId("1"), "office", AT)
    letters(books)
    assert lend(books, held=(HeldJob(JobId("1"), 1, opened=True),)) == []
    assert letters(books) == [("pack-1", "1", "stale")]
    book(books, message(JobReturned(JobId("1"), 1, "1001", AT, "stale")))
    assert numbers(lend(books)) == ["1"]


def test_of_a_bench_without_network_nobody_knows_whether_it_has_opened_it() -> None:
    books = queued("1")
    lend(books)
    books.stations.put(replace(books.stations["pack-1"], online=False))
    refusal = scan(books, "1", at=AT + 60_000)
    assert isinstance(refusal, WorkRefused)
    minutes = OURS.ahead_s // 60 + LONGER_MS // 60_000 - 1
    assert refusal.text.startswith(f"Order 1 is set aside for pack-1, which has no network. In {minutes} min")
    assert letters(books) == []


def test_unopened_it_is_free_when_its_time_is_over() -> None:
    books = queued("1")
    lend(books)
    books.stations.put(replace(books.stations["pack-1"], online=False))
    expire(books, [JobId("1")], ENDS - 1)
    assert books.jobs[JobId("1")].state == "leased"
    expire(books, [JobId("1")], ENDS)
    assert (books.jobs[JobId("1")].state, books.jobs[JobId("1")].fence) == ("idle", 2)


@pytest.mark.feature("R3")
def test_what_a_bench_packed_of_a_lease_that_was_given_to_another_is_booked_and_is_a_problem() -> None:
    books = queued("1")
    lend(books)
    books.stations.put(replace(books.stations["pack-1"], online=False))
    expire(books, [JobId("1")], ENDS)
    offer = scan(books, "1", "pack-2")
    assert isinstance(offer, JobOffered)
    book(books, message(parcel(1, "1", (1, MUG, 1), fence=offer.job.fence), "pack-2"))
    book(books, message(JobOpened(JobId("1"), 1, "1001", AT)), message(parcel(2, "1", (1, MUG, 1), fence=1)))
    assert kinds(books) == ["more_than_ordered", "stale_lease"]
    assert books.parcels[parcel(2, "1", (1, MUG, 1)).sscc].held


def test_a_station_that_is_online_is_asked_before_its_lease_ends() -> None:
    """Central's clock may have jumped: the bench may have opened it just now."""
    books = queued("1")
    lend(books)
    expire(books, [JobId("1")], ENDS)
    assert letters(books) == [("pack-1", "1", "expired")]
    opened(books, "pack-1", JobOpened(JobId("1"), 1, "1001", AT))
    expire(books, [JobId("1")], ENDS + 10**9)
    assert books.jobs[JobId("1")].state == "leased"


def test_a_station_that_never_answers_loses_it_in_the_end() -> None:
    books = queued("1")
    lend(books)
    expire(books, [JobId("1")], ENDS)
    expire(books, [JobId("1")], books.jobs[JobId("1")].until)
    assert books.jobs[JobId("1")].state == "idle"


@pytest.mark.feature("P18")
@pytest.mark.parametrize("edit", ["cancelled", "edited"])
def test_an_edit_withdraws_what_is_lent_and_waits_for_the_answer_or_the_end(edit: str) -> None:
    books = queued("1")
    lend(books)
    if edit == "cancelled":
        cancel(books, OrderId("1"), "", BY)
    else:
        readdress(books, OrderId("1"), replace(ADDRESS, city="Lyon"), BY)
    assert letters(books) == [("pack-1", "1", edit)]
    assert books.jobs[JobId("1")].state == "withdrawn"
    if edit == "edited":
        assert isinstance(scan(books, "1"), WorkComing)
    books.stations.put(replace(books.stations["pack-1"], online=False))
    expire(books, [JobId("1")], ENDS)
    assert books.jobs[JobId("1")].state == "idle"


@pytest.mark.feature("P15")
def test_orders_that_are_lent_can_be_merged() -> None:
    books = queued("1", "2")
    lend(books)
    merge(books, [OrderId("1"), OrderId("2")], BY)
    assert letters(books) == [("pack-1", "1", "edited"), ("pack-1", "2", "edited")]
    for job in ("1", "2"):
        returned(books, "pack-1", JobReturned(JobId(job), 1, "", AT, "edited"))
    (offer,) = lend(books)
    assert offer.job.orders == ("1", "2")
    assert lent_to(books, "pack-1") == 1


def test_a_parcel_that_is_told_before_its_opening_shows_that_the_lease_is_at_work() -> None:
    books = queued("1")
    lend(books)
    book(books, message(parcel(1, "1", (1, MUG, 1))))
    assert (books.jobs[JobId("1")].until, books.jobs[JobId("1")].state) == (0, "leased")
    expire(books, [JobId("1")], ENDS + 10**9)
    assert books.jobs[JobId("1")].state == "leased"
    assert kinds(books) == []


@pytest.mark.parametrize("change", ["note", "tote", "stock"])
def test_what_is_no_longer_as_it_was_lent_comes_back(change: str) -> None:
    books = queued("1", "2")
    lend(books)
    stored = queued("1", "2")
    for row in books.jobs:
        stored.jobs.fill([row])
    order, line = stored.orders[OrderId("1")], stored.lines[OrderId("1"), 1]
    stored.orders.changed.clear()
    stored.lines.changed.clear()
    if change == "note":
        annotate(stored, OrderId("1"), Note("wrap it well", "packer"), BY)
    elif change == "tote":
        stored.orders.put(replace(order, tote="T-1"))
    else:
        stored.lines.put(replace(line, reserved=0))
    renew(stored)
    assert letters(stored) == [("pack-1", "1", "expired")]


def test_who_wants_the_next_work_of_an_empty_queue_gets_what_others_have_not_opened() -> None:
    books = queued("1", "2", at_work=("pack-1",))
    lend(books)
    books.found = [Found(NEXT_WORK, "lent", OrderId("2"))]
    assert isinstance(open_work(books, OURS, "pack-2", OpenWork(NEXT_WORK), AT), WorkComing)
    assert letters(books) == [("pack-1", "2", "wanted")]


class Floor(RuleBasedStateMachine):
    """Benches that are lent orders, lose messages, go away and come back; a model of what each has."""

    STATIONS = ("pack-1", "pack-2")
    ORDERS = tuple(str(number) for number in range(1, 7))

    def __init__(self) -> None:
        super().__init__()
        self.books = queued(*self.ORDERS, at_work=self.STATIONS)
        self.at = AT
        self.has: dict[str, dict[str, HeldJob]] = {station: {} for station in self.STATIONS}
        self.ended: set[tuple[str, str, int]] = set()

    def receive(self, station: str, offers: list[JobOffered]) -> None:
        for offer in offers:
            key = station, offer.job.job, offer.job.fence
            if key not in self.ended and offer.job.job not in self.has[station]:
                self.has[station][offer.job.job] = HeldJob(offer.job.job, offer.job.fence)

    @rule(station=st.sampled_from(STATIONS), most=st.integers(0, 4), lost=st.booleans())
    def asks(self, station: str, most: int, lost: bool) -> None:
        held = tuple(self.has[station].values())
        offers = lend(self.books, station, most, held, self.at, settled=True)
        if not lost:
            self.receive(station, offers)

    @rule(station=st.sampled_from(STATIONS), order=st.sampled_from(ORDERS))
    def opens(self, station: str, order: str) -> None:
        lease = self.has[station].get(order)
        if lease is not None and not lease.opened:
            self.has[station][order] = replace(lease, opened=True)
            book(self.books, message(JobOpened(lease.job, lease.fence, "1001", self.at), station))

    @rule(station=st.sampled_from(STATIONS), order=st.sampled_from(ORDERS))
    def scans(self, station: str, order: str) -> None:
        if order not in self.has[station]:
            answer = scan(self.books, order, station, self.at)
            if isinstance(answer, JobOffered):
                self.receive(station, [answer])

    @rule(lost=st.booleans())
    def letters_come(self, lost: bool) -> None:
        told = [(each.station, each.item) for each in self.books.letters]
        self.books.letters.clear()
        for station, item in told:
            if lost or not isinstance(item, JobWithdrawn):
                continue
            lease = self.has[station].get(item.job)
            if lease is None or lease.fence != item.fence or (lease.opened and item.reason in ("wanted", "expired")):
                continue
            del self.has[station][item.job]
            self.ended.add((station, item.job, item.fence))
            book(self.books, message(JobReturned(item.job, item.fence, "", self.at, item.reason), station))

    @rule(order=st.sampled_from(ORDERS))
    def expires(self, order: str) -> None:
        expire(self.books, [JobId(order)], self.at)

    @rule(minutes=st.integers(1, 300))
    def time_passes(self, minutes: int) -> None:
        """The stations' clocks run with central's, and their time is the shorter one."""
        self.at += minutes * 60_000
        for station, held in self.has.items():
            for lease in [each for each in held.values() if not each.opened]:
                row = self.books.jobs[lease.job]
                if not is_current(row, station, lease.fence) or row.until - LONGER_MS <= self.at:
                    del held[lease.job]
                    self.ended.add((station, lease.job, lease.fence))
                    book(self.books, message(JobReturned(lease.job, lease.fence, "", self.at, "expired"), station))

    @rule(station=st.sampled_from(STATIONS), online=st.booleans())
    def comes_and_goes(self, station: str, online: bool) -> None:
        self.books.stations.put(replace(self.books.stations[station], online=online))

    @invariant()
    def nobody_packs_what_another_packs(self) -> None:
        opened = [lease.job for held in self.has.values() for lease in held.values() if lease.opened]
        assert len(opened) == len(set(opened)), self.has

    @invariant()
    def a_lease_that_may_be_opened_is_the_stations_own(self) -> None:
        """In the books it is this station's, or its withdrawal is known to be on its way or lost."""
        for station, held in self.has.items():
            for lease in held.values():
                row = self.books.jobs[lease.job]
                if lease.opened:
                    assert is_current(row, station, lease.fence), (lease, row)
                    assert row.state in HELD
                    assert not row.until


TestFloor = Floor.TestCase


@given(st.integers(0, 12), st.integers(1, 4), st.integers(0, 4))
def test_nobody_gets_more_than_asked_for_nor_all_that_others_need(waiting: int, benches: int, most: int) -> None:
    stations = tuple(f"pack-{each}" for each in range(1, benches + 1))
    books = queued(*(str(100 + each) for each in range(waiting)), at_work=stations)
    got = [len(lend(books, station, most)) for station in stations]
    assert max(got) <= most
    assert sum(got) <= waiting
    if waiting >= benches and most:
        assert min(got) >= 1
