"""`packline-station calibrate`: the sheet, and the two scans at a terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path

from labels.documents import CalibrationSheet, Unprintable
from labels.media import Media
from labels.paper import bytes_for
from station.calibrating import Calibrating, in_words, with_calibrations
from station.config import StationConfig
from station.devices.calibrated import read_calibrations, write_calibrations
from station.devices.calibration import FIRST, SECOND_ELEMENTS, THIRD, Calibration, Finding
from station.devices.keeper import Keeper
from station.devices.ports import DeviceFault, DeviceStatus, Health, Reading, ScannedText
from station.devices.registry import DeviceConfig, language_of
from station.devices.settings import PrinterSettings

_A4 = Media(width_mm=210, height_mm=297, dpi=300)
_PATIENCE_S = 170.0


class _Terminal:
    """Says what the scanner's keeper tells; scans are the procedure's."""

    def __init__(self) -> None:
        self.news = asyncio.Event()

    def scanned(self, scan: ScannedText) -> None:
        self.news.set()

    def weighed(self, reading: Reading) -> None:
        self.news.set()

    def pressed(self, name: str) -> None:
        self.news.set()

    def changed(self, status: DeviceStatus) -> None:
        if status.health is Health.LOST:
            print(f"{status.name}: {status.detail}", flush=True)
        self.news.set()


def _sheet(config: StationConfig) -> CalibrationSheet:
    return CalibrationSheet(config.station, FIRST, SECOND_ELEMENTS, THIRD)


def write_sheet(config: StationConfig, path: Path) -> int:
    """The sheet as PDF for any office printer."""
    try:
        path.write_bytes(bytes_for(_sheet(config), _A4, "pdf"))
    except Unprintable as error:
        print(f"The sheet cannot be written: {error}")
        return 1
    print(f"{path}: print it at its own size (100 %).")
    return 0


async def print_sheet(config: StationConfig, device: DeviceConfig) -> int:
    """The sheet on a printer of the bench. The station must be stopped, unless the printer is on the network."""
    if not isinstance(device, PrinterSettings):
        print(f"{device.name} is no printer.")
        return 2
    terminal = _Terminal()
    keeper = Keeper(device, terminal)
    task = asyncio.create_task(keeper.run(), name="calibration sheet")
    try:
        document = bytes_for(_sheet(config), device.media, language_of(device))
        async with asyncio.timeout(10):
            while not keeper.opened:
                terminal.news.clear()
                await asyncio.wait({asyncio.create_task(terminal.news.wait())}, timeout=0.05)
        await keeper.send(document)
    except (DeviceFault, TimeoutError, Unprintable) as error:
        print(f"{device.name}: {str(error) or keeper.status.detail}")
        return 1
    finally:
        task.cancel()
        await asyncio.wait({task})
    print(f"The sheet was sent to {device.name}.")
    return 0


def forget(config: StationConfig, name: str) -> int:
    """Drop what was found of this scanner."""
    known = read_calibrations(config.calibrations)
    if known.pop(name, None) is None:
        print(f"{name} was not calibrated.")
        return 0
    write_calibrations(config.calibrations, known)
    print(f"{name} works with station.toml again, from the station's next start.")
    return 0


async def calibrate(config: StationConfig, name: str) -> int:
    """Ask for one code after the other until it is clear how the scanner is set."""
    terminal = _Terminal()
    devices = with_calibrations(config.device, config.calibrations)
    keeper = Keeper(next(device for device in devices if device.name == name), terminal)
    calibrating = Calibrating([keeper], config.calibrations, terminal.news.set)
    try:
        calibrating.start(name)
    except ValueError as error:
        print(error)
        return 2
    task = asyncio.create_task(keeper.run(), name=f"calibrate {name}")
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await _asked(calibrating, terminal)
    except TimeoutError:
        print("No code came. Is the station stopped? It holds the scanner; calibrate from its screen instead.")
        return 1
    finally:
        calibrating.stop()
        task.cancel()
        await asyncio.wait({task})


async def _asked(calibrating: Calibrating, terminal: _Terminal) -> int:
    told: Finding | None = None
    while True:
        terminal.news.clear()
        if calibrating.finding != told:
            told = calibrating.finding
            for said in in_words(told):
                print(said.en, flush=True)
        if isinstance(told, Calibration):
            print("Kept; a running station takes it at its next start.")
            return 0
        await terminal.news.wait()
