"""The plan's pictures: every product is in exactly one band and class, and the turnover climbs to all of it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.planning.abc import classify
from central.planning.forecast import forecast
from central.planning.pictures import cover, shares, turnover
from central.planning.reading import Planned
from contract.keys import Sku

pytestmark = pytest.mark.feature("K8", "V1")
NOTHING = forecast([0] * 104)


def products(worths: list[int], days: list[int | None]) -> list[Planned]:
    classes = classify({Sku(str(number)): worth for number, worth in enumerate(worths)})
    return [
        Planned(str(n), "", classes[Sku(str(n))], 0, worth, 0, 0, NOTHING, "", 0, 0, 0, 0, last, ())
        for n, (worth, last) in enumerate(zip(worths, days, strict=True))
    ]


def test_products_are_counted_by_how_long_they_last() -> None:
    items = products([0] * 7, [0, 1, 7, 8, 91, 4000, None])
    assert [(band.first, band.last, band.products) for band in cover(items)] == [
        (0, 0, 1),
        (1, 7, 2),
        (8, 14, 1),
        (15, 30, 0),
        (31, 60, 0),
        (61, 90, 0),
        (91, None, 2),
        (None, None, 1),
    ]


def test_few_products_make_most() -> None:
    items = products([80, 15, 5, 0], [None] * 4)
    assert [(share.abc, share.products, share.percent) for share in shares(items)] == [
        ("A", 1, 80),
        ("B", 1, 15),
        ("C", 2, 5),
    ]
    assert [tuple(step for step in (each.products, each.percent)) for each in turnover(items)] == [
        (0, 0.0),
        (1, 80.0),
        (2, 95.0),
        (3, 100.0),
        (4, 100.0),
    ]


def test_nothing_sold_has_no_curve() -> None:
    assert turnover(products([0, 0], [None, None])) == ()
    assert [share.percent for share in shares(products([0], [None]))] == [0, 0, 0]


@given(st.lists(st.tuples(st.integers(0, 10**9), st.none() | st.integers(0, 5000)), max_size=600))
@settings(max_examples=60, deadline=None)
def test_every_product_is_shown_once(told: list[tuple[int, int | None]]) -> None:
    items = products([worth for worth, _ in told], [days for _, days in told])
    assert sum(band.products for band in cover(items)) == len(items)
    assert sum(share.products for share in shares(items)) == len(items)
    steps = turnover(items)
    assert [step.percent for step in steps] == sorted(step.percent for step in steps)
    assert len(steps) <= 402
    if steps:
        assert (steps[-1].products, steps[-1].percent) == (len(items), 100.0)
