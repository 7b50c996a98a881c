"""Classes, forecasts and proposals, as figures that can be checked by hand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.planning.abc import classify
from central.planning.forecast import YEAR, Forecast, forecast
from central.planning.reorder import need
from contract.keys import Sku


@pytest.mark.feature("K8")
def test_few_products_make_most_of_the_turnover() -> None:
    worth = {Sku("M"): 700, Sku("T"): 150, Sku("L"): 100, Sku("X"): 50, Sku("Z"): 0}
    assert classify(worth) == {"M": "A", "T": "A", "L": "B", "X": "C", "Z": "C"}
    assert classify({Sku("M"): 5}) == {"M": "A"}
    assert classify({Sku("M"): 0}) == {"M": "C"}


@pytest.mark.feature("K8")
@settings(max_examples=80, deadline=None)
@given(st.dictionaries(st.from_regex(r"[A-Z]{1,4}", fullmatch=True).map(Sku), st.integers(0, 10_000), max_size=12))
def test_class_a_makes_its_share_with_as_few_as_can_be(worth: dict[Sku, int]) -> None:
    classes = classify(worth)
    best = sorted((value for sku, value in worth.items() if classes[sku] == "A"), reverse=True)
    whole = sum(worth.values())
    assert classes.keys() == worth.keys()
    if whole:
        assert sum(best) >= 0.8 * whole > sum(best[:-1])
        assert all(value <= best[-1] for sku, value in worth.items() if classes[sku] != "A")


@pytest.mark.feature("K8")
@pytest.mark.parametrize(
    ("sold", "expected"),
    [
        ([], Forecast(0.0, "none", 0.0, 0)),
        ([0, 0], Forecast(0.0, "none", 0.0, 0)),
        ([0, 5], Forecast(5.0, "mean", 0.0, 0)),
        ([5, 5, 5], Forecast(5.0, "mean", 0.0, 2)),
        ([1, 2, 3, 4], Forecast(4.0, "last", 1.0, 3)),
    ],
)
def test_the_method_that_was_least_wrong_is_taken(sold: list[int], expected: Forecast) -> None:
    assert forecast(sold) == expected


@pytest.mark.feature("K8")
def test_what_sells_once_a_year_is_seen_coming() -> None:
    year = [2] * 40 + [30, 40] + [2] * (YEAR - 42)
    found = forecast(year + year[:40])
    assert (found.method, found.weekly, found.error) == ("season", 30.0, 0.0)
    found = forecast(year + year[:41])
    assert (found.method, found.weekly) == ("season", 40.0)


@pytest.mark.feature("K8")
@settings(max_examples=80, deadline=None)
@given(st.lists(st.integers(-3, 50), max_size=110))
def test_a_forecast_is_never_wilder_than_the_past(sold: list[int]) -> None:
    found = forecast(sold)
    assert 0 <= found.weekly <= max([*sold, 0])
    assert 0 <= found.error <= max([*sold, 0])


@pytest.mark.feature("K8")
def test_what_is_ordered_lasts_until_the_next_order_can_come() -> None:
    steady = Forecast(14.0, "mean", 0.0, 12)
    assert need(steady, 40, 0, 7, 0) == need(steady, 40, 0, 0, 0)
    assert (need(steady, 40, 0, 7, 0).order_now, need(steady, 40, 0, 7, 0).cover_days) == (0, 20)
    low = need(steady, 10, 0, 7, 0)
    assert (low.reorder_at, low.order_now) == (14, 18)
    assert need(steady, 10, 18, 7, 0).order_now == 0
    assert need(steady, 10, 0, 21, 0).order_now == 46
    shaky = need(Forecast(14.0, "mean", 4.0, 12), 10, 0, 7, 0)
    assert shaky.reorder_at > low.reorder_at
    assert shaky.order_now > low.order_now


@pytest.mark.feature("K8")
def test_what_nobody_buys_is_ordered_only_up_to_the_point_that_a_person_set() -> None:
    none = Forecast(0.0, "none", 0.0, 0)
    assert need(none, 0, 0, 7, 0).order_now == 0
    assert (need(none, 2, 0, 7, 5).order_now, need(none, 2, 0, 7, 5).cover_days) == (3, None)
    assert need(none, -2, 0, 7, 0).order_now == 2
