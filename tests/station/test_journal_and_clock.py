"""A wall clock that is years ahead, or behind, makes the journal forget nothing that is still to be done."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.envelope import read_fact
from contract.keys import JobId, OrderId, StationId
from contract.messages import ProblemRaised
from contract.values import Address, Ahead, Job, Service
from labels import documents
from station.at_hand import AtHand
from station.database import begin_anew, damaged_files
from station.journal import Entry, Journal
from station.ledger import OFFICE, PrintMove, PrintState
from station.work.effects import Print

pytestmark = pytest.mark.feature("R6")

NOW = 1_800_000_000_000
DAY_MS = 24 * 3600 * 1000
YEARS_MS = 5 * 365 * DAY_MS
TERMS = AtHand(Ahead(3600), "boot", 1, 2)


async def opened(folder: Path, now: int) -> Journal:
    return await Journal.open(folder / "journal.db", "lyon", StationId("b1"), lambda: now)


def a_print(print_id: str) -> Print:
    return Print(print_id, "label", documents.TestPrint(station="b1", printer="zebra", at=1))


def a_job(fence: int) -> Job:
    address = Address("Ann", ("1 rue Haute",), "75001", "Paris", "FR")
    return Job(JobId("J1"), fence, (OrderId("O1"),), address, address, (), Service("own", "Own"))


async def test_a_lease_that_is_over_stays_over_after_a_jump_of_years(tmp_path: Path) -> None:
    async with await opened(tmp_path, NOW) as journal:
        await journal.lease(a_job(3), TERMS)
        await journal.record(Entry(gone=(JobId("J1"),)))
    async with await opened(tmp_path, NOW + YEARS_MS) as journal:
        await journal.tidy(clock_is_right=True)
    async with await opened(tmp_path, NOW) as journal:
        assert not await journal.lease(a_job(3), TERMS)
        assert await journal.lease(a_job(4), TERMS)


async def test_a_paper_that_the_office_waits_for_is_not_forgotten(tmp_path: Path) -> None:
    async with await opened(tmp_path, NOW) as journal:
        names = ("queued", "sent", f"{OFFICE}failed", "failed", "printed")
        await journal.record(Entry(prints=tuple(map(a_print, names))))
        for name, state in (("sent", "sent"), (f"{OFFICE}failed", "failed"), ("failed", "failed"), ("printed", "sent")):
            assert await journal.move_print(PrintMove(name, PrintState(state)))
        assert await journal.move_print(PrintMove("printed", PrintState.PRINTED))
    async with await opened(tmp_path, NOW + YEARS_MS) as journal:
        await journal.tidy(clock_is_right=True)
        assert {row.print_id for row in await journal.prints()} == {"queued", "sent", f"{OFFICE}failed"}


async def test_an_address_from_the_future_goes_a_week_after_the_clock_is_right(tmp_path: Path) -> None:
    async with await opened(tmp_path, NOW + YEARS_MS) as journal:
        await journal.record(Entry(prints=(a_print("label"),)))
        await journal.move_print(PrintMove("label", PrintState.SENT))
        await journal.move_print(PrintMove("label", PrintState.PRINTED))
    async with await opened(tmp_path, NOW) as journal:
        await journal.tidy(clock_is_right=True)
        assert await journal.prints()
    async with await opened(tmp_path, NOW + 8 * DAY_MS) as journal:
        await journal.tidy(clock_is_right=True)
        assert not await journal.prints()


@pytest.mark.parametrize("off_ms", [YEARS_MS, -YEARS_MS], ids=["ahead", "behind"])
async def test_a_clock_that_may_be_wrong_makes_nothing_old(tmp_path: Path, off_ms: int) -> None:
    """A label that can be asked for again, and a fact that a restored central may lack."""
    async with await opened(tmp_path, NOW) as journal:
        await journal.record(Entry(facts=(ProblemRaised(kind="x", text="y", at=1),), prints=(a_print("label"),)))
        for state in (PrintState.SENT, PrintState.PRINTED):
            assert await journal.move_print(PrintMove("label", state))
        fact = read_fact((await journal.unsent(0, 1))[0].payload)
        await journal.receipted([fact.message_id])
    async with await opened(tmp_path, NOW + off_ms) as journal:
        await journal.tidy(clock_is_right=False)
    async with await opened(tmp_path, NOW + DAY_MS) as journal:
        await journal.tidy(clock_is_right=True)
        assert [row.print_id for row in await journal.prints()] == ["label"]
        assert len(await journal.kept_after(0)) == 1


async def test_the_newest_damaged_journal_is_read_though_an_earlier_one_has_a_later_time(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    early = tmp_path / "journal.db.damaged-20990101T000000"
    early.write_bytes(b"from a clock that was ahead")
    for content in (b"first", b"second"):
        path.write_bytes(content * 1000)
        with pytest.raises(Exception, match="damaged"):
            await opened(tmp_path, NOW)
        assert damaged_files(path)[-1].read_bytes() == content * 1000
        assert damaged_files(path)[0] == early
        begin_anew(path)
        path.unlink()
