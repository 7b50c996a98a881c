"""The scanner drivers under their keeper, against twins on a pty and on a packet socket."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from station.devices.key_events import EV_KEY, EV_LED, EV_SYN, LED_CAPS, RECORD, SYN_REPORT
from station.devices.layouts import LAYOUTS, LayoutName
from station.devices.ports import Health
from station.devices.registry import DeviceConfig
from station.devices.simulated import SimulatedHidPosScanner, SimulatedKeyboardScanner, SimulatedSerialScanner
from station.devices.simulated.scanners import pos_reports
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
async def test_a_scan_is_whole_though_the_station_was_busy_for_longer_than_a_pause(scanner: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scanner, pause_s=0.15), watcher) as keeper:
        await watcher.health(Health.OK)
        with keeper.tap.listening(watcher):
            type_half(scanner, "40063")
            await watcher.until(lambda: watcher.raw)
        scanner.scan("81333931")
        time.sleep(0.3)  # noqa: ASYNC251 - the loop does something else, and longer than pause_s
        await watcher.until(lambda: watcher.scans)
    assert watcher.texts == ["4006381333931"]


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


@pytest.mark.feature("D1")
@pytest.mark.parametrize(("caps_lock", "texts"), [("lit", ["aB1", "Cd2"]), ("off", ["Ab1", "Cd2"])])
async def test_the_light_of_caps_lock_is_followed_unless_the_scanner_does_not_care(
    tmp_path: Path, caps_lock: str, texts: list[str]
) -> None:
    async with SimulatedKeyboardScanner(tmp_path / "scanner") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin, caps_lock=caps_lock), watcher):
            await twin.opened()
            twin.send(RECORD.pack(0, 0, EV_LED, LED_CAPS, 1))
            twin.scan("Ab1")
            twin.send(RECORD.pack(0, 0, EV_LED, LED_CAPS, 0))
            twin.scan("Cd2")
            await watcher.until(lambda: len(watcher.scans) == 2)
        assert watcher.texts == texts


@pytest.mark.feature("D1")
async def test_a_key_whose_release_was_lost_is_let_go_when_the_keyboard_rests(tmp_path: Path) -> None:
    async with SimulatedKeyboardScanner(tmp_path / "scanner") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin, pause_s=0.15), watcher):
            await twin.opened()
            twin.send(b"".join(RECORD.pack(0, 0, EV_KEY, code, 1) for code in (42, 29, 58)))
            await asyncio.sleep(0.3)  # the pause itself is what is shown
            twin.scan("ab1")
            await watcher.until(lambda: watcher.scans)
        assert watcher.texts == ["ab1"]


@pytest.mark.feature("D1", "D3")
async def test_a_text_in_the_place_of_gs_becomes_gs(scanner: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scanner, gs_text="<GS>"), watcher):
        await watcher.health(Health.OK)
        scanner.scan("10AB<GS>21X")
        await watcher.until(lambda: watcher.scans)
    assert watcher.texts == ["10AB\x1d21X"]


@pytest.mark.feature("D1", "D7")
async def test_two_equal_scanners_are_told_apart_by_their_paths(tmp_path: Path) -> None:
    left, right = tmp_path / "by-path" / "1.2-event-kbd", tmp_path / "by-path" / "1.3-event-kbd"
    async with SimulatedKeyboardScanner(left) as one, SimulatedKeyboardScanner(right) as other:
        watcher = Watcher()
        async with (
            kept(config(driver="evdev_scanner", path=one.path, name="left"), watcher),
            kept(config(driver="evdev_scanner", path=other.path, name="right"), watcher),
        ):
            await one.opened()
            await other.opened()
            one.unplug()
            await watcher.until(lambda: watcher.statuses[-1].health is Health.LOST)
            assert watcher.statuses[-1].name == "left"
            other.scan("1")
            await watcher.until(lambda: len(watcher.scans) == 1)
            one.plug()
            await one.opened()
            one.scan("2")
            await watcher.until(lambda: len(watcher.scans) == 2)
    assert [(scan.device, scan.text) for scan in watcher.scans] == [("right", "1"), ("left", "2")]


@pytest.mark.feature("D1")
async def test_a_hid_pos_scanner_gives_symbology_gs_and_codes_of_several_reports(tmp_path: Path) -> None:
    long = "]Q3" + "01040063813339311" * 8 + "\x1d21X"
    async with SimulatedHidPosScanner(tmp_path / "scanner") as twin:
        watcher = Watcher()
        async with kept(config(driver="hid_pos_scanner", path=twin.path, pause_s=0.1), watcher) as keeper:
            await twin.opened()
            twin.scan("]C10100406381333931")
            twin.scan(long)
            await watcher.until(lambda: len(watcher.scans) == 2)
            twin.send(next(pos_reports("]Q3", b"x" * 99)))
            await watcher.health(Health.BAD)
            assert keeper.refused == 1
            twin.unplug()
            await watcher.health(Health.LOST)
            twin.plug()
            await watcher.health(Health.OK)
            twin.scan("BOX-12")
            await watcher.until(lambda: len(watcher.scans) == 3)
    assert watcher.texts == ["]C10100406381333931", long, "]C0BOX-12"]


@pytest.mark.feature("D3", "D7")
async def test_a_line_that_another_program_holds_is_named_as_such(tmp_path: Path) -> None:
    first, second = Watcher(), Watcher()
    async with SimulatedSerialScanner(tmp_path / "scanner") as twin, kept(driver_of(twin), first):
        await first.health(Health.OK)
        async with kept(driver_of(twin), second):
            status = await second.health(Health.LOST)
            assert status.detail == f"{twin.path} is held by another program: stop it (sudo fuser -v {twin.path})"
