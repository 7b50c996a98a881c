"""What is plugged into this machine and which driver would take it, from /sys and udev's notes. No root, no library."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from station.devices.gpio_chip import is_boards
from station.devices.hid_usages import Usage, application_usages

_SCANNER_MAKERS = {
    "05e0": "Zebra (Symbol)",
    "0c2e": "Honeywell (Metrologic)",
    "0536": "Honeywell (Hand Held Products)",
    "05f9": "Datalogic (PSC)",
    "1eab": "Newland",
    "065a": "Opticon",
    "2dd6": "Datalogic",
    "11fa": "Unitech",
}
"""By USB vendor. Makers of chips that sit in many scanners, and in much else, are not here."""
_CABLE_MAKERS = {"0403": "FTDI", "067b": "Prolific", "1a86": "CH340", "10c4": "CP210x", "04e2": "Exar"}
_SCANNER_WORDS = re.compile(r"bar.?code|scan|imager|reader|symbol|honeywell|datalogic|newland|zebra.*ds", re.IGNORECASE)
_PRINTER_DRIVERS = (
    ("zpl_printer", re.compile(r"ZPL", re.IGNORECASE)),
    ("tspl_printer", re.compile(r"TSPL|TSC", re.IGNORECASE)),
    ("epl2_printer", re.compile(r"EPL", re.IGNORECASE)),
    ("escpos_printer", re.compile(r"ESC.?POS|EPSON|TM-|receipt|POS", re.IGNORECASE)),
)
_RIBBON = re.compile(r"unicam|rp1-cfe", re.IGNORECASE)
_OF_THE_BOARD = re.compile(r"bcm2835-(codec|isp)|pispbe|rpi-hevc|rpivid|-dec\b|-enc\b", re.IGNORECASE)
"""Names of the Pi's own video nodes."""
_LETTER_A, _ENTER = 30, 28


class Plugged(Struct, frozen=True, kw_only=True):
    """One device, and what Packline makes of it."""

    node: str
    """Today's name: /dev/hidraw0."""
    place: str
    """A name that lasts; empty where there is none."""
    name: str
    vendor: str = ""
    product: str = ""
    serial: str = ""
    port: str = ""
    """USB socket, as `port` of station.toml."""
    driver: str = ""
    """The driver that would take it; empty for none."""
    why: str = ""

    @property
    def settings(self) -> str:
        """Lines for station.toml; empty without a driver."""
        if not self.driver:
            return ""
        if self.driver == "rpicam_camera" or (self.driver == "gpio_signals" and is_boards(self.name)):
            return f'[[device]]\nname = "…"\ndriver = "{self.driver}"'
        if self.driver == "gpio_signals" and not self.port:
            where = f'chip = "{self.name}"'
        elif self.place:
            where = f'path = "{self.place}"'
        else:
            parts = {"vendor": self.vendor, "product": self.product, "serial": self.serial, "port": self.port}
            said = ", ".join(f'{key} = "{value}"' for key, value in parts.items() if value)
            where = f"usb = {{ {said} }}"
        return f'[[device]]\nname = "…"\ndriver = "{self.driver}"\n{where}'


class Machine(Struct, frozen=True):
    """Where the kernel and udev tell what there is."""

    sys: Path = Path("/sys")
    udev: Path = Path("/run/udev/data")

    def plugged(self) -> tuple[Plugged, ...]:
        """Everything that a bench could use, by node."""
        found = [*self._keyboards(), *self._hid(), *self._lines(), *self._printers(), *self._pins(), *self._cameras()]
        return tuple(found)

    def _keyboards(self) -> Iterator[Plugged]:
        for entry in self._class("input", "event*"):
            keys = _bits(_text(entry / "device/capabilities/key"))
            if _LETTER_A in keys and _ENTER in keys:
                name = _text(entry / "device/name")
                usb = _usb_of(entry)
                driver, why = _keyboard(name, usb)
                yield self._made(entry, f"/dev/input/{entry.name}", name, usb, driver, why)

    def _hid(self) -> Iterator[Plugged]:
        for entry in self._class("hidraw", "hidraw*"):
            try:
                usages = application_usages((entry / "device/report_descriptor").read_bytes())
            except OSError:
                continue
            driver, why = _of_usages(usages)
            if why:
                name = _uevent(entry / "device/uevent").get("HID_NAME", "")
                yield self._made(entry, f"/dev/{entry.name}", name, _usb_of(entry), driver, why)

    def _lines(self) -> Iterator[Plugged]:
        for entry in self._class("tty", "tty*"):
            if not (entry / "device").exists() or _text(entry / "type") == "0":
                continue  # a console, or a port that the board does not have
            usb = _usb_of(entry)
            name = _usb_name(usb) if usb else "serial line of this machine"
            driver, why = _line(name, usb)
            yield self._made(entry, f"/dev/{entry.name}", name, usb, driver, why)

    def _printers(self) -> Iterator[Plugged]:
        for entry in self._class("usbmisc", "lp*"):
            identity = _text(entry / "device/ieee1284_id")
            driver, why = _printer(identity)
            usb = _usb_of(entry)
            yield self._made(entry, f"/dev/usb/{entry.name}", _usb_name(usb) or identity, usb, driver, why)

    def _pins(self) -> Iterator[Plugged]:
        for entry in self._class("gpio", "gpiochip*") or self._class("bus/gpio/devices", "gpiochip*"):
            label = _text(entry / "label") or entry.name
            why = "pins for lights, buzzer and buttons: wire them, and say which pin is which"
            yield self._made(entry, f"/dev/{entry.name}", label, _usb_of(entry), "gpio_signals", why)

    def _cameras(self) -> Iterator[Plugged]:
        for entry in self._class("video4linux", "video*"):
            if _text(entry / "index") in ("", "0"):
                usb = _usb_of(entry)
                driver, why = _camera(_text(entry / "name"), usb)
                if why:
                    yield self._made(entry, f"/dev/{entry.name}", _text(entry / "name"), usb, driver, why)

    def _class(self, name: str, pattern: str) -> list[Path]:
        folder = self.sys / name if "/" in name else self.sys / "class" / name
        return sorted(folder.glob(pattern), key=lambda path: (len(path.name), path.name))

    def _made(self, entry: Path, node: str, name: str, usb: Path | None, driver: str, why: str) -> Plugged:
        return Plugged(
            node=node,
            place=self._lasting(entry),
            name=name.strip(),
            vendor=_text(usb / "idVendor") if usb else "",
            product=_text(usb / "idProduct") if usb else "",
            serial=_text(usb / "serial") if usb else "",
            port=usb.name if usb else "",
            driver=driver,
            why=why,
        )

    def _lasting(self, entry: Path) -> str:
        """The name by path that udev gave it, else the one by id."""
        number = _text(entry / "dev")
        try:
            lines = (self.udev / f"c{number}").read_text("utf-8", "replace").splitlines()
        except OSError:
            return ""
        links = [f"/dev/{line[2:]}" for line in lines if line.startswith("S:")]
        for manner in ("/by-path/", "/by-id/"):
            for link in sorted(links, key=lambda link: ("usbv2" in link, link)):
                if manner in link:
                    return link
        return ""


def _keyboard(name: str, usb: Path | None) -> tuple[str, str]:
    maker = _SCANNER_MAKERS.get(_text(usb / "idVendor"), "") if usb else ""
    if maker:
        return "evdev_scanner", f"types as a keyboard, and {maker} makes scanners"
    if _SCANNER_WORDS.search(name):
        return "evdev_scanner", "types as a keyboard, and its name is a scanner's"
    if usb is None:
        return "", "a keyboard of the machine itself"
    return (
        "evdev_scanner",
        "types as a keyboard: this is its driver if it is a scanner; leave it if people type on it",
    )


def _of_usages(usages: frozenset[Usage]) -> tuple[str, str]:
    pages = {usage.page for usage in usages}
    if 0x8C in pages:
        return "hid_pos_scanner", "its reports are a bar code scanner's (HID usage page 0x8C)"
    if 0x8D in pages:
        return "hid_scale", "its reports are a scale's (HID usage page 0x8D)"
    if 0x8E in pages or 0x66 in pages:
        return "", "a point-of-sale device that no driver of Packline takes"
    return "", ""


def _line(name: str, usb: Path | None) -> tuple[str, str]:
    vendor = _text(usb / "idVendor") if usb else ""
    cable = _CABLE_MAKERS.get(vendor, "")
    if usb is not None and not cable and (_SCANNER_MAKERS.get(vendor) or _SCANNER_WORDS.search(name)):
        return "serial_scanner", "a scanner as virtual COM port"
    if cable:
        return "", (
            f"a serial cable ({cable}): what hangs on it cannot be seen. A scanner: serial_scanner; a scale: the driver"
            " of its protocol; a printer: its language with baud"
        )
    return "", "a serial line: what hangs on it cannot be seen"


def _printer(identity: str) -> tuple[str, str]:
    fields = dict(part.split(":", 1) for part in identity.split(";") if ":" in part)
    language = fields.get("CMD") or fields.get("COMMAND SET") or ""
    for text in (language, identity):
        for driver, pattern in _PRINTER_DRIVERS:
            if (match := pattern.search(text)) is not None:
                return driver, f"a printer that says {match.group()!r} of itself"
    return "", "a printer that does not say its language: see its manual for ZPL, EPL2, TSPL or ESC/POS"


def _camera(name: str, usb: Path | None) -> tuple[str, str]:
    if usb is not None:
        return "v4l2_camera", "a USB camera: pictures of the open box"
    if _RIBBON.search(name):
        return "rpicam_camera", "the ribbon cable's receiver: libcamera's command takes pictures through it"
    if _OF_THE_BOARD.search(name):
        return "", ""  # codecs and image processors show themselves as cameras
    return "v4l2_camera", "a camera as the kernel shows it: this is its driver if it gives MJPG, JPEG or YUYV"


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _uevent(path: Path) -> Mapping[str, str]:
    return dict(line.split("=", 1) for line in _text(path).splitlines() if "=" in line)


def _usb_of(entry: Path) -> Path | None:
    """The USB device above this node."""
    try:
        above = entry.resolve(strict=True)
    except OSError:
        return None
    return next((path for path in above.parents if (path / "idVendor").is_file()), None)


def _usb_name(usb: Path | None) -> str:
    return f"{_text(usb / 'manufacturer')} {_text(usb / 'product')}".strip() if usb else ""


def _bits(words: str) -> frozenset[int]:
    """The set bits of a capability mask: hexadecimal words of 64 bits, the highest first."""
    try:
        numbers = [int(word, 16) for word in words.split()]
    except ValueError:
        return frozenset()
    return frozenset(
        64 * place + bit for place, number in enumerate(reversed(numbers)) for bit in range(64) if number >> bit & 1
    )
