"""The queues before the books: bounded, in order for each station, and nobody waits for who sends too much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.desk.waiting import AT_A_TURN, Bounds, Waiting

SMALL = Bounds(messages=40, octets=400, messages_of_one=15, octets_of_one=120)
stations = st.sampled_from(["a", "b", "c", "d"])
put = st.tuples(stations, st.integers(0, 60), st.booleans())


@given(st.lists(put | st.integers(1, 30), max_size=120))
def test_what_is_taken_in_comes_out_once_in_its_stations_order(moves: list[tuple[str, int, bool] | int]) -> None:
    waiting: Waiting[tuple[str, int, int]] = Waiting(SMALL)
    accepted: dict[str, list[tuple[str, int, int]]] = {}
    came: dict[str, list[tuple[str, int, int]]] = {}
    inside: list[tuple[str, int, int]] = []
    for number, move in enumerate(moves):
        if isinstance(move, int):
            taken = waiting.take(move)
            assert len(taken) <= max(move, AT_A_TURN)
            assert bool(taken) == bool(inside)
            for each in taken:
                came.setdefault(each[0], []).append(each)
                inside.remove(each)
        else:
            station, octets, is_ask = move
            message = (station, number, octets)
            if waiting.put(station, message, octets, is_ask=is_ask):
                accepted.setdefault(station, []).append(message)
                inside.append(message)
        assert len(waiting) == len(inside) <= SMALL.messages
        assert sum(octets for _, _, octets in inside) <= SMALL.octets
        for name in "abcd":
            of_one = [octets for station, _, octets in inside if station == name]
            assert len(of_one) <= SMALL.messages_of_one
            assert sum(of_one) <= max(SMALL.octets_of_one, of_one[0] if of_one else 0)
    while waiting:
        for each in waiting.take(200):
            came.setdefault(each[0], []).append(each)
    assert came == accepted


@pytest.mark.feature("R2")
def test_one_mad_station_finds_no_more_room_and_others_do() -> None:
    waiting: Waiting[str] = Waiting(Bounds())
    found = [waiting.put("mad", "fact", 1000, is_ask=False) for _ in range(100_000)]
    assert found.count(True) == Bounds().messages_of_one
    assert waiting.put("calm", "fact", 1000, is_ask=False)
    assert "fact" in waiting.take(AT_A_TURN + 1)


@pytest.mark.feature("R2")
def test_every_station_has_its_turn_before_anybody_has_two() -> None:
    waiting: Waiting[str] = Waiting(Bounds())
    for station in range(20):
        for _ in range(300):
            assert waiting.put(f"busy-{station}", "busy", 10, is_ask=False)
    assert waiting.put("calm", "calm", 10, is_ask=False)
    taken = waiting.take(200) + waiting.take(200)
    assert taken.index("calm") == 20 * AT_A_TURN


@pytest.mark.feature("R2")
def test_an_ask_comes_soon_behind_its_own_stations_facts_and_not_behind_others() -> None:
    waiting: Waiting[str] = Waiting(Bounds())
    for station in range(100):
        for _ in range(90):
            assert waiting.put(f"busy-{station}", "other", 10, is_ask=False)
    for number in range(15):
        assert waiting.put("asks", f"own {number}", 10, is_ask=False)
    assert waiting.put("asks", "ask", 10, is_ask=True)
    taken = [each for each in waiting.take(200) + waiting.take(200) if each != "other"]
    assert taken == [*(f"own {number}" for number in range(15)), "ask"]


def test_who_only_asks_takes_no_more_than_half() -> None:
    waiting: Waiting[str] = Waiting(Bounds())
    for station in range(25):
        for _ in range(100):
            assert waiting.put(f"mad-{station}", "ask", 10, is_ask=True)
    assert waiting.put("calm", "fact", 10, is_ask=False)
    assert sum("fact" in waiting.take(200) for _ in range(2)) == 1
