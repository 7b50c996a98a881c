"""Every driver by its name. A new device is one new file and one entry here and in `DeviceConfig`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from station.devices.adam_scale import AdamScaleConfig
from station.devices.epl2_printer import Epl2Printer, Epl2PrinterConfig
from station.devices.escpos_printer import EscPosPrinter, EscPosPrinterConfig
from station.devices.evdev_scanner import EvdevScanner, EvdevScannerConfig
from station.devices.gpio_signals import GpioSignals, GpioSignalsConfig
from station.devices.hid_pos_scanner import HidPosScanner, HidPosScannerConfig
from station.devices.hid_scale import HidScale, HidScaleConfig
from station.devices.ipp_printer import IppPrinter, IppPrinterConfig
from station.devices.nci_scale import NciScaleConfig
from station.devices.pattern_scale import PatternScaleConfig
from station.devices.ports import Camera, Kind, Printer, Scale, Scanner, Signals
from station.devices.rpicam_camera import RpicamCamera, RpicamCameraConfig
from station.devices.serial_scale import SerialScale
from station.devices.serial_scanner import SerialScanner, SerialScannerConfig
from station.devices.sics_scale import SicsScaleConfig
from station.devices.sma_scale import SmaScaleConfig
from station.devices.toledo_scale import ToledoScaleConfig
from station.devices.tspl_printer import TsplPrinter, TsplPrinterConfig
from station.devices.v4l2_camera import V4l2Camera, V4l2CameraConfig
from station.devices.zpl_printer import ZplPrinter, ZplPrinterConfig

ScannerConfig: TypeAlias = EvdevScannerConfig | SerialScannerConfig | HidPosScannerConfig
ScaleConfig: TypeAlias = (
    HidScaleConfig
    | ToledoScaleConfig
    | SmaScaleConfig
    | NciScaleConfig
    | SicsScaleConfig
    | AdamScaleConfig
    | PatternScaleConfig
)
PrinterConfig: TypeAlias = (
    ZplPrinterConfig | Epl2PrinterConfig | TsplPrinterConfig | EscPosPrinterConfig | IppPrinterConfig
)
CameraConfig: TypeAlias = V4l2CameraConfig | RpicamCameraConfig
DeviceConfig: TypeAlias = ScannerConfig | ScaleConfig | PrinterConfig | GpioSignalsConfig | CameraConfig
Device: TypeAlias = Scanner | Scale | Printer | Signals | Camera
Language = Literal["zpl", "epl2", "tspl", "escpos", "pdf"]


class Driver(NamedTuple):
    """One entry: what it is to the bench, its configuration, its class, and what a printer understands."""

    kind: Kind
    config: type[Struct]
    device: Callable[[Any], Device]
    language: Language | None = None

    @property
    def name(self) -> str:
        """What `driver = …` says in station.toml."""
        return str(self.config.__struct_config__.tag)


def catalogue(drivers: Iterable[Driver]) -> Mapping[str, Driver]:
    """The drivers by name. Raises `ValueError` for a name that two of them claim."""
    named: dict[str, Driver] = {}
    for driver in drivers:
        if driver.name in named:
            raise ValueError(
                f"two drivers are called {driver.name!r}: {named[driver.name].config.__module__}"
                f" and {driver.config.__module__}. Give one of them another tag"
            )
        named[driver.name] = driver
    return named


DRIVERS = catalogue(
    (
        Driver(Kind.SCANNER, EvdevScannerConfig, EvdevScanner),
        Driver(Kind.SCANNER, SerialScannerConfig, SerialScanner),
        Driver(Kind.SCANNER, HidPosScannerConfig, HidPosScanner),
        Driver(Kind.SCALE, HidScaleConfig, HidScale),
        Driver(Kind.SCALE, ToledoScaleConfig, SerialScale),
        Driver(Kind.SCALE, SmaScaleConfig, SerialScale),
        Driver(Kind.SCALE, NciScaleConfig, SerialScale),
        Driver(Kind.SCALE, SicsScaleConfig, SerialScale),
        Driver(Kind.SCALE, AdamScaleConfig, SerialScale),
        Driver(Kind.SCALE, PatternScaleConfig, SerialScale),
        Driver(Kind.PRINTER, ZplPrinterConfig, ZplPrinter, "zpl"),
        Driver(Kind.PRINTER, Epl2PrinterConfig, Epl2Printer, "epl2"),
        Driver(Kind.PRINTER, TsplPrinterConfig, TsplPrinter, "tspl"),
        Driver(Kind.PRINTER, EscPosPrinterConfig, EscPosPrinter, "escpos"),
        Driver(Kind.PRINTER, IppPrinterConfig, IppPrinter, "pdf"),
        Driver(Kind.SIGNALS, GpioSignalsConfig, GpioSignals),
        Driver(Kind.CAMERA, V4l2CameraConfig, V4l2Camera),
        Driver(Kind.CAMERA, RpicamCameraConfig, RpicamCamera),
    )
)


def _driver(config: DeviceConfig) -> Driver:
    return DRIVERS[str(config.__struct_config__.tag)]


def build(config: DeviceConfig) -> Device:
    """The device that the configuration describes, not yet open."""
    return _driver(config).device(config)


def kind_of(config: DeviceConfig) -> Kind:
    """What the device is to the bench."""
    return _driver(config).kind


def language_of(config: PrinterConfig) -> Language:
    """What the printer understands."""
    language = _driver(config).language
    if language is None:
        raise ValueError(f"{config.name} is no printer")
    return language
