"""Readings of a computer become troubles: none too late, none that flickers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.machine import (
    CLOCK_TOLERANCE_MS,
    LEAST_FREE,
    MEGABYTE,
    UNDERVOLTAGE_SHOWN_MS,
    MachineTrouble,
    Vitals,
    clock_ahead_ms,
    clock_trouble,
    troubles_of,
)

WELL = Vitals(8_000 * MEGABYTE, 30_000 * MEGABYTE, False, 0, 500 * MEGABYTE, 1_000 * MEGABYTE, None)
BLIND = WELL._replace(disk_errors=None, memory_free=None, memory_size=None)


@pytest.mark.feature("R6")
@pytest.mark.parametrize(
    ("vitals", "trouble"),
    [
        (WELL._replace(disk_free=199 * MEGABYTE), MachineTrouble("disk_low", 190)),
        (WELL._replace(disk_free=5 * MEGABYTE, disk_size=60 * MEGABYTE), MachineTrouble("disk_low", 0)),
        (WELL._replace(disk_free=LEAST_FREE - 1), MachineTrouble("disk_full")),
        (WELL._replace(disk_read_only=True, disk_free=0), MachineTrouble("disk_read_only")),
        (WELL._replace(disk_errors=3), MachineTrouble("disk_worn", 3)),
        (WELL._replace(memory_free=49 * MEGABYTE), MachineTrouble("memory_low", 40)),
        (WELL._replace(memory_free=31 * MEGABYTE, memory_size=400 * MEGABYTE), MachineTrouble("memory_low", 30)),
        (WELL._replace(undervoltage_ms=0), MachineTrouble("undervoltage")),
        (WELL._replace(undervoltage_ms=UNDERVOLTAGE_SHOWN_MS), MachineTrouble("undervoltage")),
    ],
)
def test_each_trouble_is_found_alone(vitals: Vitals, trouble: MachineTrouble) -> None:
    assert troubles_of(vitals, frozenset()) == (trouble,)


@pytest.mark.parametrize(
    "vitals",
    [
        WELL,
        BLIND,
        WELL._replace(undervoltage_ms=UNDERVOLTAGE_SHOWN_MS + 1),
        WELL._replace(disk_size=0),
        WELL._replace(disk_size=0, disk_free=0),
    ],
)
def test_a_well_machine_has_none(vitals: Vitals) -> None:
    assert troubles_of(vitals, frozenset()) == ()


@given(st.lists(st.integers(0, 400 * MEGABYTE), max_size=30))
def test_a_disk_around_its_bound_does_not_flicker(frees: list[int]) -> None:
    """A trouble ends only with more room than it began with."""
    known: frozenset[str] = frozenset()
    for free in frees:
        was = bool(known)
        known = frozenset(each.kind for each in troubles_of(WELL._replace(disk_free=free), known))
        if was != bool(known):
            assert (free < 200 * MEGABYTE) == bool(known)
            assert bool(known) or free >= 250 * MEGABYTE


@given(ahead=st.integers(-(10**12), 10**12), there=st.integers(0, 5_000), back=st.integers(0, 5_000))
def test_a_clock_is_called_wrong_only_as_far_as_it_certainly_is(ahead: int, there: int, back: int) -> None:
    asked = 1_794_000_000_000
    told = asked + there - ahead
    found = clock_ahead_ms(asked, asked + there + back, told)
    assert abs(found) <= abs(ahead)
    assert abs(ahead) - abs(found) <= there + back
    assert found == 0 or (found > 0) == (ahead > 0)


def test_a_minute_is_no_trouble() -> None:
    assert clock_trouble(CLOCK_TOLERANCE_MS) is None
    assert clock_trouble(-CLOCK_TOLERANCE_MS - 1) == MachineTrouble("clock_wrong", -61)
