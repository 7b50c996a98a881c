"""Parcels by REST, against a running server on a real database."""

from __future__ import annotations

import httpx
import pytest

from tests.central.conftest import Central
from tests.central.orders.test_routes import PAID
from tests.central.packed import pack

AT = 1_777_880_000_000


@pytest.fixture
async def sscc(central: Central, api: httpx.AsyncClient) -> str:
    """A parcel with two of the order's three pieces."""
    for sku in ("MUG-BLUE", "TEA-100"):
        await api.put(f"/api/products/{sku}", json={"name": sku.title()})
        await api.post(f"/api/stock/{sku}/received", json={"quantity": 10})
    await api.post("/api/orders", json=PAID)
    return await pack(central.store, "P-1", {"MUG-BLUE": 2}, AT)


@pytest.mark.feature("O6", "S5")
async def test_a_parcel_leaves_and_arrives_and_the_order_follows(api: httpx.AsyncClient, sscc: str) -> None:
    assert (await api.get("/api/orders/P-1")).json()["status"] == "partly_packed"
    parcel = (await api.post(f"/api/parcels/{sscc}/ship")).json()
    assert (parcel["status"], parcel["grams"]) == ("shipped", 1240)
    again = (await api.post(f"/api/parcels/{sscc}/ship")).json()
    assert again == parcel
    order = (await api.get("/api/orders/P-1")).json()
    assert (order["status"], [line["shipped"] for line in order["lines"]]) == ("partly_shipped", [2, 0])
    event = {"status": "delivered", "place": "Paris", "text": "left with the neighbour"}
    parcel = (await api.post(f"/api/parcels/{sscc}/events", json=event)).json()
    assert [(one["status"], one["place"]) for one in parcel["events"]] == [
        ("packed", ""),
        ("shipped", ""),
        ("delivered", "Paris"),
    ]
    assert (await api.get("/api/orders/P-1")).json()["lines"][0]["delivered"] == 2


@pytest.mark.feature("S2")
async def test_a_manual_tracking_number_is_entered_and_found(api: httpx.AsyncClient, sscc: str) -> None:
    body = {"tracking_number": "6A 1234 5678 901", "carrier": "Colissimo"}
    parcel = (await api.post(f"/api/parcels/{sscc}/tracking-number", json=body)).json()
    assert (parcel["tracking_number"], parcel["carrier"]) == ("6A12345678901", "Colissimo")
    for path in ("/api/parcels", "/api/orders"):
        assert len((await api.get(path, params={"q": "6A12345678901"})).json()["items"]) == 1
    refused = await api.post(f"/api/parcels/{sscc}/tracking-number", json={"tracking_number": "!"})
    assert refused.status_code == 422
    assert "6 to 40 letters and digits" in refused.json()["detail"]


async def test_a_parcel_of_a_cancelled_order_is_held_until_a_person_lets_it_go(
    api: httpx.AsyncClient, sscc: str
) -> None:
    await api.post("/api/orders/P-1/cancel", json={"reason": "she called"})
    refused = await api.post(f"/api/parcels/{sscc}/ship")
    assert (refused.status_code, "its order was cancelled" in refused.json()["detail"]) == (409, True)
    problems = (await api.get("/api/problems")).json()["items"]
    assert sorted(one["kind"] for one in problems) == ["refund_due", "void_label"]
    assert (await api.post(f"/api/parcels/{sscc}/let-go")).json()["held"] == ""
    assert [one["kind"] for one in (await api.get("/api/problems")).json()["items"]] == ["refund_due"]
    assert (await api.post(f"/api/parcels/{sscc}/ship")).json()["status"] == "shipped"


async def test_a_parcel_is_taken_apart_and_its_pieces_are_back(api: httpx.AsyncClient, sscc: str) -> None:
    assert (await api.get("/api/products/MUG-BLUE")).json()["level"]["packed"] == 2
    parcel = (await api.post(f"/api/parcels/{sscc}/take-apart", json={"reason": "wrong box"})).json()
    assert parcel["status"] == "voided"
    level = (await api.get("/api/products/MUG-BLUE")).json()["level"]
    assert (level["on_hand"], level["packed"]) == (10, 0)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/api/parcels/{sscc}/events", {"status": "lost"}, 400),
        ("/api/parcels/{sscc}/events", {"status": "packed"}, 400),
        ("/api/parcels/{sscc}/events", {"status": "delivered", "at": 4_000_000_000_000}, 409),
        ("/api/parcels/034012340000000015/ship", None, 422),
        ("/api/parcels/hello/ship", None, 422),
        ("/api/parcels/034012340000000991/ship", None, 404),
    ],
)
async def test_what_cannot_be_is_refused(
    api: httpx.AsyncClient, sscc: str, path: str, body: dict[str, object] | None, status: int
) -> None:
    answer = await api.post(path.format(sscc=sscc), json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["detail"]


@pytest.mark.feature("P6")
@pytest.mark.parametrize(("text", "found"), [("L-1", 1), ("S-1", 1), ("L-2", 0), ("L", 0)])
async def test_parcels_are_found_by_what_is_in_them(api: httpx.AsyncClient, sscc: str, text: str, found: int) -> None:
    items = (await api.get("/api/parcels", params={"q": text})).json()["items"]
    assert [item["sscc"] for item in items] == [sscc] * found
    contents = (await api.get(f"/api/parcels/{sscc}")).json()["contents"]
    assert contents[0]["traces"] == [{"lot": "L-1", "serial": "S-1", "expiry": "2029-11-30"}]
    page = await api.get(f"/parcels/{sscc}")
    assert "lot L-1 " in page.text
