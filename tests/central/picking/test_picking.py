"""Batches of picking on a real database: totes, the walk, refusals, shorts, several pickers, the bench."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from central.desk.books import Books, Keys
from central.office.settings import Http
from central.packing.jobs import open_work
from central.people import tokens
from central.people.entering import hashed
from central.people.scopes import EVERYTHING
from central.people.tokens import NewToken
from central.stations.rows import StationRow
from central.stock.ledger import Cause
from central.stock.model import Place
from central.stock.rules import receive
from contract.keys import OrderId, Sku
from contract.messages import JobOffered, OpenWork
from tests.central.conftest import Central, serve
from tests.central.documents.test_pdf import codes, texts
from tests.central.orders.test_routes import PAID
from tests.central.packed import HOUSE, pack

pytestmark = pytest.mark.feature("P28")
BINS = {"MUG-BLUE": "A-10", "TEA-100": "A-2", "LAMP-3": "B-1"}
AT = 1_777_880_000_000
BEN = "bens-own-secret"


def _received(sku: Sku, bin_: str, books: Books) -> None:
    receive(books, sku, 10, Cause("start", "test", AT), Place("main", bin_))


def _let_ben_in(books: Books) -> None:
    tokens.create(books, NewToken("ben", ("picking:read", "picking:write")), hashed(BEN), EVERYTHING, "anna", AT)


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Central]:
    """Three products in three bins, and two pickers."""
    async with serve(tmp_path, Http()) as running:
        await running.store.transact(Keys(everyone=True), _let_ben_in)
        async with running.client() as api:
            for number, (sku, bin_) in enumerate(BINS.items(), 1):
                body = {
                    "name": sku.title(),
                    "mass_g": 100,
                    "codes": [{"code": f"0340123400{number:03d}", "kind": "sku"}],
                    "policy": "scan_where_possible" if sku == "LAMP-3" else "scan",
                }
                (await api.put(f"/api/products/{sku}", json=body)).raise_for_status()
                await running.store.transact(Keys(skus=frozenset({Sku(sku)})), partial(_received, Sku(sku), bin_))
        yield running


@pytest.fixture
async def anna(house: Central) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client() as client:
        yield client


@pytest.fixture
async def ben(house: Central) -> AsyncIterator[httpx.AsyncClient]:
    async with house.client(BEN) as client:
        yield client


async def order(api: httpx.AsyncClient, number: str, *lines: tuple[str, int]) -> None:
    body = PAID | {"order": number, "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines]}
    answer = await api.post("/api/orders", json=body)
    assert answer.status_code == 201, answer.text


async def begin(api: httpx.AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await api.post("/api/picking", json=body)
    assert answer.status_code == 201, answer.text
    batch: dict[str, Any] = answer.json()
    return batch


async def scan(api: httpx.AsyncClient, batch: str, code: str, key: str = "") -> httpx.Response:
    headers = {"Idempotency-Key": key} if key else {}
    return await api.post(f"/api/picking/{batch}/scan", json={"code": code}, headers=headers)


async def scanned(api: httpx.AsyncClient, batch: str, *codes: str) -> dict[str, Any]:
    for code in codes:
        answer = await scan(api, batch, code)
        assert answer.status_code == 201, answer.text
    now: dict[str, Any] = answer.json()
    return now


async def refused(api: httpx.AsyncClient, batch: str, code: str) -> str:
    answer = await scan(api, batch, code)
    assert answer.status_code in (409, 422), answer.text
    detail: str = answer.json()["detail"]
    return detail


def left(batch: dict[str, Any]) -> list[tuple[str, str, int]]:
    return [
        (task["bin"], task["order_id"], rest)
        for task in batch["tasks"]
        if (rest := task["quantity"] - task["picked"] - task["short"])
    ]


async def test_two_orders_are_fetched_bin_by_bin_into_their_totes(anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("MUG-BLUE", 2), ("TEA-100", 1))
    await order(anna, "P-2", ("TEA-100", 2))
    batch = await begin(anna, kind="queue", most=5)
    number = batch["batch"]
    assert left(batch) == [("A-2", "P-1", 1), ("A-2", "P-2", 2), ("A-10", "P-1", 2)], "A-2 comes before A-10"
    await scanned(anna, number, "TOTE-1", "TOTE-2")
    assert "complete" not in await refused(anna, number, "MUG-BLUE")
    now = await scanned(anna, number, "TEA-100", "tea-100", "0340123400002")
    assert left(now) == [("A-10", "P-1", 2)]
    assert await refused(anna, number, "TEA-100") == "TEA-100 is complete, put it back. Wanted now: MUG-BLUE from A-10."
    assert "NOTHING is not in this batch" in await refused(anna, number, "NOTHING")
    done = await scanned(anna, number, "MUG-BLUE", "MUG-BLUE")
    assert done["state"] == "done"
    assert [(row["order_id"], row["tote"]) for row in done["orders"]] == [("P-1", "TOTE-1"), ("P-2", "TOTE-2")]
    assert (await anna.get("/api/orders/P-1")).json()["tote"] == "TOTE-1"
    assert (await scan(anna, number, "MUG-BLUE")).status_code == 409


async def test_what_comes_later_is_not_taken_before_its_turn(anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("MUG-BLUE", 1), ("TEA-100", 1))
    number = (await begin(anna, kind="chosen", orders=["P-1"]))["batch"]
    await scanned(anna, number, "TOTE-1")
    assert await refused(anna, number, "MUG-BLUE") == "MUG-BLUE comes later, at A-10. Wanted now: TEA-100 from A-2."


async def test_a_tote_that_is_in_use_is_refused_until_it_is_empty(house: Central, anna: httpx.AsyncClient) -> None:
    for number in ("P-1", "P-2", "P-3"):
        await order(anna, number, ("TEA-100", 1))
    first = (await begin(anna, kind="chosen", orders=["P-1"]))["batch"]
    await scanned(anna, first, "TOTE-1", "TEA-100")
    second = (await begin(anna, kind="chosen", orders=["P-2", "P-3"]))["batch"]
    assert await refused(anna, second, "TOTE-1") == "Tote TOTE-1 has order P-1 in it. Take another one."
    assert "not a tote's" in await refused(anna, second, "P-1")
    await scanned(anna, second, "TOTE-2")
    assert "is in this batch already" in await refused(anna, second, "TOTE-2")
    await pack(house.store, "P-1", {"TEA-100": 1}, AT)
    await scanned(anna, second, "TOTE-1")


async def test_a_finished_tote_opens_at_a_bench(house: Central, anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("TEA-100", 1))
    number = (await begin(anna, kind="queue"))["batch"]
    await scanned(anna, number, "TOTE-7", "TEA-100")

    def ask(books: Books) -> object:
        return open_work(books, HOUSE, "pack-1", OpenWork("TOTE-7", "7001"), AT)

    offer = await house.store.transact(Keys(codes=frozenset({"TOTE-7"})), ask)
    assert isinstance(offer, JobOffered)
    assert offer.job.orders == (OrderId("P-1"),)
    assert "TOTE-7" in offer.job.codes


async def test_orders_of_one_piece_share_a_tote(anna: httpx.AsyncClient) -> None:
    for number in ("P-1", "P-2", "P-3"):
        await order(anna, number, ("TEA-100", 1))
    await order(anna, "P-4", ("TEA-100", 2))
    batch = await begin(anna, kind="singles")
    assert [row["order_id"] for row in batch["orders"]] == ["P-1", "P-2", "P-3"]
    done = await scanned(anna, batch["batch"], "TOTE-1", "TEA-100", "TEA-100", "TEA-100")
    assert done["state"] == "done"
    assert {row["tote"] for row in done["orders"]} == {"TOTE-1"}


async def test_two_lines_of_one_product_are_sent_to_different_pieces(house: Central, anna: httpx.AsyncClient) -> None:
    await house.store.transact(Keys(skus=frozenset({Sku("MUG-BLUE")})), partial(_received, Sku("MUG-BLUE"), "C-5"))
    await order(anna, "P-1", ("MUG-BLUE", 6), ("MUG-BLUE", 3))
    await order(anna, "P-2", ("MUG-BLUE", 5))
    batch = await begin(anna, kind="chosen", orders=["P-1", "P-2"])
    sent: Counter[str] = Counter()
    for bin_, _, pieces in left(batch):
        sent[bin_] += pieces
    assert sent == {"A-10": 10, "C-5": 4}
    rows = await house.store.read("picking.load_tasks", (f'["{batch["batch"]}"]',))
    of_line: Counter[tuple[str, int]] = Counter()
    for row in rows:
        of_line[row["order_id"], row["line"]] += row["quantity"]
    assert of_line == {("P-1", 1): 6, ("P-1", 2): 3, ("P-2", 1): 5}


async def test_a_zone_takes_the_orders_that_lie_wholly_in_it(anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("TEA-100", 1), ("MUG-BLUE", 1))
    await order(anna, "P-2", ("TEA-100", 1), ("LAMP-3", 1))
    assert [row["order_id"] for row in (await begin(anna, kind="zone", zone="a"))["orders"]] == ["P-1"]
    assert (await anna.post("/api/picking", json={"kind": "zone"})).status_code == 422


async def test_a_short_corrects_the_stock_asks_for_a_count_and_back_orders(anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("TEA-100", 3), ("MUG-BLUE", 1))
    number = (await begin(anna, kind="queue"))["batch"]
    now = await scanned(anna, number, "TOTE-1", "TEA-100")
    task = now["tasks"][0]["task"]
    answer = await anna.post(f"/api/picking/{number}/short", json={"task": task, "kind": "missing"})
    assert answer.status_code == 201, answer.text
    assert left(answer.json()) == [("A-10", "P-1", 1)]
    line = (await anna.get("/api/orders/P-1")).json()["lines"][0]
    assert (line["ordered"], line["reserved"], line["cancelled"]) == (3, 1, 0)
    kinds = {problem["kind"]: problem for problem in (await anna.get("/api/problems")).json()["items"]}
    assert kinds["count_needed"]["text"] == "2 × TEA-100 missing at A-2 while picking: back-ordered; count it"
    level = (await anna.get("/api/products/TEA-100")).json()["level"]
    assert level["on_hand"] == 8


async def test_a_touch_counts_where_the_product_allows_it(anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("LAMP-3", 1))
    await order(anna, "P-2", ("TEA-100", 1))
    number = (await begin(anna, kind="queue"))["batch"]
    await scanned(anna, number, "TOTE-1", "TOTE-2")
    refusal = await anna.post(f"/api/picking/{number}/tick", json={"task": 1})
    assert (refusal.status_code, refusal.json()["detail"]) == (409, "TEA-100 must be scanned.")
    early = await anna.post(f"/api/picking/{number}/tick", json={"task": 2})
    assert early.json()["detail"] == "LAMP-3 comes later, at B-1. Wanted now: TEA-100 from A-2."
    await scanned(anna, number, "TEA-100")
    ticked = await anna.post(f"/api/picking/{number}/tick", json={"task": 2})
    assert (ticked.json()["tasks"][1]["picked"], ticked.json()["tasks"][1]["ticked"]) == (1, 1)


async def test_two_pickers_never_fetch_the_same(anna: httpx.AsyncClient, ben: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("TEA-100", 2), ("MUG-BLUE", 1))
    number = (await begin(anna, kind="queue"))["batch"]
    await scanned(anna, number, "TOTE-1", "TEA-100")
    await ben.post(f"/api/picking/{number}/join")
    batch = (await ben.get(f"/api/picking/{number}")).json()
    assert [(task["sku"], task["picker"]) for task in batch["tasks"]] == [("TEA-100", "anna"), ("MUG-BLUE", "ben")]
    assert await refused(ben, number, "TEA-100") == "TEA-100 is fetched by anna. Wanted now: MUG-BLUE from A-10."
    await scanned(ben, number, "MUG-BLUE")
    assert (await scanned(anna, number, "TEA-100"))["state"] == "done"


async def test_a_scan_whose_answer_was_lost_counts_once(anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("TEA-100", 3))
    number = (await begin(anna, kind="queue"))["batch"]
    await scanned(anna, number, "TOTE-1")
    for _ in range(3):
        assert (await scan(anna, number, "TEA-100", "phone-1-scan-9")).status_code == 201
    assert left((await anna.get(f"/api/picking/{number}")).json()) == [("A-2", "P-1", 2)]


async def test_an_order_that_is_cancelled_is_fetched_no_more(anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("TEA-100", 2))
    await order(anna, "P-2", ("MUG-BLUE", 1))
    number = (await begin(anna, kind="queue"))["batch"]
    await scanned(anna, number, "TOTE-1", "TOTE-2", "TEA-100")
    await anna.post("/api/orders/P-1/cancel", json={"reason": "by phone"})
    assert "TEA-100" in await refused(anna, number, "TEA-100")
    assert (await scanned(anna, number, "MUG-BLUE"))["state"] == "done"


async def test_an_order_is_picked_in_one_batch_at_a_time(anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("TEA-100", 1))
    first = (await begin(anna, kind="chosen", orders=["P-1"]))["batch"]
    again = await anna.post("/api/picking", json={"kind": "chosen", "orders": ["P-1"]})
    assert again.json()["detail"] == f"Order P-1 is being picked in {first}."
    assert (await anna.post("/api/picking", json={"kind": "queue"})).status_code == 409
    assert (await anna.post(f"/api/picking/{first}/stop")).json()["state"] == "stopped"
    assert (await begin(anna, kind="chosen", orders=["P-1"]))["state"] == "open"


async def test_a_batch_on_paper_opens_its_orders_at_a_bench(house: Central, anna: httpx.AsyncClient) -> None:
    await order(anna, "P-1", ("TEA-100", 1))
    await order(anna, "P-2", ("MUG-BLUE", 1))
    number = (await begin(anna, kind="queue"))["batch"]
    answer = await anna.get(f"/api/picking/{number}/pdf")
    assert answer.status_code == 200, answer.text
    assert codes(answer.content) == {number}
    page = texts(answer.content)[0]
    assert page.index("A-2") < page.index("A-10")
    assert "P-1" in page
    await house.store.transact(Keys(), lambda books: books.stations.put(StationRow("pack-1")))

    def ask(books: Books) -> object:
        return open_work(books, HOUSE, "pack-1", OpenWork(number, "7001"), AT)

    offer = await house.store.transact(Keys(codes=frozenset({number})), ask)
    assert isinstance(offer, JobOffered)
    assert offer.job.orders == (OrderId("P-1"),)
