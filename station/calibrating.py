"""The two-scan procedure: overhears one scanner, asks for the next code of the sheet, keeps what it found."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path

from msgspec.structs import replace

from station.devices.calibrated import CALIBRATABLE, calibrated, read_calibrations, write_calibrations
from station.devices.calibration import Calibration, Finding, Next, infer
from station.devices.calibration_reading import Reading, readings_of_bytes, readings_of_keys
from station.devices.calibration_words import Said, ask, found, remarks
from station.devices.evdev_scanner import EvdevScannerConfig
from station.devices.keeper import Keeper
from station.devices.key_events import EV_KEY, events_in
from station.devices.registry import DeviceConfig
from station.kiosk.view import ActionView, Screen

log = logging.getLogger(__name__)

STOP = "PK-CALIBRATION-STOP"
"""What the screen's button sends."""
_QUIET_S = 0.5
"""A scanner that says nothing for this long has ended its code, whatever it ends codes with."""
_LONGEST_S = 180.0
"""Without a scan the bench goes back to work by itself."""


class NotCalibratable(ValueError):
    """No such scanner, or one that has nothing to calibrate; the message says which."""


class Overheard:
    """Gathers what a scanner sends into scans, each ended by quiet."""

    def __init__(self, config: DeviceConfig, scanned: Callable[[tuple[Reading, ...]], None]) -> None:
        self._is_keys = isinstance(config, EvdevScannerConfig)
        self._scanned = scanned
        self._held = b""
        self._timer: asyncio.TimerHandle | None = None

    def heard(self, data: bytes) -> None:
        """The scanner sent this; more may follow."""
        self._held += data
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_QUIET_S, self._end)

    def said(self, data: bytes) -> None:
        """Scanners are told nothing."""

    def close(self) -> None:
        """What is not ended is no scan."""
        if self._timer is not None:
            self._timer.cancel()

    def _end(self) -> None:
        held, self._held = self._held, b""
        if not self._is_keys:
            self._scanned(readings_of_bytes(held))
        elif any(event.kind == EV_KEY for event in events_in(held)):  # the light of Caps Lock is no scan
            self._scanned(readings_of_keys(held))


class Calibrating:
    """At most one scanner at a time. `changed` is called when its screen is to be drawn anew."""

    def __init__(self, keepers: Iterable[Keeper], path: Path, changed: Callable[[], None]) -> None:
        self._keepers = {keeper.config.name: keeper for keeper in keepers}
        self._settings: Mapping[str, DeviceConfig] = {name: keeper.config for name, keeper in self._keepers.items()}
        self._path = path
        self._changed = changed
        self._scans: list[tuple[Reading, ...]] = []
        self._open = ExitStack()
        self._timer: asyncio.TimerHandle | None = None
        self.device = ""
        """The scanner that is being calibrated; empty for none. Its scans are not work."""
        self.finding: Finding = Next(1)

    def can(self, device: str) -> bool:
        """Whether this device has anything to calibrate."""
        return isinstance(self._settings.get(device), CALIBRATABLE)

    def start(self, device: str) -> None:
        """Listen to this scanner from now on. Raises `NotCalibratable`."""
        if not self.can(device):
            names = ", ".join(filter(self.can, self._settings)) or "none"
            raise NotCalibratable(f"{device!r} is no scanner that can be calibrated; there is {names}")
        self.stop()
        keeper = self._keepers[device]
        overheard = Overheard(keeper.config, self._scanned)
        self._open.callback(overheard.close)
        self._open.enter_context(keeper.tap.listening(overheard))
        self.device, self.finding, self._scans = device, Next(1), []
        self._wait()
        if isinstance(keeper.config, EvdevScannerConfig):
            keeper.configure(keeper.config)  # opened anew, a keyboard tells its Caps Lock
        self._changed()

    def stop(self) -> None:
        """Back to work; what was found stays."""
        if self._timer is not None:
            self._timer.cancel()
        self._open.close()
        if self.device:
            self.device = ""
            self._changed()

    def screen(self, language: str) -> Screen | None:
        """What the packer sees meanwhile; None when nothing is being calibrated."""
        if not self.device:
            return None
        french = language == "fr"
        button = ActionView(STOP, "Terminer" if french else "Finish", primary=isinstance(self.finding, Calibration))
        if isinstance(self.finding, Next):
            return Screen(
                "look" if self.finding.trouble else "ready",
                ask(self.finding).in_language(language),
                title=self.device,
                actions=(button,),
                language=language,
            )
        told = remarks(self.finding)
        return Screen(
            "look" if told else "good",
            f"{self.device} est étalonné" if french else f"{self.device} is calibrated",
            why=" ".join(said.in_language(language) for said in (found(self.finding), *told)),
            actions=(button,),
            language=language,
        )

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(_LONGEST_S, self.stop)

    def _scanned(self, readings: tuple[Reading, ...]) -> None:
        self._wait()
        if isinstance(self.finding, Calibration):
            self._scans = []
        self._scans = [*self._scans[-5:], readings]
        self.finding = infer(self._scans)
        if isinstance(self.finding, Calibration):
            self._keep(replace(self.finding, at=time.time_ns() // 1_000_000))
        self._changed()

    def _keep(self, calibration: Calibration) -> None:
        try:
            write_calibrations(self._path, {**read_calibrations(self._path), self.device: calibration})
        except (OSError, ValueError) as error:
            log.error("the calibration of %s is used but cannot be kept: %s", self.device, error)
        log.info("%s: %s", self.device, found(calibration).en)
        self._keepers[self.device].configure(calibrated(self._settings[self.device], calibration))


def with_calibrations(devices: Iterable[DeviceConfig], path: Path) -> tuple[DeviceConfig, ...]:
    """The devices with what was found of them; a file that cannot be read is told and left alone."""
    try:
        known = read_calibrations(path)
    except ValueError as error:
        log.error("scanners work with the settings of station.toml: %s", error)
        known = {}
    return tuple(calibrated(device, known.get(device.name)) for device in devices)


def in_words(finding: Finding) -> list[Said]:
    """What to tell a technician at the terminal."""
    return [ask(finding)] if isinstance(finding, Next) else [found(finding), *remarks(finding)]
