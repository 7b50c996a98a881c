"""What holds for every parser of the devices, whatever comes and however it is cut."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.station.devices.corpus import OF, Frame, frames
from tests.station.devices.cutting import cut_anyhow
from tests.station.devices.parsing import PARSERS
from tests.station.devices.parsing.parser import Parser

pytestmark = pytest.mark.feature("D4", "D5", "R4")

_MOST = 64 * 1024
every_parser = pytest.mark.parametrize("parser", PARSERS, ids=[parser.name for parser in PARSERS])


def anything(parser: Parser) -> st.SearchStrategy[list[bytes]]:
    """Noise, and true, broken and hostile frames of its own: whole, cut, or again and again; then in chunks."""
    sent: list[Frame] = frames(parser.frames, OF[parser.frames])
    piece = st.sampled_from([each for frame in sent for each in frame.pieces] + [parser.good(7)])
    cut = st.tuples(piece, st.integers(0, 200), st.integers(0, 200)).map(lambda it: it[0][min(it[1:]) : max(it[1:])])
    again = st.tuples(piece | parser.noise, st.integers(2, 6000)).map(lambda it: (it[0] * it[1])[:_MOST])
    return st.one_of(
        cut_anyhow(st.lists(piece | cut | again | parser.noise, max_size=8).map(b"".join)),
        st.lists(piece | cut | again | parser.noise, max_size=8).map(lambda it: [x for x in it if x]),
    )


@every_parser
@settings(max_examples=40, deadline=None)
@given(data=st.data(), first=st.integers(0, 14_000), second=st.integers(0, 14_000))
def test_nothing_raises_nothing_is_said_that_was_not_sent_and_the_second_good_frame_counts_at_the_latest(
    parser: Parser, data: st.DataObject, first: int, second: int
) -> None:
    hear, came, last = parser.fresh(), [], list[Any]()
    good = st.just([parser.good(first), parser.good(second)])
    if not parser.whole:
        good = cut_anyhow(good.map(b"".join))
    for chunk in (*data.draw(anything(parser)), *data.draw(good)):
        came.append(chunk)
        said = [*hear(chunk)]
        # Of thousands that are alike the first and the last ones tell.
        assert all(parser.was_sent(each, came) for each in said[:3] + said[-3:])
        last = said or last
    assert last[-1] == parser.says(second)


@every_parser
def test_a_good_frame_says_what_it_says(parser: Parser) -> None:
    assert list(parser.fresh()(parser.good(7))) == [parser.says(7)]
