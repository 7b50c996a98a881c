"""Products and stock by REST, against a running server on a real database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from central.desk.books import Books, Keys
from central.packing.masses import ENOUGH, MassRow
from tests.central.conftest import Central, until
from tests.central.orders.test_routes import PAID


async def add(api: httpx.AsyncClient, sku: str = "MUG-BLUE", **more: Any) -> None:
    (await api.put(f"/api/products/{sku}", json={"name": "Blue mug", "reorder_point": 3} | more)).raise_for_status()


@pytest.mark.feature("K1")
async def test_the_level_is_the_sum_of_the_ledger(api: httpx.AsyncClient) -> None:
    await add(api)
    await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 10, "reference": "DN-1"})
    answer = await api.post("/api/stock/MUG-BLUE/counted", json={"on_hand": 7, "reference": "cycle count"})
    assert answer.json()["level"] == {"on_hand": 7, "reserved": 0, "available": 7, "packed": 0}
    ledger = (await api.get("/api/stock/MUG-BLUE/movements")).json()["items"]
    assert [(one["reason"], one["source"], one["target"], one["quantity"], one["by"]) for one in ledger] == [
        ("counted", "shelf", "", 3, "anna"),
        ("received", "", "shelf", 10, "anna"),
    ]


@pytest.mark.feature("K1", "K6")
async def test_goods_of_a_delivery_are_not_received_past_it(api: httpx.AsyncClient) -> None:
    """They would stand on the ledger under its name and not be counted on it."""
    await add(api)
    body = {"quantity": 5, "reference": "delivery/PO-1"}
    refused = await api.post("/api/stock/MUG-BLUE/received", json=body)
    assert refused.status_code == 422
    assert "receive its goods on the delivery" in refused.json()["detail"]
    assert (await api.get("/api/stock/MUG-BLUE/movements")).json()["items"] == []


@pytest.mark.feature("K2")
async def test_a_count_below_what_is_promised_is_refused(api: httpx.AsyncClient) -> None:
    await add(api)
    await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 5})
    await api.post("/api/orders", json=PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 4}]})
    refused = await api.post("/api/stock/MUG-BLUE/counted", json={"on_hand": 3})
    assert refused.status_code == 409
    assert "4 are promised to orders" in refused.json()["detail"]


@pytest.mark.feature("K2", "O2")
async def test_goods_that_come_in_free_the_order_that_waited(api: httpx.AsyncClient) -> None:
    order = PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 4}]}
    held = (await api.post("/api/orders", json=order)).json()
    assert [reason["code"] for reason in held["held"]] == ["product.MUG-BLUE"]
    await add(api)
    held = await until(api, "/api/orders/P-1", lambda order: order["held"] != held["held"])
    assert [reason["code"] for reason in held["held"]] == ["stock.1"]
    await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 9})
    found = await until(api, "/api/orders/P-1", lambda order: not order["held"])
    assert (found["status"], found["lines"][0]["reserved"]) == ("open", 4)
    assert (found["timeline"][-1]["what"], found["timeline"][-1]["by"]) == ("order_released", "stock")


@pytest.mark.feature("K3")
async def test_low_stock_is_a_problem_once_and_is_dealt_with(api: httpx.AsyncClient) -> None:
    await add(api)
    await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 5})
    await api.post("/api/orders", json=PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 2}]})
    (problem,) = (await api.get("/api/problems")).json()["items"]
    assert (problem["kind"], problem["sku"]) == ("low_stock", "MUG-BLUE")
    low = (await api.get("/api/products", params={"show": "low"})).json()["items"]
    assert [item["product"]["sku"] for item in low] == ["MUG-BLUE"]
    for _ in range(2):
        closed = (await api.post(f"/api/problems/{problem['problem']}/acknowledge")).json()
        assert closed["closed_by"] == "anna"
    assert (await api.get("/api/problems")).json()["items"] == []
    assert len((await api.get("/api/problems", params={"all": "true"})).json()["items"]) == 1
    assert (await api.post("/api/problems/999/acknowledge")).status_code == 404


@pytest.mark.parametrize("q", ["mug", "MUG-B", "4006381333931", "04006381333931"])
async def test_a_product_is_found_by_sku_name_and_any_form_of_its_code(api: httpx.AsyncClient, q: str) -> None:
    await add(api, codes=[{"code": "4006381333931"}])
    await add(api, "TEA-100", name="Green tea")
    items = (await api.get("/api/products", params={"q": q})).json()["items"]
    assert [item["product"]["sku"] for item in items] == ["MUG-BLUE"]


@pytest.mark.parametrize(
    ("path", "body", "status", "field"),
    [
        ("/api/stock/MUG-BLUE/received", {"quantity": 0}, 400, "quantity"),
        ("/api/stock/MUG-BLUE/received", {"quantity": -1}, 400, "quantity"),
        ("/api/stock/MUG-BLUE/counted", {"on_hand": -1}, 400, "on_hand"),
        ("/api/stock/NOPE/received", {"quantity": 1}, 404, "product"),
    ],
)
async def test_bad_changes_name_their_field(
    api: httpx.AsyncClient, path: str, body: dict[str, int], status: int, field: str
) -> None:
    await add(api)
    answer = await api.post(path, json=body)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (status, field)


async def test_a_wrong_check_digit_is_refused(api: httpx.AsyncClient) -> None:
    answer = await api.put("/api/products/A", json={"name": "A", "codes": [{"code": "4006381333932"}]})
    assert answer.status_code == 422
    assert "the check digit is 2, it should be 1" in answer.json()["detail"]


async def test_goods_received_twice_under_one_key_count_once(api: httpx.AsyncClient) -> None:
    await add(api)
    for _ in range(2):
        key = {"Idempotency-Key": "DN-7"}
        answer = await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 5}, headers=key)
        assert answer.json()["level"]["on_hand"] == 5


@pytest.mark.feature("P12")
async def test_a_product_shows_what_parcels_taught_of_its_mass(central: Central, api: httpx.AsyncClient) -> None:
    await add(api, mass_g=250, tolerance_g=9)
    assert (await api.get("/api/products/MUG-BLUE")).json()["learned"] is None

    def put(parcels: int) -> Callable[[Books], None]:
        row = MassRow("product", "MUG-BLUE", 261_300.0, 4_000_000.0, 30.0, 9.0, parcels)
        return lambda books: books.masses.put(row)

    await central.store.transact(Keys(), put(ENOUGH - 1))
    assert (await api.get("/api/products/MUG-BLUE")).json()["learned"] is None
    await central.store.transact(Keys(), put(ENOUGH))
    learned = {"mean_mg": 261_300, "spread_mg": 2_000, "seen": 30}
    assert (await api.get("/api/products/MUG-BLUE")).json()["learned"] == learned
    assert "261\u00a0g ± 6\u00a0g" in (await api.get("/stock/MUG-BLUE")).text
    await add(api, mass_g=250, tolerance_g=9, fragile=True)
    assert (await api.get("/api/products/MUG-BLUE")).json()["learned"] == learned
    await add(api, mass_g=310, tolerance_g=9)
    assert (await api.get("/api/products/MUG-BLUE")).json()["learned"] is None, "another mass on file: begin anew"
