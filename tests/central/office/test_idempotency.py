"""A request under a key is carried out once and answered alike, whatever happens in between."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from central.desk.requests import KEPT_FOR_MS
from central.office.settings import Http
from tests.central.conftest import Central, serve
from tests.central.orders.test_routes import BODY

KEY = {"Idempotency-Key": "k-1"}
CHEQUE = {"method": "cheque", "amount": 1000}


async def pay(client: httpx.AsyncClient, body: dict[str, Any], key: str = "k-1") -> httpx.Response:
    return await client.post("/api/orders/P-1/payment", json=body, headers={"Idempotency-Key": key})


@pytest.mark.feature("O1", "I2")
async def test_an_order_sent_again_gets_its_first_answer(api: httpx.AsyncClient) -> None:
    first = await api.post("/api/orders", json=BODY, headers=KEY)
    await api.post("/api/orders/P-1/hold", json={"reason": "call her"})
    again = await api.post("/api/orders", json=BODY, headers=KEY)
    assert (again.status_code, again.content) == (first.status_code, first.content) == (201, first.content)
    other = await api.post("/api/orders", json=BODY | {"order": "P-2"}, headers=KEY)
    assert (other.status_code, other.headers["content-type"]) == (422, "application/problem+json")
    assert other.json()["errors"][0] == {
        "field": "Idempotency-Key",
        "text": "This key was used for another request. Take a new one.",
        "value": "k-1",
    }
    assert (await api.get("/api/orders/P-2")).status_code == 404


@pytest.mark.feature("O3", "I2")
async def test_of_many_at_once_one_is_carried_out(api: httpx.AsyncClient) -> None:
    await api.post("/api/orders", json=BODY)
    answers = await asyncio.gather(*(pay(api, CHEQUE) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    payment = (await api.get("/api/orders/P-1")).json()["payment"]
    assert (payment["amount"], len(payment["entries"])) == (1000, 1)


async def test_a_key_belongs_to_who_sent_it_and_to_its_path(central: Central, api: httpx.AsyncClient) -> None:
    await api.post("/api/orders", json=BODY)
    assert (await pay(api, CHEQUE)).status_code == 201
    elsewhere = await api.post("/api/orders/P-1/refund", json={"note": "x", "amount": 1}, headers=KEY)
    assert elsewhere.status_code == 422


async def test_what_was_refused_is_decided_anew(api: httpx.AsyncClient) -> None:
    assert (await pay(api, CHEQUE)).status_code == 404
    await api.post("/api/orders", json=BODY)
    assert (await pay(api, CHEQUE)).status_code == 201


@pytest.mark.feature("I4")
async def test_a_file_sent_again_gets_its_first_report(api: httpx.AsyncClient) -> None:
    async def send(content: bytes) -> httpx.Response:
        return await api.post("/api/orders/import", files={"data": content}, headers=KEY)

    file = (Path(__file__).parents[1] / "data" / "orders.csv").read_bytes()
    first = await send(file)
    assert first.json()["created"] == 3
    assert (await send(file)).json() == first.json()
    assert (await send(file + b"\n")).status_code == 422


async def test_answers_are_forgotten_after_two_days(tmp_path: Path) -> None:
    now = 1_790_000_000_000
    async with serve(tmp_path, Http(), lambda: now, is_open=True) as central, central.client(None) as client:
        await client.post("/api/orders", json=BODY)
        first = await pay(client, CHEQUE)
        now += KEPT_FOR_MS
        assert (await pay(client, CHEQUE)).content == first.content
        now += 1
        assert len((await pay(client, CHEQUE)).json()["payment"]["entries"]) == 2
        now += KEPT_FOR_MS + 1
        await pay(client, CHEQUE, "k-2")
        assert [
            row["name"]
            for row in await central.store.read("desk.load_requests", ('["this machine/k-1","this machine/k-2"]',))
        ] == ["this machine/k-2"]
