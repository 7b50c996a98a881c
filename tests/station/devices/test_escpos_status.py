"""The answers to `DLE EOT n`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.escpos_status import answer_in, read_status
from station.devices.ports import PaperState
from tests.station.devices.corpus import TwoAnswersFrame, frames

pytestmark = pytest.mark.feature("D9")


@pytest.mark.parametrize("frame", frames("escpos", TwoAnswersFrame), ids=lambda frame: f"{frame.offline} {frame.paper}")
def test_the_bits_say_what_the_packer_should_mend_first(frame: TwoAnswersFrame) -> None:
    offline, paper = (answer_in(bytes.fromhex(answer)) for answer in (frame.offline, frame.paper))
    if frame.state is None:
        assert None in (offline, paper)
        return
    assert offline is not None
    assert paper is not None
    status = read_status(offline, paper)
    assert status.state is frame.state
    assert frame.says in status.detail
    assert bool(status.detail) == bool(status.detail_fr) == (status.state is PaperState.BAD)


@given(st.binary(max_size=20), st.integers(0, 255))
def test_only_a_byte_with_the_fixed_bits_is_an_answer_and_the_newest_counts(noise: bytes, byte: int) -> None:
    answer = byte & 0x6C | 0x12
    assert answer_in(noise + bytes((answer,))) == answer
    found = answer_in(noise)
    assert found is None or (found & 0x93 == 0x12 and found in noise)
