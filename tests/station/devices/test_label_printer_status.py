"""What EPL2 and TSPL printers answer, and what no printer would."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.epl2_printer import ErrorReportReader
from station.devices.ports import PaperState, PrinterStatus
from station.devices.tspl_printer import StatusByteReader
from tests.station.devices.corpus import HexFrame, StatusFrame, TextFrame, frames

pytestmark = pytest.mark.feature("D8")


def check(status: PrinterStatus | None, frame: StatusFrame) -> None:
    if frame.state is None:
        assert status is None
        return
    assert status is not None
    assert status.state is frame.state
    assert status.queued == frame.queued
    assert frame.says in status.detail
    assert bool(status.detail) == bool(status.detail_fr) == (status.state is PaperState.BAD)


@pytest.mark.parametrize("frame", frames("epl2", TextFrame), ids=lambda frame: repr(frame.bytes))
def test_each_error_report_says_what_the_packer_should_mend_first(frame: TextFrame) -> None:
    report = ErrorReportReader().feed(frame.sent)
    check(report and report.printer_status, frame)


@pytest.mark.parametrize("frame", frames("tspl", HexFrame), ids=lambda frame: frame.hex)
def test_each_status_byte_says_what_the_packer_should_mend_first(frame: HexFrame) -> None:
    byte = StatusByteReader().feed(bytes.fromhex(frame.hex))
    check(byte and byte.printer_status, frame)


@given(st.text("0123456789,\r\n\x06\x11\x13\x15", max_size=60), st.lists(st.integers(1, 7), min_size=1, max_size=30))
def test_a_report_is_never_made_of_two_halves_or_of_digits_in_a_row(text: str, sizes: list[int]) -> None:
    reader, place, data = ErrorReportReader(), 0, text.encode()
    for size in sizes:
        report = reader.feed(data[place : place + size])
        place += size
        if report is not None:
            assert ",".join(report.codes).encode() + b"\r\n" in data


@given(st.binary(max_size=8))
def test_only_one_byte_alone_is_a_status_byte(data: bytes) -> None:
    assert (StatusByteReader().feed(data) is not None) == (len(data) == 1)
