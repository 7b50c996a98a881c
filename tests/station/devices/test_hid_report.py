"""Data reports of USB scales."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station.devices.hid_descriptor import USUAL_ZERO, common_layout, layout_of, zero_report
from station.devices.hid_report import read_report
from station.devices.hid_usages import application_usages
from station.devices.ports import ScaleState
from tests.station.devices.corpus import DescriptorFrame, ReportFrame, frames

pytestmark = pytest.mark.feature("D4", "D6")
DESCRIBED = frames("hid_descriptors", DescriptorFrame)


@pytest.mark.parametrize("frame", frames("hid", ReportFrame), ids=lambda frame: frame.raw)
def test_each_report_says_what_a_person_reads_in_it(frame: ReportFrame) -> None:
    report = read_report(frame.sent)
    if frame.other:
        assert report is None
        return
    assert report is not None
    assert (report.state, report.grams) == (frame.state, frame.grams)
    assert report.division_g == (frame.division_g or 1)
    assert frame.note in report.note


@given(st.binary(max_size=64) | st.binary(min_size=5, max_size=5).map(lambda rest: b"\x03" + rest))
def test_no_report_raises_and_only_status_2_and_4_in_a_known_unit_is_a_weight(raw: bytes) -> None:
    report = read_report(raw)
    if report is not None and report.state is ScaleState.STABLE:
        assert len(raw) % 6 == 0
        assert raw[-5] in (2, 4)
        assert raw[-4] in (1, 2, 3, 11, 12)
        assert report.grams is not None
        assert report.grams >= 0


@pytest.mark.parametrize("frame", DESCRIBED, ids=lambda frame: frame.name)
def test_the_scale_describes_its_own_report(frame: DescriptorFrame) -> None:
    described = bytes.fromhex(frame.descriptor)
    layout = layout_of(described)
    assert {usage.page << 16 | usage.number for usage in application_usages(described)} == set(frame.usages)
    if not frame.raw:
        assert layout is None
        return
    assert layout is not None
    report = read_report(bytes.fromhex(frame.raw), layout)
    assert report is not None
    assert (report.state, report.grams) == (frame.state, frame.grams)


def test_the_usual_description_is_the_usual_layout() -> None:
    assert layout_of(bytes.fromhex(DESCRIBED[0].descriptor)) == common_layout()


@pytest.mark.parametrize(
    ("outputs", "report"),
    [
        ("85 02 09 31 a1 02 75 01 95 02 15 00 25 01 09 81 09 80 91 02 75 06 95 01 91 03 c0", USUAL_ZERO),
        ("75 01 95 02 15 00 25 01 09 80 09 81 91 02 75 06 95 01 91 03", b"\x00\x01"),
        ("85 05 75 08 95 01 09 31 91 02 75 01 95 01 09 80 91 02 75 07 91 03", b"\x05\x00\x01"),
        ("85 02 75 01 95 01 09 81 91 02 75 07 91 03", None),
        ("85 02 75 01 95 01 09 80 81 02", None),
        ("85 02 75 01 95 01 09 80 91 03", None),
    ],
)
def test_the_bit_that_zeroes_the_scale_is_found_where_it_is_described(outputs: str, report: bytes | None) -> None:
    assert zero_report(bytes.fromhex(f"05 8d 09 20 a1 01 {outputs} c0")) == report


ZEROED = bytes.fromhex("05 8d 09 20 a1 01 85 02 75 01 95 02 09 81 09 80 91 02 75 06 95 01 91 03 c0")
DESCRIPTORS = [ZEROED] + [bytes.fromhex(frame.descriptor) for frame in DESCRIBED]


@settings(max_examples=200)
@given(
    st.binary(max_size=80)
    | st.tuples(st.sampled_from(DESCRIPTORS), st.binary(max_size=4), st.integers(0, 80)).map(
        lambda mixed: mixed[0][: mixed[2]] + mixed[1] + mixed[0][mixed[2] + len(mixed[1]) :]
    ),
    st.binary(max_size=70),
)
def test_no_description_and_no_report_under_it_raises(descriptor: bytes, raw: bytes) -> None:
    zero = zero_report(descriptor)
    assert zero is None or 2 <= len(zero) <= 65
    assert len(application_usages(descriptor)) <= descriptor.count(0x01), "each needs a collection of an application"
    layout = layout_of(descriptor)
    if layout is not None:
        report = read_report(raw.ljust(layout.size, b"\x00")[: layout.size], layout)
        assert report is None or (report.grams is not None) == (report.state in (ScaleState.STABLE, ScaleState.MOTION))
