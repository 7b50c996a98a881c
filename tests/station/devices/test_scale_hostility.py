"""Whatever a scale sends, however cut: its driver goes on, no weight was not sent, and good ones soon count again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from contextlib import aclosing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.devices.ports import Health, Reading, ScaleState
from station.devices.registry import build
from station.devices.serial_scale import SerialScale
from station.devices.simulated import ScaleTrouble, SimulatedHidScale
from station.devices.simulated.tty import SimulatedTty
from tests.station.devices.corpus import NoiseFrame, ReportFrame, frames
from tests.station.devices.cutting import cut_anyhow
from tests.station.devices.serial_scales import BY_NAME, SPOKEN, Spoken, bad_bytes
from tests.station.devices.watching import Watcher, config, kept

pytestmark = pytest.mark.feature("D4", "D5", "R4")

SENT = [frame.sent for frame in frames("hid", ReportFrame)]
GOOD = bytes.fromhex("03 04 02 00 d8 04")
"""1240 g at rest."""
REPORTS = st.lists(
    st.sampled_from([report for report in SENT if report])
    | st.sampled_from(SENT).flatmap(lambda report: st.integers(1, max(1, len(report))).map(lambda cut: report[:cut]))
    | st.binary(min_size=1, max_size=64),
    max_size=12,
).map(lambda reports: [report for report in reports if report])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(REPORTS)
def test_no_report_ends_the_driver_and_the_next_good_one_is_the_weight(tmp_path: Path, reports: list[bytes]) -> None:
    async def story() -> None:
        watcher = Watcher()
        twin = SimulatedHidScale(tmp_path / "scale", trouble=ScaleTrouble.STALL)
        async with twin, kept(config(driver="hid_scale", path=twin.path), watcher):
            await twin.opened()
            for report in (*reports, GOOD):
                twin.send(report)
            await watcher.until(lambda: watcher.readings and watcher.readings[-1].raw == GOOD.hex(" "))
        assert watcher.readings[-1].weight == 1240
        stable = [reading for reading in watcher.readings if reading.state is ScaleState.STABLE]
        assert {reading.raw for reading in stable} <= {report.hex(" ") for report in (*reports, GOOD)}
        assert Health.LOST not in watcher.healths

    asyncio.run(story())


async def weighed_behind(path: Path, spoken: Spoken, noise: Iterable[bytes], first: int, second: int) -> list[Reading]:
    """What the driver makes of a line on which these chunks come and then two weights; it ends with the second."""
    line = SimulatedTty(path)
    line.plug()

    async def speak() -> None:
        for chunk in (spoken.first, *noise, spoken.frame(first), spoken.frame(second)):
            line.say(chunk)
            await asyncio.sleep(0)

    scale = build(spoken.config(path=str(path), idle_every_s=0.005, lively_every_s=0.005))
    assert isinstance(scale, SerialScale)
    heard: list[Reading] = []
    async with asyncio.timeout(60), scale, asyncio.TaskGroup() as tasks, aclosing(scale.readings()) as readings:
        tasks.create_task(speak())
        async for reading in readings:
            heard.append(reading)
            if reading.weight == second:
                break
    line.unplug()
    return heard


@pytest.mark.parametrize("spoken", SPOKEN, ids=[spoken.name for spoken in SPOKEN])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data(), st.integers(0, 7_000), st.integers(7_001, 14_000))
def test_no_bytes_on_a_serial_line_end_the_driver_and_the_second_good_frame_is_the_weight_at_the_latest(
    tmp_path: Path, spoken: Spoken, data: st.DataObject, first: int, second: int
) -> None:
    noise = data.draw(cut_anyhow(bad_bytes(spoken)))
    heard = asyncio.run(weighed_behind(tmp_path / "scale", spoken, noise, first, second))
    sent = b"".join((spoken.first, *noise, spoken.frame(first), spoken.frame(second)))
    assert {reading.weight for reading in heard if reading.weight is not None} <= spoken.sent(sent)


async def test_an_answer_that_lay_unread_while_the_station_was_busy_is_the_weight(tmp_path: Path) -> None:
    spoken, asked = BY_NAME["toledo"], []

    def answer_and_hold_up(question: bytes) -> None:
        asked.append(question)
        line.say(spoken.frame(1240))
        time.sleep(spoken.protocol.answer_within_s + 0.3)

    line = SimulatedTty(tmp_path / "scale", answer_and_hold_up)
    line.plug()
    scale = build(spoken.config(path=str(line.path)))
    assert isinstance(scale, SerialScale)
    async with scale, aclosing(scale.readings()) as readings:
        assert (await anext(readings)).weight == 1240
    assert asked == [b"W\r"]
    line.unplug()


@pytest.mark.parametrize(
    ("halves", "told"),
    [(1, [1240]), (2, [None, 1240])],
    ids=["half an answer is asked for again", "two in a row are a fault"],
)
async def test_a_scale_that_breaks_off(tmp_path: Path, halves: int, told: list[int | None]) -> None:
    spoken, asked = BY_NAME["toledo"], []

    def answer(question: bytes) -> None:
        asked.append(question)
        frame = spoken.frame(1240)
        line.say(frame[: len(frame) // 2] if len(asked) <= halves else frame)

    line = SimulatedTty(tmp_path / "scale", answer)
    line.plug()
    scale = build(spoken.config(path=str(line.path), idle_every_s=0.005, lively_every_s=0.005))
    assert isinstance(scale, SerialScale)
    async with asyncio.timeout(60), scale, aclosing(scale.readings()) as readings:
        assert [(await anext(readings)).weight for _ in told] == told
    line.unplug()


async def test_a_frame_that_begins_when_the_time_for_an_answer_is_nearly_over_is_heard_to_its_end(
    tmp_path: Path,
) -> None:
    spoken = BY_NAME["adam"]
    within_s, frame = spoken.protocol.answer_within_s, spoken.frame(1240)
    line = SimulatedTty(tmp_path / "scale")
    line.plug()

    async def speak() -> None:
        line.say(spoken.first)
        for part in (b"", frame[:3], frame[3:6], frame[6:]):
            await asyncio.sleep(0.7 * within_s)
            line.say(part)

    scale = build(spoken.config(path=str(line.path)))
    assert isinstance(scale, SerialScale)
    async with scale, aclosing(scale.readings()) as readings, asyncio.TaskGroup() as tasks:
        tasks.create_task(speak())
        assert (await anext(readings)).weight == 1240
    line.unplug()


@pytest.mark.parametrize("frame", frames("noise", NoiseFrame), ids=lambda frame: frame.what)
@pytest.mark.parametrize("spoken", SPOKEN, ids=[spoken.name for spoken in SPOKEN])
async def test_noise_that_lines_have_had_costs_one_weight_at_the_most(
    tmp_path: Path, spoken: Spoken, frame: NoiseFrame
) -> None:
    noise = [bytes.fromhex(chunk) * frame.times for chunk in frame.chunks]
    heard = await weighed_behind(tmp_path / "scale", spoken, noise, 333, 1240)
    assert {reading.weight for reading in heard if reading.weight is not None} <= {333, 1240}
