"""Reports of HID POS scanners to scans."""

from __future__ import annotations

import pytest

from station.devices.hid_pos_report import ROOM, ReportReader
from station.devices.scan_text import LONGEST, TOO_LONG, UNFINISHED, Refusal, Scan
from station.devices.simulated.scanners import pos_reports
from tests.station.devices.corpus import PosFrame, frames

pytestmark = pytest.mark.feature("D1")


def packed(number: int, length: int, aim: str, data: str, more: int) -> bytes:
    return (
        bytes((number, length)) + aim.encode().ljust(3, b"\0") + data.encode().ljust(ROOM, b"\0") + bytes((0, 0, more))
    )


@pytest.mark.parametrize(
    "frame", frames("hid_pos", PosFrame), ids=lambda frame: frame.text[:20] or "refused or nothing"
)
def test_each_report_says_what_a_person_reads_in_it(frame: PosFrame) -> None:
    reader = ReportReader()
    reports = frame.pieces
    found = [outcome for report in reports if (outcome := reader.feed(report)) is not None]
    if frame.text:
        assert found == [Scan(frame.text)]
    else:
        assert [isinstance(outcome, Refusal) for outcome in found] == [True] * frame.refused
    assert reader.feed(packed(2, 1, "]C0", "7", 0)) == Scan("]C07")


def test_a_code_whose_rest_does_not_come_is_refused_and_the_next_one_is_whole() -> None:
    reader = ReportReader()
    assert reader.feed(packed(2, 3, "]C0", "400", 1)) is None
    assert reader.open
    assert reader.pause() == UNFINISHED
    assert reader.pause() is None
    assert reader.feed(packed(2, 3, "", "400", 0)) == Scan("400")


def test_more_than_the_longest_scan_is_refused_whole_and_never_fills_memory() -> None:
    reader = ReportReader()
    for report in pos_reports("]C0", b"7" * 200_000):
        found = reader.feed(report)
    assert found == TOO_LONG
    assert [reader.feed(report) for report in pos_reports("", b"7" * LONGEST)][-1] == Scan("7" * LONGEST)
