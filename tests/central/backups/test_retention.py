"""Which copies are kept, for any copies."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from central.backups.retention import kept

DAY = 24 * 3_600_000
MOMENTS = st.sets(st.integers(0, 40 * DAY), max_size=60)


@given(MOMENTS, st.integers(1, 10), st.integers(0, 20))
def test_the_newest_and_one_a_day_are_kept_and_nothing_else(moments: set[int], newest: int, days: int) -> None:
    left = kept(moments, newest, days)
    assert left <= moments
    assert set(sorted(moments)[-newest:]) <= left
    assert len(left) <= newest + days
    for day in sorted({moment // DAY for moment in moments}, reverse=True)[:days]:
        assert max(moment for moment in moments if moment // DAY == day) in left


@given(MOMENTS, st.integers(1, 10), st.integers(0, 20))
def test_forgetting_twice_forgets_nothing_more(moments: set[int], newest: int, days: int) -> None:
    left = kept(moments, newest, days)
    assert kept(left, newest, days) == left
