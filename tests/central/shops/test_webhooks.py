"""Deliveries as shops send them, signed, to a running server on a real database."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from central.office.doors import Doors
from central.office.settings import Http
from central.shops.settings import ShopConfig, shops
from tests.central.conftest import Central, serve
from tests.central.orders.test_routes import ANY
from tests.central.shops.test_payloads import sample

SIGNED_WITH = b"shpss_4f2d"
TOPICS = {"shopify": "orders/updated", "woocommerce": "order.updated", "prestashop": "order.updated"}
NUMBERS = {"shopify": "#1042", "woocommerce": "4750", "prestashop": "KHWLILZLL"}
KINDS = pytest.mark.parametrize("kind", list(TOPICS))


@pytest.fixture
async def central(tmp_path: Path) -> AsyncIterator[Central]:
    (tmp_path / "secret").write_bytes(SIGNED_WITH + b"\n")
    configured = [ShopConfig(kind, kind, str(tmp_path / "secret")) for kind in TOPICS]  # type: ignore[arg-type]
    doors = Doors(shops=shops(configured))
    async with serve(tmp_path, Http(), doors=doors) as running:
        async with running.client() as client:
            for sku in ("MUG-BLUE", "TEA-100"):
                await client.put(f"/api/products/{sku}", json={"name": sku.title(), "mass_g": 100})
                await client.post(f"/api/stock/{sku}/received", json={"quantity": 10})
        yield running


def headers(kind: str, body: bytes, topic: str = "", secret: bytes = SIGNED_WITH) -> dict[str, str]:
    """As the kind of shop writes them."""
    mac = hmac.new(secret, body, hashlib.sha256)
    topic = topic or TOPICS[kind]
    if kind == "shopify":
        return {
            "Content-Type": "application/json",
            "X-Shopify-Topic": topic,
            "X-Shopify-Hmac-Sha256": b64encode(mac.digest()).decode(),
            "X-Shopify-Shop-Domain": "atelier-nord.myshopify.com",
            "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
            "X-Shopify-Event-Id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
            "X-Shopify-Triggered-At": "2026-05-04T07:12:04Z",
            "X-Shopify-API-Version": "2026-04",
        }
    if kind == "woocommerce":
        return {
            "Content-Type": "application/json",
            "X-WC-Webhook-Source": "https://atelier-nord.example/",
            "X-WC-Webhook-Topic": topic,
            "X-WC-Webhook-Resource": "order",
            "X-WC-Webhook-Event": "updated",
            "X-WC-Webhook-Signature": b64encode(mac.digest()).decode(),
            "X-WC-Webhook-ID": "3",
            "X-WC-Webhook-Delivery-ID": "36e520ebabc2fa725092ff4a47acedf2",
        }
    return {
        "Content-Type": "application/json",
        "X-Prestashop-Topic": topic,
        "X-Prestashop-Signature": mac.hexdigest(),
    }


async def send(central: Central, kind: str, payload: object, topic: str = "", **changed: str) -> httpx.Response:
    """Without any token: the signature is all that a shop has."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    async with central.client(None) as client:
        return await client.post(f"/api/shops/{kind}", content=body, headers=headers(kind, body, topic) | changed)


async def order(central: Central, number: str) -> dict[str, Any]:
    async with central.client() as client:
        found: dict[str, Any] = (await client.get(f"/api/orders/{number.replace('#', '%23')}")).json()
        return found


async def nothing_came(central: Central) -> bool:
    async with central.client() as client:
        orders = (await client.get("/api/orders")).json()["items"]
    aside = await central.store.read("desk.set_aside", (0,))
    return not orders and not aside


@KINDS
@pytest.mark.feature("O1")
async def test_an_order_comes_by_a_signed_webhook_and_once(central: Central, kind: str) -> None:
    first = await send(central, kind, sample(kind))
    assert (first.status_code, first.json()) == (200, {"outcome": "created", "order": NUMBERS[kind]})
    taken = await order(central, NUMBERS[kind])
    assert (taken["status"], taken["source"], taken["held"]) == ("awaiting_payment", kind, [])
    assert [(line["sku"], line["reserved"]) for line in taken["lines"]] == [("MUG-BLUE", 2), ("TEA-100", 1)]
    again = await asyncio.gather(*(send(central, kind, sample(kind)) for _ in range(5)))
    assert {answer.json()["outcome"] for answer in again} == {"unchanged"}
    assert await order(central, NUMBERS[kind]) == taken


@KINDS
@pytest.mark.feature("O1", "R5")
async def test_forged_deliveries_change_nothing(central: Central, kind: str) -> None:
    body = json.dumps(sample(kind)).encode()
    name = next(name for name in headers(kind, body) if "ignature" in name or "Hmac" in name)
    other = headers(kind, body, secret=b"guessed")
    async with central.client(None) as client:
        for sent in (
            other,
            other | {name: ""},
            {k: v for k, v in other.items() if k != name},
            other | {name: "é".encode()},
        ):
            answer = await client.post(f"/api/shops/{kind}", content=body, headers=sent)
            assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
        tampered = body.replace(b"37.40", b"00.10")
        answer = await client.post(f"/api/shops/{kind}", content=tampered, headers=headers(kind, body))
        assert answer.status_code == 401
    assert await nothing_came(central)


@KINDS
@pytest.mark.feature("O1", "R4")
async def test_what_is_signed_and_unreadable_is_kept_for_a_person(central: Central, kind: str) -> None:
    for number, body in enumerate((b"{not json", b"\xff\xfe", b"[" * 5000, b"{}"), start=1):
        answer = await send(central, kind, body)
        assert (answer.status_code, "kept for a person" in answer.json()["detail"]) == (422, True)
        kept = await central.store.read("desk.set_aside", (0,))
        assert sum(row["messages"] for row in kept) == number
        assert {row["topic"] for row in kept} == {f"shop/{kind}"}
    async with central.client() as client:
        assert (await client.get("/api/orders")).json()["items"] == []


async def test_too_large_unknown_shop_and_nothing_for_us(central: Central) -> None:
    assert (await send(central, "shopify", b" " * 1_100_000)).status_code == 413
    async with central.client(None) as client:
        assert (await client.post("/api/shops/nobody", content=b"{}")).status_code == 404
    unused = await send(central, "shopify", {"id": 1, "title": "Mug"}, "products/update")
    assert unused.json()["outcome"] == "unused"
    assert await nothing_came(central)


@pytest.mark.feature("O1")
async def test_woocommerce_says_hello_without_a_signature(central: Central) -> None:
    async with central.client(None) as client:
        answer = await client.post("/api/shops/woocommerce", data={"webhook_id": "3"})
        assert (answer.status_code, answer.json()["outcome"]) == (200, "ping")
        assert (await client.post("/api/shops/shopify", data={"webhook_id": "3"})).status_code == 401
    assert await nothing_came(central)


@pytest.mark.feature("O1", "O3", "O7")
async def test_a_shopify_order_through_its_life_out_of_order(central: Central) -> None:
    paid = sample("shopify") | {
        "financial_status": "paid",
        "total_outstanding": "0.00",
        "payment_gateway_names": ["shopify_payments"],
        "updated_at": "2026-05-04T09:20:00+02:00",
    }
    await send(central, "shopify", paid, "orders/paid")
    assert (await send(central, "shopify", sample("shopify"), "orders/create")).json()["outcome"] == "older"
    now = await order(central, "#1042")
    assert (now["status"], now["payment"]["state"], now["payment"]["amount"]) == ("open", "paid", 3740)
    moved = paid | {"updated_at": "2026-05-04T10:00:00+02:00"}
    moved["shipping_address"] = paid["shipping_address"] | {
        "address1": "1 place Bellecour",
        "zip": "69002",
        "city": "Lyon",
    }
    assert (await send(central, "shopify", moved)).json()["outcome"] == "changed"
    refund = {"id": 5, "kind": "refund", "status": "success", "amount": "37.40", "gateway": "shopify_payments"}
    cancelled = moved | {
        "updated_at": "2026-05-04T11:00:00+02:00",
        "cancelled_at": "2026-05-04T11:00:00+02:00",
        "financial_status": "refunded",
        "refunds": [{"id": 9, "transactions": [refund]}],
    }
    await send(central, "shopify", cancelled, "orders/cancelled")
    assert (await send(central, "shopify", moved)).json()["outcome"] == "older"
    end = await order(central, "#1042")
    assert (end["status"], end["payment"]["state"], end["ship_to"]["city"]) == ("cancelled", "refunded", "Lyon")
    assert [(each["kind"], each["amount"]) for each in end["payment"]["entries"]] == [
        ("received", 3740),
        ("refunded", 3740),
    ]


async def test_secrets_are_not_in_what_is_logged(
    central: Central, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    await send(central, "shopify", sample("shopify"), **{"X-Shopify-Hmac-Sha256": "forged"})
    shop = shops([ShopConfig("a", "shopify", str(tmp_path / "secret"))])["a"]
    assert "turned away" in caplog.text
    assert SIGNED_WITH.decode() not in caplog.text + repr(shop)


@pytest.mark.feature("O1", "O3")
async def test_a_refund_by_itself_is_on_record_once(central: Central) -> None:
    """`refunds/create` names its order by the shop's own id alone."""
    paid_for = {"financial_status": "paid", "total_outstanding": "0.00"}
    await send(central, "shopify", sample("shopify") | paid_for, "orders/paid")
    transaction = {"id": 31, "kind": "refund", "status": "success", "amount": "5.00", "gateway": "bogus"}
    refund = {"id": 8, "order_id": 5940139491234, "created_at": "2026-06-04T07:12:00Z", "transactions": [transaction]}
    answers = [(await send(central, "shopify", refund, "refunds/create")).json() for _ in range(2)]
    assert [answer["outcome"] for answer in answers] == ["changed", "unchanged"]
    assert answers[0]["order"] == NUMBERS["shopify"]
    paid = (await order(central, NUMBERS["shopify"]))["payment"]
    assert (paid["refunded"], paid["state"]) == (500, "partly_refunded")


@pytest.mark.feature("O1", "O7")
async def test_what_the_office_mended_stays_when_the_customer_edits_a_note_in_the_shop(central: Central) -> None:
    first = sample("shopify")
    await send(central, "shopify", first)
    mended = (await order(central, "#1042"))["ship_to"] | {"postcode": "75003"}
    async with central.client() as client:
        (await client.post("/api/orders/%231042/address", json=mended, headers=ANY)).raise_for_status()
    noted = first | {"note": "Sonner une fois", "updated_at": "2026-05-04T10:00:00+02:00"}
    outcomes = [(await send(central, "shopify", each)).json()["outcome"] for each in (noted, noted, first)]
    assert outcomes == ["changed", "unchanged", "older"]
    now = await order(central, "#1042")
    assert now["ship_to"] == mended
    assert [note["text"] for note in now["notes"] if note["audience"] == "packer"] == ["Sonner une fois"]
    moved = noted | {"updated_at": "2026-05-04T11:00:00+02:00"}
    moved["shipping_address"] = first["shipping_address"] | {"zip": "69002", "city": "Lyon"}
    outcomes = [(await send(central, "shopify", each)).json()["outcome"] for each in (moved, moved, noted)]
    assert outcomes == ["changed", "unchanged", "older"]
    held = await order(central, "#1042")
    assert (held["ship_to"], held["status"], held["held"][0]["code"]) == (mended, "held", "shop.address")
    (both,) = held["differs"]
    assert (both["field"], "75003 Paris" in both["ours"], "69002 Lyon" in both["shop"]) == ("address", True, True)


PATH = "/api/orders/%231042"


async def both_moved(central: Central, hour: int = 10, city: str = "Lyon") -> dict[str, Any]:
    """The office mends the postcode, the shop sends it elsewhere; the order then."""
    if hour == 10:
        await send(central, "shopify", sample("shopify"))
        mended = (await order(central, "#1042"))["ship_to"] | {"postcode": "75003"}
        async with central.client() as client:
            (await client.post(f"{PATH}/address", json=mended, headers=ANY)).raise_for_status()
    moved = sample("shopify") | {"updated_at": f"2026-05-04T{hour}:00:00+02:00", "note": f"Told at {hour}"}
    moved["shipping_address"] = moved["shipping_address"] | {"zip": "69002", "city": city}
    assert (await send(central, "shopify", moved)).json()["outcome"] == "changed"
    return await order(central, "#1042")


@pytest.mark.feature("O1", "O7")
async def test_a_program_chooses_between_the_shop_and_the_office(central: Central) -> None:
    held = await both_moved(central)
    wish = {"choices": {"address": "shop"}}
    async with central.client() as client:
        unsaid = await client.post(f"{PATH}/shop", json=wish)
        assert unsaid.status_code == 428
        assert (await client.post(f"{PATH}/release", headers=ANY)).status_code == 409
        run = await client.post("/api/runs", json={"do": "released", "orders": ["#1042"], "versions": "any"})
        assert "choose whose counts" in run.json()["results"][0]["text"]
        # The shop speaks again before the choice comes: it was about another address.
        now = await both_moved(central, 11, "Villeurbanne")
        late = await client.post(f"{PATH}/shop", json=wish, headers={"If-Match": str(held["version"])})
        assert (late.status_code, late.json()["now"], late.json()["sent"]) == (409, now, wish)
        chosen = await client.post(f"{PATH}/shop", json=wish, headers={"If-Match": str(now["version"])})
        assert (chosen.status_code, chosen.json()["ship_to"]["city"]) == (200, "Villeurbanne")
        assert (chosen.json()["held"], chosen.json()["differs"]) == ([], [])
        again = await client.post(f"{PATH}/shop", json=wish, headers=ANY)
        assert (again.status_code, again.json()["errors"][0]["field"]) == (409, "choices")
        unknown = await client.post(f"{PATH}/shop", json={"choices": {"colour": "shop"}}, headers=ANY)
        assert unknown.status_code == 400
    assert (await order(central, "#1042"))["timeline"][-1]["text"] == "Taken from the shop: the address."


@pytest.mark.feature("O1", "O7")
async def test_of_two_who_choose_at_once_one_is_told(central: Central) -> None:
    held = await both_moved(central)
    said = {"If-Match": str(held["version"])}
    async with central.client() as client:
        sent = [
            client.post(f"{PATH}/shop", json={"choices": {"address": whose}}, headers=said)
            for whose in ("shop", "ours")
        ]
        answers = await asyncio.gather(*sent)
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    (done,) = [answer.json() for answer in answers if answer.is_success]
    assert await order(central, "#1042") == done


@pytest.mark.feature("O1", "O7", "V1")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("The shop and the office both changed this order", "As the shop has it", "Kept as it is here: the")),
        ("fr", ("La boutique et le bureau ont tous deux modifié", "Comme la boutique la connaît", "Gardé tel qu")),
    ],
)
async def test_the_page_shows_both_sides_and_takes_the_choice(
    central: Central, language: str, words: tuple[str, str, str]
) -> None:
    held = await both_moved(central)
    async with central.browser() as browser:
        browser.headers["Accept-Language"] = language
        page = (await browser.get("/orders/%231042")).text
        assert words[0] in page
        assert words[1] in page
        assert "75003 Paris" in page
        assert "69002 Lyon" in page
        assert 'action="/orders/%231042/release"' not in page
        form = {"version": str(held["version"]), "choice-address": "ours"}
        wrong = await browser.post("/orders/%231042/shop", data=form | {"choice-address": "mine"})
        assert (wrong.status_code, 'role="alert"' in wrong.text) == (422, True)
        nothing = await browser.post("/orders/%231042/shop", data={"version": form["version"]})
        assert (nothing.status_code, 'role="alert"' in nothing.text) == (422, True)
        # Who chose before the shop spoke again sees what it would be now.
        await both_moved(central, 11, "Villeurbanne")
        late = await browser.post("/orders/%231042/shop", data=form | {"choice-address": "shop"})
        assert (late.status_code, "69002 Villeurbanne, FR</strong>" in late.text) == (409, True)
        form["version"] = str((await order(central, "#1042"))["version"])
        assert (await browser.post("/orders/%231042/shop", data=form)).status_code == 303
        # Sent twice, the second is told that things have moved on.
        assert (await browser.post("/orders/%231042/shop", data=form)).status_code == 409
        after = (await browser.get("/orders/%231042")).text
        assert words[0] not in after
        assert words[2] in after
    kept = await order(central, "#1042")
    assert (kept["ship_to"], kept["held"]) == (held["ship_to"], [])
