"""Stock and stations follow what happens while their pages are open, and take nobody from his place."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from central.office.settings import Http
from contract.keys import StationId
from contract.messages import StationState
from tests.browser.conftest import Open
from tests.browser.test_office import enter
from tests.central.conftest import Central, serve
from tests.central.orders.test_routes import PAID

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("V1")]
AT = 1_777_880_000_000
TOLD = """() => {
    const stream = new EventSource(document.querySelector("#product").dataset.live);
    window.told = new Promise((done) => stream.addEventListener("changed", () => done(true)));
}"""


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Central]:
    """Ten mugs on the shelf."""
    async with serve(tmp_path, Http()) as running:
        async with running.client() as api:
            await api.put("/api/products/MUG-BLUE", json={"name": "Blue mug", "mass_g": 100})
            await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 10})
        yield running


@pytest.mark.feature("K3")
async def test_the_list_of_stock_follows_and_the_keyboard_stays_where_it_was(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/stock?q=mug")
    mug = page.locator("tbody tr").first
    await expect(mug).to_contain_text("10")
    await mug.locator("a").focus()
    async with office.client() as api:
        (await api.post("/api/orders", json=PAID)).raise_for_status()
    await expect(mug.locator("td.n").nth(1)).to_have_text("2")
    await expect(mug.locator("a")).to_be_focused()
    assert page.url.endswith("/stock?q=mug")


@pytest.mark.feature("K3")
async def test_a_product_follows_its_ledger_but_not_while_somebody_fills_in_a_form(
    office: Central, new_page: Open
) -> None:
    page = await enter(office, new_page, "/stock/MUG-BLUE")
    shelf = page.locator(".levels strong").first
    await expect(shelf).to_have_text("10")
    async with office.client() as api:
        (await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 5})).raise_for_status()
        await expect(shelf).to_have_text("15")
        await expect(page.locator("#ledger + .table tbody tr")).to_have_count(2)
        await page.locator("summary", has_text="Receive goods").click()
        await page.fill("#quantity", "7")
        await page.evaluate(TOLD)
        (await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 1})).raise_for_status()
    await page.evaluate("() => window.told")
    await expect(page.locator("#quantity")).to_have_value("7")
    await page.press("#quantity", "Enter")
    await expect(shelf).to_have_text("23")


async def test_stations_that_fit_no_longer_leave_the_page(office: Central, new_page: Open) -> None:
    office.live.state(StationId("pack-1"), StationState(True), AT)
    office.live.state(StationId("pack-2"), StationState(True), AT)
    page = await enter(office, new_page, "/stations")
    await page.select_option("#state", "online")
    await page.wait_for_url("**state=online**")
    await expect(page.locator(".station")).to_have_count(2)
    office.live.state(StationId("pack-2"), StationState(False), AT)
    await expect(page.locator("#station-pack-2")).to_have_count(0)
    await expect(page.locator("#station-pack-1")).to_be_visible()
