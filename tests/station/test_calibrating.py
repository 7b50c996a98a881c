"""The two-scan procedure against twins of scanners that are set otherwise than station.toml says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from station.calibrating import STOP, Calibrating, NotCalibratable, with_calibrations
from station.devices.calibrated import read_calibrations
from station.devices.calibration import FIRST, SECOND, Calibration
from station.devices.ports import Health
from station.devices.simulated import SimulatedKeyboardScanner, SimulatedSerialScanner
from tests.station.devices.watching import Watcher, config, kept

pytestmark = pytest.mark.feature("D2")


class Shown:
    """What the procedure wants shown, and waiting for it."""

    def __init__(self) -> None:
        self._news = asyncio.Event()

    def changed(self) -> None:
        self._news.set()

    async def until(self, true: Callable[[], object]) -> None:
        async with asyncio.timeout(60):
            while not true():
                self._news.clear()
                await self._news.wait()


def sentence(calibrating: Calibrating, language: str = "en") -> str:
    screen = calibrating.screen(language)
    return "" if screen is None else screen.sentence


async def test_two_scans_calibrate_a_keyboard_scanner_which_then_reads(tmp_path: Path) -> None:
    file, shown, watcher = tmp_path / "state" / "calibration.json", Shown(), Watcher()
    async with SimulatedKeyboardScanner(tmp_path / "scanner", layout="fr", end="tab", gs="f8") as twin:
        device = config(driver="evdev_scanner", path=twin.path, name="left", gs_keys=[])
        async with kept(device, watcher) as keeper:
            await watcher.health(Health.OK)
            calibrating = Calibrating([keeper], file, shown.changed)
            assert calibrating.screen("en") is None
            await twin.opened()
            calibrating.start("left")
            assert sentence(calibrating) == "Scan code 1 of the calibration sheet."
            assert "feuille" in sentence(calibrating, "fr")
            await twin.opened(2)
            twin.scan(FIRST)
            await shown.until(lambda: "code 2" in sentence(calibrating))
            twin.scan(SECOND)
            await shown.until(lambda: isinstance(calibrating.finding, Calibration))
            screen: Any = calibrating.screen("en")
            assert screen.sentence == "left is calibrated"
            assert "French (AZERTY) keyboard; codes end with Tab" in screen.why
            assert [action.code for action in screen.actions] == [STOP]
            await twin.opened(3)
            calibrating.stop()
            assert calibrating.screen("en") is None
            twin.scan("10AB\x1d21@_7")
            await watcher.until(lambda: "10AB\x1d21@_7" in watcher.texts)
            assert Health.LOST not in watcher.healths
    kept_calibration = read_calibrations(file)["left"]
    assert (kept_calibration.layout, kept_calibration.gs_keys) == ("fr", ("F8",))
    assert kept_calibration.at > 1_700_000_000_000
    [restarted] = with_calibrations([device], file)
    assert restarted.layout == "fr"  # type: ignore[union-attr]


async def test_a_serial_scanner_alike_and_a_wrong_code_is_explained(tmp_path: Path) -> None:
    shown, watcher = Shown(), Watcher()
    twin = SimulatedSerialScanner(tmp_path / "scanner", terminator=b"")
    device = config(driver="serial_scanner", path=twin.path)
    async with twin, kept(device, watcher) as keeper:
        await watcher.health(Health.OK)
        calibrating = Calibrating([keeper], tmp_path / "calibration.json", shown.changed)
        calibrating.start("it")
        twin.scan("4006381333931")
        await shown.until(lambda: "no code of the calibration sheet" in sentence(calibrating))
        twin.scan("]C0" + FIRST)
        await shown.until(lambda: "code 2" in sentence(calibrating))
        twin.scan("]C1" + SECOND)
        await shown.until(lambda: isinstance(calibrating.finding, Calibration))
        screen: Any = calibrating.screen("fr")
        assert "étalonné" in screen.sentence
        assert "attend une pause" in screen.why
        calibrating.stop()


async def test_what_cannot_be_calibrated_is_refused_with_what_can(tmp_path: Path) -> None:
    watcher = Watcher()
    async with kept(config(driver="hid_pos_scanner", path=str(tmp_path / "no"), name="pos"), watcher) as keeper:
        calibrating = Calibrating([keeper], tmp_path / "calibration.json", lambda: None)
        for device in ("pos", "nobody"):
            assert not calibrating.can(device)
            with pytest.raises(NotCalibratable, match="there is none"):
                calibrating.start(device)


async def test_a_spoilt_file_leaves_the_settings_as_they_are(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "calibration.json"
    file.write_text("{")
    device = config(driver="evdev_scanner", path="/dev/scanner")
    assert with_calibrations([device], file) == (device,)
    assert "calibrate the scanners again" in caplog.text
