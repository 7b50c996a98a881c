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
from tests.central.orders.test_routes import BODY, PAID

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


PERSON = {"account": "zoe", "name": "Zoé", "role": "packer", "language": "fr"}


@pytest.mark.feature("I2")
async def test_a_person_is_added_once(api: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(api.post("/api/people", json=PERSON, headers=KEY) for _ in range(6)))
    assert {(answer.status_code, answer.content) for answer in answers} == {(201, answers[0].content)}
    same = await api.post("/api/people", json=PERSON | {"password": "another long one 7"}, headers=KEY)
    assert same.json() == answers[0].json(), "of a password not even a hash is kept with the request"
    assert (await api.post("/api/people", json=PERSON)).status_code == 409
    drawn = [
        (await api.post("/api/people/zoe/badge", headers={"Idempotency-Key": "k-2"})).json()["badge"] for _ in range(2)
    ]
    assert drawn[0] == drawn[1]
    assert (await api.get("/api/people/zoe")).json()["badge"] == drawn[0]


@pytest.mark.feature("I2")
async def test_a_secret_is_drawn_once_told_once_and_not_kept(central: Central, api: httpx.AsyncClient) -> None:
    await api.post("/api/people", json=PERSON)
    token = {"name": "till", "scopes": ["orders:read"]}
    password, unknown = [(await api.post("/api/people/zoe/password", headers=KEY)).json()["password"] for _ in "12"]
    other = {"Idempotency-Key": "k-2"}
    made, again = [(await api.post("/api/tokens", json=token, headers=other)).json() for _ in "12"]
    assert (unknown, again) == (None, made | {"secret": None})
    async with central.client(made["secret"]) as program:
        assert (await program.get("/api/orders")).status_code == 200
    names = '["token:anna/k-1","token:anna/k-2"]'
    kept = "".join(str(dict(row)) for row in await central.store.read("desk.load_requests", (names,)))
    assert "zoe" in kept
    assert "till" in kept
    assert password not in kept
    assert made["secret"] not in kept


@pytest.mark.feature("I2")
async def test_a_batch_a_run_and_a_volume_are_begun_once(api: httpx.AsyncClient) -> None:
    await api.put("/api/products/MUG-BLUE", json={"name": "Mug", "mass_g": 100})
    await api.put("/api/products/TEA-100", json={"name": "Tea", "mass_g": 100})
    for sku in ("MUG-BLUE", "TEA-100"):
        await api.post(f"/api/stock/{sku}/received", json={"quantity": 5})
    await api.post("/api/orders", json=PAID)
    bodies: dict[str, dict[str, Any]] = {
        "/api/picking": {"kind": "chosen", "orders": ["P-1"]},
        "/api/runs": {"do": "held", "orders": ["P-1"], "reason": "call her"},
        "/api/documents/volumes": {"documents": [{"kind": "pick_list", "subject": "P-1"}]},
    }
    for place, (path, body) in enumerate(bodies.items()):
        key = {"Idempotency-Key": f"begin-{place}"}
        first, again = [await api.post(path, json=body, headers=key) for _ in range(2)]
        assert first.status_code in (200, 201, 202), first.text
        assert (again.status_code, again.json()) == (first.status_code, first.json())


@pytest.mark.feature("I2")
@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/api/parcels/import", "sscc,carrier,tracking_number,status,at,place,text\n1,,,,,,\n"),
        ("/api/deliveries/import", "delivery,supplier,sku,quantity\nD-1,S,NONE,1\n"),
    ],
)
async def test_a_file_under_a_key_is_one_request(api: httpx.AsyncClient, path: str, file: str) -> None:
    first, again = [await api.post(path, files={"data": file.encode()}, headers=KEY) for _ in range(2)]
    assert first.status_code == 200, first.text
    assert again.json() == first.json()
    assert (await api.post(path, files={"data": file.encode() + b"\n"}, headers=KEY)).status_code == 422


@pytest.mark.feature("R6")
async def test_a_clock_that_jumps_by_years_has_no_request_carried_out_twice(tmp_path: Path) -> None:
    now = 1_790_000_000_000
    async with serve(tmp_path, Http(), lambda: now, is_open=True) as central, central.client(None) as client:
        await client.post("/api/orders", json=BODY)
        first = await pay(client, CHEQUE)
        now += 5 * 365 * 24 * 3600 * 1000
        await pay(client, CHEQUE, "k-2")
        assert (await pay(client, CHEQUE)).content == first.content


async def test_answers_are_forgotten_after_two_days_but_for_the_newest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("central.store.rows.ALWAYS_KEPT", 1)
    now = 1_790_000_000_000
    async with serve(tmp_path, Http(), lambda: now, is_open=True) as central, central.client(None) as client:
        await client.post("/api/orders", json=BODY)
        first = await pay(client, CHEQUE)
        now += KEPT_FOR_MS
        assert (await pay(client, CHEQUE)).content == first.content
        now += 1
        assert (await pay(client, CHEQUE, "k-3")).is_success
        await pay(client, CHEQUE, "k-2")
        assert [
            row["name"]
            for row in await central.store.read("desk.load_requests", ('["this machine/k-1","this machine/k-2"]',))
        ] == ["this machine/k-2"]
