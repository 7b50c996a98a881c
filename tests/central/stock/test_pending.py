"""Shelves against open orders by REST and on the page."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from tests.central.orders.test_routes import PAID
from tests.central.stock.test_routes import add


@pytest.mark.feature("K4")
async def test_what_is_missing_for_which_orders_and_when_it_comes(api: httpx.AsyncClient) -> None:
    for sku, there in (("MUG-BLUE", 5), ("TEA-100", 9)):
        await add(api, sku)
        await api.post(f"/api/stock/{sku}/received", json={"quantity": there})
    for number, pieces in ((1, 4), (2, 4), (3, 2)):
        lines = [{"sku": "MUG-BLUE", "quantity": pieces}, {"sku": "TEA-100", "quantity": 1}]
        order = PAID | {"order": f"P-{number}", "lines": lines}
        (await api.post("/api/orders", json=order)).raise_for_status()
    await api.put("/api/suppliers/faience", json={"name": "Faïencerie"})
    wanted = {"supplier": "faience", "lines": [{"sku": "MUG-BLUE", "quantity": 10}], "expected_at": 1_790_000_000_000}
    await api.put("/api/deliveries/PO-1", json=wanted)
    (mug,) = (await api.get("/api/stock/pending", params={"show": "missing"})).json()["items"]
    assert (mug["sku"], mug["shelf"], mug["to_pack"], mug["reserved"], mug["missing"]) == ("MUG-BLUE", 5, 10, 5, 5)
    assert (mug["incoming"], mug["comes_at"]) == (10, 1_790_000_000_000)
    assert [(each["order_id"], each["missing"]) for each in mug["lacking"]] == [("P-2", 3), ("P-3", 2)]
    everything = (await api.get("/api/stock/pending")).json()["items"]
    assert [each["sku"] for each in everything] == ["MUG-BLUE", "TEA-100"]
    text = (await api.get("/api/exports/pending")).content.decode("utf-8-sig")
    assert [(row["sku"], row["order"], row["order_missing"]) for row in csv.DictReader(io.StringIO(text))] == [
        ("MUG-BLUE", "P-2", "3"),
        ("MUG-BLUE", "P-3", "2"),
        ("TEA-100", "", ""),
    ]
    page = await api.get("/pending", headers={"Accept": "text/html", "Accept-Language": "en"})
    assert "P-3" in page.text
    assert "TEA-100" not in page.text
