"""Many parcels and problems at once: a result for each, and one that is refused stops no other."""

from __future__ import annotations

import httpx
import pytest

from tests.central.conftest import READER, Central
from tests.central.packed import pack, sscc
from tests.central.shipping.test_routes import AT
from tests.central.shipping.test_routes import sscc as parcel  # noqa: F401

pytestmark = pytest.mark.feature("O10", "V1")
PAGE = {"Accept": "text/html", "Accept-Language": "en"}


async def test_each_parcel_has_its_result(central: Central, api: httpx.AsyncClient, parcel: str) -> None:  # noqa: F811
    other = await pack(central.store, "P-1", {"TEA-100": 1}, AT + 1, 2, "t-2")
    await api.post(f"/api/parcels/{other}/take-apart", json={"reason": "wrong box"})
    asked = {"do": "shipped", "parcels": [parcel, other, sscc(9), parcel]}
    for _ in range(2):
        items = (await api.post("/api/parcels/many", json=asked)).json()["items"]
        assert [(one["sscc"], one["done"], one["status"]) for one in items] == [
            (parcel, True, "shipped"),
            (other, False, "voided"),
            (sscc(9), False, ""),
        ]
    assert items[2]["text"] == f"There is no parcel '{sscc(9)}'."
    asked["do"] = "delivered"
    for _ in range(2):
        assert (await api.post("/api/parcels/many", json=asked)).json()["items"][0]["status"] == "delivered"
    events = (await api.get(f"/api/parcels/{parcel}")).json()["events"]
    assert [event["status"] for event in events] == ["packed", "shipped", "delivered"]


async def test_held_parcels_are_let_go_together(api: httpx.AsyncClient, parcel: str) -> None:  # noqa: F811
    await api.post("/api/orders/P-1/cancel", json={"reason": "she called"})
    asked = {"do": "shipped", "parcels": [parcel]}
    assert "is held" in (await api.post("/api/parcels/many", json=asked)).json()["items"][0]["text"]
    await api.post("/api/parcels/many", json=asked | {"do": "let_go"})
    assert (await api.post("/api/parcels/many", json=asked)).json()["items"][0]["done"]


async def test_a_wrong_number_or_wish_is_refused_as_a_whole(api: httpx.AsyncClient, parcel: str) -> None:  # noqa: F811
    for wrong in ({"parcels": ["1"]}, {"do": "eaten"}, {"parcels": []}):
        answer = await api.post("/api/parcels/many", json={"do": "shipped", "parcels": [parcel]} | wrong)
        assert answer.status_code in (400, 422), wrong
    assert (await api.get(f"/api/parcels/{parcel}")).json()["status"] == "packed"


async def test_who_only_reads_changes_nothing(central: Central, parcel: str) -> None:  # noqa: F811
    async with central.client(READER) as reader:
        answer = await reader.post("/api/parcels/many", json={"do": "shipped", "parcels": [parcel]})
        assert answer.status_code == 403


async def test_the_list_of_parcels_shows_the_results(api: httpx.AsyncClient, parcel: str) -> None:  # noqa: F811
    page = await api.post("/parcels/many", data={"do": "shipped", "parcel": [parcel, sscc(9)]}, headers=PAGE)
    assert page.status_code == 200
    assert "1 of 2 done." in page.text
    assert f"There is no parcel {sscc(9)}." in page.text.replace("&#39;", "")
    nothing = await api.post("/parcels/many", data={"do": "shipped"}, headers=PAGE)
    assert (nothing.status_code, "Select at least one parcel." in nothing.text) == (422, True)


async def test_each_problem_has_its_result(api: httpx.AsyncClient, parcel: str) -> None:  # noqa: F811
    await api.post("/api/orders/P-1/cancel", json={"reason": "she called"})
    nothing = await api.post("/problems/acknowledge", headers=PAGE)
    assert (nothing.status_code, "Select at least one problem." in nothing.text) == (422, True)
    first, second = (one["problem"] for one in (await api.get("/api/problems")).json()["items"])
    await api.post(f"/api/problems/{first}/acknowledge")
    answer = await api.post("/api/problems/acknowledge", json={"problems": [first, second, 999]})
    assert [(one["problem"], one["done"]) for one in answer.json()["items"]] == [
        (first, False),
        (second, True),
        (999, False),
    ]
    assert answer.json()["items"][0]["text"].endswith("dealt with it already.")
    assert (await api.get("/api/problems")).json()["items"] == []
    again = await api.post("/problems/acknowledge", data={"problem": [str(second)]}, headers=PAGE)
    assert "0 of 1 done." in again.text
