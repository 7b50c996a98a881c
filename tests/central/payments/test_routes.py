"""Payments by HTTP: a card processor's webhook, a bank's file, deposits of several orders, and what persons accept."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from central.desk.books import Keys
from central.office.doors import Doors
from central.office.settings import Http
from central.payments.rows import IncomingRow
from tests.central.conftest import Central, serve
from tests.central.orders.test_routes import BODY
from tests.central.payments.test_statement import SIGNED

SIGNED_WITH = b"whsec_91fd"
NOW = 1_790_000_000_000


@pytest.fixture
async def central(tmp_path: Path) -> AsyncIterator[Central]:
    async with serve(tmp_path, Http(), lambda: NOW, Doors(stripe=SIGNED_WITH)) as running:
        async with running.client() as client:
            for number in ("P-1001", "P-1002", "P-1003"):
                answer = await client.post("/api/orders", json=BODY | {"order": number})
                assert answer.status_code == 201
        yield running


def event(kind: str = "payment_intent.succeeded", **fields: Any) -> dict[str, Any]:
    """As Stripe sends it, shortened."""
    intent = {
        "id": "pi_3P1",
        "object": "payment_intent",
        "amount": 3740,
        "amount_received": 3740,
        "created": NOW // 1000 - 60,
        "currency": "eur",
        "latest_charge": "ch_3P1",
        "livemode": True,
        "metadata": {"order": "P-1001"},
        "status": "succeeded",
    }
    return {
        "id": "evt_1P1",
        "object": "event",
        "api_version": "2026-03-31",
        "created": NOW // 1000,
        "type": kind,
        "livemode": True,
        "data": {"object": intent | fields},
    }


async def send(
    central: Central, content: object, *, secret: bytes = SIGNED_WITH, at: int = NOW // 1000, header: str = ""
) -> httpx.Response:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    mac = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    headers = {"Stripe-Signature": header or f"t={at},v1={'0' * 64},v1={mac},v0=old"}
    async with central.client(None) as client:
        return await client.post("/api/cards/stripe", content=body, headers=headers)


async def payment(central: Central, order: str = "P-1001") -> dict[str, Any]:
    async with central.client() as client:
        found: dict[str, Any] = (await client.get(f"/api/orders/{order}")).json()["payment"]
        return found


@pytest.mark.feature("O3")
async def test_a_card_pays_an_order_once_and_gives_back(central: Central) -> None:
    answers = await asyncio.gather(*(send(central, event()) for _ in range(6)))
    assert sorted(answer.json()["outcome"] for answer in answers) == ["booked", *["known"] * 5]
    paid = await payment(central)
    assert (paid["state"], paid["method"], paid["reference"]) == ("paid", "card", "pi_3P1")
    back = event("charge.refunded", id="ch_3P1", amount_refunded=740)
    assert (await send(central, back)).json() == {"outcome": "booked"}
    assert (await send(central, back)).json() == {"outcome": "known"}
    now = await payment(central)
    assert (now["state"], now["refunded"]) == ("partly_refunded", 740)
    assert (await send(central, event("customer.created"))).json() == {"outcome": "unused"}


@pytest.mark.feature("O3", "R5")
async def test_forged_and_stale_events_change_nothing(central: Central) -> None:
    good = json.dumps(event()).encode()
    for answer in (
        await send(central, good, secret=b"guessed"),
        await send(central, good, at=NOW // 1000 - 301),
        await send(central, good, at=NOW // 1000 + 301),
        await send(central, good, header="t=1,t=2,v1=00"),
        await send(central, good, header="nonsense"),
        await send(central, good, header=f"t={NOW // 1000}"),
    ):
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert (await payment(central))["state"] == "awaiting"
    for body in (b"{", b"{}", json.dumps(event(amount_received=-5)).encode(), b"[" * 5000):
        assert (await send(central, body)).status_code == 422
    kept = await central.store.read("desk.set_aside", (0,))
    assert sum(row["messages"] for row in kept) == 4
    assert (await send(central, b" " * 1_100_000)).status_code == 413


@pytest.mark.feature("O3", "I4")
async def test_a_banks_file_is_matched_and_accepted(central: Central) -> None:
    async with central.client() as client:
        first = (await client.post("/api/payments/statement", files={"data": SIGNED})).json()
        assert (first["waiting"], first["known"], first["debits"]) == (3, 0, 1)
        again = (await client.post("/api/payments/statement", files={"data": SIGNED})).json()
        assert (again["waiting"], again["known"]) == (0, 3)
        pieces = (await client.get("/api/payments/incoming")).json()["items"]
        named = next(piece for piece in pieces if "P-1001" in piece["label"])
        assert (named["proposals"][0]["order"], named["proposals"][0]["because"]) == (
            "P-1001",
            ["number", "amount", "name"],
        )
        wishes = [{"key": named["key"], "order": "P-1001"}, {"key": pieces[0]["key"], "order": "NOPE"}]
        outcomes = (await client.post("/api/payments/incoming/accept", json={"accepted": wishes})).json()["results"]
        assert [(each["order"], each["done"]) for each in outcomes] == [("P-1001", True), ("NOPE", False)]
        assert (await client.post(f"/api/payments/incoming/{pieces[0]['key']}/dismiss")).status_code == 204
        assert (await client.post("/api/payments/incoming/nope/dismiss")).status_code == 404
        assert len((await client.get("/api/payments/incoming")).json()["items"]) == 1
    paid = await payment(central)
    assert (paid["state"], paid["method"], len(paid["entries"])) == ("paid", "transfer", 1)


async def waiting(central: Central, *pieces: tuple[str, int, str]) -> None:
    """Money by key, amount and label."""
    rows = [
        IncomingRow(key, "received", amount, "EUR", "transfer", "", label, "", NOW + number)
        for number, (key, amount, label) in enumerate(pieces)
    ]
    keys = Keys(incoming=frozenset(row.key for row in rows))
    await central.store.transact(keys, lambda books: [books.incoming.put(row) for row in rows])


@pytest.mark.feature("O3", "O10")
async def test_many_are_accepted_as_proposed_and_each_has_its_result(central: Central) -> None:
    await waiting(
        central, ("a", 3740, "VIR P-1001"), ("b", 3740, "P-1001 AGAIN"), ("c", 3740, "M LEFEVRE"), ("d", 50, "P-1003")
    )
    body = {"do": "accepted", "keys": ["a", "nope", "c", "b", "d", "a"]}
    async with central.client() as client:
        answer = await client.post("/api/payments/incoming/chosen", json=body)
        results = [(each["key"], each["order"], each["text"]) for each in answer.json()["items"]]
        assert results == [
            ("a", "P-1001", ""),
            ("nope", "", "There is no payment 'nope'."),
            ("c", "", "No order stands out; name one."),
            ("b", "P-1001", "Order P-1001 awaits no money any more; look at it."),
            ("d", "P-1003", ""),
        ]
        one = {"do": "accepted", "keys": ["a"]}
        (again,) = (await client.post("/api/payments/incoming/chosen", json=one)).json()["items"]
        assert again["text"] == "This money is dealt with already (P-1001)."
        dismissed = {"do": "dismissed", "keys": ["a", "b"]}
        gone = (await client.post("/api/payments/incoming/chosen", json=dismissed)).json()["items"]
        assert [each["done"] for each in gone] == [False, True]
        left = (await client.get("/api/payments/incoming")).json()["items"]
        wrong = await client.post("/api/payments/incoming/chosen", json={"do": "eaten", "keys": ["c"]})
    assert ([each["key"] for each in left], wrong.status_code) == (["c"], 400)
    assert (await payment(central))["amount"] == 3740
    assert (await payment(central, "P-1003"))["state"] == "partly_paid"


@pytest.mark.feature("O3", "O10", "V1")
async def test_the_page_accepts_what_it_proposed_when_it_was_looked_at(central: Central) -> None:
    await waiting(central, ("a", 3740, "VIR P-1001"), ("b", 3740, "P-1001 AGAIN"), ("c", 9, "NOBODY"))
    html = {"Accept": "text/html"}
    async with central.browser() as client:
        nothing = await client.post("/payments/chosen", data={"do": "accepted"}, headers=html)
        assert (nothing.status_code, "Select at least one payment." in nothing.text) == (422, True)
        eaten = await client.post("/payments/chosen", data={"do": "eaten", "piece": "a"}, headers=html)
        assert (eaten.status_code, "nothing that can be done" in eaten.text) == (422, True)
        form = {"do": "accepted", "piece": ["a", "b", "c"], "proposed-a": "P-1001", "proposed-b": "P-1001"}
        done = await client.post("/payments/chosen", data=form, headers=html)
        assert "1 of 3 done." in done.text
        french = html | {"Accept-Language": "fr"}
        gone = await client.post("/payments/chosen", data={"do": "dismissed", "piece": ["b", "c"]}, headers=french)
    assert "2 sur 2" in gone.text
    assert (await payment(central))["state"] == "paid"


@pytest.mark.feature("O3")
async def test_one_deposit_slip_pays_several_orders(central: Central) -> None:
    body = {"orders": ["P-1001", "P-1002", "NOPE"], "method": "cheque", "slip": "R-77"}
    async with central.client() as client:
        results = (await client.post("/api/payments/batch", json=body)).json()["results"]
        again = (await client.post("/api/payments/batch", json=body)).json()["results"]
    assert [(each["order"], each["done"]) for each in results] == [("P-1001", True), ("P-1002", True), ("NOPE", False)]
    assert again == results
    for order in ("P-1001", "P-1002"):
        found = await payment(central, order)
        assert [(each["amount"], each["slip"]) for each in found["entries"]] == [(3740, "R-77")]


@pytest.mark.feature("O3", "V1")
async def test_the_page_imports_proposes_and_books(central: Central) -> None:
    async with central.browser() as client:
        html = {"Accept": "text/html"}
        assert "All money has its order." in (await client.get("/payments", headers=html)).text
        page = (await client.post("/payments/statement", files={"file": ("a.csv", SIGNED)}, headers=html)).text
        assert "3 credits wait for you" in page
        assert 'value="P-1001"' in page
        key = page.split('name="for-')[1].split('"')[0]
        done = await client.post("/payments/accept", data={f"for-{key}": "P-1002"}, headers=html)
        assert "Booked" in done.text
        bad = await client.post("/payments/statement", files={"file": ("a.csv", b"x")}, headers=html)
        assert (bad.status_code, "There is no line with the names" in bad.text) == (422, True)
        empty = await client.post("/payments/batch", data={"orders": "P-1003"}, headers=html)
        assert (empty.status_code, "method-error" in empty.text) == (422, True)
        data = {"orders": "P-1003, NOPE", "method": "cheque", "slip": "R-1"}
        together = await client.post("/payments/batch", data=data, headers=html)
        assert "There is no order" in together.text
    assert (await payment(central, "P-1003"))["state"] == "paid"
