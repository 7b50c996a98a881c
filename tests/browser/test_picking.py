"""Picking on a phone: a real central, Chromium with 360 px, and a network that fails."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from central.desk.books import Books, Keys
from central.office.settings import Http
from central.stock.ledger import Cause
from central.stock.model import Place
from central.stock.rules import receive
from contract.keys import Sku
from tests.browser.conftest import Open
from tests.browser.test_office import enter
from tests.central.conftest import Central, serve
from tests.central.orders.test_routes import PAID

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("P28")]
PHONE = {"width": 360, "height": 700, "has_touch": True, "is_mobile": True}
AT = 1_777_880_000_000


def _received(sku: str, bin_: str, books: Books) -> None:
    receive(books, Sku(sku), 10, Cause("start", "test", AT), Place("main", bin_))


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Central]:
    """Two orders of what lies in two bins."""
    async with serve(tmp_path, Http()) as running:
        async with running.client() as api:
            for sku, bin_, policy in (("MUG-BLUE", "A-10", "scan"), ("TEA-100", "A-2", "scan_where_possible")):
                body = {"name": f"{sku.title()} with a long name for a phone", "mass_g": 100, "policy": policy}
                await api.put(f"/api/products/{sku}", json=body)
                await running.store.transact(Keys(skus=frozenset({Sku(sku)})), partial(_received, sku, bin_))
            for number in ("P-1", "P-2"):
                await api.post("/api/orders", json=PAID | {"order": number})
        yield running


async def batch(office: Central) -> str:
    async with office.client() as api:
        number: str = (await api.post("/api/picking", json={"kind": "queue"})).json()["batch"]
        return number


async def scan(page: Page, code: str) -> None:
    """As a scanner does: it types wherever the focus is, and Enter."""
    await expect(page.locator("#code")).to_be_focused()
    await page.keyboard.type(code)
    await page.keyboard.press("Enter")


async def test_a_batch_is_made_and_picked_by_scans_alone(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/picking", **PHONE)
    await page.get_by_role("button", name="Begin to pick").click()
    heading = page.locator("#pick h1")
    await expect(heading).to_have_text("Tote for order 1 of 2")
    await scan(page, "TOTE-1")
    await expect(heading).to_have_text("Tote for order 2 of 2")
    await scan(page, "TOTE-1")
    await expect(page.locator(".refused")).to_contain_text("Tote TOTE-1 is in this batch already")
    await scan(page, "TOTE-2")
    await expect(page.locator(".bin")).to_have_text("A-2")
    await expect(page.locator(".tote")).to_contain_text("TOTE-1")
    await scan(page, "MUG-BLUE")
    await expect(page.locator(".refused")).to_contain_text("MUG-BLUE comes later, at A-10")
    await expect(page.locator("#pick")).to_have_attribute("data-tone", "stop")
    await scan(page, "TEA-100")
    await expect(page.locator(".tote")).to_contain_text("TOTE-2")
    await page.get_by_role("button", name="+1").click()
    await expect(page.locator(".bin")).to_have_text("A-10")
    await expect(page.get_by_role("button", name="+1")).to_have_count(0)
    for _ in range(4):
        before = await page.locator("#pick").get_attribute("data-mark")
        await scan(page, "MUG-BLUE")
        await expect(page.locator("#pick")).not_to_have_attribute("data-mark", before or "")
    await expect(heading).to_have_text("This batch is done.")
    await expect(page.locator(".totes")).to_contain_text("TOTE-2")


async def test_orders_that_are_ticked_in_the_list_are_picked_together(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/orders")
    await page.get_by_label("Select order P-2").check()
    await page.get_by_role("button", name="Pick them").click()
    await expect(page.locator("#orders")).to_have_value("P-2")
    await page.get_by_role("button", name="Begin to pick").click()
    await expect(page.locator("#pick .what")).to_contain_text("P-2")
    await page.goto(f"{office.url}/orders")
    await page.get_by_label("Select order P-1").check()
    await page.get_by_label("Select order P-2").check()
    await page.get_by_role("button", name="Their papers").click()
    await expect(page.locator("#orders")).to_have_value("P-1\nP-2")


async def test_a_reload_finds_the_same_place(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, f"/picking/{await batch(office)}", **PHONE)
    for code in ("TOTE-1", "TOTE-2", "TEA-100"):
        before = await page.locator("#pick").get_attribute("data-mark")
        await scan(page, code)
        await expect(page.locator("#pick")).not_to_have_attribute("data-mark", before or "")
    await page.reload()
    await expect(page.locator(".tote")).to_contain_text("TOTE-2")
    await expect(page.locator(".pickbar")).to_contain_text("1 / 6")


async def test_without_network_the_page_says_so_and_a_scan_counts_once(office: Central, new_page: Open) -> None:
    number = await batch(office)
    page = await enter(office, new_page, f"/picking/{number}", **PHONE)
    await scan(page, "TOTE-1")
    await expect(page.locator("#pick h1")).to_have_text("Tote for order 2 of 2")
    await scan(page, "TOTE-2")
    await expect(page.locator(".bin")).to_have_text("A-2")
    await page.context.set_offline(True)
    await expect(page.locator(".network")).to_contain_text("No network")
    await scan(page, "TEA-100")
    await scan(page, "TEA-100")
    await expect(page.locator(".network")).to_contain_text("not recorded yet")
    await expect(page.locator(".picker")).to_have_class("picker offline")
    await page.context.set_offline(False)
    await expect(page.locator(".network")).to_be_hidden()
    await expect(page.locator(".tote")).to_contain_text("TOTE-2")
    async with office.client() as api:
        tasks = (await api.get(f"/api/picking/{number}")).json()["tasks"]
    assert [task["picked"] for task in tasks] == [1, 0, 0, 0]


async def test_an_answer_that_is_lost_on_the_way_costs_nothing(office: Central, new_page: Open) -> None:
    number = await batch(office)
    page = await enter(office, new_page, f"/picking/{number}", **PHONE)
    await scan(page, "TOTE-1")
    await expect(page.locator("#pick h1")).to_have_text("Tote for order 2 of 2")
    await scan(page, "TOTE-2")
    await expect(page.locator(".bin")).to_have_text("A-2")
    lost = 0

    async def lose(route, request) -> None:  # type: ignore[no-untyped-def]
        nonlocal lost
        if request.method == "POST" and not lost:
            lost += 1
            await route.fetch(max_redirects=0)
            await route.abort()
        else:
            await route.continue_()

    await page.route(f"**/picking/{number}", lose)
    await scan(page, "TEA-100")
    await expect(page.locator(".tote")).to_contain_text("TOTE-2")
    async with office.client() as api:
        tasks = (await api.get(f"/api/picking/{number}")).json()["tasks"]
    assert (lost, [task["picked"] for task in tasks]) == (1, [1, 0, 0, 0])


async def test_a_short_asks_before_and_says_what_follows(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, f"/picking/{await batch(office)}", **(PHONE | {"locale": "fr-FR"}))
    for code in ("TOTE-1", "TOTE-2"):
        before = await page.locator("#pick").get_attribute("data-mark")
        await scan(page, code)
        await expect(page.locator("#pick")).not_to_have_attribute("data-mark", before or "")
    await page.get_by_text("Absent ou abîmé").click()
    await expect(page.locator(".more").first).to_contain_text("un comptage est demandé")
    await page.get_by_role("button", name="Abîmé").click()
    await expect(page.locator(".tote")).to_contain_text("TOTE-2")
    async with office.client() as api:
        kinds = {problem["kind"] for problem in (await api.get("/api/problems")).json()["items"]}
    assert "count_needed" in kinds


async def test_everything_fits_a_narrow_phone(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, f"/picking/{await batch(office)}", **PHONE)
    for code in ("TOTE-WITH-A-VERY-LONG-NAME-0001", "TOTE-2"):
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        before = await page.locator("#pick").get_attribute("data-mark")
        await scan(page, code)
        await expect(page.locator("#pick")).not_to_have_attribute("data-mark", before or "")
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360
    box = await page.get_by_role("button", name="Enter").bounding_box()
    assert box is not None
    assert box["height"] >= 44
