"""Office printers: alone, and behind a real CUPS whose own IPP client prints on our twin."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec
import pytest
from msgspec.structs import force_setattr

from station.devices.keeper import Keeper
from station.devices.ports import DeviceFault, DocumentRefused, Health, PaperState, PrinterStatus
from station.devices.registry import DeviceConfig
from station.devices.simulated import SimulatedOfficePrinter
from tests.station.devices.watching import Watcher, config, kept
from tests.support.cups import Cups

pytestmark = pytest.mark.feature("D10")

PDF = b"%PDF-1.4\n% a delivery note\n%%EOF\n"


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
async def printer(watcher: Watcher) -> AsyncIterator[SimulatedOfficePrinter]:
    async with SimulatedOfficePrinter(printed=lambda _: watcher.poke()) as twin:
        yield twin


def driver(uri: str, **fields: object) -> DeviceConfig:
    return config(driver="ipp_printer", uri=uri, **{"answer_within_s": 30, **fields})


async def once(keeper: Keeper, settled: object) -> PrinterStatus:
    """Ask until the number of our documents, or the state, is this."""
    async with asyncio.timeout(60):
        while True:
            status = await keeper.printer_status()
            if settled in (status.queued, status.state):
                return status
            await asyncio.sleep(0.02)


async def test_a_document_reaches_the_printer_whole_and_its_end_is_seen(
    printer: SimulatedOfficePrinter, watcher: Watcher
) -> None:
    async with kept(driver(printer.uri), watcher) as keeper:
        await watcher.health(Health.OK)
        large = PDF + b"%" * 3_000_000
        await keeper.send(large)
        assert (await keeper.printer_status()).queued == 0
        assert printer.papers == [large]


async def test_paper_that_is_missing_is_said_and_the_document_waits(
    printer: SimulatedOfficePrinter, watcher: Watcher
) -> None:
    async with kept(driver(printer.uri), watcher) as keeper:
        await watcher.health(Health.OK)
        printer.reasons = ("media-empty-error",)
        await keeper.send(PDF)
        status = await keeper.printer_status()
        assert (status.state, status.queued) == (PaperState.BAD, 1)
        assert "no paper" in status.detail
        printer.reasons = ()
        status = await keeper.printer_status()
        assert (status.state, status.queued, status.given_up) == (PaperState.OK, 0, 0)
        assert printer.papers == [PDF]


async def test_a_document_thrown_away_at_the_printer_is_not_taken_for_printed(
    printer: SimulatedOfficePrinter, watcher: Watcher
) -> None:
    async with kept(driver(printer.uri), watcher) as keeper:
        await watcher.health(Health.OK)
        printer.reasons = ("cover-open-error",)
        await keeper.send(PDF)
        printer.cancel()
        printer.reasons = ()
        for _ in range(2):
            status = await keeper.printer_status()
            assert (status.queued, status.given_up) == (0, 1), "whoever asks is told"
        await keeper.send(PDF)
        assert (await keeper.printer_status()).given_up == 0


async def test_what_is_refused_is_surely_not_on_paper(printer: SimulatedOfficePrinter, watcher: Watcher) -> None:
    async with kept(driver(printer.uri), watcher) as keeper:
        await watcher.health(Health.OK)
        printer.closed = True
        assert "takes no documents" in (await keeper.printer_status()).detail
        with pytest.raises(DocumentRefused, match="did not take the document"):
            await keeper.send(PDF)
        assert Health.LOST not in watcher.healths, "or what was refused would be sent again and again"


async def test_a_printer_that_does_not_answer_is_unknown(printer: SimulatedOfficePrinter, watcher: Watcher) -> None:
    settings = driver(printer.uri)
    async with kept(settings, watcher) as keeper:
        await watcher.health(Health.OK)
        printer.silent = True
        force_setattr(settings, "answer_within_s", 0.5)
        assert (await keeper.printer_status()).state is PaperState.UNKNOWN
        assert watcher.statuses[-1].health is Health.SILENT


@pytest.mark.feature("D7")
async def test_switched_off_it_is_lost_and_comes_back(printer: SimulatedOfficePrinter, watcher: Watcher) -> None:
    async with kept(driver(printer.uri), watcher) as keeper:
        await watcher.health(Health.OK)
        await printer.unplug()
        with pytest.raises(DeviceFault, match="gone"):
            await keeper.send(PDF)
        await watcher.health(Health.LOST)
        await printer.plug()
        await watcher.health(Health.OK)
        await keeper.send(PDF)
        assert printer.papers == [PDF]


@pytest.mark.parametrize(
    "uri", ["office", "http://localhost/printers/a", "ipps://p/ipp/print", "ipp://localhost", "ipp:///a"]
)
def test_an_address_that_is_no_queue_is_refused(uri: str) -> None:
    with pytest.raises(msgspec.ValidationError, match="no address of a print queue"):
        driver(uri)


async def test_through_a_real_cups_a_document_is_followed_to_the_paper(
    printer: SimulatedOfficePrinter, watcher: Watcher
) -> None:
    async with Cups(printer.uri) as cups, kept(driver(cups.uri), watcher) as keeper:
        await watcher.health(Health.OK)
        await keeper.send(PDF)
        assert (await once(keeper, 0)).given_up == 0
        assert printer.papers == [PDF], "CUPS' own client brought every byte to our printer"
        printer.reasons = ("media-empty-error",)
        await keeper.send(PDF)
        status = await once(keeper, PaperState.BAD)
        assert "no paper" in status.detail
        assert status.queued == 1


async def test_a_cups_queue_that_is_not_there_or_closed_is_said(watcher: Watcher) -> None:
    async with Cups("ipp://127.0.0.1:9/ipp/print", accepting=False) as cups:
        async with kept(driver(cups.uri), watcher) as keeper:
            assert "cupsaccept" in (await watcher.health(Health.BAD)).detail
            with pytest.raises(DocumentRefused):
                await keeper.send(PDF)
        other = Watcher()
        async with kept(driver(cups.uri + "-of-the-neighbours"), other):
            assert "there is no print queue" in (await other.health(Health.LOST)).detail


async def test_a_cups_that_stops_is_lost_and_comes_back(printer: SimulatedOfficePrinter, watcher: Watcher) -> None:
    async with Cups(printer.uri) as cups, kept(driver(cups.uri), watcher) as keeper:
        await watcher.health(Health.OK)
        await cups.stop()
        assert "gone" in (await watcher.health(Health.LOST)).detail
        await cups.start()
        await watcher.health(Health.OK)
        await keeper.send(PDF)
        await once(keeper, 0)
        assert printer.papers == [PDF]
