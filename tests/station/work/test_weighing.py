"""The weight check by property: the tolerance holds, and an error that was made is the one that is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.values import UnitMass
from station.work.weighing import NO_BOX, Change, Crate, Expected, Load, Strictness, expect, explain

pytestmark = pytest.mark.feature("P12")

STRICT = Strictness()
masses = st.builds(UnitMass, st.integers(1_000, 2_000_000), st.integers(0, 20_000))
loads = st.lists(masses, min_size=1, max_size=8).flatmap(
    lambda found: st.tuples(
        *(st.builds(Load, st.just(f"P{at}"), st.integers(0, 5), st.just(mass)) for at, mass in enumerate(found))
    )
)


def test_expected_mass_and_tolerance_follow_the_formula() -> None:
    parcel = [Load("A", 4, UnitMass(100_500, 3_000)), Load("B", 0, None)]
    assert expect(parcel, UnitMass(50_000, 5_000), 12, Strictness(sigmas=3, floor_g=5)) == Expected(
        grams=452, tolerance_g=30
    )


def test_the_tolerance_has_a_floor() -> None:
    assert expect([Load("A", 1, UnitMass(10_000, 0))], NO_BOX, 1, Strictness(3, 5)) == Expected(10, 5)


def test_a_product_of_unknown_mass_makes_the_parcel_unknown() -> None:
    assert expect([Load("A", 1, None)], NO_BOX, 1, STRICT) is None


@pytest.mark.parametrize(
    ("difference_g", "named"),
    [
        (-212, [("missing", "mug")]),
        (212, [("extra", "mug")]),
        (-424, [("missing", "mug"), ("missing", "mug")]),
        (152, [("extra", "mug"), ("missing", "tea")]),
        (-272, [("missing", "mug"), ("missing", "tea")]),
        (137, [("box", "large")]),
        (-75, [("box", "large"), ("missing", "mug")]),
        (33, []),
        (-120, []),
    ],
)
def test_the_likely_error_is_named(difference_g: int, named: list[tuple[str, str]]) -> None:
    parcel = [Load("mug", 2, UnitMass(212_000, 0)), Load("tea", 1, UnitMass(60_000, 0))]
    found = explain(difference_g, 5, parcel, UnitMass(100_000, 0), [Crate("large", UnitMass(237_000, 0))])
    assert sorted((change.kind, change.name) for change in found) == sorted(named)


def test_a_cause_that_leaves_most_of_the_difference_open_is_not_named() -> None:
    assert explain(8, 6, [Load("pen", 1, UnitMass(14_000, 0))]) == ()


def effect_mg(changes: tuple[Change, ...], parcel: tuple[Load, ...]) -> int:
    mass = {load.name: load.mass.mean_mg for load in parcel if load.mass is not None}
    return sum(mass[change.name] * (1 if change.kind == "extra" else -1) for change in changes)


@given(loads, st.integers(1, 10), st.integers(-5_000, 5_000))
def test_what_is_named_explains_the_difference(parcel: tuple[Load, ...], tolerance_g: int, difference_g: int) -> None:
    changes = explain(difference_g, tolerance_g, parcel)
    if changes:
        assert abs(effect_mg(changes, parcel) - difference_g * 1_000) <= tolerance_g * 1_000
        quantities = {load.name: load.quantity for load in parcel}
        for name, quantity in quantities.items():
            assert changes.count(Change("missing", name)) <= quantity


@given(loads, st.data())
def test_one_error_beyond_the_tolerance_is_found(parcel: tuple[Load, ...], data: st.DataObject) -> None:
    expected = expect(parcel, NO_BOX, 1, STRICT)
    assert expected is not None
    load = data.draw(st.sampled_from(parcel))
    assert load.mass is not None
    sign = data.draw(st.sampled_from((1, -1) if load.quantity else (1,)))
    weighed = round(sum(each.quantity * each.mass.mean_mg for each in parcel if each.mass) / 1_000) + sign * round(
        load.mass.mean_mg / 1_000
    )
    off_g = expected.off_by(weighed)
    if off_g:
        found = explain(off_g, expected.tolerance_g, parcel)
        assert found
        assert abs(effect_mg(found, parcel) - off_g * 1_000) <= expected.tolerance_g * 1_000


@given(loads, st.integers(0, 3_000), st.integers(1, 20))
def test_the_expected_weight_itself_is_right(parcel: tuple[Load, ...], tare_g: int, division_g: int) -> None:
    expected = expect(parcel, UnitMass(tare_g * 1_000, 0), division_g, STRICT)
    assert expected is not None
    assert expected.off_by(expected.grams) == 0
    assert expected.off_by(expected.grams + expected.tolerance_g) == 0
    assert expected.off_by(expected.grams - expected.tolerance_g - 1) < 0
