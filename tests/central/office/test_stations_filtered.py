"""Stations are narrowed in the address: on the page, by REST, in the file and on the live stream alike."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urlencode

import httpx
import pytest

from central.desk.books import Keys
from central.stations.rows import StationRow
from contract.keys import StationId
from contract.messages import Progress, StationState
from contract.values import DeviceState
from tests.central.conftest import Central

pytestmark = pytest.mark.feature("V1")
AT = 1_777_880_000_000


@pytest.fixture
def house(central: Central) -> Central:
    """Three benches that spoke since the start, one with an ill scale."""
    ill = (DeviceState("scale", "scale", "silent", "no frame for 4 s"),)
    central.live.state(StationId("lyon-1"), StationState(True), AT)
    central.live.progress(StationId("lyon-1"), Progress("packing", "Scan an item", AT, "7001", ("P-77",)), AT)
    central.live.state(StationId("lyon-2"), StationState(True, devices=ill), AT)
    central.live.state(StationId("oslo-1"), StationState(False), AT)
    return central


@pytest.mark.parametrize(
    ("asked", "fit"),
    [
        ({}, ["lyon-1", "lyon-2", "old-1", "oslo-1"]),
        ({"q": "LYON"}, ["lyon-1", "lyon-2"]),
        ({"q": "p-77"}, ["lyon-1"]),
        ({"q": "7001"}, ["lyon-1"]),
        ({"state": "online"}, ["lyon-1", "lyon-2"]),
        ({"state": "offline"}, ["old-1", "oslo-1"]),
        ({"state": "trouble"}, ["lyon-2"]),
        ({"q": "oslo", "state": "online"}, []),
    ],
)
async def test_page_rest_and_file_show_the_same_stations(
    house: Central, api: httpx.AsyncClient, asked: dict[str, str], fit: list[str]
) -> None:
    await house.store.transact(Keys(), lambda books: books.stations.put(StationRow("old-1")))
    assert [one["station"] for one in (await api.get("/api/stations", params=asked)).json()["items"]] == fit
    async with house.browser() as browser:
        page = (await browser.get("/stations", params=asked, headers={"Accept-Language": "en"})).text
    assert [name for name in ("lyon-1", "lyon-2", "old-1", "oslo-1") if f'id="station-{name}"' in page] == fit
    assert ("No station fits." in page) == (not fit)
    if fit:
        assert f"/api/exports/stations{'?' if asked else ''}{urlencode(asked).replace('&', '&amp;')}" in page
    file = (await api.get("/api/exports/stations", params=asked)).text
    assert [line.partition(",")[0] for line in file.splitlines()[1:]] == fit


async def test_a_station_that_fits_no_longer_leaves_the_live_page(house: Central) -> None:
    asked = {"state": "online"}
    async with (
        asyncio.timeout(60),
        house.browser() as browser,
        browser.stream("GET", "/stations/live", params=asked, timeout=60) as stream,
    ):
        lines = stream.aiter_lines()
        shown = [await _event(lines) for _ in range(3)]
        assert [event for event, _ in shown] == ["station", "station", "gone"]
        assert shown[2][1] == "oslo-1"
        house.live.state(StationId("lyon-2"), StationState(False), AT)
        assert await _event(lines) == ("gone", "lyon-2")


async def _event(lines: AsyncIterator[str]) -> tuple[str, str]:
    """The next event: its name and its data."""
    name, data = "", []
    async for line in lines:
        if line.startswith("event:"):
            name = line.partition(":")[2].strip()
        elif line.startswith("data:"):
            data.append(line.partition(":")[2].strip())
        elif not line and name:
            break
    return name, "\n".join(data)
