"""The journal: one commit a step, and what is left after a kill -9, a damaged file, a repeat."""

from __future__ import annotations

import asyncio
import itertools
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from contract.envelope import read_fact
from contract.keys import JobId, OrderId, Sscc, StationId
from contract.messages import ProblemRaised
from contract.values import Address, Ahead, Job, Service
from labels import documents
from station.at_hand import AtHand
from station.database import JournalFault, begin_anew, damaged_files
from station.journal import Entry, Journal
from station.ledger import PrintMove, PrintState
from station.work.effects import Print

_ticks = itertools.count(1_800_000_000_000)
DAY_MS = 24 * 3_600_000
TERMS = AtHand(Ahead(3600), "boot", 1, 2)


def now_ms() -> int:
    return next(_ticks)


def problem(text: str) -> ProblemRaised:
    return ProblemRaised(kind="test", text=text, at=1)


def a_print(print_id: str) -> Print:
    return Print(print_id, "label", documents.TestPrint(station="b1", printer="zebra", at=1))


def a_job(fence: int = 1) -> Job:
    address = Address("Ann", ("1 rue Haute",), "75001", "Paris", "FR")
    return Job(JobId("J1"), fence, (OrderId("O1"),), address, address, (), Service("own", "Own"))


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with await Journal.open(tmp_path / "journal.db", "lyon", StationId("b1"), now_ms) as opened:
        yield opened


async def reopen(journal: Journal, path: Path) -> Journal:
    await journal.close()
    return await Journal.open(path, "lyon", StationId("b1"), now_ms)


async def test_facts_are_numbered_without_gaps_and_wait_for_their_receipt(journal: Journal, tmp_path: Path) -> None:
    await journal.record(Entry(session=b"one", facts=(problem("a"), problem("b"))))
    await journal.record(Entry(facts=(problem("c"),)))
    rows = await journal.unsent(0, 10)
    envelopes = [read_fact(row.payload) for row in rows]
    assert [envelope.sequence for envelope in envelopes] == [row.sequence for row in rows] == [1, 2, 3]
    assert {row.topic for row in rows} == {"packline/1/lyon/station/b1/fact"}
    assert len({envelope.message_id for envelope in envelopes}) == 3
    assert await journal.receipted([envelopes[0].message_id, envelopes[2].message_id, "never heard of"]) == [1, 3]
    assert journal.waiting == 1
    async with await reopen(journal, tmp_path / "journal.db") as again:
        assert again.waiting == 1
        assert await again.session() == b"one"
        await again.receipted([envelopes[1].message_id])
        await again.record(Entry(facts=(problem("d"),)))
        assert [row.sequence for row in await again.unsent(0, 10)] == [4], "a number is never given twice"


async def test_the_window_of_the_relay_is_a_slice(journal: Journal) -> None:
    await journal.record(Entry(facts=tuple(problem(str(n)) for n in range(10))))
    assert [row.sequence for row in await journal.unsent(3, 4)] == [4, 5, 6, 7]


async def test_all_at_broker_waits_for_the_last_fact(journal: Journal) -> None:
    await journal.all_at_broker()
    await journal.record(Entry(facts=(problem("a"), problem("b"))))
    rows = await journal.unsent(0, 10)
    await journal.published(rows[:1])
    assert not journal._at_broker.is_set()
    await journal.published(rows[1:])
    await journal.all_at_broker()


async def test_a_step_that_cannot_be_written_leaves_nothing(journal: Journal) -> None:
    bad = Print("p1", "label", object())  # type: ignore[arg-type]  # a document that cannot be written
    with pytest.raises(NotImplementedError):
        await journal.record(Entry(session=b"two", facts=(problem("a"),), prints=(bad,)))
    assert await journal.session() is None
    assert not await journal.unsent(0, 10)
    assert journal.waiting == 0


async def test_tidying_empties_the_log_that_commits_fill(journal: Journal) -> None:
    for number in range(50):
        await journal.record(Entry(session=b"x" * 9000, facts=(problem(str(number)),)))
    await journal.tidy(clock_is_right=True)
    busy, logged, done = next(iter(await journal._database.execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")))
    assert (busy, logged) == (0, done)
    assert len(await journal.unsent(0, 100)) == 50


@pytest.mark.feature("R5")
async def test_nothing_of_a_customer_is_left_in_the_files_after_the_time_it_is_kept(tmp_path: Path) -> None:
    """Of the job, its label, its fact, and a message that nobody could read. The raw bytes are searched."""
    name, street = b"Ann Dupont-Martin", b"1 rue Haute"
    clock = [1_800_000_000_000]
    address = Address(name.decode(), (street.decode(),), "75001", "Paris", "FR")
    job = structs.replace(a_job(), consignee=address)
    label = documents.LogisticLabel(
        Sscc.numbered("03401234", 1), address, address, (OrderId("O1"),), number=1, of=1, grams=500, service="Own",
        packed_at=1,
    )  # fmt: skip

    def found(*words: bytes) -> set[str]:
        files = [path for path in tmp_path.iterdir() if path.is_file()]
        return {path.name for path in files if any(word in path.read_bytes() for word in words)}

    async with await Journal.open(tmp_path / "journal.db", "lyon", StationId("b1"), lambda: clock[0]) as journal:
        assert await journal.lease(job, TERMS)
        for number in range(40):
            wanted = Print(f"p{number}", "label", label)
            fact = problem(f"{name.decode()}, {street.decode()}, {number}")
            await journal.record(Entry(session=name * 50, facts=(fact,), prints=(wanted,)))
            await journal.move_print(PrintMove(f"p{number}", PrintState.CONFIRMED))
        await journal.set_aside("topic", street, "no JSON")
        await journal.record(Entry(session=b"nobody", gone=(job.job,)))
        rows = await journal.unsent(0, 100)
        await journal.receipted([read_fact(row.payload).message_id for row in rows])
        await journal.tidy(clock_is_right=True)
        assert found(name) == {"journal.db"}, "the labels may be asked for again, for a week"
        clock[0] += 8 * DAY_MS
        await journal.tidy(clock_is_right=True)
        assert found(name) == set()
        assert found(street) == {"journal.db"}, "what could not be read is looked at for a month"
        clock[0] += 23 * DAY_MS
        await journal.tidy(clock_is_right=True)
        assert found(name, street) == set()


async def test_a_full_disk_is_said_and_nothing_that_was_there_is_lost(journal: Journal, tmp_path: Path) -> None:
    await journal.record(Entry(session=b"one", facts=(problem("kept"),)))
    (pages,) = next(iter(await journal._database.execute_fetchall("PRAGMA page_count")))
    await journal._database.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(OSError, match="is the disk full"):
        await journal.record(Entry(session=b"two", facts=(problem("x" * 100_000),)))
    assert journal.waiting == 1
    async with await reopen(journal, tmp_path / "journal.db") as again:
        assert await again.session() == b"one"
        assert again.waiting == 1


async def test_a_lease_that_is_over_is_not_taken_again(journal: Journal, tmp_path: Path) -> None:
    assert await journal.lease(a_job(fence=3), TERMS)
    assert await journal.lease(a_job(fence=3), TERMS), "a repeated offer changes nothing"
    assert not await journal.lease(a_job(fence=2), TERMS), "an older lease"
    await journal.record(Entry(gone=(JobId("J1"),)))
    assert journal.jobs == {}
    assert not await journal.lease(a_job(fence=3), TERMS), "the offer came again after the job was done"
    async with await reopen(journal, tmp_path / "journal.db") as again:
        assert not await again.lease(a_job(fence=3), TERMS)
        assert await again.lease(a_job(fence=4), TERMS), "central leased it once more"
        assert again.jobs[JobId("J1")].fence == 4


async def test_what_was_seen_is_known_after_a_restart(journal: Journal, tmp_path: Path) -> None:
    await journal.record(Entry(seen="sscc 0345 1"))
    async with await reopen(journal, tmp_path / "journal.db") as again:
        assert await again.has_seen("sscc 0345 1")
        assert not await again.has_seen("sscc 0345 2")


@pytest.mark.feature("L8")
async def test_a_print_goes_forward_only(journal: Journal) -> None:
    await journal.record(Entry(prints=(a_print("p1"),)))
    assert not await journal.move_print(PrintMove("p1", PrintState.PRINTED)), "not a byte has left"
    assert await journal.move_print(PrintMove("p1", PrintState.SENT))
    assert not await journal.move_print(PrintMove("p1", PrintState.SENT)), "a second worker gets nothing to send"
    assert not await journal.move_print(PrintMove("p1", PrintState.CANCELLED)), "too late"
    await journal.record(Entry(moves=(PrintMove("p1", PrintState.PRINTED),)))
    await journal.record(Entry(prints=(a_print("p1"),)))
    row = await journal.print("p1")
    assert row is not None
    assert row.state is PrintState.PRINTED, "the same id again is the same paper"
    assert row.document == a_print("p1").document


@pytest.mark.feature("L8")
async def test_a_print_that_failed_is_queued_again_by_its_own_id(journal: Journal) -> None:
    await journal.record(Entry(prints=(a_print("p1"),), moves=(PrintMove("p1", PrintState.FAILED, "no paper"),)))
    assert [row.detail for row in await journal.prints(PrintState.FAILED)] == ["no paper"]
    await journal.record(Entry(prints=(a_print("p1"),)))
    assert [row.detail for row in await journal.prints(PrintState.QUEUED)] == [""]


@pytest.mark.feature("R4")
async def test_unreadable_payloads_are_counted_and_the_newest_kept(journal: Journal) -> None:
    for number in range(103):
        await journal.set_aside("some/topic", b"x" * 5000, f"reason {number}")
    assert await journal.unreadable() == 103
    rows = list(await journal._database.execute_fetchall("SELECT reason, size, length(head) FROM unreadable"))
    assert len(rows) == 100
    assert rows[-1] == ("reason 102", 5000, 2048)


def damage(path: Path, needle: bytes) -> None:
    """Overwrite the page that holds `needle`, as a worn card does."""
    content = bytearray(path.read_bytes())
    page = content.index(needle) // 4096 * 4096
    content[page : page + 4096] = os.urandom(4096)
    path.write_bytes(content)


@pytest.mark.feature("R2")
async def test_a_damaged_file_is_never_replaced_over_unsent_facts(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        await journal.record(Entry(session=b"s", facts=tuple(problem(f"parcel {n} " + "x" * 900) for n in range(40))))
    damage(path, b"parcel 20 ")
    with pytest.raises(JournalFault, match="begin-anew"):
        await Journal.open(path, "lyon", StationId("b1"), now_ms)
    with pytest.raises(JournalFault, match="earlier start"):
        await Journal.open(path, "lyon", StationId("b1"), now_ms)
    assert not path.exists()
    assert len(damaged_files(path)) == 1
    salvage = begin_anew(path)
    assert not salvage.complete
    assert 30 <= salvage.rows["outbox"] < 40, "rows before and after the bad page were read"
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        texts = [read_fact(row.payload).body.text[:9] for row in await journal.unsent(0, 100)]
        assert {"parcel 0 ", "parcel 39"} <= set(texts)
        await journal.record(Entry(facts=(problem("next"),)))
        assert (await journal.unsent(0, 100))[-1].sequence == 41
    with pytest.raises(JournalFault, match="nothing was changed"):
        begin_anew(path)


async def test_a_damaged_file_is_replaced_when_its_facts_are_proved_whole(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        await journal.record(Entry(session=b"as it was", facts=(problem("kept"),)))
        await journal.set_aside("t", b"unreadable payload of a stranger", "not JSON")
    damage(path, b"unreadable payload")
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        assert journal.waiting == 1
        assert await journal.session() == b"as it was"
    assert len(damaged_files(path)) == 1


@pytest.mark.feature("S1")
async def test_steps_that_the_disk_took_back_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        await journal.record(Entry(session=b"1"))
        assert journal.steps_lost == 0
    earlier = path.read_bytes()
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        assert journal.steps_lost == 0
        for body in (b"2", b"3"):
            await journal.record(Entry(session=body))
    path.write_bytes(earlier)
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        assert (journal.steps_lost, await journal.session()) == (2, b"1")
        await journal.record(Entry(session=b"4"))
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        assert journal.steps_lost == 0, "it was told, and the bench went on from there"


@pytest.mark.feature("L8")
async def test_that_a_paper_was_sent_is_a_step_that_is_missed(tmp_path: Path) -> None:
    """Without its word the label would be printed again, and nobody asked."""
    path = tmp_path / "journal.db"
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        await journal.record(Entry(session=b"1", prints=(a_print("p1"),)))
    earlier = path.read_bytes()
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        assert await journal.move_print(PrintMove("p1", PrintState.SENT))
        assert not await journal.move_print(PrintMove("p1", PrintState.SENT)), "it is sent"
    path.write_bytes(earlier)
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        assert journal.steps_lost == 1


async def test_steps_that_are_taken_at_once_have_numbers_of_their_own(tmp_path: Path) -> None:
    """Or nobody would miss the second of two."""
    async with await Journal.open(tmp_path / "journal.db", "lyon", StationId("b1"), now_ms) as journal:
        await journal.record(Entry(session=b"1", prints=(a_print("p1"),)))
        sent = PrintMove("p1", PrintState.SENT)
        await asyncio.gather(journal.record(Entry(session=b"2")), journal.move_print(sent))
        assert [tuple(row) for row in await journal._database.execute_fetchall("SELECT step FROM session")] == [(3,)]


async def test_a_damaged_file_of_an_earlier_packline_is_read_by_its_own_columns(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        await journal.record(Entry(session=b"as it was", facts=(problem("kept"),)))
        await journal.set_aside("t", b"unreadable payload of a stranger", "not JSON")
        await journal._database.execute("ALTER TABLE session DROP COLUMN step")
        await journal._database.execute("PRAGMA user_version = 2")
    damage(path, b"unreadable payload")
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        assert (journal.waiting, await journal.session()) == (1, b"as it was")


async def test_a_file_that_is_not_a_database_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    path.write_bytes(b"\0" * 4096 + b"what a bad card leaves")
    with pytest.raises(JournalFault, match="may hold parcels"):
        await Journal.open(path, "lyon", StationId("b1"), now_ms)


async def test_a_disk_that_takes_nothing_is_no_damage(tmp_path: Path) -> None:
    """systemd starts a station again that ends so; it does not after damage, which a person must see."""
    path = tmp_path / "journal.db"
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        await journal.record(Entry(session=b"kept"))
    in_the_way = tmp_path / "journal.db-wal"
    in_the_way.mkdir()
    with pytest.raises(OSError, match="is the disk full or read-only"):
        await Journal.open(path, "lyon", StationId("b1"), now_ms)
    in_the_way.rmdir()
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        assert await journal.session() == b"kept"


async def test_a_file_of_a_newer_packline_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        await journal._database.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalFault, match="newer Packline"):
        await Journal.open(path, "lyon", StationId("b1"), now_ms)


_WRITER = """
import asyncio, itertools, sys
from pathlib import Path
from contract.keys import StationId
from contract.messages import ProblemRaised
from station.journal import Entry, Journal
from labels.documents import TestPrint
from station.work.effects import Print

async def main():
    ticks = itertools.count(1)
    journal = await Journal.open(Path(sys.argv[1]), "lyon", StationId("b1"), lambda: next(ticks))
    for n in itertools.count(1):
        await journal.record(Entry(
            session=str(n).encode(),
            facts=(ProblemRaised(kind="test", text=str(n), at=n),),
            prints=(Print(f"p{n}", "label", TestPrint("b1", "zebra", n)),),
        ))
        print(n, flush=True)

asyncio.run(main())
"""


@pytest.mark.feature("R2")
@pytest.mark.parametrize("after", [1, 7, 40])
async def test_kill_9_loses_no_step_and_splits_none(tmp_path: Path, after: int) -> None:
    path = tmp_path / "journal.db"
    writer = await asyncio.create_subprocess_exec(sys.executable, "-c", _WRITER, path, stdout=subprocess.PIPE)
    assert writer.stdout is not None
    told = 0
    async for line in writer.stdout:
        told = int(line)
        if told == after:
            writer.kill()
    await writer.wait()
    async with await Journal.open(path, "lyon", StationId("b1"), now_ms) as journal:
        saved = int(await journal.session() or b"0")
        facts = [int(msgspec.json.decode(row.payload)["body"]["text"]) for row in await journal.unsent(0, 10_000)]
        prints = [row.print_id for row in await journal.prints(PrintState.QUEUED)]
    assert saved >= told, "what was told was on the disk"
    assert facts == list(range(1, saved + 1))
    assert prints == [f"p{n}" for n in range(1, saved + 1)]


@pytest.mark.feature("F9")
async def test_what_central_lacks_after_a_restoration_is_sent_again_as_it_was(journal: Journal, tmp_path: Path) -> None:
    await journal.record(Entry(facts=tuple(problem(str(n)) for n in range(4))))
    rows = list(await journal.unsent(0, 10))
    ids = [read_fact(row.payload).message_id for row in rows]
    await journal.receipted(ids)
    assert (journal.waiting, await journal.unsent(0, 10)) == (0, [])
    await journal.compare(77)
    assert [message for _, message in await journal.kept_after(0)] == ids
    begun = journal.comparison
    assert await journal.compared(begun, 4, ids[1:3], is_last=False) == 2
    assert await journal.compared(begun, 4, ids[1:3], is_last=False) == 0, "an answer that came too late"
    async with await reopen(journal, tmp_path / "journal.db") as again:
        assert list(await again.unsent(0, 10)) == rows[1:3]
        assert (again.waiting, again.comparison.through, again.comparison.done) == (2, 4, False)
        assert await again.kept_after(4) == []
        await again.compare(77)
        assert again.comparison.through == 4, "told twice, begun once"
        await again.compared(again.comparison, 4, (), is_last=True)
        await again.record(Entry(facts=(problem("new"),)))
        assert [row.sequence for row in await again.unsent(0, 10)] == [2, 3, 5]
        await again.receipted(ids[1:3])
        assert len(await again.kept_after(0)) == 4, "central may be restored once more"


async def test_old_facts_are_found_without_reading_all_that_are_kept(journal: Journal) -> None:
    plan = await journal._database.execute_fetchall("EXPLAIN QUERY PLAN DELETE FROM received WHERE at < 1")
    assert "received_at" in str([tuple(row) for row in plan])


@pytest.mark.feature("R5", "F9")
async def test_received_facts_go_after_their_days(tmp_path: Path) -> None:
    """Who packed what is no business of a card that was lost a month later."""
    clock = [1_800_000_000_000]

    def found() -> bool:
        return any(b"Ada the packer" in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())

    async with await Journal.open(
        tmp_path / "journal.db", "lyon", StationId("b1"), lambda: clock[0], keep_days=3
    ) as journal:
        await journal.record(Entry(facts=(problem("Ada the packer"),)))
        rows = await journal.unsent(0, 10)
        await journal.receipted([read_fact(row.payload).message_id for row in rows])
        clock[0] += 3 * 24 * 3600 * 1000
        await journal.tidy(clock_is_right=True)
        assert found()
        clock[0] += 1
        await journal.tidy(clock_is_right=True)
        assert not found()
