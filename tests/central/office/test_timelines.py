"""Timelines are complete and readable: all that is noted has words, people have names, stations and orders links."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

import central
from central.counting.at_station import counted, keys_of
from central.desk.books import Keys
from central.office.happenings import TOLD
from central.office.marks import MARKS
from central.store.sqlite import now_ms
from central.tracking.rows import ProblemRow
from contract.keys import Sku
from contract.messages import StockCounted
from contract.values import FoundPieces
from tests.central.conftest import Central
from tests.central.orders.test_finding import add
from tests.central.orders.test_routes import shop  # noqa: F401
from tests.central.packed import pack, sscc

pytestmark = pytest.mark.feature("V3")
NOTED = re.compile(r"""books\.note\(\s*f?"[^"]+",\s*[\w.]+,\s*"(\w+)\"""")
HTML = {"Accept": "text/html", "Accept-Language": "en"}


def test_everything_that_rules_note_has_words() -> None:
    source = "".join(path.read_text() for path in Path(central.__path__[0]).rglob("*.py"))
    noted = set(NOTED.findall(source))
    assert len(noted) > 20
    assert {what for what in noted if what not in TOLD and what.removeprefix("parcel_") not in MARKS} == set()


async def test_an_order_tells_of_its_parcels_with_names_and_links(
    shop: httpx.AsyncClient,  # noqa: F811
    central: Central,
) -> None:
    await add(shop, "P-1", "Zoé")
    await pack(central.store, "P-1", {"MUG-BLUE": 2}, 1_777_880_000_000)
    await shop.post("/api/people", json={"account": "camille", "name": "Camille", "role": "packer", "badge": "7001"})
    page = (await shop.get("/orders/P-1", headers=HTML)).text
    happened = page[page.index('id="what-happened"') : page.index('id="lines"')]
    assert f'href="/parcels/{sscc(1)}"' in happened
    assert 'href="/stations/pack-1/events"' in happened
    assert "Camille" in happened
    parcel = (await shop.get(f"/parcels/{sscc(1)}", headers=HTML)).text
    assert "Camille" in parcel
    assert "Weighed" in parcel
    assert "7001" not in parcel


async def test_a_product_tells_who_stopped_its_lot_and_why_and_whose_hands_moved_it(
    shop: httpx.AsyncClient,  # noqa: F811
    central: Central,
) -> None:
    await add(shop, "P-1", "Zoé")
    await pack(central.store, "P-1", {"MUG-BLUE": 2}, 1_777_880_000_000)
    await shop.post("/api/people", json={"account": "camille", "name": "Camille", "role": "packer", "badge": "7001"})
    page = (await shop.get("/stock/MUG-BLUE", headers=HTML)).text
    assert "Camille" in page[page.index('id="ledger"') : page.index('id="pending"')]
    assert 'id="happened"' not in page
    await shop.put("/api/suppliers/port", json={"name": "Port"})
    await shop.put("/api/deliveries/PO-1", json={"supplier": "port", "lines": [{"sku": "MUG-BLUE", "quantity": 5}]})
    came = {"arrivals": [{"sku": "MUG-BLUE", "quantity": 5, "lot": "L1"}]}
    (await shop.post("/api/deliveries/PO-1/received", json=came)).raise_for_status()
    (await shop.post("/api/stock/MUG-BLUE/lots/L1/stop", json={"reason": "Chipped"})).raise_for_status()
    page = (await shop.get("/stock/MUG-BLUE", headers=HTML)).text
    assert '<a href="/deliveries/PO-1">PO-1</a>' in page
    happened = page[page.index('id="happened"') :]
    for words in ("Lot stopped", "L1: Chipped"):
        assert words in happened


async def test_a_count_names_the_people_behind_the_badges(
    shop: httpx.AsyncClient,  # noqa: F811
    central: Central,
) -> None:
    await shop.post("/api/people", json={"account": "camille", "name": "Camille", "role": "packer", "badge": "7001"})
    (await shop.put("/api/counts/C-1", json={"skus": ["MUG-BLUE"]})).raise_for_status()
    fact = StockCounted("C-1", "", (FoundPieces(Sku("MUG-BLUE"), 3),), "7001", now_ms())
    await central.store.transact(keys_of(fact), lambda books: counted(books, "pack-1", "main", fact))
    page = (await shop.get("/counts/C-1", headers=HTML)).text
    assert page.count("Camille") >= 2, "beside the line, and in what happened"
    assert "7001" not in page


async def test_a_problem_names_who_was_at_the_bench(shop: httpx.AsyncClient, central: Central) -> None:  # noqa: F811
    await shop.post("/api/people", json={"account": "camille", "name": "Camille", "role": "packer", "badge": "7001"})
    problem = ProblemRow("short", "1 × MUG-BLUE missing: back-ordered", now_ms(), "pack-1", "7001")
    await central.store.transact(Keys(), lambda books: books.problems.append(problem))
    page = (await shop.get("/problems", headers=HTML)).text
    assert "Camille" in page
    assert "7001" not in page
