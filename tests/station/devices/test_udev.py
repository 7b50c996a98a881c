"""Which device it is, and when one comes."""

from __future__ import annotations

import asyncio
import os
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from station.devices.ports import DeviceFault
from station.devices.settings import UsbIdentity
from station.devices.udev import Arrivals, matches, node_of
from tests.station.devices.watching import config

pytestmark = pytest.mark.feature("D7")

NO_SERIAL = {"idVendor": "0922", "idProduct": "8003"}
DYMO = NO_SERIAL | {"serial": "0071"}


@pytest.mark.parametrize(
    ("identity", "is_it"),
    [
        (UsbIdentity(vendor="0922"), True),
        (UsbIdentity(vendor="0922", product="8003", serial="0071", port="1-1.2"), True),
        (UsbIdentity(vendor="0922", product="8004"), False),
        (UsbIdentity(serial="0072"), False),
        (UsbIdentity(port="1-1.3"), False),
        (UsbIdentity(port="1-1.2"), True),
    ],
)
def test_an_identity_matches_by_everything_that_it_says(identity: UsbIdentity, is_it: bool) -> None:
    assert matches(identity, DYMO, "1-1.2") is is_it


class Attributes:
    """sysfs attributes as pyudev gives them: bytes by name, and no mapping that one could look through."""

    def __init__(self, values: dict[str, str]) -> None:
        self._values = values

    def get(self, name: str) -> bytes | None:
        return self._values[name].encode() if name in self._values else None


def plugged(node: str, port: str, serial: str, **properties: str) -> Any:
    """A device as pyudev shows it, below its USB device; without a `serial` as many cheap ones are."""
    usb = SimpleNamespace(sys_name=port, attributes=Attributes(DYMO | {"serial": serial} if serial else NO_SERIAL))
    return SimpleNamespace(device_node=node, properties=properties, find_parent=lambda *_: usb)


class Udev(ModuleType):
    """pyudev with the devices of the test and events through a pipe."""

    def __init__(self, *devices: Any) -> None:
        super().__init__("pyudev")
        self.read_end, self.write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        context = SimpleNamespace(list_devices=lambda subsystem: devices)
        monitor = SimpleNamespace(start=lambda: None, fileno=lambda: self.read_end, poll=self._poll)
        self.Context = lambda: context
        self.Monitor = SimpleNamespace(from_netlink=lambda _: monitor)

    def _poll(self, timeout: float) -> Any:
        try:
            return SimpleNamespace(action={b"a": "add", b"r": "remove"}[os.read(self.read_end, 1)])
        except BlockingIOError:
            return None


def test_of_two_equal_scales_the_port_decides_and_without_it_nobody_guesses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        sys.modules, "pyudev", Udev(plugged("/dev/hidraw0", "1-1.2", "1"), plugged("/dev/hidraw1", "1-1.3", ""))
    )
    by_port: Any = config(driver="hid_scale", usb={"vendor": "0922", "port": "1-1.3"})
    by_serial: Any = config(driver="hid_scale", usb={"serial": "1"})
    by_model: Any = config(driver="hid_scale", usb={"vendor": "0922"})
    other: Any = config(driver="hid_scale", usb={"vendor": "beef"})
    assert node_of(by_port, "hidraw") == "/dev/hidraw1"
    assert node_of(by_serial, "hidraw") == "/dev/hidraw0"
    with pytest.raises(DeviceFault, match=r"2 devices match.*add its serial or port"):
        node_of(by_model, "hidraw")
    with pytest.raises(DeviceFault, match="no USB device with vendor beef is plugged in"):
        node_of(other, "hidraw")


def test_a_scanners_other_input_nodes_are_not_its_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        sys.modules,
        "pyudev",
        Udev(
            plugged("/dev/input/event4", "1-1.2", "1"),
            plugged("/dev/input/event5", "1-1.2", "1", ID_INPUT_KEYBOARD="1"),
        ),
    )
    scanner: Any = config(driver="evdev_scanner", usb={"port": "1-1.2"})
    assert node_of(scanner, "input") == "/dev/input/event5"


async def test_a_device_that_comes_ends_the_wait_and_one_that_goes_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    udev = Udev()
    monkeypatch.setitem(sys.modules, "pyudev", udev)
    with Arrivals() as arrivals:
        waiting = asyncio.create_task(arrivals.within(3600))
        os.write(udev.write_end, b"r")
        await asyncio.wait({waiting}, timeout=0.05)
        assert not waiting.done()
        os.write(udev.write_end, b"a")
        await asyncio.wait_for(waiting, 60)


async def test_without_udev_the_wait_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyudev", None)
    with Arrivals() as arrivals:
        await asyncio.wait_for(arrivals.within(0.01), 60)


async def test_the_real_udev_is_listened_to() -> None:
    with Arrivals() as arrivals:
        await asyncio.wait_for(arrivals.within(0.01), 60)


@pytest.mark.feature("D1")
def test_two_equal_keyboard_scanners_are_told_apart_by_port_or_serial(monkeypatch: pytest.MonkeyPatch) -> None:
    scanners = [
        plugged(f"/dev/input/event{number}", f"1-1.{number}", serial, ID_INPUT_KEYBOARD="1")
        for number, serial in ((2, "S2"), (3, "S3"))
    ]
    monkeypatch.setitem(sys.modules, "pyudev", Udev(*scanners))
    left: Any = config(driver="evdev_scanner", usb={"vendor": "0922", "product": "8003", "port": "1-1.2"})
    right: Any = config(driver="evdev_scanner", usb={"serial": "S3"})
    either: Any = config(driver="evdev_scanner", usb={"product": "8003"})
    assert (node_of(left, "input"), node_of(right, "input")) == ("/dev/input/event2", "/dev/input/event3")
    with pytest.raises(DeviceFault, match="2 devices match"):
        node_of(either, "input")
