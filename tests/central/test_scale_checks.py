"""The record of a scale: booked once, judged over time, shown to the office and to programs."""

from __future__ import annotations

import httpx
import pytest

from central.desk.books import Books
from central.desk.facts import book, keys_of
from central.office.live import Live
from central.office.retelling import retold
from central.stations.answers import ScaleCheck
from central.stations.scale_checks import trust
from contract.envelope import Envelope
from contract.keys import StationId
from contract.messages import ScaleChecked, StationState
from contract.values import DeviceState, Receipt
from tests.central.conftest import Central
from tests.central.shop import HOUSE

pytestmark = pytest.mark.feature("D14")

DAY = 24 * 3_600_000
AT = 1_777_880_000_000


def check(
    day: float, error: int, *, tolerance: int = 5, passed: bool = True, low: int = 0, high: int = 0
) -> ScaleCheck:
    at = AT + round(day * DAY)
    return ScaleCheck(at, "4711", 2_000, tolerance, 0, 2_000 + error, 0, low, high, passed, at + DAY if passed else at)


def judged(*checks: ScaleCheck, now: float = 0) -> tuple[str, float | None, int | None]:
    newest_first = sorted(checks, key=lambda each: -each.at)
    found = trust("scale", newest_first, newest_first[0].at + round(now * DAY))
    return found.state, found.drift_g, found.out_in_days


def test_a_scale_is_right_until_its_check_is_due() -> None:
    assert judged(check(0, 1), now=0.5) == ("right", None, None)
    assert judged(check(0, 1), now=1.5) == ("due", None, None)
    assert judged(check(0, 6, passed=False), now=0) == ("wrong", None, None)


def test_the_drift_is_the_slope_of_its_errors() -> None:
    state, drift, out_in = judged(*(check(10 * step, step) for step in range(4)))
    assert (state, drift) == ("drifting", pytest.approx(3.0))
    assert out_in == 20  # 2 g of room at 3 g in 30 days
    state, drift, out_in = judged(*(check(10 * step, -step) for step in range(4)))
    assert (state, drift, out_in) == ("drifting", pytest.approx(-3.0), 20)


def test_a_scale_that_comes_back_to_the_middle_is_not_heading_out_soon() -> None:
    state, drift, out_in = judged(*(check(10 * step, 3 - step) for step in range(4)))
    assert (state, drift) == ("right", pytest.approx(-3.0))
    assert out_in == 50


def test_too_few_or_too_near_checks_say_nothing_of_drift() -> None:
    assert judged(check(0, 0), check(40, 4))[1] is None
    assert judged(*(check(step / 10, step) for step in range(5)))[1] is None
    assert judged(*(check(step, 2) for step in range(5)))[1:] == (0, None)


def test_old_checks_do_not_hide_what_the_scale_does_now() -> None:
    old = [check(-200 + step, 0) for step in range(50)]
    state, drift, _ = judged(*old, *(check(10 * step, step) for step in range(4)))
    assert (state, drift) == ("drifting", pytest.approx(3.0))


def test_creep_is_the_farthest_from_zero_of_a_month() -> None:
    checks = [check(0, 0, low=-1, high=2), check(-10, 0, low=-4, high=0), check(-40, 0, low=-9, high=9)]
    assert trust("scale", checks, AT).creep_g == 4


def fact(at: int, shown: int, *, passed: bool = True) -> ScaleChecked:
    return ScaleChecked(
        scale="scale",
        at=at,
        badge="1001",
        weight_g=2_000,
        tolerance_g=5,
        zero_g=0,
        shown_g=shown,
        return_g=1,
        passed=passed,
        due_at=at + DAY,
        empty_low_g=-1,
        empty_high_g=2,
    )


async def came(central: Central, message: str, body: ScaleChecked) -> Receipt:
    envelope = Envelope(message, StationId("pack-1"), 1, body.at, body)

    def decide(books: Books) -> Receipt:
        return book(books, HOUSE, envelope, "token", body.at)

    return await central.store.transact(keys_of([envelope]), decide)


async def test_a_check_is_booked_once_and_told_to_programs(central: Central, api: httpx.AsyncClient) -> None:
    for _ in range(2):
        assert await came(central, "m-1", fact(AT, 2_001)) == Receipt("m-1")
    await came(central, "m-2", fact(AT + DAY, 1_990, passed=False))
    answer = await api.get("/api/stations/pack-1/scales")
    assert answer.status_code == 200
    (scale,) = answer.json()["items"]
    assert (scale["scale"], scale["state"], scale["error_g"], scale["creep_g"]) == ("scale", "wrong", -10, 2)
    assert [each["shown_g"] for each in scale["checks"]] == [1_990, 2_001]
    assert scale["checks"][0]["passed"] is False
    assert (await api.get("/api/stations/pack-2/scales")).json() == {"items": [], "next": None}


async def test_the_office_reads_the_record_in_both_languages(central: Central, api: httpx.AsyncClient) -> None:
    await came(central, "m-1", fact(AT, 2_003))
    page = await api.get("/stations/pack-1/scales", headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert page.status_code == 200
    assert "Contrôles" in page.text or "Poids étalon" in page.text
    assert "+3\u00a0g" in page.text
    assert "data-points='[[1777880000], [3], [1], [5], [-5]]'" in page.text
    empty = await api.get("/stations/pack-9/scales", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "No scale of this station was checked yet." in empty.text


async def test_a_stations_card_leads_to_its_scales(central: Central, api: httpx.AsyncClient) -> None:
    live: Live = central.live
    state = StationState(True, "0.1.0", (DeviceState("scale", "scale", "ok"),))
    live.state(StationId("pack-1"), state, AT)
    page = await api.get("/stations", headers={"Accept": "text/html"})
    assert 'href="/stations/pack-1/scales"' in page.text


def test_what_the_bench_says_of_a_wrong_scale_is_told_in_french_too() -> None:
    said = "scale shows 1990 g for a weight of 2000 g; empty it shows 0 g before and 1 g after"
    assert retold(said, "fr") == "scale affiche 1990 g pour un poids de 2000 g ; à vide, 0 g avant et 1 g après"
