"""Suppliers and deliveries by REST, against a running server on a real database."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from tests.central.conftest import Central, until
from tests.central.orders.test_routes import PAID
from tests.central.stock.test_routes import add

WANTED = {"supplier": "faience", "lines": [{"sku": "MUG-BLUE", "quantity": 10}, {"sku": "TEA-100", "quantity": 4}]}


async def expect(api: httpx.AsyncClient, number: str = "PO-1") -> None:
    for sku in ("MUG-BLUE", "TEA-100"):
        await add(api, sku)
    (await api.put("/api/suppliers/faience", json={"name": "Faïencerie", "lead_days": 9})).raise_for_status()
    (await api.put(f"/api/deliveries/{number}", json=WANTED)).raise_for_status()


@pytest.mark.feature("K6")
async def test_a_delivery_is_received_in_parts_and_serves_the_orders_that_waited(
    api: httpx.AsyncClient, central: Central
) -> None:
    await expect(api)
    await api.post("/api/orders", json=PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 4}]})
    arrivals = [
        {"sku": "MUG-BLUE", "quantity": 6, "bin": "A1", "lot": "L1", "expiry": "2031-05-00"},
        {"sku": "TEA-100", "quantity": 5},
    ]
    part = (await api.post("/api/deliveries/PO-1/received", json={"arrivals": arrivals})).json()
    assert (part["status"], part["expected"], part["received"]) == ("partly_received", 14, 11)
    assert [(each["sku"], each["bin"], each["lot"], each["by"]) for each in part["receipts"]] == [
        ("MUG-BLUE", "A1", "L1", "anna"),
        ("TEA-100", "", "", "anna"),
    ]
    order = await until(api, "/api/orders/P-1", lambda order: not order["held"])
    assert (order["status"], order["lines"][0]["reserved"]) == ("open", 4)
    closed = (await api.post("/api/deliveries/PO-1/closed")).json()
    assert closed["status"] == "closed"
    kinds = [each["kind"] for each in (await api.get("/api/problems")).json()["items"]]
    assert sorted(kinds) == ["low_stock", "over_delivered", "under_delivered"]
    for audit in ("stock.audit_levels", "stock.audit_holdings", "supply.audit_deliveries"):
        assert await central.store.read(audit) == []


@pytest.mark.feature("K6")
async def test_what_cannot_be_received_leaves_nothing_behind(api: httpx.AsyncClient, central: Central) -> None:
    await expect(api)
    arrivals = [{"sku": "MUG-BLUE", "quantity": 6}, {"sku": "NO-1", "quantity": 1}]
    refused = await api.post("/api/deliveries/PO-1/received", json={"arrivals": arrivals})
    assert (refused.status_code, refused.json()["detail"]) == (404, "There is no product 'NO-1'.")
    assert (await api.get("/api/deliveries/PO-1")).json()["received"] == 0
    assert (await api.get("/api/deliveries/PO-9")).status_code == 404
    again = await api.put("/api/deliveries/PO-1", json=WANTED | {"supplier": "nobody"})
    assert again.status_code == 404
    bad = await api.post("/api/deliveries/PO-1/received", json={"arrivals": [{"sku": "MUG-BLUE", "quantity": 0}]})
    assert bad.status_code in (400, 422)


@pytest.mark.feature("K6", "I4")
async def test_deliveries_come_from_a_file_and_go_to_one(api: httpx.AsyncClient) -> None:
    await expect(api)
    text = (
        "delivery;supplier;sku;quantity;expected_on\n"
        "PO-2;faience;MUG-BLUE;3;2026-12-01\nPO-2;faience;TEA-100;2;2026-12-01\n"
        "PO-3;faience;MUG-BLUE;none;\nPO-4;nobody;MUG-BLUE;1;\nPO-5;faience;NO-1;1;\n"
    )
    report = (await api.post("/api/deliveries/import", files={"data": ("d.csv", text.encode())})).json()
    assert report["taken"] == 1
    assert [each["about"] for each in report["rejected"]] == ["PO-3", "PO-4", "PO-5"]
    listed = (await api.get("/api/deliveries", params={"q": "po-2", "status": "open"})).json()["items"]
    assert [(each["number"], each["expected"]) for each in listed] == [("PO-2", 5)]
    answer = await api.get("/api/deliveries/PO-2/csv")
    assert "delivery-PO-2.csv" in answer.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["sku"], row["expected"], row["received"], row["difference"]) for row in rows] == [
        ("MUG-BLUE", "3", "0", "-3"),
        ("TEA-100", "2", "0", "-2"),
    ]


@pytest.mark.feature("K6")
async def test_the_list_goes_on_where_the_page_before_ended(api: httpx.AsyncClient) -> None:
    for number in range(5):
        await expect(api, f"PO-{number}")
    seen, after = [], ""
    while after is not None:
        page = (await api.get("/api/deliveries", params={"limit": 2, "after": after})).json()
        seen += [each["number"] for each in page["items"]]
        after = page["next"]
    assert sorted(seen) == [f"PO-{number}" for number in range(5)]
