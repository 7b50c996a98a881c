"""Stations' messages over a real broker into a real database, and what comes back."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec import Struct

from central.app import Central
from central.config import CentralConfig, PackingConfig, SenderConfig
from central.desk.books import Books, Keys
from central.desk.waiting import Bounds, Waiting
from central.packing.jobs import withdraw
from central.people.commands import People
from central.people.passwords import Passwords
from central.shipping.rows import SsccRangeRow
from central.store.sqlite import SqliteStore
from contract.envelope import MAX_BYTES, encode
from contract.keys import JobId, OrderId
from contract.messages import (
    BadgeKnown,
    BadgeUnknown,
    Configure,
    JobOffered,
    JobWithdrawn,
    LabelPrinted,
    LeaseSscc,
    MessageToPacker,
    OpenWork,
    Progress,
    SignedIn,
    SignedOut,
    SsccLeased,
    StationState,
    WhoIs,
    WorkRefused,
)
from contract.values import DeviceState, PackedLine
from demo.broker import Broker
from link.client import BrokerConfig
from tests.central.bench import Bench, at_work
from tests.central.shop import AT, MUG, TEA, parcel, shop, sscc

SITE = "lyon"


class Desk(Struct):
    """A running central without its HTTP server, and a bench."""

    central: Central
    store: SqliteStore
    bench: Bench
    broker: Broker
    database: Path

    async def rows(self, query: str, *params: object) -> list[dict[str, object]]:
        return [dict(row) for row in await self.store.read(query, params)]


class Complaints(logging.Handler):
    """Says when something was logged."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard = asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.set()


def configuration(folder: Path, port: int) -> CentralConfig:
    return CentralConfig(
        SITE,
        str(folder / "central.db"),
        SenderConfig("Maison", ("1 rue X",), "69001", "Lyon", "FR"),
        PackingConfig("03401234"),
        BrokerConfig(port=port),
    )


def stock_up(books: Books) -> None:
    made = shop(("P-1", [(MUG, 2), (TEA, 1)]), ("P-2", [(MUG, 1)]))
    for name in ("orders", "lines", "products", "levels", "accounts"):
        for row in getattr(made, name):
            getattr(books, name).put(row)
    books.movements.extend(made.movements)


@pytest.fixture
async def desk(tmp_path: Path, broker: Broker) -> AsyncIterator[Desk]:
    config = configuration(tmp_path, broker.port)
    async with (
        SqliteStore(Path(config.database), SITE, patience_s=0.05) as store,
        at_work(broker, SITE, "pack-1") as bench,
    ):
        await store.transact(Keys(), stock_up)
        central = Central(config, store)
        work = (central.link.run(), central.inbox.run(), central.relay.run(), central.send_news())
        running = [asyncio.create_task(each) for each in work]
        try:
            await bench.until(lambda: "stock/MUG-BLUE" in bench.news or None)
            yield Desk(central, store, bench, broker, Path(config.database))
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)


@pytest.mark.feature("K3", "O5", "S2", "S5")
async def test_a_parcel_is_booked_receipted_and_told(desk: Desk) -> None:
    bench = desk.bench
    offer = await bench.ask(OpenWork("P-1", "1002"))
    assert isinstance(offer, JobOffered)
    assert (offer.job.fence, [line.quantity for line in offer.job.lines]) == (1, [2, 1])
    (receipt,) = await bench.tell(parcel(1, "P-1", (1, MUG, 2), (2, TEA, 1)))
    assert receipt.problem == ""
    news = await bench.until(lambda: bench.news.get(f"parcel/{sscc(1)}"))
    assert (news["body"]["status"], news["body"]["tracking_number"]) == ("packed", sscc(1))
    await bench.until(lambda: bench.news["order/P-1"]["body"]["status"] == "packed" or None)
    await bench.until(lambda: bench.news["stock/MUG-BLUE"]["body"]["level"]["packed"] or None)
    assert bench.news["stock/MUG-BLUE"]["body"]["level"] == {
        "on_hand": 18,
        "reserved": 1,
        "available": 17,
        "packed": 2,
    }
    timeline = await desk.rows("tracking.timeline_of", "order/P-1")
    assert ("parcel_closed", "pack-1", "1002") in [(row["what"], row["station"], row["by"]) for row in timeline]
    assert [row["status"] for row in await desk.rows("tracking.events_of", sscc(1))] == ["packed"]
    assert await desk.rows("stock.audit_levels") == []


@pytest.mark.feature("K3")
async def test_whoever_subscribes_late_is_told_the_newest_stock(desk: Desk) -> None:
    await desk.bench.ask(OpenWork("P-1", "1002"))
    await desk.bench.tell(parcel(1, "P-1", (1, MUG, 2), (2, TEA, 1)))
    await desk.bench.until(lambda: desk.bench.news["stock/MUG-BLUE"]["body"]["level"]["packed"] or None)
    async with at_work(desk.broker, SITE, "late") as late:
        told = await late.until(lambda: late.news.get("stock/MUG-BLUE"))
    assert told == desk.bench.news["stock/MUG-BLUE"]


@pytest.mark.feature("R2")
async def test_duplicates_get_the_first_receipt(desk: Desk) -> None:
    wrong = desk.bench.envelope(parcel(1, "P-2", (1, MUG, 3)))
    for _ in range(3):
        await desk.bench.say("fact", encode(wrong))
    await desk.bench.until(lambda: len(desk.bench.receipted) == 3 or None)
    first, *others = desk.bench.receipted
    assert first.problem
    assert others == [first, first]
    assert await desk.rows("stock.audit_levels") == []
    assert len(await desk.rows("tracking.events_of", sscc(1))) == 1


@pytest.mark.feature("R4")
async def test_bad_payloads_are_set_aside_counted_and_stop_nothing(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    liar = desk.bench.envelope(SignedIn("1002", AT))
    caplog.set_level(logging.ERROR)
    await desk.bench.say("fact", b"not json")
    await desk.bench.say(
        "fact", b'{"message_id":"x","station":"pack-1","sequence":1,"recorded_at":1,"body":{"type":"Nap"}}'
    )
    await desk.bench.say("fact", encode(liar).replace(b'"station":"pack-1"', b'"station":"pack-2"'))
    await desk.bench.say("ask", b"\xff\xfe")
    await desk.bench.say("fact", b'"' + b"x" * (MAX_BYTES + 1) + b'"')
    (receipt,) = await desk.bench.tell(parcel(1, "P-2", (1, MUG, 1)))
    assert receipt.problem == ""
    kept = sqlite3.connect(f"file:{desk.database}?mode=ro", uri=True)
    rows = kept.execute("SELECT topic, reason, length(payload), size FROM aside ORDER BY aside").fetchall()
    kept.close()
    said = [reason for _, reason, _, _ in rows]
    wanted = (
        "fact: JSON is malformed",
        "fact: Invalid value 'Nap'",
        "fact: it says that it is from 'pack-2'",
        "ask: ",
        "fact: ",
    )
    assert all(reason.startswith(part) for reason, part in zip(said, wanted, strict=True)), said
    assert str(MAX_BYTES) in said[-1]
    assert rows[-1][2:] == (4096, MAX_BYTES + 3)
    assert desk.central.inbox.set_aside == 5
    assert "5 since the start" in caplog.text


@pytest.mark.feature("R4")
async def test_a_fact_that_the_database_cannot_hold_is_receipted_with_a_problem(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    """The facts beside it in the batch are booked."""
    huge = desk.bench.envelope(parcel(7, "P-1", (1, MUG, 10**18), (2, MUG, 10**19)))
    good = desk.bench.envelope(parcel(1, "P-2", (1, MUG, 1)))
    await asyncio.gather(*(desk.bench.say("fact", encode(each)) for each in (huge, good)))
    bad_receipt, good_receipt = sorted(
        await desk.bench.receipts({huge.message_id, good.message_id}), key=lambda each: not each.problem
    )
    assert (bad_receipt.message, good_receipt.message) == (huge.message_id, good.message_id)
    assert desk.central.inbox.set_aside == 1
    assert "cannot be booked" in caplog.text
    assert await desk.rows("stock.audit_levels") == []


@pytest.mark.feature("R4")
@pytest.mark.parametrize(
    ("field", "garbled"), [("sequence", b'"sequence":1' + b"0" * 25), ("message_id", b'"message_id":"a\\u0000b"')]
)
async def test_a_garbled_envelope_is_set_aside_and_stops_nothing(desk: Desk, field: str, garbled: bytes) -> None:
    """Neither a number beyond the database's nor a name that it cannot find again, told twice."""
    whole = encode(desk.bench.envelope(SignedIn("1002", AT)))
    value = re.search(rb'"%s":("[^"]*"|\d+)' % field.encode(), whole)
    assert value is not None
    for _ in range(2):
        await desk.bench.say("fact", whole.replace(value.group(), garbled))
        (receipt,) = await desk.bench.tell(SignedIn("1001", AT))
        assert receipt.problem == ""
    assert desk.central.inbox.set_aside > 0


@pytest.mark.feature("S1")
async def test_sscc_ranges_are_leased_once(desk: Desk) -> None:
    first = await desk.bench.ask(LeaseSscc(100), b"a")
    second = await desk.bench.ask(LeaseSscc(50), b"b")
    assert isinstance(first, SsccLeased)
    assert isinstance(second, SsccLeased)
    assert (first.range.first, first.range.last, second.range.first) == (1, 100, 101)
    repeated = desk.bench.envelope(LeaseSscc(10))
    await desk.bench.say("ask", encode(repeated), correlation=b"c")
    await desk.bench.say("ask", encode(repeated), correlation=b"d")
    assert await desk.bench.answer(b"c") == await desk.bench.answer(b"d")


@pytest.mark.feature("S1")
async def test_a_bench_is_told_when_no_numbers_are_left(desk: Desk) -> None:
    def use_up(books: Books) -> None:
        books.ranges.put(SsccRangeRow("03401234", 1, 10**9 - 5, "pack-9", "long-ago", AT))

    await desk.store.transact(Keys(), use_up)
    answer = await desk.bench.ask(LeaseSscc(100))
    assert isinstance(answer, MessageToPacker)
    assert "préfixe" in answer.text_fr
    assert isinstance(await desk.bench.ask(LeaseSscc(4), b"few"), SsccLeased)


@pytest.mark.feature("P1")
async def test_badges_and_presence(desk: Desk) -> None:
    known = await desk.bench.ask(WhoIs("1001"), b"a")
    unknown = await desk.bench.ask(WhoIs("9"), b"b")
    assert isinstance(known, BadgeKnown)
    assert known.person.name == "Anna"
    assert isinstance(unknown, BadgeUnknown)
    await desk.bench.tell(SignedIn("1001", AT))
    (row,) = await desk.store.transact(Keys(stations=frozenset({"pack-1"})), lambda books: list(books.stations))
    assert row.badge == "1001"
    await desk.bench.tell(SignedOut("1001", AT, idle=True), LabelPrinted("p-1", "label", AT, sscc(1), 2, "smudged"))
    timeline = await desk.rows("tracking.timeline_of", f"parcel/{sscc(1)}")
    assert [(row["what"], row["text"]) for row in timeline] == [("label_printed", "p-1, copy 2: smudged")]


@pytest.mark.feature("V1")
async def test_a_station_that_comes_online_is_configured_and_seen(desk: Desk) -> None:
    state = StationState(True, "0.1.0", (DeviceState("scale", "scale", "well"),), 3, AT)
    await desk.bench.say("state", encode(desk.bench.envelope(state)), retain=True)
    sent = await desk.bench.item(Configure)
    assert [person.badge for person in sent.people] == ["1001", "1002"]
    await desk.bench.say("progress", encode(desk.bench.envelope(Progress("packing", "Scan the items", AT))))
    await desk.bench.tell(SignedIn("1001", AT))
    (bench,) = desk.central.live.benches()
    assert (bench.online, bench.state, bench.progress and bench.progress.phase) == (True, state, "packing")
    (row,) = await desk.store.transact(Keys(stations=frozenset({"pack-1"})), lambda books: list(books.stations))
    assert (bool(row.online), row.version, row.queued) == (True, "0.1.0", 3)
    desk.bench.items.clear()
    await desk.bench.say("state", encode(desk.bench.envelope(state)), retain=True)
    await desk.bench.tell(SignedIn("1001", AT))
    assert not any(isinstance(item, Configure) for item, _ in desk.bench.items)


@pytest.mark.feature("P18")
async def test_a_recall_reaches_the_bench(desk: Desk) -> None:
    await desk.bench.ask(OpenWork("P-1"))
    await desk.store.transact(
        Keys(orders=frozenset({OrderId("P-1")})), lambda books: withdraw(books, OrderId("P-1"), "cancelled", AT)
    )
    recall = await desk.bench.item(JobWithdrawn)
    assert (recall.job, recall.fence, recall.reason) == (JobId("P-1"), 1, "cancelled")


@pytest.mark.feature("R3")
async def test_two_benches_ask_for_one_order(desk: Desk) -> None:
    async with at_work(desk.broker, SITE, "pack-2") as other:
        answers = await asyncio.gather(desk.bench.ask(OpenWork("P-1")), other.ask(OpenWork("P-1")))
    assert sorted(type(answer).__name__ for answer in answers) == ["JobOffered", "WorkRefused"]
    (refused,) = [answer for answer in answers if isinstance(answer, WorkRefused)]
    assert refused.reason == "leased"


async def test_nothing_is_acknowledged_while_the_database_is_in_trouble(
    desk: Desk,
) -> None:
    other = sqlite3.connect(desk.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    complaints = Complaints()
    logging.getLogger("central.desk.inbox").addHandler(complaints)
    fact = desk.bench.envelope(parcel(1, "P-2", (1, MUG, 1)))
    await desk.bench.say("fact", encode(fact))
    async with asyncio.timeout(60):
        await complaints.heard.wait()
    assert desk.bench.receipted == []
    logging.getLogger("central.desk.inbox").removeHandler(complaints)
    other.execute("ROLLBACK")
    other.close()
    (receipt,) = await desk.bench.receipts({fact.message_id})
    assert receipt.problem == ""


@pytest.mark.feature("R3")
async def test_an_ask_that_waited_until_its_station_gave_it_up_leases_nothing(desk: Desk) -> None:
    """Another process holds the database for longer than the station waits."""
    other = sqlite3.connect(desk.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    complaints = Complaints()
    logging.getLogger("central.desk.inbox").addHandler(complaints)
    late, patient = (desk.bench.envelope(OpenWork(code, "1001")) for code in ("P-1", "P-2"))
    await desk.bench.say("ask", encode(late), correlation=b"late", expiry_s=1)
    await desk.bench.say("ask", encode(patient), correlation=b"patient", expiry_s=60)
    async with asyncio.timeout(60):
        await complaints.heard.wait()
        given_up = time.monotonic() + 1.5
        while time.monotonic() < given_up:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    logging.getLogger("central.desk.inbox").removeHandler(complaints)
    other.execute("ROLLBACK")
    assert isinstance(await desk.bench.answer(b"patient"), JobOffered)
    assert other.execute("SELECT job_id FROM jobs WHERE state = 'leased'").fetchall() == [("P-2",)]
    other.close()
    assert b"late" not in {known for _, known in desk.bench.items}


@pytest.mark.feature("R5")
async def test_a_bench_that_goes_by_an_older_list_of_people_is_sent_the_newest(desk: Desk) -> None:
    async def told(configured: int) -> Configure:
        desk.bench.items.clear()
        state = StationState(True, "0.1.0", since=AT, configured=configured)
        await desk.bench.say("state", encode(desk.bench.envelope(state)))
        return await desk.bench.item(Configure)

    newest = await told(0)
    assert await told(newest.version + 1) == newest
    desk.bench.items.clear()
    await desk.bench.say(
        "state", encode(desk.bench.envelope(StationState(True, "0.1.0", since=AT, configured=newest.version)))
    )
    await desk.bench.ask(WhoIs("nobody"), b"after it")
    assert not any(isinstance(item, Configure) for item, _ in desk.bench.items)


@pytest.mark.feature("R4")
@pytest.mark.parametrize(
    "bounds",
    [Bounds(messages=2), Bounds(octets=3000), Bounds(messages_of_one=2), Bounds(octets_of_one=3000)],
    ids=["messages", "octets", "messages of one", "octets of one"],
)
async def test_what_is_too_much_is_left_and_taken_when_it_comes_again(desk: Desk, bounds: Bounds) -> None:
    """While another process holds the database, two of five parcels find room behind the first."""
    other = sqlite3.connect(desk.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    desk.central.inbox._waiting = Waiting(bounds)
    facts = [desk.bench.envelope(parcel(number, "P-1", (1, MUG, 1))) for number in range(1, 7)]
    for fact in facts:
        await desk.bench.say("fact", encode(fact).ljust(1200))
    async with asyncio.timeout(60):
        while desk.central.inbox.let_go == 0:
            await desk.bench.say("progress", b"{}")
    other.execute("ROLLBACK")
    other.close()
    desk.central.inbox._waiting = Waiting(Bounds())
    for fact in facts:
        await desk.bench.say("fact", encode(fact))
    assert len(await desk.bench.receipts({fact.message_id for fact in facts})) == len(facts)


async def test_contents_that_name_no_order(desk: Desk) -> None:
    (receipt,) = await desk.bench.tell(parcel(1, "P-1"))
    assert receipt.message
    (closed,) = await desk.store.transact(Keys(parcels=frozenset({sscc(1)})), lambda books: list(books.parcels))
    assert closed.packed_lines == ()
    assert PackedLine(OrderId("P-1"), 1, MUG, 1) not in closed.packed_lines


@pytest.mark.feature("P1", "R5")
async def test_a_badge_that_is_taken_away_is_gone_from_a_connected_bench_at_once(desk: Desk) -> None:
    state = StationState(True, "0.1.0", (), 0, AT)
    await desk.bench.say("state", encode(desk.bench.envelope(state)), retain=True)
    assert [person.badge for person in (await desk.bench.item(Configure)).people] == ["1001", "1002"]
    desk.bench.items.clear()
    people = People(desk.store, Passwords(), (), AT)
    await people.set_active("ben", False)
    assert [person.badge for person in (await desk.bench.item(Configure)).people] == ["1001"]
    assert isinstance(await desk.bench.ask(WhoIs("1002"), b"gone"), BadgeUnknown)
    desk.bench.items.clear()
    await people.new_badge("anna")
    (anna,) = (await desk.bench.item(Configure)).people
    assert isinstance(await desk.bench.ask(WhoIs("1001"), b"old"), BadgeUnknown)
    assert isinstance(await desk.bench.ask(WhoIs(anna.badge), b"new"), BadgeKnown)
