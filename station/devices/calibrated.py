"""Calibrations by device: kept in one file of the state folder, and laid over the settings of station.toml."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from contract.complaint import why_unreadable
from station.devices.calibration import Calibration
from station.devices.evdev_scanner import EvdevScannerConfig
from station.devices.registry import DeviceConfig
from station.devices.serial_scanner import SerialScannerConfig

CALIBRATABLE = (EvdevScannerConfig, SerialScannerConfig)


class BadCalibrations(ValueError):
    """The file is there and cannot be read; the message names it and says what to do."""


class _File(Struct, forbid_unknown_fields=True):
    version: int
    scanners: dict[str, Calibration]


def read_calibrations(path: Path) -> dict[str, Calibration]:
    """The stored calibrations by device name. Raises `BadCalibrations`."""
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=_File)
    except FileNotFoundError:
        return {}
    except (msgspec.DecodeError, UnicodeDecodeError, OSError) as error:
        raise BadCalibrations(f"{path}: {why_unreadable(error)}. Delete it and calibrate the scanners again") from error
    if kept.version != 1:
        raise BadCalibrations(f"{path} is of version {kept.version}, this program reads version 1")
    return kept.scanners


def write_calibrations(path: Path, scanners: Mapping[str, Calibration]) -> None:
    """Replace the file; a power cut leaves the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(_File(1, dict(scanners)))) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def calibrated(config: DeviceConfig, found: Calibration | None) -> DeviceConfig:
    """The settings with what the calibration found, which counts more than station.toml: it was measured."""
    if found is None:
        return config
    if isinstance(config, EvdevScannerConfig) and found.layout is not None:
        return replace(
            config,
            layout=found.layout,
            ends_by="pause" if found.end == "none" else "key",
            gs_keys=found.gs_keys,
            gs_text=found.gs_text,
            caps_lock=found.caps_lock,
            aim=found.aim,
        )
    if isinstance(config, SerialScannerConfig) and found.layout is None:
        ends_by = "pause" if found.end == "none" else "sign"
        return replace(config, ends_by=ends_by, gs_text=found.gs_text, aim=found.aim)
    return config
