"""Data reports of USB scales."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.hid_report import read_report
from station.devices.ports import ScaleState
from tests.station.devices.watching import frames

pytestmark = pytest.mark.feature("D4", "D6")


@pytest.mark.parametrize("frame", frames("hid"), ids=lambda frame: frame["raw"])
def test_each_report_says_what_a_person_reads_in_it(frame: dict[str, Any]) -> None:
    report = read_report(bytes.fromhex(frame["raw"]), 3)
    if "other" in frame:
        assert report is None
        return
    assert report is not None
    assert (report.state.value, report.grams) == (frame["state"], frame.get("grams"))
    assert report.division_g == frame.get("division_g", 1)
    assert frame.get("note", "") in report.note


@given(st.binary(max_size=64) | st.binary(min_size=5, max_size=5).map(lambda rest: b"\x03" + rest))
def test_no_report_raises_and_only_status_2_and_4_in_a_known_unit_is_a_weight(raw: bytes) -> None:
    report = read_report(raw, 3)
    if report is not None and report.state is ScaleState.STABLE:
        assert len(raw) == 6
        assert raw[1] in (2, 4)
        assert raw[2] in (2, 3, 11, 12)
        assert report.grams is not None
        assert report.grams >= 0
