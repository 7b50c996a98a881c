"""Papers of the office at a bench: each once, told to central, whatever the printer and the power do."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from contract.envelope import read_fact
from contract.keys import OrderId, StationId
from contract.messages import DocumentTroubled, LabelPrinted, PrintDocument
from contract.papers import CarrierLabel, DeliveryNote, Form, SlipLine
from contract.values import Address
from labels.gs1 import find_all
from labels.readback import printed
from station.devices.ipp_printer import IppPrinterConfig
from station.devices.keeper import Keeper
from station.devices.ports import Health
from station.devices.simulated import SimulatedOfficePrinter, SimulatedZplPrinter
from station.devices.zpl_printer import ZplPrinterConfig
from station.journal import Journal
from station.ledger import OFFICE, PrintMove, PrintState
from station.office_papers import OfficePapers
from station.printing import Printing, targets
from tests.labels.specimens import LABEL
from tests.labels.test_carrier import TRACKING, pdf, picture, png
from tests.station.test_printing import Told

pytestmark = pytest.mark.feature("L7")

_HOME = Address("Zoé Martin", ("12 rue des Lilas",), "69003", "LYON", "FR")
_ticks = itertools.count(1_800_000_000_000)


def note(number: str) -> PrintDocument:
    paper = DeliveryNote(number, _HOME, _HOME, (OrderId(number),), (SlipLine("B-17", "Mug", 2),), 0)
    return PrintDocument(f"doc-{number}", paper)


class Bench:
    """A journal, an office printer and what stands between them."""

    def __init__(self, journal: Journal, keeper: Keeper, told: Told) -> None:
        self.journal = journal
        self.keeper = keeper
        self.told = told
        self.recorded = asyncio.Event()
        self.printing = Printing(
            journal, targets([keeper]), lambda given: self.papers.outcome(given), lambda: next(_ticks), patience_s=60
        )
        self.papers = OfficePapers(journal, self.printing, self.recorded.set, lambda: next(_ticks))

    async def facts(self, count: int) -> list[LabelPrinted | DocumentTroubled]:
        """The first `count` facts that central will hear."""
        async with asyncio.timeout(60):
            while len(rows := await self.journal.unsent(0, 100)) < count:
                self.recorded.clear()
                await self.recorded.wait()
        bodies = [read_fact(row.payload).body for row in rows]
        return [body for body in bodies if isinstance(body, LabelPrinted | DocumentTroubled)]


@asynccontextmanager
async def at_work(bench: Bench) -> AsyncIterator[Bench]:
    runs = [asyncio.create_task(each) for each in (bench.keeper.run(), bench.printing.run(), bench.papers.run())]
    try:
        await bench.told.seen(Health.OK, Health.BAD)
        await bench.printing.resume()
        yield bench
    finally:
        for task in runs:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@asynccontextmanager
async def bench_with(journal: Journal, printer: SimulatedOfficePrinter) -> AsyncIterator[Bench]:
    told = Told()
    keeper = Keeper(IppPrinterConfig(name="a4", uri=printer.uri, roles=("delivery_note",)), told)
    async with at_work(Bench(journal, keeper, told)) as bench:
        yield bench


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with await Journal.open(tmp_path / "journal.db", "lyon", StationId("b1"), lambda: next(_ticks)) as opened:
        yield opened


@pytest.fixture
async def printer() -> AsyncIterator[SimulatedOfficePrinter]:
    async with SimulatedOfficePrinter() as opened:
        yield opened


async def test_a_paper_comes_out_once_and_central_is_told(journal: Journal, printer: SimulatedOfficePrinter) -> None:
    async with bench_with(journal, printer) as bench:
        await bench.papers.asked(note("1"), "message-1")
        await bench.papers.asked(note("1"), "message-1")
        await bench.papers.asked(note("2"), "message-2")
        first, second = await bench.facts(2)
        assert isinstance(first, LabelPrinted)
        assert (first.print_id, first.document, first.printer) == ("doc-1", "delivery_note", "a4")
        assert isinstance(second, LabelPrinted)
        assert second.print_id == "doc-2"
        await bench.papers.asked(note("2"), "message-3")
        await bench.papers.asked(note("3"), "message-4")
        assert [fact.print_id for fact in await bench.facts(3)] == ["doc-1", "doc-2", "doc-3"]
        assert len(printer.papers) == 3


async def test_without_paper_central_hears_once_and_it_prints_when_there_is_some(
    journal: Journal, printer: SimulatedOfficePrinter
) -> None:
    printer.closed = True
    async with bench_with(journal, printer) as bench:
        await bench.papers.asked(note("1"), "message-1")
        (failed,) = await bench.facts(1)
        assert isinstance(failed, DocumentTroubled)
        assert (failed.print_id, failed.outcome) == ("doc-1", "failed")
        assert failed.text
        printer.closed = False
        bench.papers.printer_is_well()
        printed = (await bench.facts(2))[1]
        assert isinstance(printed, LabelPrinted)
        assert printed.print_id == "doc-1"
        assert len(printer.papers) == 1


async def test_what_the_office_takes_back_does_not_come_out(journal: Journal, printer: SimulatedOfficePrinter) -> None:
    await OfficePapers(journal, Printing(journal, {}, lambda _: None, int), lambda: None, int).asked(note("1"), "m-1")
    papers = OfficePapers(journal, Printing(journal, {}, lambda _: None, int), lambda: None, int)
    await papers.withdrawn("doc-1")
    async with bench_with(journal, printer) as bench:
        await bench.papers.asked(note("2"), "m-2")
        (printed,) = await bench.facts(1)
        assert printed.print_id == "doc-2"
        assert len(printer.papers) == 1


async def test_a_power_cut_in_mid_print_is_a_question_and_no_second_paper(
    journal: Journal, printer: SimulatedOfficePrinter
) -> None:
    papers = OfficePapers(journal, Printing(journal, {}, lambda _: None, int), lambda: None, int)
    await papers.asked(note("1"), "m-1")
    assert await journal.move_print(PrintMove(OFFICE + "doc-1", PrintState.SENT))
    async with bench_with(journal, printer) as bench:
        (uncertain,) = await bench.facts(1)
        assert isinstance(uncertain, DocumentTroubled)
        assert uncertain.outcome == "uncertain"
        assert printer.papers == []


@pytest.mark.feature("L2")
@pytest.mark.parametrize("dpi", [203, 300])
async def test_a_carriers_label_comes_out_at_its_size_on_the_printers_resolution(journal: Journal, dpi: int) -> None:
    zpl = f"^XA^FO60,400^BY3^BCN,150^FD{TRACKING}^FS^XZ".encode()
    per_mm = 8 if dpi == 203 else dpi / 25.4
    wide, high = int(102 * per_mm), int(152 * per_mm)
    files: tuple[tuple[Form, bytes], ...] = (
        ("zpl", zpl),
        ("png", png(picture(wide, high), dpi)),
        ("pdf", pdf(102, 152)),
    )
    async with SimulatedZplPrinter() as twin:
        told = Told()
        keeper = Keeper(ZplPrinterConfig(name="zebra", host=twin.host, port=twin.port, dpi=dpi), told)
        async with at_work(Bench(journal, keeper, told)) as bench:
            for number, (form, data) in enumerate(files):
                label = CarrierLabel(LABEL.sscc, "Express", TRACKING, form, data, dpi)
                await bench.papers.asked(PrintDocument(f"doc-{number}", label), f"message-{number}")
            facts = await bench.facts(3)
        assert all(isinstance(fact, LabelPrinted) and fact.sscc == LABEL.sscc for fact in facts), facts
        assert twin.labels[0] == zpl
        for printed_label in twin.labels[1:]:
            (sheet,) = printed(printed_label).sheets
            assert sheet.size == (wide, high)
            assert find_all(sheet) == [TRACKING]
