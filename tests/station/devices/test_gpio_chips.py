"""Lights and buttons on a GPIO chip as the kernel shows it; the kernel itself is asked in the virtual machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from station.devices.gpio_signals import GpioSignals, GpioSignalsConfig
from station.devices.keeper import Keeper
from station.devices.ports import Health, Lamp
from station.devices.simulated.gpio_kernel import Chip, GpioKernel
from tests.station.devices.test_udev import Udev, plugged
from tests.station.devices.watching import Watcher, config, kept

pytestmark = pytest.mark.feature("D11", "D7")

RED, GREEN = 17, 22


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[GpioKernel]:
    kernel = GpioKernel(tmp_path)
    yield kernel
    kernel.close()


def station(kernel: GpioKernel, watcher: Watcher, **fields: object) -> AbstractAsyncContextManager[Keeper]:
    """A keeper with two lights, and what else is said."""
    settings = config(driver="gpio_signals", lights={"red": RED, "green": GREEN}, **fields)
    assert isinstance(settings, GpioSignalsConfig)
    return kept(settings, watcher, make=lambda _: GpioSignals(settings, devices=kernel.devices, ioctl=kernel.ioctl))


def descriptors() -> int:
    """How many this process has open."""
    return len(os.listdir("/proc/self/fd"))


async def test_of_several_chips_the_boards_own_is_taken_whatever_its_number(
    kernel: GpioKernel, watcher: Watcher
) -> None:
    other, own = Chip("raspberrypi-exp-gpio"), Chip("pinctrl-rp1")
    kernel.plug("gpiochip0", other)
    kernel.plug("gpiochip11", own)
    (kernel.devices / "gpiochip4").symlink_to("gpiochip11")
    async with station(kernel, watcher) as keeper:
        await watcher.health(Health.OK)
        keeper.show(Lamp.GOOD)
        assert own.outputs == {RED: False, GREEN: True}
    assert other.outputs == {}


async def test_of_two_equal_expanders_the_socket_decides_and_after_a_plug_too(
    kernel: GpioKernel, watcher: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, right, again = Chip("cp210x"), Chip("cp210x"), Chip("cp210x")
    kernel.plug("gpiochip1", left)
    kernel.plug("gpiochip2", right)
    monkeypatch.setitem(
        sys.modules, "pyudev", Udev(plugged("/dev/gpiochip1", "1-1.2", ""), plugged("/dev/gpiochip2", "1-1.3", ""))
    )
    async with station(kernel, watcher, usb={"port": "1-1.3"}) as keeper:
        await watcher.health(Health.OK)
        keeper.show(Lamp.GOOD)
        assert right.outputs == {RED: False, GREEN: True}
        kernel.unplug("gpiochip2")
        await watcher.health(Health.LOST)
        kernel.plug("gpiochip4", again)
        monkeypatch.setitem(
            sys.modules, "pyudev", Udev(plugged("/dev/gpiochip1", "1-1.2", ""), plugged("/dev/gpiochip4", "1-1.3", ""))
        )
        await watcher.health(Health.OK)
        assert again.outputs == {RED: False, GREEN: True}
    assert left.outputs == {}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"chip": "cp210x", "usb": {"port": "1-1.3"}}, "not both"),
        ({"pins": "pigpio", "usb": {"port": "1-1.3"}}, "usb are for pins"),
        ({"lights": {"red": 30}}, "pins 0 to 27"),
    ],
)
def test_a_chip_that_is_said_twice_or_in_vain_is_refused(fields: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        config(driver="gpio_signals", **fields)
    assert config(driver="gpio_signals", lights={"red": 30}, usb={"port": "1-1.3"})


async def test_a_button_and_a_door_are_heard(kernel: GpioKernel, watcher: Watcher) -> None:
    chip = Chip("pinctrl-bcm2711")
    kernel.plug("gpiochip0", chip)
    async with station(kernel, watcher, buttons={"confirm": 5}, door=13, debounce_s=0):
        await watcher.until(lambda: watcher.statuses[-1:] and watcher.statuses[-1].detail == "The door is open.")
        kernel.edge(chip, 5, high=False)
        await watcher.until(lambda: watcher.presses == ["confirm"])
        kernel.edge(chip, 5, high=True)
        kernel.edge(chip, 13, high=False)
        await watcher.until(lambda: watcher.statuses[-1].detail == "The door is shut.")
    assert watcher.presses == ["confirm"]


async def test_a_chip_that_goes_is_lost_and_under_another_number_shows_the_present_state(
    kernel: GpioKernel, watcher: Watcher
) -> None:
    before, after = Chip("mcp2221_gpio"), Chip("mcp2221_gpio")
    kernel.plug("gpiochip2", before)
    async with station(kernel, watcher, chip="mcp2221_gpio", buttons={"confirm": 5}) as keeper:
        await watcher.health(Health.OK)
        held = descriptors()
        kernel.unplug("gpiochip2")
        status = await watcher.health(Health.LOST)
        assert "mcp2221_gpio" in status.detail
        assert "rebranchez" in status.detail_fr
        keeper.show(Lamp.STOP)
        kernel.plug("gpiochip3", after)
        await watcher.health(Health.OK)
        assert after.outputs == {RED: True, GREEN: False}
        assert descriptors() <= held + len(after.ends), "the lines of the dead chip are let go"
        kernel.edge(after, 5, high=False)
        await watcher.until(lambda: watcher.presses == ["confirm"])


async def test_a_light_that_cannot_be_lit_tells_that_the_chip_is_gone(kernel: GpioKernel, watcher: Watcher) -> None:
    kernel.plug("gpiochip0", Chip("pinctrl-bcm2711"))
    async with station(kernel, watcher) as keeper:
        await watcher.health(Health.OK)
        kernel.unplug("gpiochip0")
        keeper.show(Lamp.GOOD)
        await watcher.health(Health.LOST)


@pytest.mark.parametrize(
    ("chips", "fields", "says"),
    [
        ([], {}, "no GPIO chip of a Raspberry Pi is here (there is none)"),
        ([Chip("mcp2221_gpio")], {}, "there are mcp2221_gpio"),
        ([Chip("pinctrl-rp1")], {"chip": "cp210x"}, "no GPIO chip is labelled cp210x (there are pinctrl-rp1)"),
        ([Chip("cp210x"), Chip("cp210x")], {"chip": "cp210x"}, "2 GPIO chips are labelled cp210x: give usb = { port }"),
        ([Chip("cp210x", lines=4)], {"chip": "cp210x"}, "pin 17 cannot be used: the chip has no such line"),
        (
            [Chip("cp210x", tells_edges=False)],
            {"chip": "cp210x", "buttons": {"confirm": 5}},
            "pin 5 cannot be used: this chip does not tell when an input changes",
        ),
    ],
)
async def test_what_is_wrong_with_a_chip_is_said(
    kernel: GpioKernel, watcher: Watcher, chips: list[Chip], fields: dict[str, object], says: str
) -> None:
    for number, chip in enumerate(chips):
        kernel.plug(f"gpiochip{number}", chip)
    held = descriptors()
    async with station(kernel, watcher, **fields):
        status = await watcher.health(Health.LOST)
    assert says in status.detail
    assert descriptors() <= held + sum(len(chip.ends) for chip in chips)
