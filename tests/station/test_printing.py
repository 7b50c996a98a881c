"""Paper comes out once: the ledger against a ZPL printer on a socket, with every trouble it can have."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import cast

import pytest
import zxingcpp
from msgspec.structs import force_setattr, replace
from PIL import Image

from contract.keys import OrderId, Sscc, StationId
from contract.papers import CarrierLabel, DeliveryNote, PickLine, PickList, SlipLine
from contract.values import Address
from labels.documents import LogisticLabel, Role
from station import printing as printing_module
from station.devices.ipp_printer import IppPrinterConfig
from station.devices.keeper import Keeper
from station.devices.ports import DeviceStatus, Health, Reading, ScannedText
from station.devices.simulated import SimulatedOfficePrinter, SimulatedZplPrinter
from station.devices.zpl_printer import ZplPrinterConfig
from station.journal import Entry, Journal
from station.ledger import PrintMove, PrintState
from station.printing import Printing, targets
from station.work.effects import Print
from station.work.inputs import AnyInput, Printed, PrintFailed, PrintUncertain

_ticks = itertools.count(1_800_000_000_000)
_ADDRESS = Address("Zoé Martin", ("12 rue des Lilas",), "69003", "LYON", "FR")
LABEL = LogisticLabel(
    sscc=Sscc.numbered("0376100", 1),
    sender=_ADDRESS,
    consignee=_ADDRESS,
    orders=(OrderId("1001"),),
    number=1,
    of=1,
    grams=1240,
    service="Own",
    packed_at=1_800_000_000_000,
)


PATIENCE_S = 60.0


def label(print_id: str, role: Role = "label") -> Print:
    return Print(print_id, role, LABEL)


class PrintRoom:
    """A journal, printing, and the printers that it has, as a bench would use them."""

    def __init__(self, journal: Journal, keepers: list[Keeper], patience_s: float = PATIENCE_S) -> None:
        self.journal = journal
        self.outcomes: asyncio.Queue[AnyInput] = asyncio.Queue()
        self.printing = Printing(
            journal,
            targets(keepers),
            self.outcomes.put_nowait,
            lambda: next(_ticks),
            patience_s=patience_s,
        )

    async def order(self, wanted: Print) -> None:
        """As the bench: drawn while it is committed, then put."""
        self.printing.prepare(wanted)
        await self.journal.record(Entry(prints=(wanted,)))
        self.printing.put(wanted)

    async def outcome(self) -> AnyInput:
        async with asyncio.timeout(60):
            return await self.outcomes.get()

    async def state(self, print_id: str) -> PrintState | None:
        row = await self.journal.print(print_id)
        return row.state if row else None


class Told:
    """Hears what a keeper tells; `seen` waits for a health."""

    def __init__(self) -> None:
        self.changes: asyncio.Queue[DeviceStatus] = asyncio.Queue()

    def scanned(self, scan: ScannedText) -> None: ...
    def weighed(self, reading: Reading) -> None: ...
    def pressed(self, name: str) -> None: ...
    def changed(self, status: DeviceStatus) -> None:
        self.changes.put_nowait(status)

    async def seen(self, *health: Health) -> None:
        async with asyncio.timeout(60):
            while (await self.changes.get()).health not in health:
                pass


@asynccontextmanager
async def kept(
    printer: SimulatedZplPrinter,
    name: str = "zebra",
    roles: tuple[Role, ...] = ("label",),
    *,
    width_mm: int = 102,
    height_mm: int = 152,
) -> AsyncIterator[Keeper]:
    told = Told()
    config = ZplPrinterConfig(
        name=name,
        roles=roles,
        host=printer.host,
        port=printer.port,
        answer_within_s=PATIENCE_S,
        width_mm=width_mm,
        height_mm=height_mm,
    )
    keeper = Keeper(config, told)
    task = asyncio.create_task(keeper.run())
    try:
        await told.seen(Health.OK, Health.BAD, Health.SILENT)
        yield keeper
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def at_work(room: PrintRoom) -> AsyncIterator[PrintRoom]:
    task = asyncio.create_task(room.printing.run())
    try:
        yield room
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.fixture
async def journal(tmp_path: Path) -> AsyncIterator[Journal]:
    async with await Journal.open(tmp_path / "journal.db", "lyon", StationId("b1"), lambda: next(_ticks)) as opened:
        yield opened


@pytest.fixture
async def printer() -> AsyncIterator[SimulatedZplPrinter]:
    async with SimulatedZplPrinter() as opened:
        yield opened


@pytest.fixture
async def room(journal: Journal, printer: SimulatedZplPrinter) -> AsyncIterator[PrintRoom]:
    async with kept(printer) as keeper, at_work(PrintRoom(journal, [keeper])) as working:
        yield working


@pytest.mark.feature("L8")
async def test_the_row_is_sent_on_the_disk_before_the_first_byte(tmp_path: Path, journal: Journal) -> None:
    states: list[str] = []

    def printed(_: bytes) -> None:
        with sqlite3.connect(tmp_path / "journal.db") as other:
            states.extend(row[0] for row in other.execute("SELECT state FROM prints"))
        other.close()

    async with (
        SimulatedZplPrinter(printed=printed) as printer,
        kept(printer) as keeper,
        at_work(PrintRoom(journal, [keeper])) as room,
    ):
        await room.order(label("p1"))
        assert isinstance(await room.outcome(), Printed)
        assert states == ["sent"]
        assert len(printer.labels) == 1


@pytest.mark.feature("L8")
async def test_the_same_print_again_is_no_second_paper(room: PrintRoom, printer: SimulatedZplPrinter) -> None:
    await room.order(label("p1"))
    assert await room.outcome() == Printed(pytest.approx(next(_ticks), abs=1000), "p1", "zebra")  # type: ignore[arg-type]
    await room.journal.record(Entry(moves=(PrintMove("p1", PrintState.PRINTED),)))
    await room.order(label("p1"))
    assert isinstance(await room.outcome(), Printed), "the stored result"
    assert len(printer.labels) == 1


@pytest.mark.feature("L8")
async def test_no_paper_is_said_and_not_a_byte_leaves(journal: Journal, printer: SimulatedZplPrinter) -> None:
    printer.paper_out = True
    async with kept(printer) as keeper, at_work(PrintRoom(journal, [keeper])) as room:
        await room.order(label("p1"))
        failed = await room.outcome()
        assert isinstance(failed, PrintFailed)
        assert "has no labels" in failed.reason
        assert "n'a plus d'étiquettes" in failed.reason_fr
        await room.journal.record(Entry(moves=(PrintMove("p1", PrintState.FAILED, failed.reason),)))
        printer.paper_out = False
        assert printer.labels == [], "nothing waited in the printer"
        await room.order(label("p1"))
        assert isinstance(await room.outcome(), Printed)
        assert len(printer.labels) == 1


@pytest.mark.feature("L8")
async def test_a_line_cut_in_mid_label_is_a_question(room: PrintRoom, printer: SimulatedZplPrinter) -> None:
    printer.cut_after(2000)
    await room.order(label("p1"))
    assert isinstance(await room.outcome(), PrintUncertain)
    assert await room.state("p1") is PrintState.SENT, "the bench records the outcome with its step"
    assert printer.labels == []


async def test_paper_that_ends_during_the_label_is_a_question(journal: Journal) -> None:
    def ends(_: bytes) -> None:
        printer.paper_out = True

    async with (
        SimulatedZplPrinter(printed=ends) as printer,
        kept(printer) as keeper,
        at_work(PrintRoom(journal, [keeper], patience_s=1)) as room,
    ):
        await room.order(label("p1"))
        assert isinstance(await room.outcome(), PrintUncertain)


async def test_a_printer_that_is_away_is_said(journal: Journal, printer: SimulatedZplPrinter) -> None:
    async with kept(printer) as keeper, at_work(PrintRoom(journal, [keeper])) as room:
        await printer.unplug()
        await room.order(label("p1"))
        failed = await room.outcome()
        assert isinstance(failed, PrintFailed)
        assert "gone" in failed.reason
        assert await room.state("p1") is PrintState.QUEUED


async def test_a_silent_printer_is_believed(journal: Journal, printer: SimulatedZplPrinter) -> None:
    async with kept(printer) as keeper, at_work(PrintRoom(journal, [keeper])) as room:
        printer.silent = True
        force_setattr(keeper.config, "answer_within_s", 0.3)
        await room.order(label("p1"))
        assert isinstance(await room.outcome(), Printed)
        assert len(printer.labels) == 1


async def test_a_cancelled_print_never_comes_out(room: PrintRoom, printer: SimulatedZplPrinter) -> None:
    await room.journal.record(Entry(prints=(label("p1"),), moves=(PrintMove("p1", PrintState.CANCELLED),)))
    room.printing.put(label("p1"))
    await room.order(label("p2"))
    assert await room.outcome() == Printed(pytest.approx(next(_ticks), abs=1000), "p2", "zebra")  # type: ignore[arg-type]
    assert len(printer.labels) == 1


async def test_a_document_that_cannot_be_printed_names_its_field(room: PrintRoom, printer: SimulatedZplPrinter) -> None:
    bad = replace(LABEL, consignee=replace(_ADDRESS, city="LYON " * 60))
    await room.order(Print("p1", "label", bad))
    failed = await room.outcome()
    assert isinstance(failed, PrintFailed)
    assert "consignee" in failed.reason
    assert printer.labels == []


@pytest.mark.feature("R4")
async def test_a_mistake_in_drawing_fails_the_print_and_nothing_else(
    room: PrintRoom, printer: SimulatedZplPrinter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bytes:
        raise ZeroDivisionError("a mistake")

    with monkeypatch.context() as patch:
        patch.setattr(printing_module, "bytes_for", broken)
        await room.order(label("p1"))
        failed = await room.outcome()
    assert isinstance(failed, PrintFailed)
    assert "a mistake" in failed.reason
    await room.order(label("p2"))
    assert isinstance(await room.outcome(), Printed)
    assert len(printer.labels) == 1


async def test_a_role_that_no_printer_has(room: PrintRoom) -> None:
    await room.order(label("p1", "slip"))
    failed = await room.outcome()
    assert isinstance(failed, PrintFailed)
    assert "slip" in failed.reason


async def test_a_printer_in_trouble_holds_no_other_up(journal: Journal) -> None:
    async with (
        SimulatedZplPrinter() as labels,
        SimulatedZplPrinter() as slips,
        kept(labels) as first,
        kept(slips, "slips", ("slip",)) as second,
        at_work(PrintRoom(journal, [first, second])) as room,
    ):
        slips.silent = True
        await room.order(label("slip 1", "slip"))
        await room.order(label("label 1"))
        outcome = await room.outcome()
        assert isinstance(outcome, Printed)
        assert outcome.print_id == "label 1"


@pytest.mark.feature("L8")
async def test_after_a_restart_what_may_be_out_is_asked_and_what_is_not_is_printed(
    journal: Journal, printer: SimulatedZplPrinter
) -> None:
    await journal.record(
        Entry(
            prints=(label("half"), label("never"), label("done")),
            moves=(PrintMove("half", PrintState.SENT), PrintMove("done", PrintState.CONFIRMED)),
        )
    )
    async with kept(printer) as keeper, at_work(PrintRoom(journal, [keeper])) as room:
        await room.printing.resume()
        first, second = await room.outcome(), await room.outcome()
        assert isinstance(first, PrintUncertain)
        assert first.print_id == "half"
        assert isinstance(second, Printed)
        assert second.print_id == "never"
        assert len(printer.labels) == 1


@asynccontextmanager
async def two_printers(
    journal: Journal, first: SimulatedZplPrinter, second: SimulatedZplPrinter
) -> AsyncIterator[PrintRoom]:
    async with (
        kept(first, "near") as near,
        kept(second, "far") as far,
        at_work(PrintRoom(journal, [near, far])) as room,
    ):
        yield room


@pytest.fixture
async def second() -> AsyncIterator[SimulatedZplPrinter]:
    async with SimulatedZplPrinter() as opened:
        yield opened


@pytest.mark.feature("D8")
async def test_the_first_printer_in_the_file_prints_while_it_can(
    journal: Journal, printer: SimulatedZplPrinter, second: SimulatedZplPrinter
) -> None:
    async with two_printers(journal, printer, second) as room:
        await room.order(label("p1"))
        outcome = await room.outcome()
        assert isinstance(outcome, Printed)
        assert (outcome.printer, outcome.instead_of) == ("near", "")
        assert (len(printer.labels), len(second.labels)) == (1, 0)


@pytest.mark.feature("D8")
@pytest.mark.parametrize("trouble", ["paper out", "head open", "away"])
async def test_a_printer_that_cannot_print_is_replaced_and_the_packer_told(
    journal: Journal, printer: SimulatedZplPrinter, second: SimulatedZplPrinter, trouble: str
) -> None:
    async with two_printers(journal, printer, second) as room:
        printer.paper_out = trouble == "paper out"
        printer.head_open = trouble == "head open"
        if trouble == "away":
            await printer.unplug()
        await room.order(label("p1"))
        outcome = await room.outcome()
        assert isinstance(outcome, Printed)
        assert (outcome.printer, outcome.instead_of) == ("far", "near")
        printer.paper_out = printer.head_open = False
        assert (len(printer.labels), len(second.labels)) == (0, 1), "nothing waited in the first"
        await room.journal.record(Entry(moves=(PrintMove("p1", PrintState.PRINTED),)))
        await printer.plug()
        await room.order(label("p1"))
        assert isinstance(await room.outcome(), Printed)
        assert (len(printer.labels), len(second.labels)) == (0, 1), "the stored result"


@pytest.mark.feature("L8")
async def test_a_first_byte_sent_is_never_followed_by_another_printers(
    journal: Journal, printer: SimulatedZplPrinter, second: SimulatedZplPrinter
) -> None:
    async with two_printers(journal, printer, second) as room:
        printer.cut_after(2000)
        await room.order(label("p1"))
        assert isinstance(await room.outcome(), PrintUncertain)
        await room.order(label("p1"))
        await room.order(label("p2"))
        outcome = await room.outcome()
        assert isinstance(outcome, Printed)
        assert outcome.print_id == "p2"
        assert len(printer.labels) + len(second.labels) == 1, "p2 and nothing of p1"


@pytest.mark.feature("D8")
async def test_when_none_can_the_first_ones_trouble_is_said(
    journal: Journal, printer: SimulatedZplPrinter, second: SimulatedZplPrinter
) -> None:
    async with two_printers(journal, printer, second) as room:
        printer.head_open = second.paper_out = True
        await room.order(label("p1"))
        failed = await room.outcome()
        assert isinstance(failed, PrintFailed)
        assert "close its cover" in failed.reason
        assert await room.state("p1") is PrintState.QUEUED


@pytest.mark.feature("D8")
async def test_a_document_goes_to_the_printer_that_has_paper_for_it(journal: Journal) -> None:
    async with (
        SimulatedZplPrinter() as small,
        SimulatedZplPrinter() as large,
        kept(small, "small", width_mm=57, height_mm=32) as near,
        kept(large, "large") as far,
        at_work(PrintRoom(journal, [near, far])) as room,
    ):
        await room.order(label("p1"))
        outcome = await room.outcome()
        assert isinstance(outcome, Printed)
        assert outcome.printer == "large"
        assert (small.labels, len(large.labels)) == ([], 1)


@pytest.mark.feature("D8")
async def test_a_role_that_no_printer_names_is_printed_by_its_family(journal: Journal) -> None:
    async with (
        SimulatedZplPrinter() as labels,
        SimulatedZplPrinter() as lists,
        kept(labels, "labels") as near,
        kept(lists, "lists", ("slip", "pick_list")) as far,
        at_work(PrintRoom(journal, [near, far])) as room,
    ):
        chosen = {}
        for role in ("carrier_label", "return_label", "return_form", "delivery_note", "pick_list", "slip"):
            await room.order(label(f"a {role}", cast(Role, role)))
            outcome = await room.outcome()
            assert isinstance(outcome, Printed)
            chosen[role] = outcome.printer
        assert chosen == {
            "carrier_label": "labels",
            "return_label": "labels",
            "return_form": "lists",
            "delivery_note": "lists",
            "pick_list": "lists",
            "slip": "lists",
        }


@pytest.mark.feature("L7")
async def test_of_a_batch_each_document_has_its_own_outcome(room: PrintRoom, printer: SimulatedZplPrinter) -> None:
    """The second of three cannot be printed; the others are, and none waits for it."""
    lists = [PickList(number, (), (PickLine("A-1", "B-17", "Mug", 2),), 0) for number in ("PL-1", "PL-\x07", "PL-3")]
    for listed in lists:
        await room.order(Print(listed.number, "carrier_label", listed))
    outcomes = [await room.outcome() for _ in lists]
    assert [type(outcome) for outcome in outcomes] == [Printed, PrintFailed, Printed]
    assert len(printer.labels) == 2
    assert await room.state("PL-\x07") is PrintState.QUEUED


@pytest.mark.feature("D10", "L7")
async def test_a_delivery_note_goes_to_the_office_printer_and_is_printed_when_the_queue_is_done(
    journal: Journal, printer: SimulatedZplPrinter
) -> None:
    note = DeliveryNote("BL-7", _ADDRESS, _ADDRESS, (OrderId("SO-1"),), (SlipLine("B-17", "Mug", 2),), 0)
    taken = asyncio.Event()
    async with SimulatedOfficePrinter(taken=taken.set) as office:
        config = IppPrinterConfig(name="office", uri=office.uri, roles=("delivery_note",))
        told = Told()
        keeper = Keeper(config, told)
        task = asyncio.create_task(keeper.run())
        await told.seen(Health.OK)
        async with kept(printer) as labels, at_work(PrintRoom(journal, [labels, keeper])) as room:
            await room.order(Print("note 1", "delivery_note", note))
            outcome = await room.outcome()
            assert isinstance(outcome, Printed)
            assert outcome.printer == "office"
            (paper,) = office.papers
            assert paper.startswith(b"%PDF-")
            office.slow = True
            taken.clear()
            await room.order(Print("note 2", "delivery_note", note))
            async with asyncio.timeout(60):
                await taken.wait()
            office.cancel()
            office.slow = False
            assert isinstance(await room.outcome(), PrintUncertain), "thrown away at the printer"
            office.closed = True
            await room.order(Print("note 3", "delivery_note", note))
            assert isinstance(await room.outcome(), PrintFailed)
            assert printer.labels == []
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


@pytest.mark.feature("L2", "L8")
async def test_a_large_carriers_label_waits_in_the_ledger_and_is_printed_after_a_restart(
    journal: Journal, printer: SimulatedZplPrinter
) -> None:
    """A PNG without compression: more than a message may have."""
    image = Image.new("L", (816, 1216), 255)
    code = zxingcpp.create_barcode("8R41234567890", zxingcpp.BarcodeFormat.Code128)
    image.paste(Image.fromarray(zxingcpp.write_barcode_to_image(code, scale=3)), (40, 400))
    out = BytesIO()
    image.save(out, "PNG", dpi=(203, 203), compress_level=0)
    carried = CarrierLabel(LABEL.sscc, "Express", "8R41234567890", "png", out.getvalue())
    await journal.record(Entry(prints=(Print("c1", "carrier_label", carried),)))
    async with kept(printer) as keeper, at_work(PrintRoom(journal, [keeper])) as room:
        await room.printing.resume()
        assert isinstance(await room.outcome(), Printed)
        assert len(printer.labels) == 1
