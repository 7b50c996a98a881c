"""The bench: a commit before anything is shown, none for what a restart would not miss, and nothing that stops it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.envelope import encode, read_fact
from contract.keys import Sscc
from contract.messages import Ask, OpenWork, ProblemRaised, SignedIn
from contract.values import Box, SsccRange
from labels.documents import LogisticLabel
from station import bench as bench_module
from station.bench import Around, Bench, entry_for
from station.clock import now_ms
from station.devices.ports import DeviceStatus, Health, Kind, Lamp, Reading, ScaleState
from station.journal import Entry, Journal
from station.kiosk.view import Frame, Quiet
from station.work.effects import Print
from station.work.inputs import (
    AnyInput,
    Configured,
    DeviceChange,
    JobArrived,
    NoteArrived,
    Scanned,
    SsccArrived,
    Ticked,
    Weighed,
)
from station.work.packing import step
from station.work.session import Session, Settings, new_session, read_session
from tests.station.played import ADA, GRAMS, MUG, PLATE, SITE, STATION, a_job


class WatchedJournal(Journal):
    """The real journal, with a note of each commit and a gate before it."""

    commits = 0
    gate: asyncio.Event

    async def record(self, entry: Entry) -> None:
        await self.gate.wait()
        await super().record(entry)
        self.commits += 1


class BenchAlone:
    """A bench whose surroundings only note what reached them, in order."""

    def __init__(self, journal: WatchedJournal) -> None:
        self.journal = journal
        self.log: list[object] = []
        self.frames: list[Frame] = []
        self.bench = Bench(
            journal,
            new_session(Settings(station=STATION, language="en")),
            Around(
                paper=self,
                signal=self.log.append,
                ask=self.log.append,
                order_scale=self.log.append,
                open_drawer=self.log.append,
                take_picture=self.log.append,
                recorded=lambda: self.log.append("recorded"),
                show=self.frames.append,
                quiet=lambda: Quiet(queued=journal.waiting),
            ),
            now_ms,
        )

    def prepare(self, wanted: Print) -> None:
        self.log.append(f"draw {wanted.role}")

    def put(self, wanted: Print) -> None:
        self.log.append(f"print {wanted.role}")

    async def gives(self, *inputs: AnyInput) -> list[object]:
        """Take the inputs; what came of them."""
        self.log.clear()
        for each in inputs:
            self.bench.submit(each)
        await self.bench.probe()
        return list(self.log)


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[WatchedJournal]:
    async with await WatchedJournal.open(tmp_path / "journal.db", SITE, STATION, now_ms) as opened:
        opened.gate = asyncio.Event()
        opened.gate.set()
        yield opened


@pytest.fixture
async def alone(journal: WatchedJournal) -> AsyncIterator[BenchAlone]:
    made = BenchAlone(journal)
    task = asyncio.create_task(made.bench.run())
    await made.gives(
        Configured(now_ms(), (ADA,), (Box("BOX-S", "Small", 100, 200, 150, 100),)),
        SsccArrived(now_ms(), SsccRange("0376100", 1, 100)),
    )
    yield made
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def scan(text: str) -> Scanned:
    return Scanned(now_ms(), text)


def weighs(grams: int | None, state: ScaleState = ScaleState.STABLE) -> Weighed:
    return Weighed(now_ms(), Reading(state, grams, now_ms(), "raw", "scale"))


@pytest.mark.feature("R2")
async def test_nothing_is_shown_before_it_is_on_the_disk(alone: BenchAlone, journal: WatchedJournal) -> None:
    journal.gate.clear()
    alone.log.clear()
    shown = len(alone.frames)
    alone.bench.submit(scan("BADGE-0001"))
    turn = asyncio.create_task(alone.bench.probe())
    for _ in range(20):
        await asyncio.sleep(0)
    assert alone.log == []
    assert len(alone.frames) == shown
    assert alone.bench.session.phase.__class__.__name__ == "SignedOut"
    journal.gate.set()
    await turn
    assert alone.log == ["recorded", Lamp.SIGN_IN]
    assert alone.frames[-1].answered_scan == 1
    assert alone.frames[-1].quiet.queued == 1
    assert isinstance(read_fact((await journal.unsent(0, 1))[0].payload).body, SignedIn)


async def test_each_scan_is_answered_by_its_number(alone: BenchAlone) -> None:
    await alone.gives(scan("BADGE-0001"), scan("BADGE-0001 "), Ticked(now_ms()), scan("PK-EXPLAIN"))
    assert [frame.answered_scan for frame in alone.frames if frame.answered_scan] == [1, 2, 3]


async def test_what_a_restart_would_not_miss_costs_no_commit(alone: BenchAlone, journal: WatchedJournal) -> None:
    await alone.gives(scan("BADGE-0001"), DeviceChange(now_ms(), DeviceStatus("scale", Kind.SCALE, Health.OK)))
    before, shown = journal.commits, len(alone.frames)
    for grams in range(100):
        await alone.gives(weighs(grams), Ticked(now_ms()))
    assert journal.commits == before
    assert len(alone.frames) - shown <= 200
    await alone.gives(DeviceChange(now_ms(), DeviceStatus("scale", Kind.SCALE, Health.LOST)))
    assert journal.commits == before + 1, "a lost device is a fact"


async def test_a_weight_that_nobody_looked_at_gives_way(alone: BenchAlone, journal: WatchedJournal) -> None:
    journal.gate.clear()
    alone.bench.submit(scan("BADGE-0001"))
    await asyncio.sleep(0)
    for reading in (
        weighs(None, ScaleState.MOTION),
        weighs(500),
        weighs(500),
        weighs(None, ScaleState.MOTION),
        weighs(0),
    ):
        alone.bench.submit(reading)
    waiting = [
        (each.given.reading.state, each.given.reading.grams)
        for each in alone.bench._waiting
        if isinstance(each.given, Weighed)
    ]
    journal.gate.set()
    await alone.bench.probe()
    assert waiting == [(ScaleState.STABLE, 500), (ScaleState.STABLE, 0)], "a weight that was there is never skipped"


async def test_a_label_is_drawn_during_the_commit_and_printed_after_it(
    alone: BenchAlone, journal: WatchedJournal
) -> None:
    await alone.gives(scan("BADGE-0001"), DeviceChange(now_ms(), DeviceStatus("scale", Kind.SCALE, Health.OK)))
    assert await alone.gives(scan("1001")) == [OpenWork("1001", "0001"), Lamp.WAIT]
    await alone.gives(JobArrived(now_ms(), a_job(), "1001"), weighs(0), scan(MUG), scan(MUG), scan(PLATE))
    happened = await alone.gives(weighs(GRAMS))
    assert happened == ["draw label", "print label", Lamp.GOOD]
    document = (await journal.prints())[0].document
    assert isinstance(document, LogisticLabel)
    assert document.sscc == Sscc.numbered("0376100", 1)


@pytest.mark.feature("P17")
async def test_the_stored_session_is_the_session(alone: BenchAlone, journal: WatchedJournal) -> None:
    await alone.gives(scan("BADGE-0001"), scan("1001"), JobArrived(now_ms(), a_job(), "1001"), scan(MUG))
    stored = await journal.session()
    assert stored is not None
    assert read_session(stored) == alone.bench.session


@pytest.mark.feature("R4")
async def test_a_mistake_in_the_core_stops_nothing(
    alone: BenchAlone, journal: WatchedJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(session: Session, given: AnyInput) -> object:
        raise ZeroDivisionError("a mistake")

    with monkeypatch.context() as patch:
        patch.setattr(bench_module, "step", broken)
        assert await alone.gives(scan("whatever")) == ["recorded", Lamp.STOP]
        assert await alone.gives(scan("again")) == [Lamp.STOP], "told once"
    (row,) = await journal.unsent(0, 10)
    problem = read_fact(row.payload).body
    assert isinstance(problem, ProblemRaised)
    assert problem.kind == "station_fault"
    assert "ZeroDivisionError: a mistake" in problem.text
    assert Lamp.SIGN_IN in await alone.gives(scan("BADGE-0001"))


@pytest.mark.feature("R4")
async def test_a_screen_that_cannot_be_drawn_stops_nothing(alone: BenchAlone, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(session: Session, now: int) -> object:
        raise KeyError("a mistake")

    with monkeypatch.context() as patch:
        patch.setattr(bench_module, "screen_for", broken)
        await alone.gives(scan("BADGE-0001"))
    assert alone.frames[-1].screen.tone == "stop"
    assert "nothing is lost" in alone.frames[-1].screen.why
    await alone.gives(scan("PK-EXPLAIN"))
    assert alone.frames[-1].screen.packer == ADA.name


async def test_what_came_from_central_is_recorded_with_its_name(alone: BenchAlone, journal: WatchedJournal) -> None:
    await alone.bench.taken(NoteArrived(now_ms(), "Hello"), seen="message 1")
    assert await journal.has_seen("message 1")


_inputs = st.lists(
    st.one_of(
        st.sampled_from(["BADGE-0001", "1001", MUG, PLATE, "PK-UNDO", "PK-CANCEL", "PK-SUSPEND", "junk"]).map(scan),
        st.just(JobArrived(1, a_job(), "1001")),
        st.sampled_from([None, 0, GRAMS, 700]).map(weighs),
        st.just(Ticked(1)),
    ),
    max_size=20,
)


@given(_inputs)
def test_what_is_not_committed_is_only_the_latest_word_of_a_device(inputs: list[AnyInput]) -> None:
    """Replaying only what was stored gives the same session, but for the reading."""
    session = new_session(Settings(station=STATION, language="en"))
    stored = encode(session)
    for each in inputs:
        stepped = step(session, each)
        entry = entry_for(session, stepped.session, each, stepped.effects)
        session = stepped.session
        if entry is not None and entry.session is not None:
            stored = entry.session
        if entry is None:
            assert not any(not isinstance(effect, Ask) and hasattr(effect, "fact") for effect in stepped.effects)
        restored = read_session(stored)
        assert (restored.phase, restored.people, restored.papers) == (session.phase, session.people, session.papers)
