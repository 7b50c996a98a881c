"""Computers that are ill: a station's is a problem for the office, once; central's own stands on every page."""

from __future__ import annotations

import httpx
import pytest

from central.desk.books import Books, Keys
from central.office.retelling import retold
from central.stations.machine_words import told
from central.stations.rules import heard
from contract.machine import MachineTrouble
from contract.messages import StationState
from tests.central.conftest import Central
from tests.central.shop import HOUSE

pytestmark = pytest.mark.feature("R6")

AT = 1_777_880_000_000
STATION = Keys(stations=frozenset({"pack-1"}))
CERTIFICATE = tuple(f"station_certificate_{how}" for how in ("ends", "ended", "damaged"))
DISK = ("disk_low", "disk_full", "disk_read_only", "disk_worn")
KINDS = (*DISK, "memory_low", "undervoltage", "clock_wrong", *CERTIFICATE)


async def says(central: Central, at: int, *kinds: str) -> None:
    state = StationState(True, "0.1.0", troubles=tuple(MachineTrouble(kind, 120) for kind in kinds))

    def decide(books: Books) -> None:
        heard(books, HOUSE, "pack-1", state, at)

    await central.store.transact(STATION, decide)


async def problems(api: httpx.AsyncClient) -> list[str]:
    items = (await api.get("/api/problems")).json()["items"]
    return [each["text"] for each in items if each["kind"] == "station_computer"]


async def test_each_new_trouble_is_one_problem(central: Central, api: httpx.AsyncClient) -> None:
    await says(central, AT, "disk_low")
    await says(central, AT + 1, "disk_low", "undervoltage")
    await says(central, AT + 2, "disk_low")
    assert sorted(await problems(api)) == sorted(
        told(MachineTrouble(kind, 120)) for kind in ("disk_low", "undervoltage")
    )
    await says(central, AT + 3)
    await says(central, AT + 4, "disk_low")
    assert len(await problems(api)) == 3
    (station,) = (await api.get("/api/stations")).json()["items"]
    assert station["troubles"] == [{"kind": "disk_low", "amount": 120}]


async def test_an_offline_station_keeps_what_it_last_said(central: Central, api: httpx.AsyncClient) -> None:
    await says(central, AT, "disk_worn")
    await central.store.transact(STATION, lambda books: heard(books, HOUSE, "pack-1", StationState(False), AT + 1))
    await says(central, AT + 2, "disk_worn")
    assert len(await problems(api)) == 1


async def test_the_office_sees_it_in_both_languages(central: Central, api: httpx.AsyncClient) -> None:
    await says(central, AT, "clock_wrong")
    for language, words in (("en", "2 minutes ahead of central"), ("fr", "avance de 2 minutes")):
        headers = {"Accept": "text/html", "Accept-Language": language}
        assert words in (await api.get("/stations", headers=headers)).text
        assert words in (await api.get("/problems", headers=headers)).text
        assert words in (await api.get("/stations/pack-1/events", headers=headers)).text


async def test_centrals_own_computer_stands_on_every_page(central: Central, api: httpx.AsyncClient) -> None:
    central.live.own_troubles = (MachineTrouble("disk_full"),)
    for page in ("/queue", "/orders", "/stock", "/problems"):
        shown = (await api.get(page, headers={"Accept": "text/html", "Accept-Language": "fr"})).text
        assert "Le disque est plein" in shown
    central.live.own_troubles = ()
    assert "Le disque est plein" not in (await api.get("/orders", headers={"Accept": "text/html"})).text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("amount", [180, -180])
def test_every_trouble_is_told_in_french(kind: str, amount: int) -> None:
    english = told(MachineTrouble(kind, amount))
    assert retold(english, "fr") != english
    assert english.endswith(".")


def test_a_trouble_that_only_a_newer_station_knows_is_told_by_its_name() -> None:
    assert told(MachineTrouble("fan_stopped", 1)) == "Fan stopped."
