"""What is plugged in and who would take it, from trees like the kernel's and udev's."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.devices.gpio_signals import GpioSignalsConfig
from station.devices.hid_usages import Usage, application_usages
from station.devices.plugged_in import Machine, Plugged
from station.technician.listing import as_json, in_words, listed
from tests.station.devices.watching import config

pytestmark = pytest.mark.feature("D7")

SCANNER_HID = bytes.fromhex("058c0902a10185020912a1020930150026ff0075089538810200c0c0")
SCALE_HID = bytes.fromhex("058d0920a101850305 8d0970c0".replace(" ", ""))
MOUSE_HID = bytes.fromhex("05010902a101c0")
KEYS = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"


class Sys:
    """A /sys and /run/udev/data that a test builds."""

    def __init__(self, folder: Path) -> None:
        self.machine = Machine(folder / "sys", folder / "udev")
        self._devices = 0

    def usb(self, port: str, vendor: str, product: str, maker: str, name: str, serial: str = "") -> Path:
        usb = self.machine.sys / "devices/pci/usb1" / port
        usb.mkdir(parents=True)
        parts = {"idVendor": vendor, "idProduct": product, "manufacturer": maker, "product": name, "serial": serial}
        for key, value in parts.items():
            (usb / key).write_text(value + "\n")
        return usb

    def node(self, kind: str, name: str, above: Path | None, /, *links: str, **files: str | bytes) -> None:
        self._devices += 1
        place = (above or self.machine.sys / "devices/platform") / f"if{self._devices}"
        entry = place / kind / name
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(place)
        (entry / "dev").write_text(f"240:{self._devices}\n")
        for path, content in files.items():
            target = entry / path.replace("__", "/")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        group = self.machine.sys / "class" / kind
        group.mkdir(parents=True, exist_ok=True)
        (group / name).symlink_to(entry)
        self.machine.udev.mkdir(exist_ok=True)
        (self.machine.udev / f"c240:{self._devices}").write_text("".join(f"S:{link}\n" for link in links))


@pytest.fixture
def sys(tmp_path: Path) -> Sys:
    return Sys(tmp_path)


def only(sys: Sys) -> Plugged:
    [found] = sys.machine.plugged()
    return found


def test_a_keyboard_scanner_by_its_maker_with_the_name_that_lasts(sys: Sys) -> None:
    usb = sys.usb("1-1.2", "0c2e", "0b61", "Honeywell", "1900", "S123")
    links = ("input/by-id/usb-Honeywell-event-kbd", "input/by-path/platform-usb-0:1.2:1.0-event-kbd")
    sys.node("input", "event3", usb, *links, device__name="Honeywell 1900", device__capabilities__key=KEYS)
    found = only(sys)
    assert (found.driver, found.port, found.serial) == ("evdev_scanner", "1-1.2", "S123")
    assert found.place == "/dev/input/by-path/platform-usb-0:1.2:1.0-event-kbd"
    assert "Honeywell" in found.why
    assert 'path = "/dev/input/by-path/platform-usb-0:1.2:1.0-event-kbd"' in found.settings


def test_a_scanners_consumer_keys_and_a_mouse_are_not_listed(sys: Sys) -> None:
    usb = sys.usb("1-1.2", "0c2e", "0b61", "Honeywell", "1900")
    sys.node("input", "event4", usb, device__name="Honeywell 1900", device__capabilities__key="3f 0 0")
    sys.node("hidraw", "hidraw0", usb, device__report_descriptor=MOUSE_HID)
    assert sys.machine.plugged() == ()


@pytest.mark.parametrize(
    ("descriptor", "driver"), [(SCANNER_HID, "hid_pos_scanner"), (SCALE_HID, "hid_scale")], ids=["scanner", "scale"]
)
def test_hid_devices_by_what_their_reports_are(sys: Sys, descriptor: bytes, driver: str) -> None:
    usb = sys.usb("1-1.3", "0922", "8003", "DYMO", "M10", "0071")
    name = "HID_NAME=DYMO M10\n"
    sys.node("hidraw", "hidraw0", usb, device__report_descriptor=descriptor, device__uevent=name)
    found = only(sys)
    assert (found.driver, found.name) == (driver, "DYMO M10")
    assert 'usb = { vendor = "0922", product = "8003", serial = "0071", port = "1-1.3" }' in found.settings


def test_a_scale_without_a_socket_by_its_address(sys: Sys) -> None:
    link = "packline/by-id/bluetooth-00:00:5e:00:53:02"
    sys.node("hidraw", "hidraw0", None, link, device__report_descriptor=SCALE_HID, device__uevent="HID_NAME=Air\n")
    found = only(sys)
    assert (found.driver, found.name, found.place) == ("hid_scale", "Air", f"/dev/{link}")
    assert f'path = "/dev/{link}"' in found.settings


@pytest.mark.parametrize(
    ("vendor", "name", "driver", "says"),
    [
        ("0403", "FT232R", "", "a serial cable (FTDI)"),
        ("05f9", "Gryphon", "serial_scanner", "virtual COM port"),
        ("9999", "Barcode Imager", "serial_scanner", "virtual COM port"),
        ("9999", "Gadget", "", "cannot be seen"),
    ],
)
def test_serial_lines(sys: Sys, vendor: str, name: str, driver: str, says: str) -> None:
    sys.node("tty", "ttyACM0", sys.usb("1-1.4", vendor, "0001", "", name), "serial/by-id/usb-x-if00")
    found = only(sys)
    assert (found.driver, found.place) == (driver, "/dev/serial/by-id/usb-x-if00")
    assert says in found.why


@pytest.mark.parametrize(
    ("identity", "driver"),
    [
        ("MFG:Zebra;CMD:ZPL;MDL:GK420d;", "zpl_printer"),
        ("MFG:TSC;CMD:TSPL2;MDL:TE200;", "tspl_printer"),
        ("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20;", "escpos_printer"),
        ("MFG:Zebra;COMMAND SET:EPL;MDL:LP2844;", "epl2_printer"),
        ("MFG:HP;CMD:PCL;MDL:LaserJet;", ""),
    ],
)
def test_printers_by_the_language_that_they_say(sys: Sys, identity: str, driver: str) -> None:
    usb = sys.usb("1-1.5", "0a5f", "00d1", "Zebra", "Printer")
    sys.node("usbmisc", "lp0", usb, device__ieee1284_id=identity)
    assert only(sys).driver == driver


@pytest.mark.feature("D15")
@pytest.mark.parametrize(
    ("name", "usb", "driver", "says"),
    [
        ("HD Webcam: HD Webcam", True, "v4l2_camera", "USB camera"),
        ("unicam-image", False, "rpicam_camera", "libcamera"),
        ("rp1-cfe-csi2_ch0", False, "rpicam_camera", "libcamera"),
        ("vivid-000-vid-cap", False, "v4l2_camera", "MJPG"),
    ],
)
def test_cameras_by_what_they_hang_on(sys: Sys, name: str, usb: bool, driver: str, says: str) -> None:
    above = sys.usb("1-1.6", "046d", "0825", "", "Webcam", "7E9") if usb else None
    link = "v4l/by-path/platform-usb-0:1.6:1.0-video-index0"
    sys.node("video4linux", "video0", above, *([link] if usb else []), name=name, index="0\n")
    sys.node("video4linux", "video1", above, name=name, index="1\n")
    sys.node("video4linux", "video10", None, name="bcm2835-codec-decode", index="0\n")
    found = only(sys)
    assert found.driver == driver
    assert says in found.why
    assert (f'path = "/dev/{link}"' in found.settings) == usb
    sys.node("tty", "ttyS0", None, type="4\n")
    line, mine = listed(sys.machine, (config(driver="rpicam_camera", name="top"),))
    assert mine.configured_as == ("top" if driver == "rpicam_camera" else "")
    assert not line.plugged.driver
    assert not line.configured_as


def test_what_is_configured_is_said_and_the_rest_comes_with_its_settings(sys: Sys) -> None:
    for number, port in enumerate(("1-1.2", "1-1.3")):
        usb = sys.usb(port, "0922", "8003", "DYMO", "M10")
        sys.node("hidraw", f"hidraw{number}", usb, device__report_descriptor=SCALE_HID)
    sys.node("gpio", "gpiochip0", None, label="pinctrl-bcm2835")
    mine = config(driver="hid_scale", name="front", usb={"vendor": "0922", "port": "1-1.3"})
    found = listed(sys.machine, (mine,))
    assert [device.configured_as for device in found] == ["", "front", ""]
    words = in_words(found)
    assert "configured as 'front'" in words
    assert 'driver = "gpio_signals"' in words
    assert '"configured_as": "front"' in as_json(found)
    assert in_words(()) == "Nothing is plugged in that a bench could use."


@pytest.mark.parametrize(
    ("label", "port", "chip"),
    [("pinctrl-bcm2711", "", ""), ("pcf8574", "", "pcf8574"), ("mcp2221_gpio", "1-1.2", "")],
)
def test_the_lines_for_a_gpio_chip_are_lines_that_a_station_takes(sys: Sys, label: str, port: str, chip: str) -> None:
    sys.node("gpio", "gpiochip1", None, label="gpio-sim")
    above = sys.usb(port, "04d8", "00dd", "Microchip", "MCP2221") if port else None
    sys.node("gpio", "gpiochip0", above, label=label)
    found, _ = sys.machine.plugged()
    (table,) = tomllib.loads(found.settings)["device"]
    chosen = config(**table | {"lights": {"green": 5}})
    assert isinstance(chosen, GpioSignalsConfig)
    assert chosen.chip == chip
    assert (chosen.usb is not None) == bool(port)
    assert [each.configured_as for each in listed(sys.machine, (chosen,))] == [chosen.name, ""]


def test_an_empty_machine_has_nothing(tmp_path: Path) -> None:
    assert Machine(tmp_path / "sys", tmp_path / "udev").plugged() == ()


def test_usages_of_applications_are_read() -> None:
    assert application_usages(SCANNER_HID) == {Usage(0x8C, 2)}
    assert application_usages(bytes.fromhex("0b20008d00a101c0")) == {Usage(0x8D, 0x20)}


@settings(max_examples=80)
@given(st.binary(max_size=80))
def test_no_descriptor_raises(descriptor: bytes) -> None:
    application_usages(descriptor)
