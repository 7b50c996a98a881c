"""The list of products: found whatever the case and accents, sorted by what the address says, page by page."""

from __future__ import annotations

import sqlite3

import httpx
import pytest

from central.orders.terms import folded
from central.store.migrate import migrations

pytestmark = pytest.mark.feature("V1", "K1")
NAMES = {"A-1": "Théière œuvrée", "A-2": "Étagère", "A-3": "zinc", "A-4": "Bougie"}
SHELF = {"A-1": 5, "A-2": 1, "A-3": 9, "A-4": 5}


@pytest.fixture
async def shelves(api: httpx.AsyncClient) -> httpx.AsyncClient:
    for sku, name in NAMES.items():
        (await api.put(f"/api/products/{sku}", json={"name": name})).raise_for_status()
        (await api.post(f"/api/stock/{sku}/received", json={"quantity": SHELF[sku]})).raise_for_status()
    return api


async def skus(api: httpx.AsyncClient, **asked: object) -> list[str]:
    """Of all pages, two products each."""
    found: list[str] = []
    after: str | None = ""
    while after is not None:
        page = (await api.get("/api/products", params={"limit": 2, "after": after} | asked)).json()
        found += [item["product"]["sku"] for item in page["items"]]
        after = page["next"]
    return found


@pytest.mark.parametrize("text", ["theiere", "THÉIÈRE", "oeuvree", "iere oeuv", "a-1"])
async def test_a_product_is_found_whatever_the_case_and_accents(shelves: httpx.AsyncClient, text: str) -> None:
    assert await skus(shelves, q=text) == ["A-1"]


async def test_it_is_found_by_its_newest_name(shelves: httpx.AsyncClient) -> None:
    (await shelves.put("/api/products/A-1", json={"name": "Cafetière"})).raise_for_status()
    assert await skus(shelves, q="theiere") == []
    assert await skus(shelves, q="cafetiere") == ["A-1"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("", ["A-1", "A-2", "A-3", "A-4"]),
        ("name", ["A-4", "A-2", "A-1", "A-3"]),
        ("shelf", ["A-2", "A-1", "A-4", "A-3"]),
        ("available", ["A-2", "A-1", "A-4", "A-3"]),
    ],
)
async def test_products_are_sorted_over_all_pages(shelves: httpx.AsyncClient, sort: str, order: list[str]) -> None:
    assert await skus(shelves, sort=sort) == order


def test_names_of_before_are_folded_by_the_upgrade() -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE products (sku text, name text)")
    names = [*NAMES.values(), "ÎLE DE RÉ, Noël, señor, Groß, Øre, Æble"]
    connection.executemany("INSERT INTO products VALUES ('', ?)", [(name,) for name in names])
    (upgrade,) = (sql for _, name, sql in migrations() if name == "folded_names")
    connection.executescript(upgrade)
    found = connection.execute("SELECT folded_name FROM products").fetchall()
    assert [name for (name,) in found] == [folded(name) for name in names]
