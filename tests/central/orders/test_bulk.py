"""One thing done to many orders by REST: a result for each, and one that is refused stops no other."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.central.conftest import READER, Central
from tests.central.orders.test_finding import add
from tests.central.orders.test_routes import BODY, shop  # noqa: F401
from tests.central.packed import pack, sscc

pytestmark = pytest.mark.feature("O10")
WRONG = BODY["ship_to"] | {"postcode": "7500"}


@pytest.fixture
async def orders(shop: httpx.AsyncClient) -> httpx.AsyncClient:  # noqa: F811
    """P-1 and P-2 wait for money, P-3 is paid, P-4 cancelled, P-5 held."""
    for number in ("P-1", "P-2"):
        await add(shop, number, "Zoé", payment=None, lines=[{"sku": "MUG-BLUE", "quantity": 1}])
    await add(shop, "P-3", "Anna", lines=[{"sku": "MUG-BLUE", "quantity": 1}])
    await add(shop, "P-4", "Luc", cancelled=True)
    (await shop.post("/api/orders", json=BODY | {"order": "P-5", "ship_to": WRONG})).raise_for_status()
    return shop


async def run(api: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await api.post("/api/runs", json=asked)
    answer.raise_for_status()
    progress: dict[str, Any] = answer.json()
    assert progress["finished"]
    assert (await api.get(f"/api/runs/{progress['run']}")).json() == progress
    return progress


def statuses(progress: dict[str, Any]) -> list[tuple[str, bool, str]]:
    return [(result["order"], result["done"], result["status"]) for result in progress["results"]]


async def test_each_order_has_its_result_and_a_refused_one_stops_no_other(orders: httpx.AsyncClient) -> None:
    numbers = ["P-1", "P-3", "NOPE", "P-4", "P-2", "P-1"]
    progress = await run(orders, do="paid", orders=numbers, method="transfer", reference="T-7")
    assert statuses(progress) == [
        ("P-1", True, "open"),
        ("P-3", False, "open"),
        ("NOPE", False, ""),
        ("P-4", False, "cancelled"),
        ("P-2", True, "open"),
    ]
    assert (progress["total"], progress["done"], progress["refused"], progress["trouble"]) == (5, 2, 3, "")
    assert progress["results"][1]["text"] == "Order P-3 is paid already (card ch_1)."
    paid = (await orders.get("/api/orders/P-1")).json()["payment"]
    assert (paid["method"], paid["reference"], paid["amount"]) == ("transfer", "T-7", 3740)


@pytest.mark.parametrize(
    ("asked", "order", "status"),
    [
        ({"do": "held", "reason": "call her"}, "P-3", "held"),
        ({"do": "released"}, "P-5", "awaiting_payment"),
        ({"do": "cancelled", "reason": "sold out"}, "P-3", "cancelled"),
    ],
)
async def test_what_is_done_shows_on_the_order(
    orders: httpx.AsyncClient, asked: dict[str, str], order: str, status: str
) -> None:
    assert statuses(await run(orders, orders=[order], **asked)) == [(order, True, status)]
    told = (await orders.get(f"/api/orders/{order}")).json()
    assert told["status"] == status
    assert asked.get("reason", "") in " ".join(entry["text"] for entry in told["timeline"])
    # Once more changes nothing.
    assert statuses(await run(orders, orders=[order], **asked)) == [(order, True, status)]
    assert (await orders.get(f"/api/orders/{order}")).json() == told


@pytest.mark.feature("O13")
async def test_many_are_put_before_others(orders: httpx.AsyncClient) -> None:
    asked = {"do": "prioritised", "priority": "express", "reason": "fair", "orders": ["P-3", "P-4"]}
    assert statuses(await run(orders, **asked)) == [("P-3", True, "open"), ("P-4", False, "cancelled")]
    assert (await orders.get("/api/orders/P-3")).json()["priority"] == "express"
    assert (await orders.post("/api/runs", json=asked | {"priority": "now"})).status_code == 422


async def test_orders_ship_with_all_their_parcels_or_not_at_all(orders: httpx.AsyncClient, central: Central) -> None:
    await pack(central.store, "P-3", {"MUG-BLUE": 1}, 1_777_880_000_000)
    progress = await run(orders, do="shipped", orders=["P-3", "P-1"])
    assert statuses(progress) == [("P-3", True, "shipped"), ("P-1", False, "awaiting_payment")]
    assert progress["results"][1]["text"] == "Order P-1 has no parcel that could leave."
    assert (await orders.get(f"/api/parcels/{sscc(1)}")).json()["status"] == "shipped"


async def test_a_held_parcel_keeps_its_order_here(orders: httpx.AsyncClient, central: Central) -> None:
    await pack(central.store, "P-3", {"MUG-BLUE": 1}, 1_777_880_000_000)
    await orders.post("/api/orders/P-3/cancel", json={"reason": "she called"})
    progress = await run(orders, do="shipped", orders=["P-3"])
    assert "is held: its order was cancelled; release it first." in progress["results"][0]["text"]


async def test_all_that_fit_a_filter(orders: httpx.AsyncClient) -> None:
    progress = await run(orders, do="held", filter={"q": "zoe"}, reason="count first")
    assert sorted(statuses(progress)) == [("P-1", True, "held"), ("P-2", True, "held")]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"do": "eaten", "orders": ["P-1"]}, "do"),
        ({"do": "held", "orders": ["P-1"]}, "reason"),
        ({"do": "paid", "orders": ["P-1"]}, "method"),
        ({"do": "released"}, "orders"),
        ({"do": "released", "orders": ["P-1"], "filter": {}}, "orders"),
        ({"do": "released", "filter": {"status": "foo"}}, "status"),
    ],
)
async def test_what_cannot_be_done_is_refused_as_a_whole(
    orders: httpx.AsyncClient, asked: dict[str, Any], field: str
) -> None:
    answer = await orders.post("/api/runs", json=asked)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_many_orders_are_done_in_steps_that_let_others_in(api: httpx.AsyncClient, central: Central) -> None:
    for number in range(120):
        await add(api, f"P-{number:03d}", "Zoé", lines=[{"sku": "NOT-YET", "quantity": 1}])
    progress = await run(api, do="cancelled", filter={}, reason="closing")
    assert (progress["total"], progress["done"]) == (120, 120)
    assert (await api.get("/api/orders", params={"status": "cancelled", "limit": 200})).json()["next"] is None


async def test_who_only_reads_changes_nothing(orders: httpx.AsyncClient, central: Central) -> None:
    async with central.client(READER) as reader:
        assert (await reader.post("/api/runs", json={"do": "released", "orders": ["P-5"]})).status_code == 403
    assert (await orders.get("/api/orders/P-5")).json()["status"] == "held"
