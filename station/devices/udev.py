"""Finds a USB device by what it is, and says when something was plugged in."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from station.devices.ports import DeviceFault
from station.devices.settings import UsbIdentity

if TYPE_CHECKING:
    from collections.abc import Mapping

log = logging.getLogger(__name__)

_ATTRIBUTES = ("idVendor", "idProduct", "serial")


class Place(Protocol):
    """Where a device is, as its settings say."""

    @property
    def path(self) -> str: ...
    @property
    def usb(self) -> UsbIdentity | None: ...


def matches(identity: UsbIdentity, attributes: Mapping[str, str], port: str) -> bool:
    """Whether the USB device with these sysfs attributes in this socket is the one."""
    wanted = {"idVendor": identity.vendor, "idProduct": identity.product, "serial": identity.serial}
    if identity.port and identity.port != port:
        return False
    return all(not value or attributes.get(key, "") == value for key, value in wanted.items())


def node_of(place: Place, subsystem: str) -> str:
    """The device node to open now. Raises `DeviceFault` when no device, or more than one, is the one."""
    if place.usb is None:
        return place.path
    found = sorted(_nodes(place.usb, subsystem))
    if not found:
        raise DeviceFault(
            f"no {place.usb} is plugged in: plug it in and switch it on",
            "l'appareil n'est pas branché : branchez-le et allumez-le",
        )
    if len(found) > 1:
        raise DeviceFault(f"{len(found)} devices match the {place.usb} ({', '.join(found)}): add its serial or port")
    return found[0]


def _nodes(identity: UsbIdentity, subsystem: str) -> Iterator[str]:
    import pyudev

    for device in pyudev.Context().list_devices(subsystem=subsystem):
        usb = device.find_parent("usb", "usb_device")
        if usb is None or not device.device_node:
            continue
        if subsystem == "input" and device.properties.get("ID_INPUT_KEYBOARD") != "1":
            continue  # a scanner also shows a consumer-control node that never types
        if subsystem == "video4linux" and device.attributes.get("index") != b"0":
            continue  # a webcam's further nodes only tell about its pictures
        read = {key: usb.attributes.get(key) for key in _ATTRIBUTES}
        attributes = {key: value.decode("utf-8", "replace") for key, value in read.items() if value is not None}
        if matches(identity, attributes, usb.sys_name):
            yield device.device_node


class Arrivals:
    """Wakes who waits when udev reports that a device came. Without udev it never wakes: back-off polls."""

    def __init__(self) -> None:
        self._came = asyncio.Event()
        self._monitor: Any = None

    def __enter__(self) -> Arrivals:
        try:
            import pyudev

            monitor = pyudev.Monitor.from_netlink(pyudev.Context())
            monitor.start()
        except (ImportError, OSError) as error:
            log.info("no hot-plug events (%s): lost devices are looked for every few seconds", error)
        else:
            self._monitor = monitor
            asyncio.get_running_loop().add_reader(monitor.fileno(), self._drain)
        return self

    def __exit__(self, *exc: object) -> None:
        if self._monitor is not None:
            asyncio.get_running_loop().remove_reader(self._monitor.fileno())
            self._monitor = None

    def _drain(self) -> None:
        try:
            while (event := self._monitor.poll(timeout=0)) is not None:
                if event.action in ("add", "bind", "change"):
                    self._came.set()
        except OSError:  # more events than the socket holds: something surely came
            self._came.set()

    async def within(self, seconds: float) -> None:
        """Return when a device came, at the latest after `seconds`."""
        self._came.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._came.wait()
