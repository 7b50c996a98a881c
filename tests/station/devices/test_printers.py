"""Label and receipt printers under their keeper, against twins: one behaviour for every language and transport."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import force_setattr

from station.devices.ports import DeviceFault, Health, PaperState
from station.devices.registry import DeviceConfig
from station.devices.simulated import (
    SimulatedEpl2Printer,
    SimulatedEscPosPrinter,
    SimulatedTsplPrinter,
    SimulatedZplPrinter,
)
from station.devices.simulated.label_printers import SimulatedLabelPrinter
from station.devices.simulated.tty import SimulatedTty
from tests.station.devices.watching import Watcher, config, kept

PATIENCE_S = 30.0
"""For an answer that comes, on a machine that may be busy."""
Twin = SimulatedLabelPrinter | SimulatedEscPosPrinter
TWINS: dict[str, type[Twin]] = {
    "zpl_printer": SimulatedZplPrinter,
    "epl2_printer": SimulatedEpl2Printer,
    "tspl_printer": SimulatedTsplPrinter,
    "escpos_printer": SimulatedEscPosPrinter,
}

pytestmark = pytest.mark.feature("D8", "D9", "D12")


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture(params=TWINS)
async def printer(request: pytest.FixtureRequest, watcher: Watcher) -> AsyncIterator[Twin]:
    async with twin_of(request.param, watcher) as twin:
        yield twin


def twin_of(driver: str, watcher: Watcher) -> Twin:
    return TWINS[driver](printed=lambda _: watcher.poke())


def driver_of(twin: Twin, **fields: Any) -> DeviceConfig:
    driver = next(name for name, kind in TWINS.items() if isinstance(twin, kind))
    return config(driver=driver, host=twin.host, port=twin.port, **{"answer_within_s": PATIENCE_S, **fields})


def document(twin: Twin, body: bytes = b"parcel") -> bytes:
    match twin:
        case SimulatedZplPrinter():
            return b"^XA^FD" + body + b"^XZ"
        case SimulatedEpl2Printer():
            return b"\nq8\nN\nGW0,0,1,%d,%b\nP1\n" % (len(body), body)
        case SimulatedTsplPrinter():
            return b"SIZE 1 mm,1 mm\r\nCLS\r\nBITMAP 0,0,1,%d,0,%b\r\nPRINT 1,1\r\n" % (len(body), body)
        case _:
            return b"\x1b@" + body + b"\x1dV\x00"


def printed(twin: Twin) -> list[bytes]:
    return twin.labels if isinstance(twin, SimulatedLabelPrinter) else twin.receipts


def open_cover(twin: Twin, is_open: bool) -> None:
    if isinstance(twin, SimulatedLabelPrinter):
        twin.head_open = is_open
    else:
        twin.cover_open = is_open


async def test_documents_of_any_size_arrive_whole_and_in_order(printer: Twin, watcher: Watcher) -> None:
    async with kept(driver_of(printer), watcher) as keeper:
        await watcher.health(Health.OK)
        documents = [document(printer), document(printer, b"A" * 300_000), document(printer, b"last")]
        for each in documents:
            await keeper.send(each)
        await watcher.until(lambda: len(printed(printer)) == 3)
        assert printed(printer) == documents
        assert (await keeper.printer_status()).state is PaperState.OK


async def test_an_open_cover_and_missing_paper_are_said_and_end(printer: Twin, watcher: Watcher) -> None:
    async with kept(driver_of(printer), watcher) as keeper:
        await watcher.health(Health.OK)
        open_cover(printer, True)
        status = await keeper.printer_status()
        assert status.state is PaperState.BAD
        assert "close its" in status.detail
        assert "refermez" in status.detail_fr
        printer.paper_out = True
        open_cover(printer, False)
        status = await keeper.printer_status()
        assert "load a roll" in status.detail
        printer.paper_out = False
        assert (await keeper.printer_status()).state is PaperState.OK
    assert watcher.healths == [Health.OK, Health.BAD, Health.BAD, Health.OK]


async def test_the_keeper_asks_by_itself_and_sees_the_cover_closed(printer: Twin, watcher: Watcher) -> None:
    open_cover(printer, True)
    async with kept(driver_of(printer), watcher):
        await watcher.health(Health.BAD)
        open_cover(printer, False)
        await watcher.health(Health.OK)


async def test_a_printer_that_does_not_answer_is_unknown_and_never_ok(printer: Twin, watcher: Watcher) -> None:
    printer.silent = True
    settings = driver_of(printer, answer_within_s=0.1)
    async with kept(settings, watcher) as keeper:
        await watcher.health(Health.SILENT)
        status = await keeper.printer_status()
        assert status.state is PaperState.UNKNOWN
        assert "look whether" in status.detail
        assert Health.OK not in watcher.healths
        await keeper.send(document(printer))
        await watcher.until(lambda: len(printed(printer)) == 1)
        assert printed(printer) == [document(printer)]
        printer.silent = False
        force_setattr(settings, "answer_within_s", PATIENCE_S)
        assert (await keeper.printer_status()).state is PaperState.OK


@pytest.mark.feature("D7")
async def test_gone_in_mid_label_is_a_fault_that_says_how_much_left(printer: Twin, watcher: Watcher) -> None:
    async with kept(driver_of(printer), watcher) as keeper:
        await watcher.health(Health.OK)
        printer.cut_after(50_000)
        with pytest.raises(DeviceFault, match=r"Of 400\d\d\d bytes at least \d+ had arrived"):
            await keeper.send(document(printer, b"A" * 400_000))
        assert printed(printer) == []
        await watcher.until(lambda: Health.LOST in watcher.healths)
        await watcher.health(Health.OK)
        await keeper.send(document(printer))
        await watcher.until(lambda: len(printed(printer)) == 1)
        assert printed(printer) == [document(printer)]


@pytest.mark.feature("D7")
async def test_unplugged_it_is_lost_says_what_to_do_and_comes_back(printer: Twin, watcher: Watcher) -> None:
    async with kept(driver_of(printer), watcher) as keeper:
        await watcher.health(Health.OK)
        await printer.unplug()
        with pytest.raises(DeviceFault, match=r"gone|closed"):
            await keeper.printer_status()
        await watcher.health(Health.LOST)
        with pytest.raises(DeviceFault, match=r"it is not connected\. .*check its"):
            await keeper.send(document(printer))
        await printer.plug()
        await watcher.health(Health.OK)
        await keeper.send(document(printer))
        await watcher.until(lambda: len(printed(printer)) == 1)
        assert printed(printer) == [document(printer)]


async def test_a_printer_that_stops_taking_data_is_a_fault_and_not_a_wait(printer: Twin, watcher: Watcher) -> None:
    async with kept(driver_of(printer, take_within_s=0.3), watcher) as keeper:
        await watcher.health(Health.OK)
        printer.stop_taking()
        with pytest.raises(DeviceFault, match="takes no more data"):
            await keeper.send(document(printer, b"A" * 30_000_000))
        assert printed(printer) == []


async def test_a_send_that_is_given_up_in_its_middle_costs_the_connection_and_not_the_next_label(
    printer: Twin, watcher: Watcher
) -> None:
    async with kept(driver_of(printer), watcher) as keeper:
        await watcher.health(Health.OK)
        printer.stop_taking()
        sending = asyncio.create_task(keeper.send(document(printer, b"A" * 30_000_000)))
        await asyncio.wait({sending}, timeout=0.1)
        sending.cancel()
        await asyncio.wait({sending})
        await watcher.until(lambda: Health.LOST in watcher.healths)
        await watcher.health(Health.OK)
        await keeper.send(document(printer))
        await watcher.until(lambda: len(printed(printer)) == 1)
        assert printed(printer) == [document(printer)]


@pytest.mark.parametrize("driver", ["epl2_printer", "tspl_printer"])
@pytest.mark.parametrize("body", [b"\x1b!?" * 9, b"\n^ee\r\nP1\n", b"\r\nPRINT 1,1\r\n", b"\n" * 9])
async def test_commands_and_questions_inside_a_bitmap_are_dots(body: bytes, driver: str, watcher: Watcher) -> None:
    async with twin_of(driver, watcher) as twin, kept(driver_of(twin), watcher) as keeper:
        await watcher.health(Health.OK)
        await keeper.send(document(twin, body))
        await watcher.until(lambda: len(printed(twin)) == 1)
        assert printed(twin) == [document(twin, body)]


@pytest.mark.parametrize("driver", ["zpl_printer", "epl2_printer", "tspl_printer"])
async def test_a_paused_label_printer_says_so(driver: str, watcher: Watcher) -> None:
    async with twin_of(driver, watcher) as twin, kept(driver_of(twin), watcher) as keeper:
        assert isinstance(twin, SimulatedLabelPrinter)
        await watcher.health(Health.OK)
        twin.paused = True
        status = await keeper.printer_status()
        assert "PAUSE" in status.detail
        assert "PAUSE" in status.detail_fr


async def test_labels_wait_in_the_printer_while_it_is_open_and_are_counted(watcher: Watcher) -> None:
    async with SimulatedZplPrinter() as twin, kept(driver_of(twin), watcher) as keeper:
        await watcher.health(Health.OK)
        twin.head_open = True
        await keeper.send(document(twin))
        assert (await keeper.printer_status()).queued == 1
        assert twin.labels == []
        twin.head_open = False
        assert twin.labels == [document(twin)]


@pytest.mark.parametrize("driver", TWINS)
async def test_a_usb_printer_is_asked_and_printed_on_by_its_node(tmp_path: Path, driver: str, watcher: Watcher) -> None:
    twin = twin_of(driver, watcher)
    node = SimulatedTty(tmp_path / "printer", lambda data: node.say(twin.took(data)))
    node.plug()
    async with kept(config(driver=driver, path=str(node.path), answer_within_s=PATIENCE_S), watcher) as keeper:
        await watcher.health(Health.OK)
        await keeper.send(document(twin))
        await watcher.until(lambda: len(printed(twin)) == 1)
        assert printed(twin) == [document(twin)]
        twin.paper_out = True
        assert (await keeper.printer_status()).state is PaperState.BAD
        node.unplug()
        await watcher.health(Health.LOST)


@pytest.mark.parametrize("driver", TWINS)
async def test_a_serial_printer_prints_every_byte_and_answers(tmp_path: Path, driver: str, watcher: Watcher) -> None:
    twin = twin_of(driver, watcher)
    node = SimulatedTty(tmp_path / "printer", lambda data: node.say(twin.took(data)))
    node.plug()
    body = bytes(byte for byte in range(256) if byte != 0x1D) * 80 if driver != "zpl_printer" else b"A" * 20_000
    settings = config(driver=driver, path=str(node.path), baud=115200, answer_within_s=PATIENCE_S)
    async with kept(settings, watcher) as keeper:
        await watcher.health(Health.OK)
        await keeper.send(document(twin, body))
        await watcher.until(lambda: len(printed(twin)) == 1)
        assert printed(twin) == [document(twin, body)]
        open_cover(twin, True)
        assert (await keeper.printer_status()).state is PaperState.BAD
    node.unplug()


@pytest.mark.feature("D11")
@pytest.mark.parametrize(("pin", "pulse"), [(2, b"\x1bp\x00\x64\x64"), (5, b"\x1bp\x01\x64\x64")])
async def test_a_receipt_printer_opens_its_drawer(pin: int, pulse: bytes, watcher: Watcher) -> None:
    async with SimulatedEscPosPrinter() as twin:
        driver = config(driver="escpos_printer", host=twin.host, port=twin.port, drawer=pin, answer_within_s=PATIENCE_S)
        async with kept(driver, watcher) as keeper:
            await watcher.health(Health.OK)
            await keeper.open_drawer()
            await keeper.send(b"a slip\n\x1dV\x00")
            await keeper.open_drawer()
            await keeper.printer_status()
        assert twin.kicks == [pulse, pulse]
        assert twin.receipts == [b"a slip\n\x1dV\x00"]
