"""Both scale drivers under their keeper, against twins on a pty and on a packet socket: one behaviour for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from station.devices.ports import Health, ScaleState
from station.devices.registry import DeviceConfig
from station.devices.simulated import ScaleTrouble, SimulatedHidScale, SimulatedScale
from tests.station.devices.watching import Watcher, config, kept

Twin = SimulatedScale | SimulatedHidScale

pytestmark = pytest.mark.feature("D4", "D5", "D6", "D12")


@pytest.fixture(params=[SimulatedScale, SimulatedHidScale], ids=["toledo_scale", "hid_scale"])
async def scale(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Twin]:
    kind: Any = request.param
    async with kind(tmp_path / "by-path" / "scale") as twin:
        yield twin


def driver_of(twin: Twin, **fields: Any) -> DeviceConfig:
    driver = "toledo_scale" if isinstance(twin, SimulatedScale) else "hid_scale"
    return config(driver=driver, path=twin.path, **fields)


async def test_a_placed_mass_moves_first_and_is_a_weight_when_it_rests(scale: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scale), watcher):
        await watcher.weight(0)
        scale.place(1240)
        await watcher.state(ScaleState.MOTION)
        await watcher.weight(1240)
    assert watcher.weights == {0, 1240}
    last = watcher.readings[-1]
    assert last.device == "it"
    assert last.raw
    assert last.at > 1_700_000_000_000


async def test_motion_without_end_is_never_a_weight(scale: Twin) -> None:
    scale.trouble = ScaleTrouble.MOTION
    scale.place(500)
    watcher = Watcher()
    async with kept(driver_of(scale), watcher):
        await watcher.until(lambda: len(watcher.readings) >= 5)
    assert watcher.weights == set()
    assert watcher.healths == [Health.OK]


async def test_overload_is_a_state_with_a_sentence_and_ends_when_something_is_taken_off(scale: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scale), watcher):
        await watcher.weight(0)
        scale.place(20_000)
        status = await watcher.health(Health.BAD)
        assert "take something off" in status.detail
        assert "retirez" in status.detail_fr
        scale.place(900)
        await watcher.weight(900)
    assert watcher.weights == {0, 900}
    assert watcher.healths[-1] is Health.OK


async def test_below_zero_is_no_weight(scale: Twin) -> None:
    watcher = Watcher()
    scale.place(-30)
    async with kept(driver_of(scale), watcher):
        status = await watcher.health(Health.BAD)
    assert "ZERO" in status.detail
    assert watcher.weights == set()


async def test_a_scale_that_stalls_falls_silent_and_comes_back(scale: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scale, silent_after_s=0.8), watcher):
        await watcher.weight(0)
        scale.trouble = ScaleTrouble.STALL
        status = await watcher.health(Health.SILENT)
        assert "switch it on" in status.detail
        heard = len(watcher.readings)
        scale.place(700)
        scale.trouble = None
        await watcher.weight(700)
    assert watcher.healths == [Health.OK, Health.SILENT, Health.OK]
    assert heard < len(watcher.readings)


@pytest.mark.parametrize("trouble", [ScaleTrouble.GARBAGE, ScaleTrouble.HALF_FRAME])
async def test_garbage_and_half_frames_are_faults_that_are_counted_and_never_weights(
    scale: Twin, trouble: ScaleTrouble
) -> None:
    scale.trouble = trouble
    scale.place(1111)
    watcher = Watcher()
    async with kept(driver_of(scale), watcher) as keeper:
        status = await watcher.health(Health.BAD)
        assert "check" in status.detail or "set it to" in status.detail
        assert status.detail_fr
        await watcher.until(lambda: keeper.refused >= 2)
        assert watcher.weights == set()
        scale.trouble = None
        await watcher.weight(1111)
        assert watcher.weights == {1111}
        await watcher.health(Health.OK)
    assert watcher.healths == [Health.BAD, Health.OK]


async def test_drift_shows_as_drift(scale: Twin) -> None:
    scale.trouble = ScaleTrouble.DRIFT
    watcher = Watcher()
    async with kept(driver_of(scale), watcher):
        await watcher.until(lambda: len(watcher.weights) >= 3)


@pytest.mark.feature("D7")
async def test_unplugged_it_is_lost_and_plugged_again_it_weighs_again(scale: Twin) -> None:
    watcher = Watcher()
    async with kept(driver_of(scale), watcher):
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


async def test_bytes_from_nowhere_do_not_delay_the_next_weight(tmp_path: Path) -> None:
    async with SimulatedScale(tmp_path / "scale") as twin:
        watcher = Watcher()
        async with kept(driver_of(twin), watcher):
            await watcher.weight(0)
            twin.send(b"\x99\x02\x0233\x02?")
            twin.place(456)
            await watcher.weight(456)
        assert watcher.weights == {0, 456}


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
