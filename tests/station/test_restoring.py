"""What a start goes on with when the journal has forgotten its last steps, or its session cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from contract.envelope import encode, read_fact
from contract.messages import DocumentTroubled, JobOpened, ProblemRaised
from contract.values import Ahead, HeldJob
from station.at_hand import AtHand, told
from station.clock import now_ms
from station.journal import Entry, Journal
from station.ledger import OFFICE, PrintMove, PrintState
from station.office_papers import OfficePapers
from station.printing import Printing
from station.restoring import restored
from station.work import phases
from station.work.effects import Print
from station.work.session import LastCheck, Session, Settings, new_session
from tests.labels.specimens import LABEL
from tests.station.played import ADA, SITE, STATION, a_job
from tests.station.test_office_papers import note
from tests.station.work.story import Bench

pytestmark = pytest.mark.feature("S1", "R2")

_SETTINGS = Settings(station=STATION, language="en")
_TERMS = AtHand(Ahead(3600), "boot", 1, 2)


async def _opened(path: Path) -> Journal:
    return await Journal.open(path, SITE, STATION, now_ms)


async def _at_work(path: Path) -> Session:
    """A journal with an opened order, one at hand, and papers of the packer and of the office."""
    session = replace(new_session(_SETTINGS), phase=phases.Idle(ADA), checked=LastCheck(1, passed=True))
    async with await _opened(path) as journal:
        for job in (a_job("1001"), a_job("1002")):
            await journal.lease(job, _TERMS)
        papers = OfficePapers(journal, Printing(journal, {}, lambda _: None, now_ms), lambda: None, now_ms)
        for number in ("queued", "failed", "sent"):
            await papers.asked(note(number), f"m-{number}")
        ours = tuple(Print(name, "label", LABEL) for name in ("ours-queued", "ours-sent"))
        await journal.record(Entry(encode(session), (JobOpened(a_job("1001").job, 1, "0001", 1),), ours))
        for name in (f"{OFFICE}doc-failed", f"{OFFICE}doc-sent", "ours-sent"):
            await journal.move_print(PrintMove(name, PrintState.SENT))
        await journal.move_print(PrintMove(f"{OFFICE}doc-failed", PrintState.FAILED))
    return session


async def _states(journal: Journal) -> dict[str, str]:
    return {row.print_id.removeprefix(OFFICE): row.state.value for row in await journal.prints()}


async def _raised(journal: Journal) -> list[object]:
    bodies = [read_fact(row.payload).body for row in await journal.unsent(0, 100)]
    return [body for body in bodies if isinstance(body, ProblemRaised | DocumentTroubled)]


async def test_after_lost_steps_nothing_is_opened_or_printed_from_what_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    session = await _at_work(path)
    earlier = path.read_bytes()
    async with await _opened(path) as journal:
        await journal.record(Entry(session=b"more"))
    path.write_bytes(earlier)
    async with await _opened(path) as journal:
        after = await restored(journal, _SETTINGS)
        assert after.phase == session.phase
        assert after.checked is None, "a check that failed may be among what is lost"
        assert (journal.jobs, journal.at_hand) == ({}, {}), "what was at hand may be packed"
        assert await _states(journal) == {
            "doc-queued": "uncertain",
            "doc-failed": "uncertain",
            "doc-sent": "sent",
            "ours-queued": "cancelled",
            "ours-sent": "uncertain",
        }
        problem, *doubted = await _raised(journal)
        assert isinstance(problem, ProblemRaised)
        assert problem.kind == "journal_went_back"
        assert [(each.print_id, each.outcome) for each in doubted if isinstance(each, DocumentTroubled)] == [
            ("doc-queued", "uncertain"),
            ("doc-failed", "uncertain"),
        ]
        assert await journal.lease(a_job("1001"), _TERMS), "central gives it again, under the same fence"
    async with await _opened(path) as journal:
        assert await restored(journal, _SETTINGS) == after
        assert len(await _raised(journal)) == 3, "told once"


async def test_the_job_on_the_bench_is_held_though_its_lease_is_lost(tmp_path: Path) -> None:
    """Of a damaged file not every lease may be read; central is told of what is packed here all the same."""
    path = tmp_path / "journal.db"
    bench = Bench(_SETTINGS).ready().open(a_job("1001")).scan("PK-SIGNOUT").tick(_SETTINGS.idle_sign_out_s)
    assert bench.phase == "Away"
    async with await _opened(path) as journal:
        await journal.record(Entry(session=encode(bench.session)))
        assert journal.jobs == {}
        assert await restored(journal, _SETTINGS) == bench.session
        assert told(journal.jobs, journal.at_hand) == (HeldJob(a_job("1001").job, 1, opened=True),)
    async with await _opened(path) as journal:
        assert list(journal.jobs) == [a_job("1001").job]
        assert not journal.at_hand


async def test_without_its_session_the_opened_order_comes_from_central_and_the_others_stay(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    await _at_work(path)
    async with await _opened(path) as journal:
        await journal.record(Entry(session=b'{"phase": {"type": "Dancing"}}'))
        after = await restored(journal, _SETTINGS)
        assert (after.phase, len(after.notes)) == (phases.SignedOut(), 1)
        assert list(journal.jobs) == list(journal.at_hand) == [a_job("1002").job]
        states = await _states(journal)
        assert (states["ours-queued"], states["ours-sent"]) == ("cancelled", "uncertain")
        assert (states["doc-queued"], states["doc-failed"]) == ("queued", "failed"), "the ledger forgot nothing"
        assert [each.kind for each in await _raised(journal) if isinstance(each, ProblemRaised)] == [
            "session_unreadable"
        ]
    async with await _opened(path) as journal:
        assert await restored(journal, _SETTINGS) == after
        assert list(journal.jobs) == [a_job("1002").job]
