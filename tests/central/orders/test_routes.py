"""Orders by REST, against a running server on a real database."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

DATA = Path(__file__).parents[1] / "data"
BODY: dict[str, Any] = {
    "order": "P-1",
    "placed_at": 1_777_878_720_000,
    "ship_to": {
        "name": "Élodie Lefèvre",
        "lines": ["12 rue de la Paix"],
        "postcode": "75002",
        "city": "Paris",
        "country": "FR",
    },
    "lines": [{"sku": "MUG-BLUE", "quantity": 2, "unit_price": 1250}, {"sku": "TEA-100", "quantity": 1}],
    "contact": {"email": "elodie@example.org", "phone": "01 42 60 00 00", "language": "fr"},
    "total": 3740,
}
PAID = BODY | {"payment": {"method": "card", "reference": "ch_1"}}
ANY: Final = {"If-Match": "*"}
"""Replaces whatever version of an order is there."""


@pytest.fixture
async def shop(api: httpx.AsyncClient) -> httpx.AsyncClient:
    """Two products with ten pieces each."""
    for sku in ("MUG-BLUE", "TEA-100"):
        (await api.put(f"/api/products/{sku}", json={"name": sku.title(), "mass_g": 100})).raise_for_status()
        (await api.post(f"/api/stock/{sku}/received", json={"quantity": 10})).raise_for_status()
    return api


@pytest.mark.feature("O1", "O5", "I2")
async def test_an_order_is_taken_in_and_shown_whole(shop: httpx.AsyncClient) -> None:
    answer = await shop.post("/api/orders", json=PAID)
    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert (order["status"], order["held"], order["payment"]["state"]) == ("open", [], "paid")
    assert [(line["name"], line["ordered"], line["reserved"]) for line in order["lines"]] == [
        ("Mug-Blue", 2, 2),
        ("Tea-100", 1, 1),
    ]
    assert [(entry["what"], entry["by"]) for entry in order["timeline"]] == [
        ("order_received", "anna"),
        ("order_paid", "anna"),
    ]
    assert (await shop.get("/api/orders/P-1")).json() == order


@pytest.mark.feature("O1")
async def test_the_same_order_twice_is_one_and_other_content_is_a_conflict(shop: httpx.AsyncClient) -> None:
    first = await shop.post("/api/orders", json=PAID)
    again = await shop.post("/api/orders", json=PAID)
    assert (again.status_code, again.json()) == (200, first.json())
    other = await shop.post("/api/orders", json=PAID | {"total": 1})
    assert other.status_code == 409
    assert other.headers["content-type"] == "application/problem+json"
    problem = other.json()
    assert (problem["title"], problem["status"], problem["instance"]) == ("It cannot be done now", 409, "/api/orders")
    assert problem["errors"] == [{"field": "order", "value": "P-1", "text": problem["detail"]}]
    assert (await shop.get("/api/orders/P-1")).json() == first.json()


@pytest.mark.feature("I2")
@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"lines": [{"sku": "MUG-BLUE", "quantity": -2}]}, "lines[0].quantity", "-2"),
        ({"lines": []}, "lines", "[]"),
        ({"order": ""}, "order", ""),
        ({"order": "A\nB"}, "order", "A\nB"),
        ({"placed_at": "yesterday"}, "placed_at", "yesterday"),
        ({"nope": 1}, "nope", "1"),
        ({"ship_to": {"name": "A", "lines": ["B"], "city": "C"}}, "ship_to.country", ""),
        ({"currency": "Euro"}, "currency", "Euro"),
    ],
)
async def test_a_bad_body_names_field_and_value(
    shop: httpx.AsyncClient, change: dict[str, Any], field: str, value: str
) -> None:
    answer = await shop.post("/api/orders", json=BODY | change)
    assert answer.status_code == 400
    (error,) = answer.json()["errors"]
    assert (error["field"], error.get("value", "")) == (field, value)
    assert error["text"] in answer.json()["detail"]


@pytest.mark.parametrize(
    ("content", "status"), [(b"{not json", 400), (b"", 400), (b"\xff\xfe", 400), (b"[" * 2_000_000, 413)]
)
async def test_what_is_not_an_order_at_all_is_refused(api: httpx.AsyncClient, content: bytes, status: int) -> None:
    answer = await api.post("/api/orders", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert (await api.get("/api/orders")).json()["items"] == []


@pytest.mark.feature("O2", "O3", "O8")
async def test_an_order_is_held_released_paid_annotated_and_cancelled(shop: httpx.AsyncClient) -> None:
    held = (await shop.post("/api/orders", json=BODY | {"ship_to": BODY["ship_to"] | {"postcode": "7500"}})).json()
    assert (held["status"], [reason["code"] for reason in held["held"]]) == ("held", ["address.postal_code"])
    released = (await shop.post("/api/orders/P-1/release", headers=ANY)).json()
    assert released["status"] == "awaiting_payment"
    paid = (await shop.post("/api/orders/P-1/payment", json={"method": "cheque", "reference": "C-7"})).json()
    assert (paid["status"], paid["payment"]["amount"]) == ("open", 3740)
    noted = (await shop.post("/api/orders/P-1/notes", json={"audience": "packer", "text": "Silk paper"})).json()
    assert noted["notes"] == [{"audience": "packer", "text": "Silk paper"}]
    stopped = (await shop.post("/api/orders/P-1/hold", json={"reason": "call her"})).json()
    assert stopped["status"] == "held"
    cancelled = (await shop.post("/api/orders/P-1/cancel", json={"reason": "she changed her mind"})).json()
    assert cancelled["status"] == "cancelled"
    assert [entry["what"] for entry in cancelled["timeline"]] == [
        "order_received",
        "order_held",
        "order_released",
        "order_paid",
        "note_added",
        "order_held",
        "order_cancelled",
        "refund_due",
    ]
    assert (await shop.get("/api/products/MUG-BLUE")).json()["level"] == {
        "on_hand": 10,
        "reserved": 0,
        "available": 10,
        "packed": 0,
    }
    refused = await shop.post("/api/orders/P-1/payment", json={"method": "card"})
    assert (refused.status_code, refused.json()["detail"]) == (409, "Order P-1 is cancelled.")


async def test_an_address_is_changed_and_checked_again(shop: httpx.AsyncClient) -> None:
    await shop.post("/api/orders", json=PAID | {"ship_to": BODY["ship_to"] | {"postcode": "7500"}})
    answer = await shop.post("/api/orders/P-1/address", json=BODY["ship_to"] | {"postcode": "75003"}, headers=ANY)
    assert (answer.json()["status"], answer.json()["ship_to"]["postcode"]) == ("open", "75003")


@pytest.mark.feature("I2")
async def test_a_key_makes_a_repeated_request_one(shop: httpx.AsyncClient) -> None:
    await shop.post("/api/orders", json=PAID)
    note = {"audience": "office", "text": "Once"}
    for _ in range(2):
        answer = await shop.post("/api/orders/P-1/notes", json=note, headers={"Idempotency-Key": "k1"})
        assert answer.json()["notes"] == [note]
    other = await shop.post("/api/orders/P-1/notes", json=note | {"text": "Twice"}, headers={"Idempotency-Key": "k1"})
    assert other.status_code == 422
    assert other.json()["errors"][0]["field"] == "Idempotency-Key"


@pytest.mark.parametrize(
    "path", ["/api/orders/P-9", "/api/products/NOPE", "/api/parcels/034531200000000097", "/api/nowhere"]
)
async def test_what_is_not_there_is_404(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.feature("I2")
async def test_lists_come_in_pages_by_cursor(shop: httpx.AsyncClient) -> None:
    for number in range(7):
        placed_at = BODY["placed_at"] + number // 2
        await shop.post("/api/orders", json=PAID | {"order": f"P-{number}", "placed_at": placed_at})
    found: list[str] = []
    after = ""
    while True:
        page = (await shop.get("/api/orders", params={"limit": 3, "after": after})).json()
        found += [item["order"] for item in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert found == ["P-6", "P-4", "P-5", "P-2", "P-3", "P-0", "P-1"]
    broken = await shop.get("/api/orders", params={"after": "§"})
    assert (broken.status_code, broken.json()["errors"][0]["field"]) == (422, "after")
    assert (await shop.get("/api/orders", params={"limit": 1000})).status_code == 400


@pytest.mark.parametrize(
    ("params", "found"),
    [
        ({"q": "lefèvre"}, ["P-1", "P-2"]),
        ({"q": "elodie@example.org"}, ["P-1", "P-2"]),
        ({"q": "tea-100"}, ["P-1"]),
        ({"q": "p-2"}, ["P-2"]),
        ({"q": "%"}, []),
        ({"status": "awaiting_payment"}, ["P-2"]),
        ({"payment": "paid"}, ["P-1"]),
        ({"source": "csv"}, []),
        ({"placed_before": 1_777_878_720_000}, []),
    ],
)
async def test_orders_are_found(shop: httpx.AsyncClient, params: dict[str, Any], found: list[str]) -> None:
    await shop.post("/api/orders", json=PAID)
    await shop.post("/api/orders", json=BODY | {"order": "P-2", "lines": [{"sku": "MUG-BLUE", "quantity": 1}]})
    page = (await shop.get("/api/orders", params=params)).json()
    assert sorted(item["order"] for item in page["items"]) == found


@pytest.mark.feature("O1")
async def test_a_file_is_imported_and_its_bad_rows_are_reported(api: httpx.AsyncClient) -> None:
    await api.post("/api/products/import", files={"data": (DATA / "products.csv").read_bytes()})
    stock = await api.post("/api/stock/import", files={"data": b"sku,on_hand\nMUG-BLUE,50\nCUP-12,50\nNOPE,1\n"})
    assert (stock.json()["taken"], stock.json()["rejected"][0]["line"]) == (2, 4)
    first = await api.post("/api/orders/import", files={"data": (DATA / "orders.csv").read_bytes()})
    assert first.json() == {"created": 3, "unchanged": 0, "paid": 0, "cancelled": 0, "rejected": []}
    again = await api.post("/api/orders/import", files={"data": (DATA / "orders.csv").read_bytes()})
    assert again.json() == {"created": 0, "unchanged": 3, "paid": 0, "cancelled": 0, "rejected": []}
    statuses = {item["order"]: item["status"] for item in (await api.get("/api/orders")).json()["items"]}
    assert statuses == {"P-1001": "open", "P-1002": "awaiting_payment", "P-1003": "cancelled"}
    other = (DATA / "orders.csv").read_text().replace("MUG-BLUE,2", "MUG-BLUE,3")
    report = (await api.post("/api/orders/import", files={"data": other.encode()})).json()
    assert [(bad["line"], bad["field"], bad["value"]) for bad in report["rejected"]] == [(2, "order", "P-1001")]
    assert report["unchanged"] == 2


@pytest.mark.feature("O1")
async def test_a_broken_file_takes_what_is_good(api: httpx.AsyncClient) -> None:
    report = (await api.post("/api/orders/import", files={"data": (DATA / "orders_broken.csv").read_bytes()})).json()
    assert (report["created"], len(report["rejected"])) == (2, 9)
    unreadable = await api.post("/api/orders/import", files={"data": b"order,sku\n"})
    assert unreadable.status_code == 422
    assert "'placed_at', 'name', 'street'" in unreadable.json()["detail"]


@pytest.mark.feature("O1")
async def test_a_shopify_export_is_imported(api: httpx.AsyncClient) -> None:
    file = (DATA / "shopify_orders_export.csv").read_bytes()
    report = (await api.post("/api/orders/import", files={"data": file})).json()
    assert (report["created"], [bad["field"] for bad in report["rejected"]]) == (3, ["Fulfillment Status"])
    assert (await api.get("/api/orders/%231001")).json()["source"] == "shopify-csv"


@pytest.mark.feature("O7", "I2")
async def test_who_decided_about_an_older_version_sees_both_sides(shop: httpx.AsyncClient) -> None:
    seen = (await shop.post("/api/orders", json=PAID)).json()["version"]
    first = BODY["ship_to"] | {"postcode": "75003"}
    done = await shop.post("/api/orders/P-1/address", json=first, headers={"If-Match": f'"{seen}"'})
    assert (done.is_success, done.json()["version"] > seen) == (True, True)
    second = BODY["ship_to"] | {"postcode": "75004"}
    late = await shop.post("/api/orders/P-1/address", json=second, headers={"If-Match": str(seen)})
    problem = late.json()
    assert (late.status_code, problem["errors"][0]["field"]) == (409, "If-Match")
    assert (problem["now"]["ship_to"]["postcode"], problem["sent"]["postcode"]) == ("75003", "75004")
    assert (await shop.get("/api/orders/P-1")).json() == problem["now"] == done.json()
    again = await shop.post(
        "/api/orders/P-1/address", json=second, headers={"If-Match": str(problem["now"]["version"])}
    )
    assert again.json()["ship_to"]["postcode"] == "75004"


@pytest.mark.parametrize("given", ["x", "-1", 'W/"1"', "9" * 20])
async def test_a_version_that_is_none_is_refused(shop: httpx.AsyncClient, given: str) -> None:
    await shop.post("/api/orders", json=PAID)
    answer = await shop.post("/api/orders/P-1/release", headers={"If-Match": given})
    assert answer.status_code == 400


@pytest.mark.feature("O13")
async def test_an_order_is_put_before_the_others_and_the_queue_shows_why(shop: httpx.AsyncClient) -> None:
    for number in ("P-1", "P-2"):
        (await shop.post("/api/orders", json=PAID | {"order": number})).raise_for_status()
    urgent = {"priority": "vip", "reason": "lost once already"}
    told = await shop.post("/api/orders/P-2/priority", json=urgent, headers={"If-Match": "2"})
    assert told.status_code == 201, told.text
    order = told.json()
    assert (order["priority"], order["priority_reason"], order["version"]) == ("vip", "lost once already", 3)
    assert order["due_at"] > order["placed_at"]
    assert order["timeline"][-1]["text"] == "vip: lost once already"
    page = (await shop.get("/api/queue")).json()
    assert [(row["order"], row["priority"], row["pieces"], row["reserved"]) for row in page["items"]] == [
        ("P-2", "vip", 3, 3),
        ("P-1", "normal", 3, 3),
    ]
    assert (await shop.get("/api/queue?part=stopped")).json()["items"] == []
    refused = await shop.post("/api/orders/P-2/priority", json={"priority": "sometimes"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (400, "priority")
    assert (await shop.get("/api/queue?after=nonsense")).status_code == 422


@pytest.mark.feature("O7", "I2")
async def test_an_order_is_edited_and_what_cannot_be_is_refused(shop: httpx.AsyncClient) -> None:
    await shop.post("/api/orders", json=PAID)
    wish = {
        "lines": [{"line": 1, "quantity": 1}],
        "add": [{"sku": "TEA-100", "quantity": 2, "unit_price": 300}],
        "gift_note": "Bonne fête",
        "promised_at": 1_777_978_720_000,
    }
    answer = await shop.patch("/api/orders/P-1", json=wish, headers=ANY)
    assert answer.status_code == 200, answer.text
    order = answer.json()
    assert [(line["sku"], line["ordered"], line["cancelled"], line["reserved"]) for line in order["lines"]] == [
        ("MUG-BLUE", 2, 1, 1),
        ("TEA-100", 1, 0, 1),
        ("TEA-100", 2, 0, 2),
    ]
    assert (order["gift_note"], order["promised_at"], order["total"]) == ("Bonne fête", 1_777_978_720_000, 3090)
    cleared = (await shop.patch("/api/orders/P-1", json={"promised_at": None}, headers=ANY)).json()
    assert (cleared["promised_at"], cleared["gift_note"]) == (None, "Bonne fête")
    for body, status in (
        ({"lines": [{"line": 9, "quantity": 1}]}, 404),
        ({"lines": [{"line": 1, "quantity": -1}]}, 400),
        ({"lines": [{"line": n, "quantity": 0} for n in (1, 2, 3)]}, 409),
    ):
        refused = await shop.patch("/api/orders/P-1", json=body, headers=ANY)
        assert (refused.status_code, bool(refused.json()["detail"])) == (status, True)
    assert (await shop.get("/api/orders/P-1")).json() == cleared


@pytest.mark.feature("O7")
async def test_edits_at_the_same_moment_lose_none_of_them(shop: httpx.AsyncClient) -> None:
    """Ten programs read the order and change it at once, again and again until each has done its part."""
    await shop.post("/api/orders", json=PAID)
    refusals = 0

    async def add_one(number: int) -> None:
        nonlocal refusals
        while True:
            order = (await shop.get("/api/orders/P-1")).json()
            wanted = order["lines"][0]["ordered"] + 1
            body = {"lines": [{"line": 1, "quantity": wanted}], "gift_note": f"{order['gift_note']}{number}"}
            answer = await shop.patch("/api/orders/P-1", json=body, headers={"If-Match": str(order["version"])})
            if answer.is_success:
                return
            assert answer.status_code == 409
            problem = answer.json()
            assert problem["sent"] == body
            assert problem["now"]["version"] > order["version"]
            refusals += 1

    await asyncio.gather(*(add_one(number) for number in range(8)))
    order = (await shop.get("/api/orders/P-1")).json()
    assert (order["lines"][0]["ordered"], sorted(order["gift_note"])) == (10, sorted("01234567"))
    assert refusals > 0


@pytest.mark.feature("O2")
async def test_an_order_is_free_again_when_its_phone_or_its_address_is_mended(shop: httpx.AsyncClient) -> None:
    street = ["Résidence les Jardins de la Fontaine, Bâtiment C", "Appartement 12 Escalier B 3ème Étage"]
    long = BODY["ship_to"] | {
        "name": "Jean-Christophe de La Rochefoucauld",
        "lines": [*street, "1 avenue X" + " y" * 20],
    }
    contact = BODY["contact"] | {"phone": "12"}
    held = (await shop.post("/api/orders", json=PAID | {"ship_to": long, "contact": contact})).json()
    assert [reason["code"] for reason in held["held"]] == ["address.layout", "contact.phone"]
    called = (
        await shop.post("/api/orders/P-1/contact", json=contact | {"phone": "01 42 60 00 00"}, headers=ANY)
    ).json()
    assert [reason["code"] for reason in called["held"]] == ["address.layout"]
    assert called["contact"]["phone"] == "01 42 60 00 00"
    proposed = called["proposed"]
    assert proposed["lines"][0] == "RES les Jardins de la Fontaine, BAT C"
    sent = {name: proposed[name] for name in ("name", "lines", "postcode", "city", "country")}
    free = (await shop.post("/api/orders/P-1/address", json=sent, headers=ANY)).json()
    assert (free["status"], free["held"], free["proposed"]) == ("open", [], None)
