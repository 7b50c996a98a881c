"""What a bench may open with no network: how long, and in which order; and when it asks for more."""

from __future__ import annotations

from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from contract.keys import JobId
from contract.messages import Ask, LendAhead
from contract.values import Ahead, HeldJob, Job
from station.ahead import WorkAhead
from station.at_hand import AtHand, Moment, in_order, may_be_opened, told
from station.journal import Journal
from station.work.inputs import AnyInput, JobWasWithdrawn, NoteArrived
from station.work.phases import AnyPhase, Idle, SignedOut
from tests.station.played import ADA, a_job

pytestmark = pytest.mark.feature("R1")
NOW = Moment("boot-1", 5_000_000, 1_790_000_000_000)
HOUR_MS = 3_600_000
LENT = AtHand.since(Ahead(3_600), NOW)


def later(ms: int, *, wall_ms: int | None = None, boot: str = "boot-1") -> Moment:
    return Moment(boot, NOW.since_boot + ms, NOW.wall + (ms if wall_ms is None else wall_ms))


@given(st.integers(0, 2 * HOUR_MS), st.integers(-(10**11), 10**11))
def test_its_time_runs_by_the_clock_that_never_jumps(ms: int, jump_ms: int) -> None:
    assert LENT.is_over(later(ms, wall_ms=jump_ms)) == (ms >= HOUR_MS)


@given(st.integers(-HOUR_MS, 2 * HOUR_MS), st.integers(0, 10**7))
def test_after_a_restart_of_the_machine_only_the_wall_knows_and_one_that_went_back_knows_nothing(
    wall_ms: int, since_boot: int
) -> None:
    now = Moment("boot-2", since_boot, NOW.wall + wall_ms)
    assert LENT.is_over(now) == (wall_ms >= HOUR_MS or wall_ms < 0)


@pytest.mark.feature("O13")
def test_what_was_asked_for_comes_first_then_priority_then_what_is_due_then_the_oldest() -> None:
    jobs = {name: a_job(name) for name in ("asked", "old", "young", "due", "vip")}
    terms = {"old": (0, 9, 1), "young": (0, 9, 2), "due": (0, 8, 3), "vip": (2, 9, 4)}
    at_hand = {jobs[name].job: AtHand.since(Ahead(60, *place), NOW) for name, place in terms.items()}
    ordered = [job.orders[0] for job in in_order(jobs.values(), at_hand)]
    assert ordered == ["asked", "vip", "due", "old", "young"]
    held = {job.job: job for job in jobs.values()}
    assert may_be_opened(held, at_hand, later(60_000)) == [jobs["asked"]]
    assert told(held, at_hand)[:2] == (HeldJob(jobs["asked"].job, 1, opened=True), HeldJob(jobs["old"].job, 1))


class Here:
    """A bench's side of it: a journal's two tables, what was asked, and what was given back."""

    def __init__(self) -> None:
        self.jobs: dict[JobId, Job] = {}
        self.at_hand: dict[JobId, AtHand] = {}
        self.phase: AnyPhase = Idle(ADA)
        self.now = NOW
        self.asked: list[Ask] = []
        self.back: list[AnyInput] = []
        journal = cast(Journal, self)
        self.work = WorkAhead(journal, lambda: self.phase, self.asked.append, self.back.append, lambda: self.now, 4)

    def lent(self, *names: str) -> None:
        for name in names:
            job = a_job(name)
            self.jobs[job.job], self.at_hand[job.job] = job, AtHand.since(Ahead(3_600), self.now)

    def opens(self, count: int = 1) -> None:
        for job in list(self.at_hand)[:count]:
            del self.at_hand[job]

    def look(self, after_s: int = 1, *, online: bool = True) -> list[Ask]:
        """What is asked when so many seconds have passed."""
        self.now = replace_moment(self.now, after_s * 1_000)
        self.asked.clear()
        self.work.look(online=online)
        return list(self.asked)


def replace_moment(now: Moment, ms: int) -> Moment:
    return Moment(now.boot, now.since_boot + ms, now.wall + ms)


@pytest.fixture
def here() -> Here:
    """A bench at work that has four orders at hand and has asked."""
    here = Here()
    assert here.look() == [LendAhead(4)]
    here.lent("1", "2", "3", "4")
    here.work.answered()
    assert here.look() == []
    return here


def test_more_is_asked_for_when_half_is_opened(here: Here) -> None:
    here.opens()
    assert here.look() == []
    here.opens()
    assert here.look() == [LendAhead(4)]
    here.work.answered()
    assert here.look(60) == [], "central knows what is wanted here, and sends it when it comes"
    here.opens()
    assert here.look() == [LendAhead(4)]


def test_nothing_is_asked_offline_and_all_is_compared_on_a_new_connection(here: Here) -> None:
    here.opens(4)
    assert here.look(online=False) == []
    here.phase = SignedOut()
    here.work.compare()
    assert here.look(online=False) == []
    assert here.look() == [LendAhead(0)], "nobody is signed in: only compare"
    assert here.look() == []
    assert here.look(15) == [LendAhead(0)], "no answer came"
    here.work.answered()
    here.phase = Idle(ADA)
    assert here.look() == [LendAhead(4)]


def test_who_signs_in_while_the_first_ask_is_under_way_gets_work_all_the_same() -> None:
    here = Here()
    here.phase = SignedOut()
    assert here.look() == [LendAhead(0)]
    here.phase = Idle(ADA)
    here.work.answered()
    assert here.look() == [LendAhead(4)]


def test_what_another_bench_wants_is_not_asked_for_again_at_once(here: Here) -> None:
    here.work.asked_back()
    here.opens(4)
    assert here.look() == []
    assert here.look(10) == [LendAhead(4)]


def test_what_is_over_is_given_back_and_nothing_else(here: Here) -> None:
    (job, terms), *_ = here.at_hand.items()
    here.at_hand[job] = replace(terms, ahead=Ahead(60))
    here.look(61)
    (back,) = here.back
    assert isinstance(back, JobWasWithdrawn)
    assert (back.job, back.fence, back.reason) == (job, 1, "expired")


def test_with_no_network_the_packer_reads_which_orders_others_may_pack_now(here: Here) -> None:
    numbers = [number for job in here.jobs.values() for number in job.orders]
    here.look(3_600, online=False)
    assert {back.job for back in here.back if isinstance(back, JobWasWithdrawn)} == set(here.at_hand)
    (note,) = (given for given in here.back if isinstance(given, NoteArrived))
    assert ", ".join(numbers) in note.text
    assert ", ".join(numbers) in note.text_fr


def test_an_unattended_bench_gives_back_what_others_could_pack(here: Here) -> None:
    here.phase = SignedOut()
    here.look(119)
    assert here.back == []
    here.look(1, online=False)
    assert here.back == [], "with no network nobody could hear it"
    here.look()
    assert {back.job for back in here.back if isinstance(back, JobWasWithdrawn)} == set(here.at_hand)
