"""Whatever a USB scale sends: its driver goes on, no weight was not sent, and the very next good report counts."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.devices.ports import Health, ScaleState
from station.devices.simulated import ScaleTrouble, SimulatedHidScale
from tests.station.devices.watching import Watcher, config, frames, kept

pytestmark = pytest.mark.feature("D4", "R4")

SENT = [bytes.fromhex(frame["raw"]) for frame in frames("hid")]
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
