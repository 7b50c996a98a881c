"""Stack light, buzzer and buttons through gpiozero's mock pins, whose wires end in another place."""

from __future__ import annotations

import asyncio
import ctypes
import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices import gpio_chip
from station.devices.gpio_signals import Debounce
from station.devices.lamps import SHOWS
from station.devices.ports import DeviceFault, Health, Lamp
from station.devices.registry import DeviceConfig
from station.devices.simulated import SimulatedSignals
from tests.station.devices.corpus import EdgesFrame, frames, table
from tests.station.devices.watching import Watcher, config, kept

pytestmark = pytest.mark.feature("D11", "D12")

LIGHTS = {"red": 17, "amber": 27, "green": 22, "blue": 23}
BUTTONS = {"confirm": 5, "undo": 6}


@pytest.fixture
def watcher() -> Watcher:
    return Watcher()


@pytest.fixture
async def signals(tmp_path: Path, watcher: Watcher) -> AsyncIterator[SimulatedSignals]:
    async with SimulatedSignals(
        tmp_path / "pins",
        lights={"red": 17, "amber": 27, "green": 22, "blue": 23},
        buzzer=24,
        buttons=BUTTONS,
        drawer=12,
        door=13,
        changed=watcher.poke,
    ) as twin:
        yield twin


def driver_of(twin: SimulatedSignals, **fields: object) -> DeviceConfig:
    return config(
        driver="gpio_signals", pins="simulated", path=twin.path, lights=LIGHTS, buzzer=24, buttons=BUTTONS, **fields
    )


@pytest.mark.parametrize(
    ("lamp", "colour"),
    [(Lamp.GOOD, "green"), (Lamp.LOOK, "amber"), (Lamp.STOP, "red"), (Lamp.CALL_LEAD, "blue"), (Lamp.READY, "green")],
)
async def test_each_state_lights_its_colour_and_sounds(
    signals: SimulatedSignals, watcher: Watcher, lamp: Lamp, colour: str
) -> None:
    async with kept(driver_of(signals), watcher) as keeper:
        await watcher.health(Health.OK)
        keeper.show(lamp)
        await watcher.until(lambda: signals.lit == {colour} and signals.sounding)
        await watcher.until(lambda: signals.lit == {colour} and not signals.sounding)


async def test_stop_sounds_again_and_again_until_the_next_state(signals: SimulatedSignals, watcher: Watcher) -> None:
    async with kept(driver_of(signals), watcher) as keeper:
        await watcher.health(Health.OK)
        keeper.show(Lamp.STOP)
        await watcher.until(lambda: signals.beeps == 2 and not signals.sounding)
        keeper.show(Lamp.GOOD)
        await watcher.until(lambda: signals.lit == {"green"} and signals.beeps == 3 and not signals.sounding)


async def test_buttons_and_pedal_are_told_by_their_names(signals: SimulatedSignals, watcher: Watcher) -> None:
    async with kept(driver_of(signals, debounce_s=0), watcher):
        await watcher.health(Health.OK)
        for name in ("confirm", "undo", "confirm"):
            signals.press(name)
        await watcher.until(lambda: len(watcher.presses) == 3)
    assert watcher.presses == ["confirm", "undo", "confirm"]


async def test_the_drawers_lock_is_pulled_for_one_pulse(signals: SimulatedSignals, watcher: Watcher) -> None:
    async with kept(driver_of(signals, drawer=12, drawer_pulse_s=0.05), watcher) as keeper:
        await watcher.health(Health.OK)
        for pulses in (1, 2):
            await keeper.open_drawer()
            await watcher.until(lambda pulses=pulses: signals.pulses == pulses and not signals.pulled)
        keeper.show(Lamp.STOP)
        await watcher.until(lambda: signals.lit == {"red"})
        assert signals.pulses == 2


async def test_a_lock_is_let_go_when_the_station_ends_in_the_middle_of_its_pulse(
    signals: SimulatedSignals, watcher: Watcher
) -> None:
    async with kept(driver_of(signals, drawer=12, drawer_pulse_s=2), watcher) as keeper:
        await watcher.health(Health.OK)
        await keeper.open_drawer()
        await watcher.until(lambda: signals.pulled)
    await watcher.until(lambda: not signals.pulled)


async def test_lost_pins_open_no_drawer(signals: SimulatedSignals, watcher: Watcher) -> None:
    async with kept(driver_of(signals, drawer=12), watcher) as keeper:
        await watcher.health(Health.OK)
        signals.unplug()
        await watcher.health(Health.LOST)
        with pytest.raises(DeviceFault, match="it is not connected"):
            await keeper.open_drawer()


async def test_the_door_is_said_at_first_and_each_time_it_comes_to_rest(
    signals: SimulatedSignals, watcher: Watcher
) -> None:
    def details() -> list[tuple[str, str]]:
        return [(status.detail, status.detail_fr) for status in watcher.statuses if status.detail]

    is_open, shut = ("The door is open.", "La porte est ouverte."), ("The door is shut.", "La porte est fermée.")
    async with kept(driver_of(signals, door=13, debounce_s=0.01), watcher):
        await watcher.until(lambda: details() == [is_open])
        signals.move_door(shut=True)
        await watcher.until(lambda: details() == [is_open, shut])
        for still in (False, True, False):
            signals.move_door(shut=still)
        await watcher.until(lambda: details() == [is_open, shut, is_open])
    assert watcher.presses == []
    assert set(watcher.healths) == {Health.OK}


def test_each_pin_has_one_use() -> None:
    with pytest.raises(msgspec.ValidationError, match="pin 5 is given twice"):
        config(driver="gpio_signals", buttons=BUTTONS, door=5)


def test_pins_beyond_a_raspberry_pis_are_another_chips() -> None:
    with pytest.raises(msgspec.ValidationError, match="give the chip's label"):
        config(driver="gpio_signals", buzzer=28)
    config(driver="gpio_signals", buzzer=28, chip="mcp2221_gpio")
    with pytest.raises(msgspec.ValidationError, match='for pins = "kernel"'):
        config(driver="gpio_signals", buzzer=4, chip="mcp2221_gpio", pins="pigpio")


def test_the_structs_are_the_kernels() -> None:
    golden = table("gpio")
    assert {name: getattr(gpio_chip, name) for name in golden["values"]} == golden["values"]
    for struct, fields in golden["offsets"].items():
        assert {name: getattr(getattr(gpio_chip, struct), name).offset for name in fields} == fields
    assert {name: ctypes.sizeof(getattr(gpio_chip, name)) for name in golden["sizes"]} == golden["sizes"]


@pytest.mark.parametrize(
    ("label", "wanted", "is_it"),
    [
        ("pinctrl-bcm2711", "", True),
        ("pinctrl-rp1", "", True),
        ("raspberrypi-exp-gpio", "", False),
        ("mcp2221_gpio", "", False),
        ("mcp2221_gpio", "mcp2221_gpio", True),
        ("pinctrl-bcm2711", "mcp2221_gpio", False),
    ],
)
def test_a_chip_is_known_by_its_label(label: str, wanted: str, is_it: bool) -> None:
    assert gpio_chip.Wanted(wanted, ()).has(label) is is_it


@pytest.mark.parametrize("frame", frames("gpio", EdgesFrame), ids=lambda frame: frame.hex[16:24] + str(frame.rose))
def test_each_event_is_an_edge_or_nothing(frame: EdgesFrame) -> None:
    assert gpio_chip.edges(bytes.fromhex(frame.hex)) == frame.rose


@given(st.lists(st.integers(1, 2), max_size=5), st.binary(max_size=47))
def test_edges_are_read_in_order_and_half_an_event_is_none(ids: list[int], rest: bytes) -> None:
    sent = b"".join(bytes(gpio_chip.LineEvent(id=each)) for each in ids)
    assert gpio_chip.edges(sent + rest) == [each == gpio_chip.RISING for each in ids]


async def test_a_bouncing_contact_is_one_press(signals: SimulatedSignals, watcher: Watcher) -> None:
    async with kept(driver_of(signals, debounce_s=0.5), watcher):
        await watcher.health(Health.OK)
        for _ in range(5):
            signals.press("confirm")
        signals.press("undo")
        await watcher.until(lambda: "undo" in watcher.presses)
    assert watcher.presses == ["confirm", "undo"]


@pytest.mark.feature("D7")
async def test_lost_pins_come_back_with_the_state_that_was_shown_last(
    signals: SimulatedSignals, watcher: Watcher
) -> None:
    async with kept(driver_of(signals), watcher) as keeper:
        await watcher.health(Health.OK)
        signals.unplug()
        await watcher.health(Health.LOST)
        keeper.show(Lamp.STOP)
        signals.plug()
        await watcher.health(Health.OK)
        await watcher.until(lambda: signals.lit == {"red"})


@pytest.mark.parametrize("pins", ["kernel", "rpigpio", "pigpio"])
async def test_on_a_machine_without_pins_the_sentence_says_so_and_the_station_lives(
    watcher: Watcher, pins: str
) -> None:
    async with kept(config(driver="gpio_signals", pins=pins, lights=LIGHTS), watcher) as keeper:
        status = await watcher.health(Health.LOST)
        assert "Raspberry Pi" in status.detail or "not installed" in status.detail
        keeper.show(Lamp.GOOD)
        await asyncio.sleep(0)


def test_sounds_differ_in_their_pattern() -> None:
    rhythms = [tuple((step.sound, step.lasts_ms) for step in show.steps) for show in SHOWS.values()]
    assert len(set(rhythms)) == len(SHOWS) == len(Lamp)
    assert [lamp for lamp, show in SHOWS.items() if show.again] == [Lamp.STOP, Lamp.CALL_LEAD]


@given(st.lists(st.tuples(st.booleans(), st.floats(0.0001, 2)), max_size=60))
def test_two_presses_are_never_closer_than_the_quiet_time(edges: list[tuple[bool, float]]) -> None:
    debounce, now, presses = Debounce(0.03), 0.0, []
    for pressed, wait in edges:
        now += wait
        if debounce.edge("confirm", pressed, now):
            presses.append(now)
    assert all(later - earlier >= 0.03 for earlier, later in itertools.pairwise(presses))
