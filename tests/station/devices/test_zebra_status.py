"""The three lines of `~HS`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.ports import PaperState
from station.devices.zebra_status import HostStatus, HostStatusReader
from tests.station.devices.corpus import LinesFrame, frames

pytestmark = pytest.mark.feature("D8")

GOOD = b"\x02030,0,0,1245,007,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n"


@pytest.mark.parametrize("frame", frames("zebra", LinesFrame), ids=lambda frame: "/".join(frame.lines))
def test_each_answer_says_what_the_packer_should_mend_first(frame: LinesFrame) -> None:
    host = HostStatusReader().feed(frame.sent)
    if frame.state is None:
        assert host is None
        return
    assert host is not None
    status = host.printer_status
    assert status.state is frame.state
    assert status.queued == frame.queued
    assert frame.says in status.detail
    assert bool(status.detail) == bool(status.detail_fr) == (status.state is PaperState.BAD)


@given(st.lists(st.integers(1, 30), min_size=1))
def test_an_answer_is_read_however_the_line_cuts_it(sizes: list[int]) -> None:
    reader, found, place = HostStatusReader(), [], 0
    for size in sizes * len(GOOD):
        found.append(reader.feed(GOOD[place : place + size]))
        place += size
    (host,) = [host for host in found if host is not None]
    assert host.formats_waiting == 7


@pytest.mark.parametrize(
    "broken",
    [
        "1,2,3",
        "030,x,0,1245,000,0,0,0,000,0,0,0",
        "030,0,0,1245,zz,0,0,0,000,0,0,0",
        "030,0,0,1245,-07,0,0,0,000,0,0,0",
    ],
)
def test_a_line_that_is_not_the_guides_is_no_status(broken: str) -> None:
    with pytest.raises(ValueError, match="HS"):
        HostStatus.read((broken, "000,0,0,0,0,2,4,0,00000000,1,000", "1234,0"))
