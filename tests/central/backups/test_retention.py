"""Which copies are kept, for any copies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from central.backups.retention import kept

DAY = 24 * 3_600_000
MOMENTS = st.sets(st.integers(0, 40 * DAY), max_size=60)


@given(MOMENTS, st.integers(1, 10), st.integers(0, 20))
def test_the_newest_and_one_a_day_are_kept_and_nothing_else(moments: set[int], newest: int, days: int) -> None:
    left = kept(moments, newest, days, max(moments, default=0))
    assert left <= moments
    assert set(sorted(moments)[-newest:]) <= left
    assert len(left) <= newest + days
    for day in sorted({moment // DAY for moment in moments}, reverse=True)[:days]:
        assert max(moment for moment in moments if moment // DAY == day) in left


@given(MOMENTS, st.integers(1, 10), st.integers(0, 20))
def test_forgetting_twice_forgets_nothing_more(moments: set[int], newest: int, days: int) -> None:
    left = kept(moments, newest, days, max(moments, default=0))
    assert kept(left, newest, days, max(moments, default=0)) == left


@given(MOMENTS, MOMENTS, st.integers(1, 10), st.integers(0, 20))
def test_copies_of_a_clock_that_was_ahead_push_none_out_and_stay(
    moments: set[int], ahead: set[int], newest: int, days: int
) -> None:
    now = 40 * DAY
    later = {now + 1 + moment for moment in ahead}
    assert kept(moments | later, newest, days, now) == kept(moments, newest, days, now) | later
