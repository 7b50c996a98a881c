"""The real input node: opened, grabbed, read and lost. The kernel's part is played by a module of evdev's shape."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from station.devices.key_events import EV_KEY, EV_SYN, RECORD, SYN_DROPPED, SYN_REPORT
from station.devices.ports import Health
from tests.station.devices.watching import Watcher, config, kept

pytestmark = pytest.mark.feature("D1")

A, SHIFT, ENTER = 30, 42, 28


class Kernel(ModuleType):
    """evdev with one keyboard, whose events come through a pipe."""

    def __init__(self) -> None:
        super().__init__("evdev")
        self.grabbed = 0
        self.keys: list[int] = []
        self.lit: list[int] = []
        self.refusal: OSError | None = None
        self.read_end, self._write_end = os.pipe()
        os.set_blocking(self.read_end, False)
        self.InputDevice = lambda path: SimpleNamespace(
            fd=self.read_end, grab=self._grab, read=self._read, active_keys=lambda: self.keys, leds=lambda: self.lit,
            close=lambda: None,
        )  # fmt: skip

    def press(self, *codes: int) -> None:
        self.say(*[(EV_KEY, code, value) for code in codes for value in (1, 0)])

    def say(self, *events: tuple[int, int, int]) -> None:
        os.write(self._write_end, b"".join(RECORD.pack(0, 0, *event) for event in events))

    def unplug(self) -> None:
        os.close(self._write_end)

    def _grab(self) -> None:
        if self.refusal is not None:
            raise self.refusal
        self.grabbed += 1

    def _read(self) -> Iterator[Any]:
        data = os.read(self.read_end, 4096)
        if not data:
            raise OSError(errno.ENODEV, "No such device")
        for _, _, kind, code, value in RECORD.iter_unpack(data):
            yield SimpleNamespace(type=kind, code=code, value=value)


@pytest.fixture
def kernel(monkeypatch: pytest.MonkeyPatch) -> Kernel:
    kernel = Kernel()
    monkeypatch.setitem(sys.modules, "evdev", kernel)
    return kernel


@pytest.fixture
def node(tmp_path: Path) -> str:
    path = tmp_path / "usb-scanner-event-kbd"
    path.touch()
    return str(path)


async def test_a_real_node_is_grabbed_and_read(kernel: Kernel, node: str) -> None:
    watcher = Watcher()
    async with kept(config(driver="evdev_scanner", path=node), watcher):
        await watcher.health(Health.OK)
        kernel.press(2, 3, ENTER)
        await watcher.until(lambda: watcher.scans)
    assert kernel.grabbed == 1
    assert watcher.texts == ["12"]


async def test_keys_and_caps_lock_that_are_set_before_count(kernel: Kernel, node: str) -> None:
    kernel.keys, kernel.lit = [SHIFT], [1]
    watcher = Watcher()
    async with kept(config(driver="evdev_scanner", path=node), watcher):
        await watcher.health(Health.OK)
        kernel.press(A, 2)
        kernel.say((EV_KEY, SHIFT, 0))
        kernel.press(A, ENTER)
        await watcher.until(lambda: watcher.scans)
    assert watcher.texts == ["a!A"]


async def test_after_dropped_events_the_keys_that_are_down_are_asked_for(kernel: Kernel, node: str) -> None:
    watcher = Watcher()
    async with kept(config(driver="evdev_scanner", path=node), watcher) as keeper:
        await watcher.health(Health.OK)
        kernel.say((EV_KEY, 2, 1), (EV_KEY, SHIFT, 1), (EV_SYN, SYN_DROPPED, 0), (EV_KEY, 3, 1))
        kernel.say((EV_SYN, SYN_REPORT, 0))
        kernel.press(4, ENTER, 5, ENTER)
        await watcher.until(lambda: watcher.scans)
        assert keeper.refused == 1
    assert watcher.texts == ["4"]


async def test_a_node_that_goes_is_lost(kernel: Kernel, node: str) -> None:
    watcher = Watcher()
    async with kept(config(driver="evdev_scanner", path=node), watcher):
        await watcher.health(Health.OK)
        kernel.unplug()
        status = await watcher.health(Health.LOST)
    assert status.detail == f"{node} is gone (No such device): check its cable and its power"


async def test_a_node_that_another_program_grabbed_is_named_as_such(kernel: Kernel, node: str) -> None:
    kernel.refusal = OSError(errno.EBUSY, "Device or resource busy")
    watcher = Watcher()
    async with kept(config(driver="evdev_scanner", path=node), watcher):
        status = await watcher.health(Health.LOST)
    assert status.detail == f"it is held by another program: stop it (sudo fuser -v {node})"


@pytest.mark.parametrize(
    ("path", "says"),
    [("/dev/null", "it is no keyboard"), ("/dev/packline-nothing", "/dev/packline-nothing is not there")],
)
async def test_a_node_that_is_no_keyboard_is_named_as_such(path: str, says: str) -> None:
    watcher = Watcher()
    async with kept(config(driver="evdev_scanner", path=path), watcher):
        status = await watcher.health(Health.LOST)
    library_is_here = find_spec("evdev") is not None
    assert status.detail.startswith(says) or (not library_is_here and "needs python-evdev" in status.detail)


async def test_without_the_library_it_is_said_how_to_get_it(monkeypatch: pytest.MonkeyPatch, node: str) -> None:
    monkeypatch.setitem(sys.modules, "evdev", None)
    watcher = Watcher()
    async with kept(config(driver="evdev_scanner", path=node), watcher):
        status = await watcher.health(Health.LOST)
    assert "apt install python3-evdev" in status.detail
