"""Every scale driver under its keeper, against twins on a pty and on a packet socket: one behaviour for all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from station.devices.ports import Health, ScaleOrder, ScaleState
from station.devices.registry import DeviceConfig
from station.devices.serial_scale import SerialScale
from station.devices.simulated import ScaleTrouble, SimulatedHidScale, SimulatedScale
from tests.station.devices.corpus import DescriptorFrame, frames
from tests.station.devices.serial_scales import BY_NAME, SPOKEN, Spoken
from tests.station.devices.watching import Watcher, config, kept

Twin = SimulatedScale | SimulatedHidScale

pytestmark = pytest.mark.feature("D4", "D5", "D6", "D12")


class Bench:
    """One twin and the configuration that reaches it."""

    def __init__(self, twin: Twin, driver: str, fields: dict[str, Any]) -> None:
        self.twin = twin
        self._fields = {"driver": driver, **fields}

    def config(self, **fields: Any) -> DeviceConfig:
        return config(**{**self._fields, "path": self.twin.path, "silent_after_s": 30, **fields})


@pytest.fixture(params=[*(spoken.name for spoken in SPOKEN), "hid"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    path = tmp_path / "by-path" / "scale"
    if request.param == "hid":
        async with SimulatedHidScale(path) as hid:
            yield Bench(hid, "hid_scale", {})
    else:
        spoken = BY_NAME[request.param]
        async with SimulatedScale(path, voice=spoken.voice()) as serial:
            yield Bench(serial, spoken.driver, spoken.fields)


@pytest.fixture
def scale(bench: Bench) -> Twin:
    return bench.twin


def driver_of(twin: Twin, **fields: Any) -> DeviceConfig:
    return config(
        **{"driver": "toledo_scale" if isinstance(twin, SimulatedScale) else "hid_scale", "path": twin.path, **fields}
    )


async def test_a_placed_mass_moves_first_and_is_a_weight_when_it_rests(bench: Bench, scale: Twin) -> None:
    watcher = Watcher()
    async with kept(bench.config(), watcher):
        await watcher.weight(0)
        scale.trouble = ScaleTrouble.MOTION
        scale.place(1240)
        await watcher.state(ScaleState.MOTION)
        scale.trouble = None
        await watcher.weight(1240)
    assert watcher.weights == {0, 1240}
    last = watcher.readings[-1]
    assert last.device == "it"
    assert last.raw
    assert last.at > 1_700_000_000_000


async def test_motion_without_end_is_never_a_weight(bench: Bench, scale: Twin) -> None:
    scale.trouble = ScaleTrouble.MOTION
    scale.place(500)
    watcher = Watcher()
    async with kept(bench.config(), watcher):
        await watcher.until(lambda: len(watcher.readings) >= 5)
    assert watcher.weights == set()
    assert watcher.healths == [Health.OK]


async def test_overload_is_a_state_with_a_sentence_and_ends_when_something_is_taken_off(
    bench: Bench, scale: Twin
) -> None:
    watcher = Watcher()
    async with kept(bench.config(), watcher):
        await watcher.weight(0)
        scale.place(20_000)
        status = await watcher.health(Health.BAD)
        assert "take something off" in status.detail
        assert "retirez" in status.detail_fr
        scale.place(900)
        await watcher.weight(900)
    assert watcher.weights == {0, 900}
    assert watcher.healths[-1] is Health.OK


async def test_below_zero_is_no_weight(bench: Bench, scale: Twin) -> None:
    watcher = Watcher()
    scale.place(-30)
    async with kept(bench.config(), watcher):
        status = await watcher.health(Health.BAD)
    assert "ZERO" in status.detail
    assert watcher.weights == set()


async def test_a_scale_that_stalls_falls_silent_and_comes_back(bench: Bench, scale: Twin) -> None:
    watcher = Watcher()
    async with kept(bench.config(silent_after_s=0.8), watcher):
        await watcher.weight(0)
        scale.trouble = ScaleTrouble.STALL
        status = await watcher.health(Health.SILENT)
        assert "switch it on" in status.detail
        heard = len(watcher.readings)
        scale.place(700)
        scale.trouble = None
        await watcher.weight(700)
    # On a machine that is busy it may have been silent more than once.
    assert Health.OK in watcher.healths[watcher.healths.index(Health.SILENT) :]
    assert heard < len(watcher.readings)


async def test_garbage_and_half_frames_are_faults_that_are_counted_and_never_weights(bench: Bench, scale: Twin) -> None:
    scale.trouble = ScaleTrouble.GARBAGE
    scale.place(1111)
    watcher = Watcher()
    async with kept(bench.config(), watcher) as keeper:
        status = await watcher.health(Health.BAD)
        assert "check" in status.detail or "set it to" in status.detail
        assert status.detail_fr
        await watcher.until(lambda: keeper.refused >= 2)
        scale.trouble = ScaleTrouble.HALF_FRAME
        seen = keeper.refused
        await watcher.until(lambda: keeper.refused >= seen + 2)
        assert watcher.weights == set()
        scale.trouble = None
        await watcher.weight(1111)
        assert watcher.weights == {1111}
        await watcher.health(Health.OK)
    assert [health for health, _ in groupby(watcher.healths)] == [Health.BAD, Health.OK]


async def test_drift_shows_as_drift(bench: Bench, scale: Twin) -> None:
    scale.trouble = ScaleTrouble.DRIFT
    watcher = Watcher()
    async with kept(bench.config(), watcher):
        await watcher.until(lambda: len(watcher.weights) >= 3)


@pytest.mark.feature("D7")
async def test_unplugged_it_is_lost_and_plugged_again_it_weighs_again(bench: Bench, scale: Twin) -> None:
    watcher = Watcher()
    async with kept(bench.config(), watcher):
        scale.place(300)
        await watcher.weight(300)
        scale.unplug()
        status = await watcher.health(Health.LOST)
        assert "check its cable" in status.detail or "plug" in status.detail
        heard = len(watcher.readings)
        scale.place(0)
        scale.plug()
        await watcher.health(Health.OK)
        await watcher.weight(0)
    assert all(reading.grams != 300 for reading in watcher.readings[heard:])


@pytest.mark.feature("D7")
async def test_a_scale_that_is_plugged_in_later_is_found(tmp_path: Path) -> None:
    twin = SimulatedScale(tmp_path / "scale")
    watcher = Watcher()
    async with kept(driver_of(twin), watcher):
        status = await watcher.health(Health.LOST)
        assert status.detail == f"{twin.path} is not there: plug the device in and switch it on"
        async with twin:
            await watcher.weight(0)


@pytest.mark.parametrize("spoken", SPOKEN, ids=[spoken.name for spoken in SPOKEN])
async def test_bytes_from_nowhere_do_not_delay_the_next_weight(tmp_path: Path, spoken: Spoken) -> None:
    async with SimulatedScale(tmp_path / "scale", voice=spoken.voice()) as twin:
        watcher = Watcher()
        async with kept(spoken.config(path=twin.path), watcher):
            await watcher.weight(0)
            for noise in (b"\x99\x02\x0233\x02?", b"\n\n1 ", b"S S   \x03" * 40, spoken.frame(7)[:-4], b"\x00\xff\r"):
                twin.send(noise)
            twin.place(456)
            await watcher.weight(456)
        assert watcher.weights == {0, 456}


def can(what: ScaleOrder) -> list[Spoken]:
    return [spoken for spoken in SPOKEN if what in SerialScale(spoken.config()).orders]  # type: ignore[arg-type]


@pytest.mark.parametrize("spoken", can(ScaleOrder.ZERO), ids=lambda spoken: spoken.name)
async def test_a_scale_that_can_be_told_to_zero_shows_zero(tmp_path: Path, spoken: Spoken) -> None:
    async with SimulatedScale(tmp_path / "scale", voice=spoken.voice()) as twin:
        twin.place(4)
        watcher = Watcher()
        async with kept(spoken.config(path=twin.path), watcher) as keeper:
            await watcher.weight(4)
            keeper.order(ScaleOrder.ZERO)
            await watcher.weight(0)
            twin.place(1004)
            await watcher.weight(1000)


@pytest.mark.parametrize("spoken", can(ScaleOrder.TARE), ids=lambda spoken: spoken.name)
async def test_a_tare_that_the_station_asked_for_is_taken_off_every_weight(tmp_path: Path, spoken: Spoken) -> None:
    async with SimulatedScale(tmp_path / "scale", voice=spoken.voice()) as twin:
        twin.place(300)
        watcher = Watcher()
        async with kept(spoken.config(path=twin.path), watcher) as keeper:
            await watcher.weight(300)
            keeper.order(ScaleOrder.TARE)
            await watcher.weight(0)
            twin.place(1540)
            await watcher.weight(1240)
            assert watcher.readings[-1].net or spoken.name == "sics"
            twin.place(0)
            await watcher.until(lambda: watcher.readings[-1].weight is None)
            keeper.order(ScaleOrder.ZERO)
            await watcher.weight(0)
            twin.place(500)
            await watcher.weight(500)
            assert not watcher.readings[-1].net


async def test_a_tare_that_was_taken_on_the_scale_itself_is_a_fault(tmp_path: Path) -> None:
    spoken = BY_NAME["sma"]
    async with SimulatedScale(tmp_path / "scale", voice=spoken.voice()) as twin:
        watcher = Watcher()
        async with kept(spoken.config(path=twin.path), watcher):
            await watcher.weight(0)
            twin.place(300)
            await watcher.weight(300)
            twin.press_tare()
            status = await watcher.health(Health.BAD)
            assert "clear the tare" in status.detail
            twin.place(1540)
            await watcher.until(lambda: len(watcher.readings) >= 10)
        assert watcher.weights == {0, 300}


async def test_a_scale_without_a_command_lists_none(tmp_path: Path) -> None:
    async with SimulatedHidScale(tmp_path / "scale") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin), watcher) as keeper:
            await watcher.weight(0)
            assert watcher.statuses[-1].orders == ()
            twin.place(300)
            keeper.order(ScaleOrder.ZERO)
            await watcher.weight(300)


@pytest.mark.parametrize("settings", [{}, {"zero": False}], ids=["by itself", "unless it is told not to"])
async def test_a_usb_scale_that_describes_a_zero_is_zeroed_without_a_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, bool]
) -> None:
    usual = frames("hid_descriptors", DescriptorFrame)[0].descriptor.split()
    described = bytes.fromhex("".join((*usual[:-1], "85 02 09 80 15 00 25 01 75 01 95 01 91 02 75 07 91 01 c0")))
    monkeypatch.setattr("station.devices.hid_scale._descriptor_of", lambda node: described)
    async with SimulatedHidScale(tmp_path / "scale") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin, **settings), watcher):
            status = await watcher.health(Health.OK)
            assert status.orders == (() if settings else (ScaleOrder.ZERO,))


async def test_a_usb_scale_that_takes_a_zero_is_zeroed(tmp_path: Path) -> None:
    async with SimulatedHidScale(tmp_path / "scale") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin, zero=True), watcher) as keeper:
            twin.place(7)
            await watcher.weight(7)
            keeper.order(ScaleOrder.TARE)
            keeper.order(ScaleOrder.ZERO)
            await watcher.weight(0)
            twin.place(307)
            await watcher.weight(300)
        assert set(watcher.healths) == {Health.OK}


async def test_a_usb_scale_that_describes_no_zero_says_what_to_change(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = bytes.fromhex(frames("hid_descriptors", DescriptorFrame)[0].descriptor)
    monkeypatch.setattr("station.devices.hid_scale._descriptor_of", lambda node: described)
    async with SimulatedHidScale(tmp_path / "scale") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin, zero=True), watcher):
            assert "take zero = true out" in (await watcher.health(Health.LOST)).detail


async def test_a_balance_may_talk_by_itself(tmp_path: Path) -> None:
    spoken = BY_NAME["sics"]
    async with SimulatedScale(tmp_path / "scale", voice=spoken.voice()) as twin:
        watcher = Watcher()
        async with kept(spoken.config(path=twin.path, command="SIR"), watcher):
            await watcher.weight(0)
            twin.place(456)
            await watcher.weight(456)
        assert watcher.weights == {0, 456}


class Waits:
    """How often the station waited for more of each answer."""

    def __init__(self, watcher: Watcher) -> None:
        self.whole: list[int] = []
        self._waited = 0
        self._answer = b""
        self._watcher = watcher

    def wait(self) -> None:
        self._waited += 1

    def said(self, data: bytes) -> None:
        self._waited, self._answer = 0, b""

    def heard(self, data: bytes) -> None:
        self._answer += data
        if self._answer.startswith(b"\x02") and data.endswith(b"\r"):
            self.whole.append(self._waited)
            self._watcher.poke()


async def test_while_nothing_moves_an_answer_is_waited_for_once_and_not_character_by_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watcher = Watcher()
    waits = Waits(watcher)
    loop = asyncio.get_running_loop()
    add_reader = loop.add_reader

    def counted(descriptor: Any, *call: Any) -> None:
        waits.wait()
        add_reader(descriptor, *call)

    async with SimulatedScale(tmp_path / "scale") as twin:
        monkeypatch.setattr(loop, "add_reader", counted)
        async with kept(driver_of(twin), watcher) as keeper:
            with keeper.tap.listening(waits):
                await watcher.until(lambda: waits.whole[-3:] == [1, 1, 1])
        assert watcher.weights == {0}


async def test_old_reports_in_the_queue_are_dropped_for_the_newest(tmp_path: Path) -> None:
    async with SimulatedHidScale(tmp_path / "scale", trouble=ScaleTrouble.STALL) as twin:
        watcher = Watcher()
        async with kept(driver_of(twin), watcher):
            await twin.opened()
            for grams in range(1, 41):
                twin.send(bytes((3, 4, 2, 0, grams, 0)))
            await watcher.weight(40)
        assert watcher.weights == {40}


@pytest.mark.parametrize("unit", ["g", "kg", "oz", "lb"])
async def test_a_usb_scale_may_weigh_in_any_of_four_units(tmp_path: Path, unit: Any) -> None:
    async with SimulatedHidScale(tmp_path / "scale", unit=unit, settle_s=0) as twin:
        twin.place(907)
        watcher = Watcher()
        async with kept(driver_of(twin), watcher):
            await watcher.until(lambda: watcher.weights)
        (grams,) = watcher.weights
        assert abs(grams - 907) <= max(1, watcher.readings[-1].division_g)
