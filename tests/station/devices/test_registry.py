"""Drivers by name, and what station.toml may say of a device."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import msgspec
import pytest

from labels.media import Media
from station.devices.ports import Kind
from station.devices.registry import DRIVERS, DeviceConfig, Driver, build, catalogue, kind_of, language_of
from tests.station.devices.watching import config

EXAMPLES: dict[str, dict[str, Any]] = {
    "evdev_scanner": {"path": "/dev/input/by-path/platform-usb-0:1.2:1.0-event-kbd", "layout": "fr"},
    "serial_scanner": {"path": "/dev/serial/by-id/usb-scanner-if00", "baud": 115200},
    "hid_pos_scanner": {"usb": {"vendor": "0c2e", "port": "1-1.4"}},
    "hid_scale": {"usb": {"vendor": "0922", "product": "8003"}},
    "toledo_scale": {"path": "/dev/serial/by-path/platform-usb-0:1.1:1.0-port0", "unit": "lb"},
    "sma_scale": {"path": "/dev/serial/by-id/usb-cable-if00", "baud": 19200},
    "nci_scale": {"path": "/dev/serial/by-id/usb-cable-if00", "parity": "N", "bits": 8},
    "sics_scale": {"usb": {"vendor": "0eb8"}, "command": "SIR"},
    "adam_scale": {"path": "/dev/serial/by-id/usb-cable-if00", "command": "G"},
    "pattern_scale": {"path": "/dev/serial0", "pattern": r"(?P<weight>[\d.]+) kg", "unit": "kg", "ask": "W\r\n"},
    "zpl_printer": {"host": "192.0.2.7", "width_mm": 105, "height_mm": 148, "dpi": 300},
    "epl2_printer": {"path": "/dev/serial/by-id/usb-cable-if00", "baud": 9600, "handshake": "xonxoff"},
    "ipp_printer": {"uri": "ipp://localhost:631/printers/office"},
    "tspl_printer": {"usb": {"vendor": "1203"}},
    "escpos_printer": {"usb": {"vendor": "04b8", "port": "1-1.4"}},
    "v4l2_camera": {"path": "/dev/v4l/by-id/usb-cam-video-index0", "width": 1280, "height": 720},
    "rpicam_camera": {"camera": 1, "rotation": 180},
    "gpio_signals": {"lights": {"red": 17}, "buttons": {"confirm": 5}},
}


@pytest.mark.parametrize("name", DRIVERS)
def test_each_driver_is_configured_by_its_name_and_built(name: str) -> None:
    device = config(driver=name, **EXAMPLES[name])
    assert kind_of(device) is DRIVERS[name].kind
    assert isinstance(build(device), DRIVERS[name].device)  # type: ignore[arg-type]


def test_printers_tell_their_language_and_paper() -> None:
    zpl: Any = config(driver="zpl_printer", **EXAMPLES["zpl_printer"])
    assert language_of(zpl) == "zpl"
    assert zpl.media == Media(width_mm=105, height_mm=148, dpi=300)
    receipt: Any = config(driver="escpos_printer", host="192.0.2.8")
    assert language_of(receipt) == "escpos"
    assert (receipt.roles, receipt.media) == (("slip",), Media(width_mm=80, height_mm=0, dpi=203))


def test_a_second_driver_of_the_same_name_fails_at_the_start() -> None:
    again = Driver(Kind.SCALE, DRIVERS["hid_scale"].config, DRIVERS["hid_scale"].device)
    with pytest.raises(ValueError, match="two drivers are called 'hid_scale'"):
        catalogue([*DRIVERS.values(), again])


@pytest.mark.feature("D7")
@pytest.mark.parametrize(
    ("device", "says"),
    [
        ({"driver": "toledo_scale", "path": "/dev/ttyUSB0"}, "given anew at each plug"),
        ({"driver": "serial_scanner", "path": "/dev/ttyACM1"}, "by-path"),
        ({"driver": "evdev_scanner", "path": "/dev/input/event3"}, "given anew"),
        ({"driver": "hid_scale", "path": "/dev/hidraw0"}, "given anew"),
        ({"driver": "zpl_printer", "path": "/dev/usb/lp0"}, "given anew"),
        ({"driver": "hid_scale"}, "say where the device is"),
        ({"driver": "hid_scale", "usb": {}}, "at least one of vendor"),
        ({"driver": "hid_scale", "path": "/dev/scale", "usb": {"port": "1-1"}}, "not both"),
        ({"driver": "zpl_printer"}, "say where the printer is"),
        ({"driver": "zpl_printer", "host": "h", "path": "/dev/printer"}, "once"),
        ({"driver": "tspl_printer", "host": "h", "baud": 9600}, "serial printer"),
        ({"driver": "escpos_printer"}, "say where the printer is"),
        ({"driver": "escpos_printer", "host": "h", "baud": 9600}, "serial printer"),
        ({"driver": "gpio_signals", "lights": {"red": 5}, "buttons": {"confirm": 5}}, "pin 5 is given twice"),
        ({"driver": "gpio_signals", "pins": "simulated"}, "twin's socket"),
        ({"driver": "toledo_scale", "path": "/dev/scale", "bauds": 9600}, "bauds"),
        ({"driver": "magic_scale", "path": "/dev/scale"}, "magic_scale"),
    ],
)
def test_a_device_that_cannot_be_found_again_or_is_misspelt_is_refused(device: dict[str, Any], says: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=says):
        config(**device)


def test_knowing_the_drivers_loads_none_of_their_libraries() -> None:
    heavy = {"evdev", "gpiozero", "pyudev", "serial", "escpos", "PIL"}
    code = f"import sys, station.devices.registry, station.devices.keeper; print({heavy} & set(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.strip() == "set()"


def test_a_configuration_survives_its_own_writing() -> None:
    for name, fields in EXAMPLES.items():
        device = config(driver=name, **fields)
        assert msgspec.json.decode(msgspec.json.encode(device), type=DeviceConfig) == device
