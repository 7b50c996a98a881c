"""Whoever replaces values that others may have changed says which version was seen, by REST and by a page's form."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import httpx
import pytest

from tests.central.conftest import Central
from tests.central.orders.test_routes import BODY, PAID, shop

__all__ = ["shop"]
pytestmark = [pytest.mark.feature("O7", "I2")]

MOVED: Final = BODY["ship_to"] | {"postcode": "75003"}
REPLACING: Final[Mapping[str, tuple[str, str, Any]]] = {
    "editOrder": ("PATCH", "", {"lines": [{"line": 1, "quantity": 5}], "gift_note": "Bonne fête"}),
    "readdressOrder": ("POST", "/address", MOVED),
    "recontactOrder": ("POST", "/contact", {"email": "zoe@example.org"}),
    "prioritiseOrder": ("POST", "/priority", {"priority": "vip"}),
    "rerouteOrder": ("POST", "/warehouse", {"warehouse": "main"}),
    "assignLine": ("POST", "/lines/1/supplier", {"supplier": "Faïencerie"}),
    "releaseOrder": ("POST", "/release", None),
    "unmergeOrders": ("POST", "/unmerge", None),
}
CHOOSING: Final = "chooseBetweenShopAndUs"
"""Refused for an order about which there is nothing to choose: see the tests of shops."""
MANY: Final = "runOnOrders"
"""Names a version for each order, in its body."""
ADDING: Final[Mapping[str, Any]] = {
    "/notes": {"audience": "office", "text": "She called."},
    "/hold": {"reason": "wait"},
}


async def order(shop: httpx.AsyncClient) -> dict[str, Any]:
    answer: dict[str, Any] = (await shop.get("/api/orders/P-1")).json()
    return answer


async def put_notes(shop: httpx.AsyncClient, version: str = "") -> list[httpx.Response]:
    """Two programs set the gift note at the same moment."""
    headers = {"If-Match": version} if version else {}
    sent = [shop.patch("/api/orders/P-1", json={"gift_note": by}, headers=headers) for by in ("Anna", "Ben")]
    return await asyncio.gather(*sent)


@pytest.mark.parametrize("name", REPLACING)
async def test_without_a_version_nothing_is_replaced(shop: httpx.AsyncClient, name: str) -> None:
    method, path, body = REPLACING[name]
    await shop.post("/api/orders", json=PAID)
    before = await order(shop)
    answer = await shop.request(method, f"/api/orders/P-1{path}", json=body)
    problem = answer.json()
    assert (answer.status_code, answer.headers["content-type"]) == (428, "application/problem+json")
    assert (problem["errors"][0]["field"], problem.get("sent")) == ("If-Match", body)
    assert f'version {before["version"]} now: look at it and send If-Match: "{before["version"]}"' in problem["detail"]
    assert problem["now"] == before == await order(shop)
    said = {"If-Match": f'"{problem["now"]["version"]}"'}
    assert (await shop.request(method, f"/api/orders/P-1{path}", json=body, headers=said)).is_success
    unknown = await shop.request(method, f"/api/orders/P-9{path}", json=body)
    assert unknown.status_code == 404


async def test_the_description_lists_it_where_it_is_answered(shop: httpx.AsyncClient) -> None:
    paths = (await shop.get("/schema/openapi.json")).json()["paths"]
    operations = [each for path in paths.values() for each in path.values()]
    assert {each["operationId"] for each in operations if "428" in each["responses"]} == {*REPLACING, CHOOSING, MANY}
    for each in operations:
        if each["operationId"] in REPLACING:
            (header,) = (given for given in each["parameters"] if given["name"] == "If-Match")
            assert "428" in header["description"]


async def test_two_at_the_same_moment_without_a_version_change_nothing(shop: httpx.AsyncClient) -> None:
    await shop.post("/api/orders", json=PAID)
    before = await order(shop)
    assert [answer.status_code for answer in await put_notes(shop)] == [428, 428]
    assert await order(shop) == before


async def test_of_two_with_the_same_version_one_is_told_both_sides(shop: httpx.AsyncClient) -> None:
    await shop.post("/api/orders", json=PAID)
    seen = (await order(shop))["version"]
    done, late = sorted(await put_notes(shop, str(seen)), key=lambda answer: answer.status_code)
    assert (done.status_code, late.status_code) == (200, 409)
    problem, now = late.json(), await order(shop)
    assert problem["now"] == done.json() == now
    assert {now["gift_note"], problem["sent"]["gift_note"]} == {"Anna", "Ben"}


async def test_a_star_replaces_whatever_is_there(shop: httpx.AsyncClient) -> None:
    await shop.post("/api/orders", json=PAID)
    seen = int((await order(shop))["version"])
    answers = await put_notes(shop, "*")
    assert [answer.status_code for answer in answers] == [200, 200]
    now = await order(shop)
    assert int(now["version"]) == seen + 2, "both were done"
    last = max((answer.json() for answer in answers), key=lambda each: int(each["version"]))
    assert (last["version"], last["gift_note"]) == (now["version"], now["gift_note"])


async def test_what_only_adds_needs_none(shop: httpx.AsyncClient) -> None:
    await shop.post("/api/orders", json=PAID)
    for path, body in ADDING.items():
        assert (await shop.post(f"/api/orders/P-1{path}", json=body)).is_success, path


@pytest.mark.feature("V1")
@pytest.mark.parametrize("version", [{}, {"version": ""}, {"version": "*"}, {"version": "²"}, {"version": "9" * 5000}])
async def test_a_form_without_a_version_is_refused_in_the_pages_words(
    shop: httpx.AsyncClient,
    central: Central,
    version: dict[str, str],
) -> None:
    await shop.post("/api/orders", json=PAID)
    before = await order(shop)
    async with central.browser() as browser:
        form = {"priority": "vip", "priority_reason": "a birthday"}
        page = await browser.post("/orders/P-1/priority", data=form | version)
        assert (page.status_code, "did not say which version of the order you saw" in page.text) == (422, True)
        assert "a birthday" in page.text, "what was typed is kept"
        assert f'name="version" value="{before["version"]}"' in page.text
        assert await order(shop) == before
        await browser.post("/orders/P-1/priority", data=form | {"version": str(before["version"])})
    assert (await order(shop))["priority"] == "vip"
