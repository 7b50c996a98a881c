"""Mettler-Toledo 8217 frames: read, refused, and found again behind anything."""

from __future__ import annotations

import ast
import itertools
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from station.devices.ports import ScaleState
from station.devices.toledo import Answer, AnswerReader
from tests.station.devices.watching import frames

pytestmark = pytest.mark.feature("D5", "D6")

cuts = st.lists(st.integers(0, 400), max_size=8)
GARBAGE = st.binary(max_size=60) | st.lists(
    st.sampled_from([b"\x02", b"\r", b"?", b"A", b"01.24", b"0\r", b"\x0201.240", b"N"]), max_size=12
).map(b"".join)


def fed(reader: AnswerReader, data: bytes, at: list[int]) -> list[Answer]:
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in at)})
    return [answer for begin, end in itertools.pairwise(places) for answer in reader.feed(data[begin:end])]


@pytest.mark.parametrize("frame", frames("toledo"), ids=lambda frame: f"{frame['raw']} {frame['unit']}")
def test_each_frame_says_what_a_person_reads_in_it(frame: dict[str, Any]) -> None:
    raw = ast.literal_eval(f"b'{frame['raw']}'")
    (answer,) = AnswerReader(frame["unit"]).feed(raw)
    assert (answer.state.value, answer.grams) == (frame["state"], frame.get("grams"))
    assert frame.get("note", "") in answer.note
    assert bool(answer.note) == (answer.state is ScaleState.FAULT)


@given(GARBAGE, cuts)
def test_no_bytes_raise_and_how_they_are_cut_does_not_matter(data: bytes, at: list[int]) -> None:
    assert fed(AnswerReader("kg"), data, at) == AnswerReader("kg").feed(data)


@given(GARBAGE)
@example(b"\x0201.240\x0299.999")
def test_only_a_whole_frame_becomes_a_weight(data: bytes) -> None:
    whole = re.findall(rb"\x02(?=(\d\d?\.\d{3})\r)", data)
    weights = [answer for answer in AnswerReader("kg").feed(data) if answer.state is ScaleState.STABLE]
    assert [answer.raw[1:-1] for answer in weights] == whole


@given(GARBAGE, st.integers(0, 99_999), cuts)
def test_a_frame_is_read_whatever_came_before_it(garbage: bytes, grams: int, at: list[int]) -> None:
    frame = b"\x02%02d.%03d\r" % divmod(grams, 1000)
    last = fed(AnswerReader("kg"), garbage + frame, at)[-1]
    assert (last.state, last.grams, last.raw) == (ScaleState.STABLE, grams, frame)


@given(st.integers(1, 6))
def test_an_answer_that_breaks_off_is_given_up_and_counts_as_a_fault(size: int) -> None:
    reader = AnswerReader("kg")
    assert reader.feed(b"\x0201.240\r"[:size]) == []
    given_up = reader.give_up()
    assert given_up is not None
    assert given_up.state is ScaleState.FAULT
    assert "half a frame" in given_up.note
    assert reader.give_up() is None
    (next_answer,) = reader.feed(b"\x0200.500\r")
    assert next_answer.grams == 500
