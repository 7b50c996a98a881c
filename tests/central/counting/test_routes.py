"""Counts by REST, against a running server on a real database."""

from __future__ import annotations

import httpx
import pytest
from msgspec.structs import replace

from central.counting.model import Recount
from tests.central.conftest import Central
from tests.central.orders.test_routes import PAID
from tests.central.packed import pack
from tests.central.stock.test_routes import add


async def stocked(api: httpx.AsyncClient) -> None:
    for sku in ("MUG-BLUE", "TEA-100"):
        await add(api, sku)
        await api.post(f"/api/stock/{sku}/received", json={"quantity": 10})


@pytest.mark.feature("K7")
async def test_a_blind_count_is_compared_approved_and_proven(api: httpx.AsyncClient, central: Central) -> None:
    await stocked(api)
    order = PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 9}]}
    assert (await api.post("/api/orders", json=order)).status_code == 201
    planned = (await api.put("/api/counts/C-1", json={"skus": ["MUG-BLUE", "TEA-100"]})).json()
    assert [(line["sku"], line["expected"]) for line in planned["lines"]] == [("MUG-BLUE", None), ("TEA-100", None)]
    found = [{"sku": "MUG-BLUE", "quantity": 7}, {"sku": "TEA-100", "quantity": 11}]
    counted = (await api.post("/api/counts/C-1/found", json={"found": found})).json()
    assert [(line["counted"], line["expected"]) for line in counted["lines"]] == [(7, 10), (11, 10)]
    assert counted["status"] == "counted"
    assert (await api.post("/api/counts/C-1/approved")).json()["status"] == "approved"
    mug = (await api.get("/api/products/MUG-BLUE")).json()["level"]
    assert mug == {"on_hand": 7, "reserved": 7, "available": 0, "packed": 0}
    assert (await api.get("/api/products/TEA-100")).json()["level"]["on_hand"] == 11
    for audit in ("stock.audit_levels", "stock.audit_holdings"):
        assert await central.store.read(audit) == []
    assert b"MUG-BLUE" in (await api.get("/api/counts/C-1/csv")).content


@pytest.mark.feature("K7")
async def test_a_parcel_that_is_told_late_is_no_difference(api: httpx.AsyncClient, central: Central) -> None:
    await stocked(api)
    await api.post("/api/orders", json=PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 3}]})
    await api.put("/api/counts/C-1", json={"skus": ["MUG-BLUE"], "blind": False})
    answer = (await api.post("/api/counts/C-1/found", json={"found": [{"sku": "MUG-BLUE", "quantity": 10}]})).json()
    (line,) = answer["lines"]
    assert (line["counted"], line["expected"]) == (10, 10)
    await pack(central.store, "P-1", {"MUG-BLUE": 3}, line["counted_at"] + 5)
    (line,) = (await api.get("/api/counts/C-1")).json()["lines"]
    assert line["expected"] == 10
    await api.post("/api/counts/C-1/approved")
    assert (await api.get("/api/products/MUG-BLUE")).json()["level"]["on_hand"] == 7
    assert await central.store.read("stock.audit_levels") == []


@pytest.mark.feature("K7")
async def test_what_cannot_be_done_with_a_count(api: httpx.AsyncClient) -> None:
    await stocked(api)
    assert (await api.put("/api/counts/C-1", json={"bins": ["A9"]})).status_code == 422
    assert (await api.put("/api/counts/C-1", json={"skus": ["NO-1"]})).status_code == 404
    assert (await api.get("/api/counts/C-1")).status_code == 404
    await api.put("/api/counts/C-1", json={"skus": ["MUG-BLUE"]})
    assert (await api.post("/api/counts/C-1/approved")).status_code == 409
    assert (await api.post("/api/counts/C-1/rejected")).json()["status"] == "rejected"
    late = await api.post("/api/counts/C-1/found", json={"found": [{"sku": "MUG-BLUE", "quantity": 1}]})
    assert late.status_code == 409
    listed = (await api.get("/api/counts", params={"status": "undecided"})).json()["items"]
    assert listed == []


@pytest.mark.feature("K7", "V1")
async def test_the_page_marks_what_is_far_off_and_asks_for_a_reason(api: httpx.AsyncClient, central: Central) -> None:
    central.store.standing = replace(central.store.standing, recount=Recount(5, 20))
    await stocked(api)
    await api.put("/api/counts/C-1", json={"skus": ["MUG-BLUE", "TEA-100"]})
    found = [{"sku": "MUG-BLUE", "quantity": 2}, {"sku": "TEA-100", "quantity": 11}]
    counted = (await api.post("/api/counts/C-1/found", json={"found": found})).json()
    told = [(line["counted"], line["first_counted"], line["expected"], line["unsure"]) for line in counted["lines"]]
    assert (counted["status"], told) == ("open", [(None, 2, 10, True), (11, None, 10, False)])
    refused = await api.post("/api/counts/C-1/approved")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (409, "reason")
    async with central.browser() as browser:
        english = {"Accept-Language": "en", "Accept": "text/html"}
        page = (await browser.get("/counts/C-1", headers=english)).text
        for words in ("Lines that are far off: 1.", "Far off: to be counted a second time", "First: 2 by ", "−8"):
            assert words in page
        french = (await browser.post("/counts/C-1/approved", headers={"Accept-Language": "fr"})).text
        assert 'id="reason-error"' in french
        assert "que personne d&#39;autre n&#39;a recomptées (1)" in french
        await browser.post("/counts/C-1/approved", data={"reason": "Sold by the pallet"}, headers=english)
        page = (await browser.get("/counts/C-1", headers=english)).text
    assert "Sold by the pallet" in page
    assert (await api.get("/api/products/MUG-BLUE")).json()["level"]["on_hand"] == 2
    assert await central.store.read("stock.audit_levels") == []
