"""What every device's table in station.toml has. A driver adds its own fields; unknown keys are refused."""

from __future__ import annotations

import re
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, Struct

from labels.media import Media

Seconds = Annotated[float, Meta(gt=0, le=600)]
Pause = Seconds | None
"""How long a scanner must rest in mid-scan until the scan is over; None: `rest_s` says."""


def rest_s(pause: Pause, *, ends: bool) -> float:
    """A rest that ends a scan is waited for at each; one that refuses it must be longer than any hiccup of a scanner,
    or its tail would be taken for a code (seen with a virtual keyboard: 0.3 s)."""
    return pause if pause is not None else 0.15 if ends else 0.6


Port = Annotated[int, Meta(ge=1, le=65535)]
PrinterRole = Literal["label", "carrier_label", "return_label", "slip", "return_form", "delivery_note", "pick_list"]

_FLEETING = re.compile(r"/dev/(ttyUSB\d+|ttyACM\d+|input/event\d+|hidraw\d+|usb/lp\d+|video\d+)")


class UsbIdentity(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which USB device it is, whatever name the kernel gives it today. Empty fields match anything."""

    vendor: Annotated[str, Meta(pattern="^([0-9a-f]{4})?$")] = ""
    product: Annotated[str, Meta(pattern="^([0-9a-f]{4})?$")] = ""
    serial: str = ""
    port: str = ""
    """The socket it is plugged into, as in /sys/bus/usb/devices: `1-1.3`."""

    def __post_init__(self) -> None:
        """Refuse an identity that matches everything."""
        if not (self.vendor or self.product or self.serial or self.port):
            raise ValueError("usb: give at least one of vendor, product, serial and port (lsusb -t shows them)")

    def __str__(self) -> str:
        said = {"vendor": self.vendor, "product": self.product, "serial": self.serial, "port": self.port}
        return "USB device with " + ", ".join(f"{what} {value}" for what, value in said.items() if value)


class DeviceSettings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="driver"):
    """`[[device]]`: its name on the screen and in messages; `driver` says which struct it is."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]


def proven_place(path: str, usb: UsbIdentity | None) -> None:
    """Raise `ValueError` for a place that would be another device after the next plug."""
    if _FLEETING.fullmatch(path):
        raise ValueError(
            f"path: {path} is given anew at each plug. Use the stable name under /dev/serial/by-path,"
            " /dev/serial/by-id, /dev/input/by-path or /dev/v4l/by-path, or usb = { vendor, product, serial, port }"
        )
    if path and usb is not None:
        raise ValueError("give path or usb, not both")


class AttachedSettings(DeviceSettings, frozen=True, kw_only=True):
    """A device on this machine, found by a stable path or by its USB identity."""

    subsystem: ClassVar[str] = "tty"
    """The kernel's name for this class of device, for udev."""
    path: str = ""
    usb: UsbIdentity | None = None

    def __post_init__(self) -> None:
        """Refuse a device without a place, or with one that does not last."""
        proven_place(self.path, self.usb)
        if not self.path and self.usb is None:
            raise ValueError("say where the device is: path or usb = { vendor, product, serial, port }")


class ScaleSettings(AttachedSettings, frozen=True, kw_only=True):
    """A scale."""

    silent_after_s: Seconds = 2.0
    """Without a reading for this long nothing is known of the platform."""


class PrinterSettings(DeviceSettings, frozen=True, kw_only=True):
    """A printer: what it prints and the paper in it."""

    roles: tuple[PrinterRole, ...] = ("label",)
    """Of several printers with one role the first in station.toml is used while it can print."""
    width_mm: Annotated[int, Meta(ge=20, le=300)] = 102
    height_mm: Annotated[int, Meta(ge=0, le=1000)] = 152
    """0 for a roll without end."""
    dpi: Annotated[int, Meta(ge=100, le=1200)] = 203

    @property
    def media(self) -> Media:
        """The paper as the labels room wants it."""
        return Media(width_mm=self.width_mm, height_mm=self.height_mm, dpi=self.dpi)


class CameraSettings(DeviceSettings, frozen=True, kw_only=True):
    """A camera: how large its pictures are, and how long one may take."""

    width: Annotated[int, Meta(ge=160, le=8_000)] = 1_640
    height: Annotated[int, Meta(ge=120, le=6_000)] = 1_232
    """What the camera makes of it counts: most round to a size of their own."""
    quality: Annotated[int, Meta(ge=30, le=95)] = 80
    timeout_s: Seconds = 8.0
    """A picture that takes longer is given up."""
