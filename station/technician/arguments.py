"""The technician's commands as arguments. What a command needs is imported when it runs."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from labels.documents import Document
    from station.config import StationConfig
    from station.devices.registry import DeviceConfig

Command = Callable[[argparse.Namespace], int]
_WORKS, _FAILED, _BAD_CONFIG = 0, 1, 2
KINDS = {"scanner": "scanner", "scale": "scale", "printer": "printer", "lights": "signals", "camera": "camera"}


def add_commands(add: Callable[[str, str, Command], argparse.ArgumentParser]) -> None:
    """Add each command with its options; `add` takes its name, its summary and its function."""
    claim = add("claim", "ask the office for this station's certificate, with a code that somebody types there", _claim)
    _config(claim)
    claim.add_argument("--central", metavar="URL", help="instead of central_url of station.toml")

    devices = add("devices", "list what is plugged in, the driver that would take it, and why", _devices)
    _config(devices, required=False)
    devices.add_argument("--json", action="store_true", help="print a JSON list")

    trying = add("try", "exercise one configured device and say what is wrong", _try)
    trying.add_argument("kind", choices=tuple(KINDS))
    _config(trying)
    trying.add_argument("--device", help="its name, where there is more than one")
    trying.add_argument("--out", type=Path, metavar="FILE.jpg", help="where a camera's picture goes (NAME.jpg)")
    trying.add_argument("--seconds", type=float, default=30.0, help="how long to wait for a person (30)")

    calibrate = add("calibrate", "find out how a scanner is set, by two scans of the calibration sheet", _calibrate)
    calibrate.add_argument("device", nargs="?", help="the scanner's name in station.toml")
    _config(calibrate)
    calibrate.add_argument("--sheet", type=Path, metavar="FILE.pdf", help="write the sheet as PDF (A4)")
    calibrate.add_argument("--print", metavar="PRINTER", dest="printer", help="print the sheet on this label printer")
    calibrate.add_argument("--forget", action="store_true", help="go back to the settings of station.toml")

    commands = add("commands", "the sheet of commands that packers scan, as PDF or on a printer", _commands)
    _config(commands)
    commands.add_argument("--sheet", type=Path, metavar="FILE.pdf", help="write it as PDF")
    commands.add_argument("--paper", default="a4", metavar="SIZE", help="a4, a5, or millimetres as 102x152 (a4)")
    commands.add_argument("--print", metavar="PRINTER", dest="printer", help="print it on this printer of the bench")
    commands.add_argument("--language", choices=("fr", "en"), help="the bench's own when left out")

    record = add("record", "record the raw traffic of one device until Ctrl + C", _record)
    record.add_argument("device", help="its name in station.toml")
    _config(record)
    record.add_argument("--out", type=Path, help="the tape (a name with device and time)")
    record.add_argument("--seconds", type=float, default=0.0, help="stop by itself after so long")
    record.add_argument("--keep-personal-data", action="store_true", help="do not mask badges, orders and documents")

    replay = add("replay", "play a tape to the ordinary driver and print what it understands", _replay)
    replay.add_argument("tape", type=Path)


def _config(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    command.add_argument("--config", type=Path, required=required, help="the station's TOML file")


def _read(path: Path) -> StationConfig:
    from station.config import read_config

    return read_config(path)


def _complain(text: str, code: int) -> int:
    print(f"packline-station: {text}", file=sys.stderr)
    return code


def _claim(chosen: argparse.Namespace) -> int:
    from station.technician.claim import claim

    config = _read(chosen.config)
    return asyncio.run(claim(config, chosen.central or config.central_url))


def _devices(chosen: argparse.Namespace) -> int:
    from station.devices.plugged_in import Machine
    from station.technician.listing import as_json, in_words, listed

    found = listed(Machine(), _read(chosen.config).device if chosen.config else ())
    print(as_json(found) if chosen.json else in_words(found))
    return _WORKS


def _named(config: StationConfig, name: str) -> DeviceConfig | None:
    """The device with this name, as its calibration has it."""
    from station.calibrating import with_calibrations

    devices = with_calibrations(config.device, config.calibrations)
    return next((device for device in devices if device.name == name), None)


def _unknown(config: StationConfig, name: str) -> int:
    names = ", ".join(device.name for device in config.device) or "none"
    return _complain(f"station.toml has no device {name!r}; there is {names}", _BAD_CONFIG)


def _try(chosen: argparse.Namespace) -> int:
    from station.devices.registry import kind_of
    from station.technician.trying import tried

    config = _read(chosen.config)
    fitting = [device.name for device in config.device if kind_of(device) == KINDS[chosen.kind]]
    if not fitting:
        return _complain(f"station.toml has no {chosen.kind}", _BAD_CONFIG)
    if chosen.device is None and len(fitting) > 1:
        return _complain(f"say which with --device: {', '.join(fitting)}", _BAD_CONFIG)
    name = chosen.device or fitting[0]
    device = _named(config, name) if name in fitting else None
    if device is None:
        return _complain(f"{name!r} is no {chosen.kind} of station.toml; there is {', '.join(fitting)}", _BAD_CONFIG)
    works = asyncio.run(tried(device, lambda text: print(text, flush=True), chosen.seconds, chosen.out))
    return _WORKS if works else _FAILED


def _calibrate(chosen: argparse.Namespace) -> int:
    from station.technician.calibrate import calibrate, forget, sheet

    config = _read(chosen.config)
    if chosen.sheet is not None or chosen.printer is not None:
        return _sheet(config, sheet(config), chosen, "a4")
    if chosen.device is None:
        return _complain("say which scanner to calibrate, or --sheet or --print", _BAD_CONFIG)
    if _named(config, chosen.device) is None:
        return _unknown(config, chosen.device)
    if chosen.forget:
        return forget(config, chosen.device)
    return asyncio.run(calibrate(config, chosen.device))


def _commands(chosen: argparse.Namespace) -> int:
    from labels.documents import CommandSheet

    config = _read(chosen.config)
    if chosen.sheet is None and chosen.printer is None:
        return _complain("say where to: --sheet FILE.pdf or --print PRINTER", _BAD_CONFIG)
    sheet = CommandSheet(config.station, chosen.language or config.bench.language)
    return _sheet(config, sheet, chosen, chosen.paper)


def _sheet(config: StationConfig, sheet: Document, chosen: argparse.Namespace, size: str) -> int:
    """As a file, or on the printer that was named."""
    from station.technician.sheets import paper, print_sheet, write_sheet

    if chosen.sheet is not None:
        try:
            return write_sheet(sheet, chosen.sheet, paper(size))
        except ValueError as error:
            return _complain(str(error), _BAD_CONFIG)
    device = _named(config, chosen.printer)
    return _unknown(config, chosen.printer) if device is None else asyncio.run(print_sheet(sheet, device))


def _record(chosen: argparse.Namespace) -> int:
    from station.technician.record import record

    config = _read(chosen.config)
    device = _named(config, chosen.device)
    if device is None:
        return _unknown(config, chosen.device)
    with suppress(KeyboardInterrupt):
        asyncio.run(record(device, chosen.out, chosen.seconds, scrub=not chosen.keep_personal_data))
    return _WORKS


def _replay(chosen: argparse.Namespace) -> int:
    from station.technician.replay import replay_file

    return asyncio.run(replay_file(chosen.tape))
