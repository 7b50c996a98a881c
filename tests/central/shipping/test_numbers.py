"""SSCC serials: each is given out once, whatever becomes of the database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from central.desk.books import Books
from central.desk.refused import Refused
from central.shipping.numbers import (
    MOST_AT_ONCE,
    behind,
    go_behind,
    heard,
    lease_range,
    room_under,
    usual_per_day,
)
from central.shipping.rows import SsccRangeRow
from contract.values import SsccRange
from tests.central.shop import AT

PREFIX = "03401234"
DAY = 24 * 3_600_000


@pytest.mark.feature("S1")
@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-5, 3000)), max_size=20))
def test_no_serial_is_given_twice_and_a_repeated_ask_gets_its_own(asks: list[tuple[str, int]]) -> None:
    books = Books()
    given_out: list[SsccRange] = []
    for number, (station, count) in enumerate(asks):
        leased = lease_range(books, PREFIX, count, f"pack-{station}", f"ask-{number}", AT, 10_000_000)
        assert lease_range(books, PREFIX, count, f"pack-{station}", f"ask-{number}", AT, 10_000_000) == leased
        given_out.append(leased)
    serials = [serial for leased in given_out for serial in range(leased.first, leased.last + 1)]
    assert len(serials) == len(set(serials))
    assert all(1 <= len(range(each.first, each.last + 1)) <= MOST_AT_ONCE for each in given_out)


@pytest.mark.feature("S1")
def test_a_used_up_prefix_says_so() -> None:
    books = Books()
    prefix = "3401234567890"
    lease_range(books, prefix, 9000, "pack-1", "a", AT, 10_000_000)
    with pytest.raises(Refused, match=r"No SSCC is left.*another prefix"):
        lease_range(books, prefix, 1000, "pack-1", "b", AT, 10_000_000)


class Kept(Struct, frozen=True):
    """A copy of the ranges, and when it was taken."""

    rows: tuple[SsccRangeRow, ...]
    taken_at: int


EVENTS = st.lists(
    st.one_of(
        st.tuples(st.just("lease"), st.integers(1, 400)),
        st.tuples(st.just("copy"), st.just(0)),
        st.tuples(st.just("restore"), st.integers(0, 5)),
        st.tuples(st.just("wait"), st.integers(1, 2 * DAY)),
    ),
    max_size=60,
)


@pytest.mark.feature("S1", "F9")
@given(EVENTS, st.integers(1, 700))
def test_no_serial_is_given_twice_in_any_lives_of_a_database(events: list[tuple[str, int]], per_day: int) -> None:
    """Copies are taken and restored, new and old ones, one after the other, in any days: as many leases as may be."""
    books, now, restorations = Books(), AT, list[int]()
    kept = [Kept((), now)]
    out: set[int] = set()
    for number, (what, amount) in enumerate(events):
        if what == "wait":
            now += amount
        elif what == "copy":
            kept.append(Kept(tuple(books.ranges), now))
        elif what == "restore":
            copy = kept[-1 - amount % len(kept)]
            books = Books()
            books.ranges.fill(copy.rows)
            earlier = sum(moment >= copy.taken_at for moment in restorations)
            go_behind(books, PREFIX, behind(copy.taken_at, now, earlier, per_day), now)
            restorations.append(now)
        else:
            try:
                leased = lease_range(books, PREFIX, amount, "pack-1", f"ask-{number}", now, per_day)
            except Refused:
                continue
            serials = set(range(leased.first, leased.last + 1))
            assert not serials & out
            out |= serials


@given(st.lists(st.tuples(st.integers(1, 500), st.integers(0, DAY // 3)), max_size=40), st.integers(1, 1000))
def test_a_day_has_its_limit_and_the_next_begins_anew(asks: list[tuple[int, int]], per_day: int) -> None:
    books, now, given_out = Books(), AT, dict[int, int]()
    for number, (count, later) in enumerate(asks):
        now += later
        try:
            leased = lease_range(books, PREFIX, count, "pack-1", f"ask-{number}", now, per_day)
        except Refused:
            assert given_out[now // DAY] == per_day
            continue
        given_out[now // DAY] = given_out.get(now // DAY, 0) + leased.last - leased.first + 1
        assert given_out[now // DAY] <= per_day


def test_a_clock_that_goes_back_does_not_make_more_of_a_day() -> None:
    books = Books()
    lease_range(books, PREFIX, 10, "pack-1", "a", AT, 10)
    with pytest.raises(Refused, match="sscc_per_day"):
        lease_range(books, PREFIX, 10, "pack-1", "b", AT - 40 * DAY, 10)


@pytest.mark.feature("S1")
def test_numbers_that_a_station_has_and_the_books_do_not_know_are_never_given() -> None:
    """The second net, should the first have been too small."""
    books = Books()
    lease_range(books, PREFIX, 10, "pack-1", "a", AT, 1000)
    heard(books, "pack-2", [SsccRange(PREFIX, 5001, 5200)], AT)
    heard(books, "pack-2", [SsccRange(PREFIX, 5001, 5200)], AT)
    assert [problem.kind for problem in books.problems] == ["sscc_beyond"]
    assert lease_range(books, PREFIX, 10, "pack-1", "b", AT, 1000).first == 5201


@pytest.mark.feature("R4")
@given(st.text(max_size=20), st.integers(), st.integers())
def test_whatever_a_station_says_of_its_numbers_harms_nobody(prefix: str, first: int, last: int) -> None:
    books = Books()
    lease_range(books, PREFIX, 10, "pack-1", "a", AT, 1000)
    heard(books, "pack-2", [SsccRange(prefix, first, last)], AT)
    assert all(row.last <= room_under(row.prefix) for row in books.ranges)


@pytest.mark.parametrize("length", range(8, 14))
def test_the_usual_limit_leaves_most_of_any_prefix(length: int) -> None:
    prefix = "0" * length
    assert 0 < usual_per_day(prefix) * 4 <= room_under(prefix)
