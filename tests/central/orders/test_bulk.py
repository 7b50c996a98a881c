"""One thing done to many orders by REST: a result for each, and one that is refused stops no other."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any, Final

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.orders.bulk import action, carry_out
from central.orders.holding import hold, release
from central.orders.rules import By
from central.orders.urgency import PRIORITIES, prioritise
from contract.keys import OrderId
from tests.central.conftest import READER, Central, until
from tests.central.orders.test_finding import add
from tests.central.orders.test_routes import ANY, BODY, shop  # noqa: F401
from tests.central.packed import HOUSE, pack, sscc
from tests.central.shop import AT, MUG
from tests.central.shop import shop as in_memory

pytestmark = pytest.mark.feature("O10")
WRONG = BODY["ship_to"] | {"postcode": "7500"}
URGENT: Final = {"do": "prioritised", "priority": "express", "reason": "fair"}
VIP: Final = {"priority": "vip", "reason": "a birthday"}


@pytest.fixture
async def orders(shop: httpx.AsyncClient) -> httpx.AsyncClient:  # noqa: F811
    """P-1 and P-2 wait for money, P-3 is paid, P-4 cancelled, P-5 held."""
    for number in ("P-1", "P-2"):
        await add(shop, number, "Zoé", payment=None, lines=[{"sku": "MUG-BLUE", "quantity": 1}])
    await add(shop, "P-3", "Anna", lines=[{"sku": "MUG-BLUE", "quantity": 1}])
    await add(shop, "P-4", "Luc", cancelled=True)
    (await shop.post("/api/orders", json=BODY | {"order": "P-5", "ship_to": WRONG})).raise_for_status()
    return shop


async def run(api: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await api.post("/api/runs", json=asked)
    answer.raise_for_status()
    progress: dict[str, Any] = answer.json()
    assert progress["finished"]
    assert (await api.get(f"/api/runs/{progress['run']}")).json() == progress
    return progress


def statuses(progress: dict[str, Any]) -> list[tuple[str, bool, str]]:
    return [(result["order"], result["done"], result["status"]) for result in progress["results"]]


async def test_each_order_has_its_result_and_a_refused_one_stops_no_other(orders: httpx.AsyncClient) -> None:
    numbers = ["P-1", "P-3", "NOPE", "P-4", "P-2", "P-1"]
    progress = await run(orders, do="paid", orders=numbers, method="transfer", reference="T-7")
    assert statuses(progress) == [
        ("P-1", True, "open"),
        ("P-3", False, "open"),
        ("NOPE", False, ""),
        ("P-4", False, "cancelled"),
        ("P-2", True, "open"),
    ]
    assert (progress["total"], progress["done"], progress["refused"], progress["trouble"]) == (5, 2, 3, "")
    assert progress["results"][1]["text"] == "Order P-3 is paid already (card ch_1)."
    paid = (await orders.get("/api/orders/P-1")).json()["payment"]
    assert (paid["method"], paid["reference"], paid["amount"]) == ("transfer", "T-7", 3740)


@pytest.mark.parametrize(
    ("asked", "order", "status"),
    [
        ({"do": "held", "reason": "call her"}, "P-3", "held"),
        ({"do": "released", "versions": "any"}, "P-5", "awaiting_payment"),
        ({"do": "cancelled", "reason": "sold out"}, "P-3", "cancelled"),
    ],
)
async def test_what_is_done_shows_on_the_order(
    orders: httpx.AsyncClient, asked: dict[str, Any], order: str, status: str
) -> None:
    assert statuses(await run(orders, orders=[order], **asked)) == [(order, True, status)]
    told = (await orders.get(f"/api/orders/{order}")).json()
    assert told["status"] == status
    assert asked.get("reason", "") in " ".join(entry["text"] for entry in told["timeline"])
    # Once more changes nothing.
    assert statuses(await run(orders, orders=[order], **asked)) == [(order, True, status)]
    assert (await orders.get(f"/api/orders/{order}")).json() == told


@pytest.mark.feature("O13")
async def test_many_are_put_before_others(orders: httpx.AsyncClient) -> None:
    asked = URGENT | {"orders": ["P-3", "P-4"], "versions": "any"}
    assert statuses(await run(orders, **asked)) == [("P-3", True, "open"), ("P-4", False, "cancelled")]
    assert (await orders.get("/api/orders/P-3")).json()["priority"] == "express"
    assert (await orders.post("/api/runs", json=asked | {"priority": "now"})).status_code == 422


async def seen(api: httpx.AsyncClient, *numbers: str) -> dict[str, int]:
    """The versions that the list shows."""
    items = (await api.get("/api/orders")).json()["items"]
    return {each["order"]: each["version"] for each in items if each["order"] in numbers}


@pytest.mark.feature("O7", "O13")
@pytest.mark.parametrize("asked", [URGENT, {"do": "released"}])
@pytest.mark.parametrize("which", [{"orders": ["P-3", "P-5"]}, {"filter": {}}])
async def test_what_replaces_says_which_versions_were_seen(
    orders: httpx.AsyncClient, asked: dict[str, str], which: dict[str, Any]
) -> None:
    before = (await orders.get("/api/orders")).json()
    some: list[dict[str, Any]] = [{}]
    if "orders" in which:
        some += [{"versions": {}}, {"versions": await seen(orders, "P-3")}]
    for versions in some:
        answer = await orders.post("/api/runs", json=asked | which | versions)
        problem = answer.json()
        assert (answer.status_code, problem["errors"][0]["field"]) == (428, "versions")
    if "filter" in which:
        answer = await orders.post("/api/runs", json=asked | which | {"versions": {"P-3": 1}})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "versions")
    assert (await orders.get("/api/orders")).json() == before


@pytest.mark.feature("O7", "O13")
async def test_an_order_changed_since_is_refused_with_both_sides_and_the_others_go_on(
    orders: httpx.AsyncClient,
) -> None:
    versions = await seen(orders, "P-1", "P-2", "P-3")
    theirs = (await orders.post("/api/orders/P-2/priority", json=VIP, headers=ANY)).json()
    progress = await run(orders, **URGENT, orders=["P-1", "P-2", "P-3"], versions=versions)
    assert [result["done"] for result in progress["results"]] == [True, False, True]
    refused = progress["results"][1]
    assert (refused["status"], refused["version"]) == ("awaiting_payment", theirs["version"])
    assert f"it has version {theirs['version']}, this was decided about version {versions['P-2']}." in refused["text"]
    assert refused["sides"] == [
        {"what": "priority", "now": "vip", "sent": "express"},
        {"what": "reason", "now": "a birthday", "sent": "fair"},
    ]
    assert (await orders.get("/api/orders/P-2")).json() == theirs
    # Looked at again, it is done; what is so already is done whoever made it so.
    again = await run(orders, **URGENT, orders=["P-1", "P-2"], versions=versions | {"P-2": refused["version"]})
    assert [result["done"] for result in again["results"]] == [True, True]
    assert (await orders.get("/api/orders/P-2")).json()["priority_reason"] == "fair"


@pytest.mark.feature("O2", "O7")
async def test_a_hold_that_came_since_is_not_released_unseen(orders: httpx.AsyncClient) -> None:
    versions = await seen(orders, "P-5")
    await orders.post("/api/orders/P-5/hold", json={"reason": "She calls back."})
    (refused,) = (await run(orders, do="released", orders=["P-5"], versions=versions))["results"]
    (side,) = refused["sides"]
    assert (refused["done"], side["what"], "She calls back." in side["now"]) == (False, "held", True)
    assert (await orders.get("/api/orders/P-5")).json()["status"] == "held"


@pytest.mark.feature("O10", "O13", "V1")
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("Priority", "now: vip · asked for: express", "now: a birthday · asked for: fair")),
        ("fr", ("Priorité", "maintenant : VIP · demandé : express", "maintenant : a birthday · demandé : fair")),
    ],
)
async def test_the_page_says_what_it_drew_and_shows_both_sides(
    orders: httpx.AsyncClient, central: Central, language: str, words: tuple[str, ...]
) -> None:
    async with central.browser() as browser:
        browser.headers["Accept-Language"] = language
        page = (await browser.get("/orders")).text
        (drawn,) = re.findall(r'name="versions" value="([^"]*)"', page)
        assert json.loads(unescape(drawn)) == await seen(orders, "P-1", "P-2", "P-3", "P-4", "P-5")
        await orders.post("/api/orders/P-2/priority", json=VIP, headers=ANY)
        form = URGENT | {"order": ["P-1", "P-2"], "which": "picked"}
        unsaid = await browser.post("/runs", data=form)
        assert 'id="do-error"' in unsaid.text, "nothing is done without the versions"
        done = await browser.post("/runs", data=form | {"versions": unescape(drawn)})
        (number,) = re.findall("/runs/(.+)", done.headers["location"])
        await until(orders, f"/api/runs/{number}", lambda progress: progress["finished"])
        result = (await browser.get(done.headers["location"])).text
    for said in words:
        assert said in result
    assert (await orders.get("/api/orders/P-1")).json()["priority"] == "express"
    assert (await orders.get("/api/orders/P-2")).json()["priority"] == "vip"


KNOWN: Final = tuple(OrderId(f"P-{number}") for number in range(1, 4))
Change = st.tuples(st.sampled_from(KNOWN), st.sampled_from(PRIORITIES), st.booleans())


@settings(max_examples=60, deadline=None)
@given(st.lists(Change, max_size=6), st.lists(Change, max_size=6), st.sampled_from(PRIORITIES))
def test_nothing_that_was_set_since_is_ever_replaced(
    before: list[tuple[OrderId, str, bool]], since: list[tuple[OrderId, str, bool]], wanted: str
) -> None:
    """Whatever others did before somebody looked, and whatever they did afterwards."""
    books = in_memory(*((number, [(MUG, 1)]) for number in KNOWN))

    def others_do(changes: list[tuple[OrderId, str, bool]]) -> None:
        for number, priority, held in changes:
            prioritise(books, number, priority, "theirs", By("ben", AT))  # type: ignore[arg-type]
            (hold(books, number, "theirs", By("ben", AT)) if held else release(books, number, By("ben", AT)))

    others_do(before)
    seen = {number: books.orders[number].version for number in KNOWN}
    others_do(since)
    there = {number: books.orders[number] for number in KNOWN}
    for asked in (action("prioritised", "ours", priority=wanted), action("released")):
        results = carry_out(books, HOUSE, KNOWN, asked, seen, By("anna", AT))
        for number, result in zip(KNOWN, results, strict=True):
            if there[number].version != seen[number] and not result.done:
                assert result.sides
                assert books.orders[number] == there[number]
            assert result.done or there[number].version != seen[number]
        there = {number: books.orders[number] for number in KNOWN}
        seen |= {each: books.orders[each].version for each, result in zip(KNOWN, results, strict=True) if result.done}


async def test_orders_ship_with_all_their_parcels_or_not_at_all(orders: httpx.AsyncClient, central: Central) -> None:
    await pack(central.store, "P-3", {"MUG-BLUE": 1}, 1_777_880_000_000)
    progress = await run(orders, do="shipped", orders=["P-3", "P-1"])
    assert statuses(progress) == [("P-3", True, "shipped"), ("P-1", False, "awaiting_payment")]
    assert progress["results"][1]["text"] == "Order P-1 has no parcel that could leave."
    assert (await orders.get(f"/api/parcels/{sscc(1)}")).json()["status"] == "shipped"


async def test_a_held_parcel_keeps_its_order_here(orders: httpx.AsyncClient, central: Central) -> None:
    await pack(central.store, "P-3", {"MUG-BLUE": 1}, 1_777_880_000_000)
    await orders.post("/api/orders/P-3/cancel", json={"reason": "she called"})
    progress = await run(orders, do="shipped", orders=["P-3"])
    assert "is held: its order was cancelled; release it first." in progress["results"][0]["text"]


async def test_all_that_fit_a_filter(orders: httpx.AsyncClient) -> None:
    progress = await run(orders, do="held", filter={"q": "zoe"}, reason="count first")
    assert sorted(statuses(progress)) == [("P-1", True, "held"), ("P-2", True, "held")]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"do": "eaten", "orders": ["P-1"]}, "do"),
        ({"do": "held", "orders": ["P-1"]}, "reason"),
        ({"do": "paid", "orders": ["P-1"]}, "method"),
        ({"do": "released"}, "orders"),
        ({"do": "released", "orders": ["P-1"], "filter": {}}, "orders"),
        ({"do": "released", "filter": {"status": "foo"}}, "status"),
    ],
)
async def test_what_cannot_be_done_is_refused_as_a_whole(
    orders: httpx.AsyncClient, asked: dict[str, Any], field: str
) -> None:
    answer = await orders.post("/api/runs", json=asked)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)


async def test_many_orders_are_done_in_steps_that_let_others_in(api: httpx.AsyncClient, central: Central) -> None:
    for number in range(120):
        await add(api, f"P-{number:03d}", "Zoé", lines=[{"sku": "NOT-YET", "quantity": 1}])
    progress = await run(api, do="cancelled", filter={}, reason="closing")
    assert (progress["total"], progress["done"]) == (120, 120)
    assert (await api.get("/api/orders", params={"status": "cancelled", "limit": 200})).json()["next"] is None


async def test_who_only_reads_changes_nothing(orders: httpx.AsyncClient, central: Central) -> None:
    async with central.client(READER) as reader:
        assert (await reader.post("/api/runs", json={"do": "released", "orders": ["P-5"]})).status_code == 403
    assert (await orders.get("/api/orders/P-5")).json()["status"] == "held"
