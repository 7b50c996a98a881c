"""Both scanner drivers under their keeper, against twins on a pty and on a packet socket."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from station.devices.key_events import EV_SYN, RECORD, SYN_REPORT
from station.devices.layouts import LAYOUTS, LayoutName
from station.devices.ports import Health
from station.devices.registry import DeviceConfig
from station.devices.simulated import SimulatedKeyboardScanner, SimulatedSerialScanner
from tests.station.devices.watching import Watcher, config, kept

Twin = SimulatedSerialScanner | SimulatedKeyboardScanner

pytestmark = pytest.mark.feature("D12")


@pytest.fixture(params=[SimulatedSerialScanner, SimulatedKeyboardScanner], ids=["serial_scanner", "evdev_scanner"])
async def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Twin]:
    kind: Any = request.param
    async with kind(tmp_path / "by-path" / "scanner") as twin:
        yield twin


def driver_of(twin: Twin, **fields: Any) -> DeviceConfig:
    driver = "serial_scanner" if isinstance(twin, SimulatedSerialScanner) else "evdev_scanner"
    return config(driver=driver, path=twin.path, **fields)


def type_half(twin: Twin, text: str) -> None:
    if isinstance(twin, SimulatedSerialScanner):
        twin.send(text.encode())
    else:
        twin.type(text)


@pytest.mark.feature("D1", "D3")
async def test_scans_come_in_order_with_gs_and_aim_identifier(scanner: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scanner), watcher):
        await watcher.health(Health.OK)
        texts = ["4006381333931", "]C1010400638133393110AB\x1d17271231", "BADGE-7", "PK-CONFIRM"]
        for text in texts:
            scanner.scan(text)
        await watcher.until(lambda: len(watcher.scans) == len(texts))
    assert watcher.texts == texts
    assert {scan.device for scan in watcher.scans} == {"it"}
    assert all(scan.at > 1_700_000_000_000 for scan in watcher.scans)


@pytest.mark.feature("D1", "D3")
async def test_half_a_scan_is_refused_with_a_sentence_counted_and_the_next_one_is_whole(scanner: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scanner), watcher) as keeper:
        await watcher.health(Health.OK)
        type_half(scanner, "40063")
        status = await watcher.health(Health.BAD)
        assert "Scan again" in status.detail
        assert "Scannez" in status.detail_fr
        assert keeper.refused == 1
        scanner.scan("4006381333931")
        await watcher.health(Health.OK)
        await watcher.until(lambda: watcher.scans)
    assert watcher.texts == ["4006381333931"]


@pytest.mark.feature("D1", "D3")
async def test_a_scanner_without_an_end_key_ends_its_scans_by_a_pause(scanner: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scanner, ends_by="pause"), watcher):
        await watcher.health(Health.OK)
        type_half(scanner, "4006381333931")
        await watcher.until(lambda: watcher.scans)
    assert watcher.texts == ["4006381333931"]


@pytest.mark.feature("D7")
async def test_a_scan_cut_by_the_unplug_is_never_given_and_the_replugged_scanner_reads(scanner: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scanner), watcher):
        await watcher.health(Health.OK)
        type_half(scanner, "40063")
        scanner.unplug()
        status = await watcher.health(Health.LOST)
        assert "check its cable" in status.detail
        assert "vérifiez" in status.detail_fr
        scanner.plug()
        await watcher.health(Health.OK)
        scanner.scan("81333931")
        await watcher.until(lambda: watcher.scans)
    assert watcher.texts == ["81333931"]
    assert watcher.healths == [Health.OK, Health.LOST, Health.OK] or watcher.healths == [
        Health.OK,
        Health.LOST,
        Health.LOST,
        Health.OK,
    ]


@pytest.mark.feature("D3")
async def test_binary_garbage_on_the_line_is_refused(tmp_path: Path) -> None:
    async with SimulatedSerialScanner(tmp_path / "scanner") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin), watcher) as keeper:
            await watcher.health(Health.OK)
            twin.send(b"\x00\xff\xfe\x80\r" + b"9" * 2000 + b"\r")
            twin.scan("BOX-12")
            await watcher.until(lambda: watcher.scans)
            assert keeper.refused == 2
        assert watcher.texts == ["BOX-12"]


@pytest.mark.feature("D1")
@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize("gs", ["ctrl_bracket", "f8", "alt_029"])
async def test_a_keyboard_scanner_of_any_layout_gives_every_ascii_sign(
    tmp_path: Path, layout: LayoutName, gs: Any
) -> None:
    everything = "".join(map(chr, range(32, 127))).strip() + "\x1d1"
    async with SimulatedKeyboardScanner(tmp_path / "scanner", layout=layout, gs=gs, end="tab") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin, layout=layout), watcher):
            await twin.opened()
            twin.scan(everything)
            await watcher.until(lambda: watcher.scans)
        assert watcher.texts == [everything]


@pytest.mark.feature("D1")
async def test_a_scan_whose_events_the_kernel_dropped_is_refused(tmp_path: Path) -> None:
    async with SimulatedKeyboardScanner(tmp_path / "scanner") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin), watcher) as keeper:
            await twin.opened()
            twin.type("4006")
            twin.drop_events()
            twin.scan("333931")
            twin.scan("BOX-12")
            await watcher.until(lambda: watcher.scans)
            assert keeper.refused == 1
        assert watcher.texts == ["BOX-12"]


@pytest.mark.feature("D1")
async def test_bytes_that_are_no_events_are_passed_over(tmp_path: Path) -> None:
    async with SimulatedKeyboardScanner(tmp_path / "scanner") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin), watcher):
            await twin.opened()
            for packet in (
                b"x",
                b"\xff" * 71,
                RECORD.pack(0, 0, 99, 999, -5),
                RECORD.pack(0, 0, EV_SYN, SYN_REPORT, 0),
            ):
                twin.send(packet)
            twin.scan("BOX-12")
            await watcher.until(lambda: watcher.scans)
        assert watcher.texts == ["BOX-12"]


@pytest.mark.feature("D3", "D7")
async def test_a_line_that_another_program_holds_is_named_as_such(tmp_path: Path) -> None:
    first, second = Watcher(), Watcher()
    async with SimulatedSerialScanner(tmp_path / "scanner") as twin, kept(driver_of(twin), first):
        await first.health(Health.OK)
        async with kept(driver_of(twin), second):
            status = await second.health(Health.LOST)
            assert status.detail == f"{twin.path} is held by another program: stop it (sudo fuser -v {twin.path})"
