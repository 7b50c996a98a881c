"""`packline-station calibrate`: what is on the sheet, and the two scans at a terminal."""

from __future__ import annotations

import asyncio

from labels.documents import CalibrationSheet
from station.calibrating import Calibrating, in_words, with_calibrations
from station.config import StationConfig
from station.devices.calibrated import read_calibrations, write_calibrations
from station.devices.calibration import FIRST, SECOND_ELEMENTS, THIRD, Calibration, Finding
from station.devices.keeper import Keeper
from station.technician.sheets import Terminal

_PATIENCE_S = 170.0


def sheet(config: StationConfig) -> CalibrationSheet:
    """The codes to scan, for this station."""
    return CalibrationSheet(config.station, FIRST, SECOND_ELEMENTS, THIRD)


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
    terminal = Terminal()
    devices = with_calibrations(config.device, config.calibrations)
    keepers = {device.name: Keeper(device, terminal) for device in devices}
    calibrating = Calibrating(keepers.values(), config.calibrations, terminal.news.set)
    try:
        calibrating.start(name)
    except ValueError as error:
        print(error)
        return 2
    task = asyncio.create_task(keepers[name].run(), name=f"calibrate {name}")
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


async def _asked(calibrating: Calibrating, terminal: Terminal) -> int:
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
