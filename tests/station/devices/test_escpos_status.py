"""The answers to `DLE EOT n`."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices.escpos_status import answer_in, read_status
from station.devices.ports import PaperState

pytestmark = pytest.mark.feature("D9")


@pytest.mark.parametrize(
    ("offline", "paper", "state", "says"),
    [
        (0x12, 0x12, PaperState.OK, ""),
        (0x1A, 0x12, PaperState.OK, ""),
        (0x12, 0x1E, PaperState.OK, ""),
        (0x16, 0x12, PaperState.BAD, "close its cover"),
        (0x16, 0x7E, PaperState.BAD, "close its cover"),
        (0x32, 0x12, PaperState.BAD, "no paper"),
        (0x12, 0x72, PaperState.BAD, "no paper"),
        (0x52, 0x12, PaperState.BAD, "error"),
    ],
)
def test_the_bits_say_what_the_packer_should_mend_first(offline: int, paper: int, state: PaperState, says: str) -> None:
    status = read_status(offline, paper)
    assert status.state is state
    assert says in status.detail
    assert bool(status.detail) == bool(status.detail_fr)


@given(st.binary(max_size=20), st.integers(0, 255))
def test_only_a_byte_with_the_fixed_bits_is_an_answer_and_the_newest_counts(noise: bytes, byte: int) -> None:
    answer = byte & 0x6C | 0x12
    assert answer_in(noise + bytes((answer,))) == answer
    found = answer_in(noise)
    assert found is None or (found & 0x93 == 0x12 and found in noise)
