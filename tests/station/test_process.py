"""The station as a process with its devices' twins, a real broker and a played central: one parcel, and kill -9."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from contract.keys import Sscc
from contract.messages import (
    JobFinished,
    JobOffered,
    JobOpened,
    LabelPrinted,
    LeaseSscc,
    OpenWork,
    ParcelClosed,
    ProblemRaised,
    Receipts,
    SsccLeased,
)
from contract.values import Ahead, Receipt, SsccRange
from demo.broker import Broker
from tests.station.played import (
    CONFIGURATION,
    GRAMS,
    MUG,
    PLATE,
    PlayedBench,
    PlayedCentral,
    a_job,
    played_central,
    sscc_of,
)


@pytest.fixture
async def central(broker: Broker) -> AsyncIterator[PlayedCentral]:
    async with played_central(broker) as played:
        played.jobs["1001"] = a_job()
        yield played


@pytest.fixture
async def bench(tmp_path: Path, broker: Broker, central: PlayedCentral) -> AsyncIterator[PlayedBench]:
    """A bench at work: configured, with serials for labels."""
    async with PlayedBench(tmp_path, broker) as played:
        await played.start()
        await central.until(lambda: central.state is not None and central.state.online)
        await central.send(CONFIGURATION)
        await central.until(lambda: any(isinstance(ask, LeaseSscc) for ask in central.asks))
        await played.kiosk.until(lambda: bool(played.kiosk.screen))
        yield played


async def finished(bench: PlayedBench, central: PlayedCentral, labels: int = 1) -> None:
    """The end state, whatever happened on the way: one parcel, its paper, every fact received and forgotten."""
    await central.until(lambda: len(central.bodies(JobFinished)) == 1)
    (parcel,) = central.bodies(ParcelClosed)
    contents = [(line.sku, line.quantity, line.proof) for line in parcel.contents]
    assert contents == [("MUG", 2, "scan"), ("PLATE", 1, "scan")]
    assert parcel.weighing.grams == GRAMS
    assert parcel.last
    assert len(bench.printer.labels) == labels
    assert {sscc_of(label) for label in bench.printer.labels} == {parcel.sscc}
    assert len(central.bodies(JobOpened)) == 1
    sequences = sorted(envelope.sequence for envelope in central.facts.values())
    assert sequences == list(range(1, len(sequences) + 1)), "no gap, and no number twice"
    async with asyncio.timeout(60):
        while (journal := await bench.journal())["waiting"]:
            pass
    await bench.kiosk.until(lambda: bench.kiosk.quiet["queued"] == 0)
    assert (journal["jobs"], journal["phase"]) == ([], "Idle")
    assert journal["open_prints"] == []


@pytest.mark.feature("R2", "P14", "D7")
async def test_one_parcel_from_scan_to_receipt(bench: PlayedBench, central: PlayedCentral) -> None:
    await bench.sign_in_and_open("1001")
    await bench.pack_all()
    label = await bench.label()
    await central.until(lambda: central.progress is not None and central.progress.grams == GRAMS)
    assert central.progress is not None
    assert (central.progress.orders, central.progress.badge) == (("1001",), "0001")
    assert (central.progress.packed, central.progress.to_pack) == (3, 3)
    await bench.scan(sscc_of(label))
    await finished(bench, central)
    assert central.repeats == 0
    assert [printed.sscc for printed in central.bodies(LabelPrinted)] == [sscc_of(label)]
    assert await bench.stop() == 0
    await central.until(lambda: central.state is not None and not central.state.online)


@pytest.mark.feature("P14")
async def test_another_parcels_label_is_refused(bench: PlayedBench, central: PlayedCentral) -> None:
    await bench.sign_in_and_open("1001")
    await bench.pack_all()
    label = await bench.label()
    await bench.scan(Sscc.numbered("0376100", 999_999))
    await bench.kiosk.until(lambda: bench.kiosk.screen["tone"] == "stop")
    assert not central.bodies(ParcelClosed)
    await bench.scan(sscc_of(label))
    await finished(bench, central)


@pytest.mark.feature("R2", "P17", "P14", "L8")
@pytest.mark.parametrize("point", ["opened", "half packed", "label out", "closed"])
async def test_kill_9_in_the_middle_of_an_order(bench: PlayedBench, central: PlayedCentral, point: str) -> None:
    kiosk = bench.kiosk

    async def power_cut() -> None:
        before = {key: kiosk.screen[key] for key in ("sentence", "lines", "title", "packer", "parcel")}
        bench.process.kill()
        kiosk.frame = {}
        await bench.start()
        await kiosk.until(lambda: bool(kiosk.screen))
        assert {key: kiosk.screen[key] for key in before} == before, "the packer finds the same screen"

    await bench.sign_in_and_open("1001")
    if point == "opened":
        await power_cut()
    await bench.scan(MUG)
    await bench.scan(MUG)
    if point == "half packed":
        await power_cut()
    await bench.scan(PLATE)
    bench.scale.place(GRAMS)
    label = await bench.label()
    await central.until(lambda: len(central.bodies(LabelPrinted)) == 1)
    if point == "label out":
        await power_cut()
        await kiosk.until(lambda: kiosk.screen["weight"] is not None and kiosk.screen["weight"]["grams"] == GRAMS)
    central.gives_receipts = point != "closed"
    await bench.scan(sscc_of(label))
    if point == "closed":
        await central.until(lambda: len(central.bodies(JobFinished)) == 1)
        bench.process.kill()
        central.gives_receipts = True
        kiosk.frame = {}
        await bench.start()
        await kiosk.until(lambda: bool(kiosk.screen))
        await central.until(lambda: central.repeats > 0)
    await finished(bench, central)


@pytest.mark.feature("R2", "P17")
async def test_kill_9_at_the_very_moment_of_a_scan(bench: PlayedBench, central: PlayedCentral) -> None:
    """Whether the scan was committed or not, the screen says what is still to be scanned, and that is true."""
    await bench.sign_in_and_open("1001")
    left = dict(zip((MUG, PLATE), (2, 1), strict=True))
    for code in (MUG, PLATE, MUG):
        bench.scanner.scan(code)
        bench.process.kill()
        bench.kiosk.frame = {}
        await bench.start()
        await bench.kiosk.until(lambda: bool(bench.kiosk.screen.get("lines")))
        for line in bench.kiosk.screen["lines"]:
            left[MUG if line["sku"] == "MUG" else PLATE] = line["quantity"] - line["packed"]
    for code, quantity in left.items():
        for _ in range(quantity):
            await bench.scan(code)
    bench.scale.place(GRAMS)
    await bench.scan(sscc_of(await bench.label()))
    await finished(bench, central)


@pytest.mark.feature("L8", "R2")
async def test_kill_9_while_the_label_comes_out_asks_the_packer(bench: PlayedBench, central: PlayedCentral) -> None:
    """The label reaches the printer and the station dies before it knows."""
    bench.when_label_comes = bench.process.kill
    await bench.sign_in_and_open("1001")
    await bench.pack_all()
    label = await bench.label()
    bench.when_label_comes = lambda: None
    assert [(row["state"], row["role"]) for row in (await bench.journal())["open_prints"]] == [("sent", "label")]
    bench.kiosk.frame = {}
    await bench.start()
    await bench.kiosk.until(lambda: bool(bench.kiosk.screen) and bench.kiosk.screen["tone"] == "look")
    assert [row["state"] for row in (await bench.journal())["open_prints"]] == ["uncertain"]
    await bench.kiosk.until(lambda: bench.kiosk.screen["weight"]["grams"] == GRAMS)
    await bench.scan(sscc_of(label))
    await finished(bench, central)


@pytest.mark.feature("S1", "R2")
async def test_a_journal_that_went_back_uses_no_number_twice(
    bench: PlayedBench, central: PlayedCentral, tmp_path: Path
) -> None:
    """Steps are gone from the end of the log: SQLite says nothing, packer and office are told all the same."""
    await bench.sign_in_and_open("1001")
    await bench.stop()
    log = bench.folder / "state" / "journal.db"
    before = log.read_bytes()
    await bench.start()
    await bench.pack_all()
    lost = sscc_of(await bench.label())
    await central.until(lambda: len(central.bodies(LabelPrinted)) == 1)
    bench.process.kill()
    for part in ("", "-wal", "-shm"):
        log.with_name(log.name + part).unlink(missing_ok=True)
    log.write_bytes(before)
    bench.scale.place(0)
    leases = len(central.asks)
    bench.kiosk.frame = {}
    await bench.start()
    await central.until(lambda: any(raised.kind == "journal_went_back" for raised in central.bodies(ProblemRaised)))
    await central.until(lambda: any(isinstance(ask, LeaseSscc) for ask in central.asks[leases:]))
    await bench.kiosk.until(lambda: any(word in bench.kiosk.screen.get("note", "") for word in ("forgot", "oublié")))
    await central.send(SsccLeased(SsccRange("0376100", 500, 599)))
    await bench.scan("PK-CONFIRM")
    assert bench.kiosk.screen["lines"] == [], "what it shows may be long done"
    central.jobs["1001"] = replace(a_job(), parcels_closed=1)
    await bench.scan("1001")
    await bench.kiosk.until(lambda: bool(bench.kiosk.screen["lines"]))
    assert bench.kiosk.screen["parcel"] == 2, "as far as central knows it, not as the bench had it"
    await bench.pack_all()
    again = sscc_of(await bench.label(2))
    assert again != lost
    await bench.stop()
    bench.kiosk.frame = {}
    await bench.start()
    await bench.kiosk.until(lambda: bool(bench.kiosk.screen))
    raised = [each for each in central.bodies(ProblemRaised) if each.kind == "journal_went_back"]
    assert len(raised) == 1, "told once"


@pytest.mark.feature("S1", "L8", "R2")
async def test_a_parcel_that_was_closed_in_steps_that_are_lost_is_not_closed_again(
    bench: PlayedBench, central: PlayedCentral
) -> None:
    """The earlier state has its label under way: nothing is asked of it, and it does not come out once more."""
    bench.when_label_comes = bench.process.kill
    await bench.sign_in_and_open("1001")
    await bench.pack_all()
    label = await bench.label()
    bench.when_label_comes = lambda: None
    log = bench.folder / "state" / "journal.db"
    before = {part: log.with_name(log.name + part).read_bytes() for part in ("", "-wal")}
    bench.kiosk.frame = {}
    await bench.start()
    await bench.kiosk.until(lambda: bench.kiosk.screen.get("tone") == "look")
    await bench.kiosk.until(lambda: bench.kiosk.screen["weight"]["grams"] == GRAMS)
    await bench.scan(sscc_of(label))
    await finished(bench, central)
    bench.process.kill()
    log.with_name(log.name + "-shm").unlink(missing_ok=True)
    for part, content in before.items():
        log.with_name(log.name + part).write_bytes(content)
    bench.scale.place(0)
    bench.kiosk.frame = {}
    await bench.start()
    await bench.kiosk.until(lambda: any(word in bench.kiosk.screen.get("note", "") for word in ("forgot", "oublié")))
    assert bench.kiosk.screen["lines"] == []
    assert "PK-YES" not in {action["code"] for action in bench.kiosk.screen["actions"]}
    await bench.scan("PK-CONFIRM")
    await bench.stop()
    assert len(bench.printer.labels) == 1
    assert len(central.bodies(ParcelClosed)) == 1


@pytest.mark.feature("R1", "R2")
async def test_leased_work_goes_on_without_a_network(
    bench: PlayedBench, central: PlayedCentral, broker: Broker
) -> None:
    await central.send(JobOffered(a_job(), Ahead(3_600)))
    central.jobs.clear()
    await bench.sign_in()
    await until_leased(bench)
    broker.kill()
    await bench.kiosk.until(lambda: not bench.kiosk.quiet["online"])
    await bench.scan("1001")
    await bench.kiosk.until(lambda: bool(bench.kiosk.screen["lines"]))
    await bench.pack_all()
    await bench.scan(sscc_of(await bench.label()))
    await bench.kiosk.until(lambda: bench.kiosk.quiet["queued"] > 2)
    broker.start()
    await finished(bench, central)


async def until_leased(bench: PlayedBench) -> None:
    while not (await bench.journal())["jobs"]:
        pass


@pytest.mark.feature("R2")
async def test_facts_are_sent_again_until_their_receipt(
    bench: PlayedBench, central: PlayedCentral, broker: Broker
) -> None:
    central.gives_receipts = False
    await bench.sign_in_and_open("1001")
    await central.until(lambda: len(central.bodies(JobOpened)) == 1)
    await asyncio.to_thread(broker.stop)
    await bench.kiosk.until(lambda: not bench.kiosk.quiet["online"])
    central.gives_receipts = True
    broker.start()
    await bench.kiosk.until(lambda: bench.kiosk.quiet["queued"] == 0)
    assert central.repeats > 0
    assert len(central.bodies(JobOpened)) == 1


@pytest.mark.feature("D7")
async def test_devices_come_and_go_at_any_moment(bench: PlayedBench, central: PlayedCentral) -> None:
    kiosk = bench.kiosk

    def health(name: str) -> str | None:
        return {device["name"]: device["health"] for device in kiosk.quiet.get("devices", ())}.get(name)

    await bench.sign_in_and_open("1001")
    await kiosk.until(lambda: health("scale") == "ok" and health("scanner") == "ok")
    for twin, name in ((bench.scale, "scale"), (bench.scanner, "scanner")):
        twin.unplug()
        await kiosk.until(lambda name=name: health(name) == "lost")  # type: ignore[misc]
        twin.plug()
        await kiosk.until(lambda name=name: health(name) == "ok")  # type: ignore[misc]
    await bench.pack_all()
    await bench.scan(sscc_of(await bench.label()))
    await finished(bench, central)


@pytest.mark.feature("S1", "R2")
async def test_a_serial_is_never_given_twice(bench: PlayedBench, central: PlayedCentral) -> None:
    """The lease arrives again after its first serial was used, and after a restart."""
    await bench.sign_in_and_open("1001")
    await bench.pack_all()
    await bench.scan(sscc_of(await bench.label()))
    await finished(bench, central)
    bench.process.kill()
    await central.send(SsccLeased(SsccRange("0376100", 1, 100)))
    central.jobs["1002"] = a_job("1002")
    bench.scale.place(0)
    await bench.start()
    await bench.kiosk.until(lambda: bool(bench.kiosk.screen) and bench.kiosk.quiet["online"])
    await bench.scan("1002")
    await bench.kiosk.until(lambda: bool(bench.kiosk.screen["lines"]))
    await bench.pack_all()
    second = await bench.label(2)
    assert sscc_of(second) != central.bodies(ParcelClosed)[0].sscc


async def test_an_order_that_was_asked_for_before_a_power_cut_is_asked_for_again(
    bench: PlayedBench, central: PlayedCentral
) -> None:
    await bench.sign_in()
    central.answers = False
    await bench.scan("1001")
    await central.until(lambda: OpenWork("1001", "0001") in central.asks)
    bench.process.kill()
    central.answers = True
    await bench.start()
    await bench.kiosk.until(lambda: bool(bench.kiosk.screen.get("lines")))


async def test_a_session_that_cannot_be_read_is_set_aside(bench: PlayedBench, central: PlayedCentral) -> None:
    await bench.sign_in()
    bench.process.kill()
    with sqlite3.connect(bench.folder / "state" / "journal.db") as journal:
        journal.execute("UPDATE session SET body = ?", (b'{"phase": {"type": "Dancing"}}',))
    journal.close()
    bench.kiosk.frame = {}
    await bench.start()
    await bench.kiosk.until(lambda: bench.kiosk.screen.get("packer") == "")
    assert any("set aside" in line for line in bench.process.lines)
    assert (await bench.journal())["unreadable"] == 1
    await central.until(lambda: "session_unreadable" in {raised.kind for raised in central.bodies(ProblemRaised)})
    await bench.sign_in()


@pytest.mark.feature("F5", "D7")
async def test_the_retained_state_tells_devices_and_queue(bench: PlayedBench, central: PlayedCentral) -> None:
    def health() -> dict[str, str]:
        return {device.name: device.health for device in central.state.devices} if central.state else {}

    await central.until(lambda: health() == {"scanner": "ok", "scale": "ok", "zebra": "ok"})
    assert central.state is not None
    assert central.state.version
    central.gives_receipts = False
    await bench.sign_in()
    await central.until(lambda: central.state is not None and central.state.queued > 0)
    bench.scale.unplug()
    await central.until(lambda: health()["scale"] == "lost")
    bench.process.kill()
    await central.until(lambda: central.state is not None and not central.state.online)


async def test_a_problem_in_a_receipt_is_shown(bench: PlayedBench, central: PlayedCentral) -> None:
    central.gives_receipts = False
    await bench.sign_in_and_open("1001")
    await central.until(lambda: bool(central.bodies(JobOpened)))
    (opened,) = (message for message, fact in central.facts.items() if isinstance(fact.body, JobOpened))
    await central.send(Receipts((Receipt(opened, problem="Order 1001: ask the office"),)))
    await bench.kiosk.until(lambda: "ask the office" in str(bench.kiosk.screen))
