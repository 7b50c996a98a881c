"""Messages from central over a real broker: repeats, answers, rubbish; acknowledged when durable."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from msgspec.structs import replace

from contract import topics
from contract.envelope import Envelope, encode, read_fact
from contract.keys import JobId
from contract.messages import (
    AheadLent,
    Ask,
    BadgeKnown,
    CompareFacts,
    Configure,
    InboxItem,
    JobOffered,
    JobOpened,
    JobWithdrawn,
    LeaseSscc,
    LendAhead,
    MessageToPacker,
    OpenWork,
    PhotoHeld,
    ProblemRaised,
    Receipts,
    SsccLeased,
    WhoIs,
    WorkComing,
)
from contract.values import Ahead, HeldJob, Receipt, SsccRange
from demo.broker import Broker
from link.client import BrokerConfig, Link, Subscription
from station.asking import Asking
from station.at_hand import AtHand
from station.comparing import Comparing
from station.inlet import Inlet
from station.journal import Entry, Journal
from station.office_papers import OfficePapers
from station.work.effects import Print
from station.work.inputs import (
    AnyInput,
    AskFailed,
    Configured,
    JobArrived,
    JobWasWithdrawn,
    NoteArrived,
    PersonKnown,
    PersonUnknown,
    SsccArrived,
    WorkWasRefused,
)
from tests.station.played import ADA, SITE, STATION, News, PlayedCentral, a_job, played_central

Given = TypeVar("Given", bound=AnyInput)
_ticks = itertools.count(1_800_000_000_000)


class Door:
    """The station's side of the broker: link, inlet and asking, with a bench that only notes its inputs."""

    def __init__(self, broker: Broker, journal: Journal, patience_s: float) -> None:
        self.journal = journal
        self.inputs: list[AnyInput] = []
        self.settled: list[int] = []
        self.pictures: list[JobOffered] = []
        self.answers = self.asked = self.compared = 0
        self.may_record = asyncio.Event()
        self.may_record.set()
        self.news = News()
        self.link = Link(
            BrokerConfig(host=broker.host, port=broker.port),
            STATION,
            subscriptions=[Subscription(topics.inbox(SITE, STATION))],
            deliver=lambda delivery: self.inlet.deliver(delivery),
            changed=self.link_changed,
        )
        now_ms = _ticks.__next__
        self.asking = Asking(journal, self.link, SITE, STATION, self.submit, now_ms, patience_s=patience_s)
        self.printed: list[Print] = []
        self.held: list[PhotoHeld] = []
        self.times: list[int] = []
        self.papers = OfficePapers(journal, self, lambda: None, now_ms)
        self.comparing = Comparing(journal, self.link, SITE, STATION, tuple, self.news.tell, now_ms)
        self.inlet = Inlet(
            journal,
            self,
            self.papers,
            self,
            self.asking,
            self.settled.extend,
            self.pictures.append,
            self.times.append,
            self.held.append,
            self.comparing,
            now_ms,
        )

    def put(self, wanted: Print) -> None:
        self.printed.append(wanted)

    def link_changed(self, online: bool) -> None:
        if online:
            self.asking.link_is_up()
        self.news.tell()

    def submit(self, given: AnyInput) -> None:
        self.inputs.append(given)
        self.news.tell()

    async def taken(self, given: AnyInput, seen: str = "") -> None:
        self.submit(given)
        await self.may_record.wait()
        await self.journal.record(Entry(seen=seen))

    async def first(self, kind: type[Given]) -> Given:
        await self.news.until(lambda: any(isinstance(given, kind) for given in self.inputs), lambda: self.inputs)
        return next(given for given in self.inputs if isinstance(given, kind))

    def answered(self) -> None:
        self.answers += 1
        self.news.tell()

    def asked_back(self) -> None:
        self.asked += 1

    def compare(self) -> None:
        self.compared += 1

    def count(self, kind: type[AnyInput]) -> int:
        return sum(isinstance(given, kind) for given in self.inputs)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with await Journal.open(tmp_path / "journal.db", SITE, STATION, _ticks.__next__) as opened:
        yield opened


@pytest.fixture
def patience_s() -> float:
    """Of an ask; a test of its end gives a shorter one."""
    return 60.0


@pytest.fixture
async def door(broker: Broker, journal: Journal, patience_s: float) -> AsyncIterator[Door]:
    opened = Door(broker, journal, patience_s)
    running = [asyncio.create_task(part.run()) for part in (opened.link, opened.inlet, opened.asking)]
    await opened.news.until(lambda: opened.link.online, lambda: opened.link.fault)
    yield opened
    for task in running:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def central(broker: Broker, door: Door) -> AsyncIterator[PlayedCentral]:
    async with played_central(broker) as played:
        yield played


async def in_order(central: PlayedCentral, door: Door, *items: InboxItem) -> None:
    """Send these and wait until the station has dealt with all of them."""
    for item in items:
        await central.send(item)
    marker = f"marker {next(_ticks)}"
    await central.send(MessageToPacker(marker))
    await door.news.until(
        lambda: any(isinstance(given, NoteArrived) and given.text == marker for given in door.inputs),
        lambda: door.inputs,
    )


@pytest.mark.feature("R2")
async def test_receipts_forget_facts_and_may_come_twice(door: Door, central: PlayedCentral) -> None:
    await door.journal.record(Entry(facts=tuple(ProblemRaised(kind="test", text=str(n), at=1) for n in range(3))))
    rows = await door.journal.unsent(0, 10)
    ids = [read_fact(row.payload).message_id for row in rows]
    receipts = Receipts((Receipt(ids[0]), Receipt(ids[1], problem="Order 1001 was cancelled: set it aside")))
    await in_order(central, door, receipts, receipts)
    assert door.journal.waiting == 1
    assert door.settled == [1, 2]
    notes = [given.text for given in door.inputs if isinstance(given, NoteArrived)]
    assert notes[0] == "Order 1001 was cancelled: set it aside"
    assert len(notes) == 2, "told once, and the marker"


@pytest.mark.feature("P2")
async def test_open_work_brings_the_job(door: Door, central: PlayedCentral) -> None:
    central.jobs["1001"] = a_job()
    door.asking.ask(OpenWork("1001"))
    arrived = await door.first(JobArrived)
    assert (arrived.job, arrived.code) == (a_job(), "1001")
    assert door.journal.jobs == {JobId("J-1001"): a_job()}
    assert [offer.job for offer in door.pictures] == [a_job()]


@pytest.mark.feature("R1")
async def test_a_leased_job_is_opened_with_nobody_there(door: Door, central: PlayedCentral, broker: Broker) -> None:
    await in_order(central, door, JobOffered(a_job()))
    assert door.count(JobArrived) == 0, "nobody asked for it yet"
    broker.kill()
    door.asking.ask(OpenWork("1001"))
    assert (await door.first(JobArrived)).job == a_job()


@pytest.mark.feature("P2")
async def test_work_that_central_refuses(door: Door, central: PlayedCentral) -> None:
    door.asking.ask(OpenWork("9999"))
    assert (await door.first(WorkWasRefused)).refusal.reason == "unknown"


async def test_an_unknown_badge_and_serials(door: Door, central: PlayedCentral) -> None:
    door.asking.ask(WhoIs("4711"))
    assert (await door.first(PersonUnknown)).badge == "4711"
    door.asking.ask(LeaseSscc(10))
    assert (await door.first(SsccArrived)).range == SsccRange("0376100", 1, 10)


@pytest.mark.parametrize("patience_s", [1.0])
async def test_no_answer_and_no_broker_fail_the_ask(door: Door, broker: Broker) -> None:
    asks: tuple[Ask, ...] = (OpenWork("1001"), WhoIs("4711"), LeaseSscc(10))
    for broker_is_there in (True, False):
        if not broker_is_there:
            broker.kill()
            await door.news.until(lambda: not door.link.online, lambda: "still online")
        door.inputs.clear()
        for ask in asks:
            door.asking.ask(ask)
        await door.news.until(lambda: door.count(AskFailed) == 3, lambda: door.inputs)
        failed = {(given.what, given.code) for given in door.inputs if isinstance(given, AskFailed)}
        assert failed == {("OpenWork", "1001"), ("WhoIs", "4711"), ("LeaseSscc", "")}


@pytest.mark.feature("R3")
async def test_an_answer_that_comes_too_late_is_kept_for_the_next_scan_and_not_for_ever(
    door: Door, central: PlayedCentral
) -> None:
    await central.send(JobOffered(a_job()), correlation=b"an ask of yesterday")
    await in_order(central, door)
    assert door.count(JobArrived) == 0
    terms = door.journal.at_hand[a_job().job]
    assert terms.ahead.lasts_s <= 60, "then it is given back for others"
    door.asking.ask(OpenWork("1001"))
    await door.first(JobArrived)
    assert central.asks == []


@pytest.mark.feature("R1", "R3")
async def test_an_offer_that_comes_again_is_kept_no_longer(door: Door, central: PlayedCentral) -> None:
    """Central counts from the first."""
    await in_order(central, door, JobOffered(a_job(), LENT))
    terms = door.journal.at_hand[a_job().job]
    await in_order(central, door, JobOffered(a_job(), LENT), JobOffered(a_job()))
    assert door.journal.at_hand[a_job().job] == terms
    await in_order(central, door, JobOffered(replace(a_job(), fence=2), LENT))
    assert door.journal.at_hand[a_job().job].since_boot > terms.since_boot


@pytest.mark.feature("S1")
@pytest.mark.parametrize("patience_s", [3.0])
async def test_parcel_numbers_are_asked_for_under_one_name_until_they_come(door: Door, central: PlayedCentral) -> None:
    """So that central gives the same ones, and none are lost with an answer."""
    central.answers = False
    for _ in range(2):
        door.inputs.clear()
        door.asking.ask(LeaseSscc(10))
        await door.first(AskFailed)
    central.answers = True
    for count in (1, 2):
        door.asking.ask(LeaseSscc(10))
        await door.news.until(lambda count=count: door.count(SsccArrived) == count, lambda: door.inputs)  # type: ignore[misc]
    first, second, third, fourth = central.asked
    assert first == second == third != fourth


@pytest.mark.feature("R1")
async def test_only_an_answer_to_our_own_ask_ends_the_comparison(door: Door, central: PlayedCentral) -> None:
    await central.send(AheadLent(0), correlation=b"an ask of the connection before")
    await in_order(central, door)
    assert door.answers == 0


@pytest.mark.feature("F9", "R3")
async def test_a_restored_central_is_told_at_once_what_lies_here(door: Door, central: PlayedCentral) -> None:
    """It may know nothing of it, and would lend the same orders to another bench."""
    assert door.compared == 0
    await in_order(central, door, CompareFacts(1))
    assert door.compared == 1


@pytest.mark.feature("R5")
async def test_a_person_whom_nobody_asked_for_is_not_let_in(door: Door, central: PlayedCentral) -> None:
    """The answer may be older than the list of people that came after it."""
    await central.send(BadgeKnown(ADA), correlation=b"an ask of yesterday")
    await in_order(central, door)
    assert door.count(PersonKnown) == 0


@pytest.mark.feature("R3")
async def test_a_lease_that_is_over_here_is_not_opened_again(door: Door, central: PlayedCentral) -> None:
    central.jobs["1001"] = a_job()
    await in_order(central, door, JobOffered(a_job()))
    await door.journal.record(Entry(gone=(JobId("J-1001"),)))
    door.asking.ask(OpenWork("1001"))
    refusal = (await door.first(WorkWasRefused)).refusal
    assert "at this station a moment ago" in refusal.text
    central.jobs["1001"] = replace(a_job(), fence=2)
    door.asking.ask(OpenWork("1001"))
    assert (await door.first(JobArrived)).job.fence == 2


@pytest.mark.feature("P18")
async def test_what_central_sends_becomes_inputs(door: Door, central: PlayedCentral) -> None:
    withdrawn = JobWithdrawn(JobId("J-1001"), 1, "cancelled", "Cancelled", "Annulée")
    door.asking.ask(WhoIs(ADA.badge))
    await door.first(PersonKnown)
    await in_order(central, door, withdrawn, Configure(1, (ADA,)))
    recalled = await door.first(JobWasWithdrawn)
    assert (recalled.job, recalled.fence, recalled.text_fr) == ("J-1001", 1, "Annulée")
    assert (await door.first(Configured)).people == (ADA,)


@pytest.mark.feature("R3", "P18")
async def test_a_withdrawal_of_an_older_lease_leaves_the_newer_one(
    door: Door, central: PlayedCentral, journal: Journal
) -> None:
    newer = JobOffered(replace(a_job(), fence=5))
    late = JobWithdrawn(JobId("J-1001"), 4, "edited", "Edited", "Modifiée")
    await in_order(central, door, newer, late, Configure(1, (ADA,)))
    assert (await door.first(Configured)).people == (ADA,)
    assert door.count(JobWasWithdrawn) == 0
    assert journal.jobs[JobId("J-1001")].fence == 5


@pytest.mark.feature("R4")
async def test_rubbish_is_set_aside_and_counted_and_nothing_else_is_lost(
    door: Door, central: PlayedCentral, caplog: pytest.LogCaptureFixture
) -> None:
    for payload in (
        b"not JSON",
        b"\xff\xfe",
        b"",
        b"[" * 5000,
        encode(Envelope("m", STATION, 0, 1, {"type": "JobTeleported"})),
        encode(Envelope("m", STATION, 0, 1, {"type": "SsccLeased", "range": {"prefix": 7}})),
        b'"' + b"x" * 262_144 + b'"',
        encode(Envelope("m", STATION, 0, 1, JobOffered(replace(a_job(), fence=10**30)))),
    ):
        await central.send_raw(payload)
    await in_order(central, door, JobOffered(a_job()))
    assert await door.journal.unreadable() == 8
    assert JobId("J-1001") in door.journal.jobs
    complaints = [record.message for record in caplog.records if record.name == "station.inlet"]
    assert any("JobTeleported" in complaint for complaint in complaints)
    assert any("range.prefix" in complaint for complaint in complaints)
    assert any("262146 bytes is more than" in complaint for complaint in complaints)


@pytest.mark.feature("R2")
async def test_a_message_is_acknowledged_only_when_it_is_durable(
    broker: Broker, journal: Journal, door: Door, central: PlayedCentral
) -> None:
    door.may_record.clear()
    await central.send(Configure(1, (ADA,)))
    await central.send(MessageToPacker("Read me"))
    await door.first(Configured)
    broker.stop()
    await door.news.until(lambda: not door.link.online, lambda: "still online")
    door.may_record.set()
    broker.start()
    await door.news.until(lambda: door.count(Configured) == 2, lambda: door.inputs)
    await central.until(lambda: central.link.online)
    await in_order(central, door)
    assert [given.text for given in door.inputs if isinstance(given, NoteArrived)].count("Read me") == 1


@pytest.mark.feature("S1")
async def test_numbers_that_nobody_here_asked_for_are_not_taken(door: Door, central: PlayedCentral) -> None:
    """The device that had this name before may have used them."""
    await central.send(SsccLeased(SsccRange("0376100", 1, 10)), correlation=b"an ask of another device")
    await in_order(central, door)
    assert door.count(SsccArrived) == 0


LENT = Ahead(3600, 0, 5, 5)


@pytest.mark.feature("R1")
async def test_what_is_lent_ahead_opens_by_its_codes_without_asking(door: Door, central: PlayedCentral) -> None:
    await in_order(central, door, JobOffered(a_job(), LENT))
    assert list(door.journal.at_hand) == [a_job().job]
    assert [offer.job for offer in door.pictures] == [a_job()], "its pictures are fetched before the network goes"
    door.asking.ask(OpenWork("1001"))
    assert (await door.first(JobArrived)).job == a_job()
    assert central.asks == []


@pytest.mark.feature("R1", "R3")
async def test_an_offer_that_comes_again_does_not_make_an_opened_job_unopened(
    door: Door, central: PlayedCentral
) -> None:
    job = a_job()
    await in_order(central, door, JobOffered(job, LENT))
    await door.journal.record(Entry(facts=(JobOpened(job.job, job.fence, "0001", 1),)))
    await in_order(central, door, JobOffered(job, LENT))
    assert (door.journal.jobs[job.job], door.journal.at_hand) == (job, {})


@pytest.mark.feature("R1")
async def test_what_was_lent_and_what_was_opened_is_known_after_a_restart(tmp_path: Path) -> None:
    one, two = a_job("1"), a_job("2")
    terms = AtHand(LENT, "boot", 1, 2)
    async with await Journal.open(tmp_path / "j.db", SITE, STATION, _ticks.__next__) as journal:
        assert await journal.lease(one, terms)
        assert await journal.lease(two, terms)
        await journal.record(Entry(facts=(JobOpened(one.job, one.fence, "0001", 1),)))
    async with await Journal.open(tmp_path / "j.db", SITE, STATION, _ticks.__next__) as journal:
        assert (set(journal.jobs), journal.at_hand) == ({one.job, two.job}, {two.job: terms})


@pytest.mark.feature("R1", "R3")
async def test_a_lease_that_is_over_is_not_given_back_once_more(door: Door, central: PlayedCentral) -> None:
    """Put down here meanwhile, it would lose what is in its open parcel."""
    wanted = JobWithdrawn(a_job().job, 1, "wanted", "", "")
    await in_order(central, door, JobOffered(a_job(), LENT))
    await door.journal.record(Entry(gone=(a_job().job,)))
    await in_order(central, door, wanted)
    assert (door.count(JobWasWithdrawn), door.asked) == (0, 0)
    await in_order(central, door, replace(wanted, fence=2))
    assert (door.count(JobWasWithdrawn), door.asked) == (1, 1)


@pytest.mark.feature("R1", "P18")
async def test_the_bench_knows_whether_it_had_opened_what_is_withdrawn(door: Door, central: PlayedCentral) -> None:
    withdrawn = JobWithdrawn(a_job().job, 1, "cancelled", "Cancelled", "Annulée")
    await in_order(central, door, JobOffered(a_job(), LENT), withdrawn)
    assert (await door.first(JobWasWithdrawn)).lay_here
    await door.journal.record(Entry(facts=(JobOpened(a_job().job, 1, "0001", 1),)))
    await in_order(central, door, withdrawn)
    assert [given.lay_here for given in door.inputs if isinstance(given, JobWasWithdrawn)] == [True, False]


@pytest.mark.feature("R1", "R3")
async def test_work_that_another_bench_gives_back_is_asked_for_until_it_comes(
    door: Door, central: PlayedCentral
) -> None:
    central.coming["1001"] = WorkComing("1001", "Set aside for bench-2.", "Réservée au poste bench-2.")
    door.asking.ask(OpenWork("1001"))
    await central.until(lambda: len(central.asks) == 2)
    central.jobs["1001"] = a_job()
    del central.coming["1001"]
    assert (await door.first(JobArrived)).code == "1001"


@pytest.mark.feature("R1", "R3")
@pytest.mark.parametrize("patience_s", [1.0])
async def test_work_that_another_bench_does_not_give_back_in_time_is_refused_in_centrals_words(
    door: Door, central: PlayedCentral
) -> None:
    central.coming["1002"] = WorkComing("1002", "Set aside for bench-2.", "Réservée au poste bench-2.")
    door.asking.ask(OpenWork("1002"))
    refusal = (await door.first(WorkWasRefused)).refusal
    assert (refusal.reason, refusal.text) == ("leased", "Set aside for bench-2.")


@pytest.mark.feature("R1")
async def test_an_ask_for_more_tells_what_is_here_at_that_moment(door: Door, central: PlayedCentral) -> None:
    await in_order(central, door, JobOffered(a_job("1"), LENT), JobOffered(a_job("2"), LENT))
    await door.journal.record(Entry(facts=(JobOpened(a_job("2").job, 1, "0001", 1),)))
    (opened,) = await door.journal.unsent(0, 10)
    await in_order(central, door, Receipts((Receipt(read_fact(opened.payload).message_id),)))
    door.asking.ask(LendAhead(10))
    await central.until(lambda: bool(central.asks))
    held = (HeldJob(a_job("1").job, 1), HeldJob(a_job("2").job, 1, opened=True))
    assert central.asks == [LendAhead(10, held, True)]
    await door.news.until(lambda: door.answers == 1, lambda: door.answers)
