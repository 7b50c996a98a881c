"""SSCC serials: each is given out once, whatever becomes of the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.shipping.numbers import (
    MOST_AT_ONCE,
    Reached,
    day_of,
    go_behind,
    heard,
    lease_range,
    may_be_out,
    newest_serial,
    room_under,
    usual_per_day,
)
from central.shipping.rows import SsccRangeRow
from central.store.sqlite import SqliteStore
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
        st.tuples(st.just("lease while the clock is ahead"), st.integers(1, 400)),
    ),
    max_size=60,
)


def played(events: list[tuple[str, int]], per_day: int) -> None:
    """Copies are taken and restored, new and old ones, one after the other, in any days: as many leases as may be."""
    books, now = Books(), AT
    noted: Reached | None = None
    unread = 0
    kept = [Kept((), now)]
    out: set[int] = set()
    for number, (what, amount) in enumerate(events):
        match what:
            case "wait":
                now += amount
            case "copy":
                kept.append(Kept(tuple(books.ranges), now))
            case "restore" | "restore, and a bad disk takes its line":
                copy = kept[-1 - amount % len(kept)]
                books = Books()
                books.ranges.fill(copy.rows)
                known = [Reached(newest_serial(books, PREFIX), copy.taken_at)]
                known += [noted] if noted is not None else []
                serial = go_behind(books, PREFIX, may_be_out(known, now, per_day, unread), now)
                if what == "restore":
                    noted, unread = Reached(serial, now), 0
                else:
                    unread += 1
            case _:
                at = now if what == "lease" else AT + 5000 * DAY
                try:
                    leased = lease_range(books, PREFIX, amount, "pack-1", f"ask-{number}", at, per_day)
                except Refused:
                    continue
                serials = set(range(leased.first, leased.last + 1))
                assert not serials & out
                out |= serials


@pytest.mark.feature("S1", "F9")
@given(EVENTS, st.integers(1, 700))
def test_no_serial_is_given_twice_in_any_lives_of_a_database(events: list[tuple[str, int]], per_day: int) -> None:
    played(events, per_day)


LATER = [("wait", DAY), ("lease", 1)] * 20


@pytest.mark.feature("S1", "F9")
@pytest.mark.parametrize("lives", range(1, 6))
@pytest.mark.parametrize("torn", [False, True])
def test_after_many_lives_the_oldest_copy_gives_no_serial_again(lives: int, torn: bool) -> None:
    """Each life began behind the one before: the oldest copy knows nothing of all that."""
    restored = [("restore, and a bad disk takes its line" if torn else "restore", 0), ("lease", 1), ("copy", 0)]
    played([*restored * lives, ("lease while the clock is ahead", 1), ("restore", lives), ("lease", 1), *LATER], 1)


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


@pytest.mark.feature("R6")
@given(st.lists(st.tuples(st.integers(1, 500), st.integers(-3, 3)), max_size=40), st.integers(1, 1000))
def test_each_day_has_its_limit_wherever_the_clock_goes(asks: list[tuple[int, int]], per_day: int) -> None:
    books, given_out = Books(), dict[int, int]()
    for number, (count, day) in enumerate(asks):
        left = per_day - given_out.get(day, 0)
        try:
            leased = lease_range(books, PREFIX, count, "pack-1", f"ask-{number}", AT + day * DAY, per_day)
        except Refused:
            assert not left
            continue
        given_out[day] = given_out.get(day, 0) + leased.last - leased.first + 1
        assert leased.last - leased.first + 1 == min(count, left)


@pytest.mark.feature("R6", "S1")
async def test_a_clock_that_was_years_ahead_uses_up_no_day_after_it(tmp_path: Path) -> None:
    """With what the store loads; and it is the same again after the limit of a day."""

    async def ask(at: int, name: str) -> SsccRange:
        day = frozenset({day_of(at)})
        keys = Keys(sscc_prefixes=frozenset({PREFIX}), sscc_days=day, sscc_asks=frozenset({name}))
        return await store.transact(keys, lambda books: lease_range(books, PREFIX, 60, "pack-1", name, at, 100))

    async with SqliteStore(tmp_path / "central.db", "lyon") as store:
        assert await ask(AT, "a") == SsccRange(PREFIX, 1, 60)
        assert await ask(AT + 2000 * DAY, "b") == SsccRange(PREFIX, 61, 120)
        assert await ask(AT + 2000 * DAY, "c") == SsccRange(PREFIX, 121, 160)
        assert await ask(AT, "d") == SsccRange(PREFIX, 161, 200)
        for at in (AT, AT + 2000 * DAY):
            with pytest.raises(Refused, match="sscc_per_day"):
                await ask(at, f"e{at}")
        assert await ask(AT + DAY, "f") == SsccRange(PREFIX, 201, 260)


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
