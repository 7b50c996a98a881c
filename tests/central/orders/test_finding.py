"""Orders found by words and filters, against a real database."""

from __future__ import annotations

import html
import re
import sqlite3
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from central.orders import finding
from central.orders.finding import Filters, find
from central.store.sqlite import SqliteStore
from tests.central.conftest import Central
from tests.central.orders.test_routes import ANY, BODY, PAID, shop  # noqa: F401
from tests.central.packed import pack, sscc

pytestmark = pytest.mark.feature("O9")


async def add(api: httpx.AsyncClient, number: str, name: str, **change: Any) -> None:
    ship_to = BODY["ship_to"] | {"name": name}
    (await api.post("/api/orders", json=PAID | {"order": number, "ship_to": ship_to} | change)).raise_for_status()


async def found(api: httpx.AsyncClient, **asked: Any) -> list[str]:
    answer = await api.get("/api/orders", params=asked)
    answer.raise_for_status()
    return [order["order"] for order in answer.json()["items"]]


@pytest.fixture
async def orders(shop: httpx.AsyncClient) -> httpx.AsyncClient:  # noqa: F811
    """Three orders, the oldest first."""
    await add(shop, "P-1", "Zoé Mérieux", placed_at=1_777_000_000_000)
    await add(shop, "P-2", "Jean-Pierre Martin", lines=[{"sku": "TEA-100", "quantity": 1}])
    await add(shop, "#1003", "Anna Martin", payment=None, contact={"email": "anna@example.fr"})
    return shop


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("merieux", ["P-1"]),
        ("MÉRI", ["P-1"]),
        ("zoe mér", ["P-1"]),
        ("martin", ["#1003", "P-2"]),
        ("pierre", ["P-2"]),
        ("martin anna", ["#1003"]),
        ("1003", ["#1003"]),
        ("p-", ["P-2", "P-1"]),
        ("anna@example", ["#1003"]),
        ("mug-blue", ["#1003", "P-1"]),
        ("mug-blue mar", ["#1003"]),
        ("érieux", []),
        ("martin_", []),
        ("%", []),
    ],
)
async def test_words_find_by_their_beginning_whatever_case_and_accents(
    orders: httpx.AsyncClient, text: str, numbers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await found(orders, q=text) == numbers
    # Frequent words are met on a walk instead of looked up: the answer is the same.
    monkeypatch.setattr(finding, "RARE", 0)
    assert await found(orders, q=text) == numbers


async def test_filters_combine(orders: httpx.AsyncClient) -> None:
    assert await found(orders, q="martin", status="open") == ["P-2"]
    assert await found(orders, q="martin", payment="awaiting") == ["#1003"]
    assert await found(orders, payment="awaiting", status="open") == []
    assert await found(orders, payment="awaiting") == ["#1003"]
    assert await found(orders, placed_before=1_777_500_000_000) == ["P-1"]
    assert await found(orders, source="csv") == []


APRIL = (1_774_994_400_000, 1_777_586_400_000)
"""The first moments of April and of May 2026 in Paris, two hours before they are so in Greenwich."""


async def test_a_month_is_that_of_the_houses_clock_on_the_page_by_rest_and_in_the_download(
    shop: httpx.AsyncClient,  # noqa: F811
    central: Central,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin, end = APRIL
    for number, at in {"MARCH": begin - 1, "FIRST": begin, "LAST": end - 1, "MAY": end}.items():
        await add(shop, number, "Zoé", placed_at=at)
    # Looked up by a rare word or met on a walk.
    for word, most in (("", finding.RARE), ("zoe", finding.RARE), ("zoe", 0)):
        monkeypatch.setattr(finding, "RARE", most)
        assert await found(shop, q=word, placed_from=begin) == ["MAY", "LAST", "FIRST"]
        assert await found(shop, q=word, placed_from=begin + 1, placed_before=end + 1) == ["MAY", "LAST"]
        assert await found(shop, q=word, placed_from=begin, placed_before=end) == ["LAST", "FIRST"]
        async with central.browser() as browser:
            page = (await browser.get("/orders", params={"q": word, "month": "2026-04"})).text
        listed = re.findall(r'href="/orders/(MARCH|FIRST|LAST|MAY)"', page)
        assert list(dict.fromkeys(listed)) == ["LAST", "FIRST"]
        (download,) = re.findall(r'href="(/api/exports/orders\?[^"]*)"', page)
        rows = (await shop.get(html.unescape(download))).text.splitlines()[1:]
        assert {row.partition(",")[0] for row in rows} == {"LAST", "FIRST"}


async def test_the_last_month_of_a_year_ends_with_it_and_no_month_is_refused(
    shop: httpx.AsyncClient,  # noqa: F811
    central: Central,
) -> None:
    new_year = 1_767_222_000_000
    await add(shop, "OLD", "Zoé", placed_at=new_year - 1)
    await add(shop, "NEW", "Zoé", placed_at=new_year)
    async with central.browser() as browser:
        page = (await browser.get("/orders", params={"month": "2025-12"})).text
        refused = await browser.get("/orders", params={"month": "2025-13"}, headers={"Accept-Language": "en"})
    assert set(re.findall(r'href="/orders/(OLD|NEW)"', page)) == {"OLD"}
    assert refused.status_code == 422
    assert "is not a month such as 2026-05" in refused.text


async def test_an_order_is_found_by_the_number_and_the_carrier_of_its_parcel(
    orders: httpx.AsyncClient, central: Central
) -> None:
    await pack(central.store, "P-1", {"MUG-BLUE": 2}, 1_777_880_000_000)
    number = {"tracking_number": "6A12345678901", "carrier": "Colissimo"}
    (await orders.post(f"/api/parcels/{sscc(1)}/tracking-number", json=number)).raise_for_status()
    assert await found(orders, q="6a 1234 5678 901") == ["P-1"]
    assert await found(orders, q=str(sscc(1))) == ["P-1"]
    assert await found(orders, carrier="Colissimo") == ["P-1"]
    assert await found(orders, carrier="Chronopost") == []


@pytest.mark.parametrize(("field", "value"), [("status", "foo"), ("payment", "gold")])
async def test_an_unknown_status_is_refused_with_those_that_there_are(
    orders: httpx.AsyncClient, field: str, value: str
) -> None:
    answer = await orders.get("/api/orders", params={field: value})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["field"], error["value"]) == (field, value)
    assert f"There is no {field} '{value}'; there are " in error["text"]


async def test_a_new_name_is_found_and_the_old_one_is_not(orders: httpx.AsyncClient) -> None:
    (
        await orders.post("/api/orders/P-1/address", json=BODY["ship_to"] | {"name": "Noël Petit"}, headers=ANY)
    ).raise_for_status()
    assert await found(orders, q="noel") == ["P-1"]
    assert await found(orders, q="merieux") == []


@pytest.mark.parametrize("asked", [{}, {"q": "p"}, {"status": "open"}, {"payment": "awaiting"}])
async def test_pages_follow_each_other_without_gap_or_repeat(
    shop: httpx.AsyncClient,  # noqa: F811
    asked: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Walks that end early too, between orders of one moment."""
    monkeypatch.setattr(finding, "MOST_WALKED", 3)
    (await shop.post("/api/stock/MUG-BLUE/received", json={"quantity": 90})).raise_for_status()
    (await shop.post("/api/stock/TEA-100/received", json={"quantity": 90})).raise_for_status()
    for number in range(11):
        paid = {"payment": None} if "payment" in asked else {}
        await add(shop, f"P-{number:02d}", "Zoé", placed_at=1_777_000_000_000 + number // 4, **paid)
    expected = await found(shop, **asked, limit=200)
    after, pages = "", []
    while True:
        page = (await shop.get("/api/orders", params=asked | {"limit": "2", "after": after})).json()
        pages += [order["order"] for order in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert pages == sorted(pages, key=lambda number: (-(int(number[2:]) // 4), number))
    assert len(pages) == 11
    assert pages[: len(expected)] == expected


NINE: Final = 1_777_000_000_000
"""When the first orders of a day came."""


@pytest.mark.parametrize("most", [finding.RARE, 0])
@pytest.mark.parametrize(
    "asked", [{}, {"q": "zoe"}, {"status": "open"}, {"status": "held"}, {"placed_from": str(NINE + 3)}]
)
async def test_orders_are_sorted_over_all_pages(
    shop: httpx.AsyncClient,  # noqa: F811
    asked: dict[str, str],
    most: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is little is looked up and sorted, much is read from an index: the order is the same."""
    monkeypatch.setattr(finding, "RARE", most)
    monkeypatch.setattr(finding, "MOST_WALKED", 4)
    monkeypatch.setattr(finding, "_CHECKED_AT_ONCE", 2)
    placed = {"P-3": NINE + 2, "P-1": NINE + 4, "#7": NINE + 3, "P-2": NINE + 3, "P-10": NINE + 5}
    for number, at in placed.items():
        await add(shop, number, "Zoé", placed_at=at, lines=[{"sku": "MUG-BLUE", "quantity": 1}])
    (await shop.post("/api/orders/P-1/hold", json={"reason": "She called."})).raise_for_status()
    (await shop.post("/api/orders/P-10/hold", json={"reason": "She called."})).raise_for_status()
    held = {"P-1", "P-10"}
    fitting = (
        [each for each in placed if (each in held) == (asked["status"] == "held")] if "status" in asked else placed
    )
    late = [each for each in fitting if placed[each] >= int(asked.get("placed_from", 0))]
    for sort, order in (
        ("order", sorted(late)),
        ("-order", sorted(late, reverse=True)),
        ("-placed", sorted(late, key=lambda each: (-placed[each], each))),
        ("placed", sorted(late, key=lambda each: (-placed[each], each), reverse=True)),
    ):
        assert await walked(shop, asked | {"sort": sort}) == order, sort
    refused = await shop.get("/api/orders", params={"sort": "name"})
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "sort")


async def walked(api: httpx.AsyncClient, asked: dict[str, str]) -> list[str]:
    """All pages, one order on each."""
    numbers: list[str] = []
    after: str | None = ""
    while after is not None:
        page = (await api.get("/api/orders", params=asked | {"limit": "1", "after": after})).json()
        numbers += [order["order"] for order in page["items"]]
        after = page["next"]
    return numbers


async def test_a_cursor_of_another_order_is_refused(orders: httpx.AsyncClient) -> None:
    after = (await orders.get("/api/orders", params={"limit": "1", "sort": "order"})).json()["next"]
    assert (await orders.get("/api/orders", params={"sort": "order", "after": after})).status_code == 200
    assert (await orders.get("/api/orders", params={"sort": "-order", "after": after})).status_code == 422


async def test_orders_of_before_there_was_search_are_found_after_the_upgrade(
    tmp_path: Path, api: httpx.AsyncClient
) -> None:
    await add(api, "P-1", "Zoé Mérieux")
    path = tmp_path / "central.db"
    with sqlite3.connect(path) as database:
        database.executescript(
            "DELETE FROM order_terms; UPDATE orders SET found_by = '';"
            "INSERT INTO orders_unfound SELECT order_id FROM orders"
        )
    async with SqliteStore(path, "lyon") as store:
        assert (await find(store, Filters("merieux"))).orders == ["P-1"]
        assert await store.read("orders.unfound", (9,)) == []
