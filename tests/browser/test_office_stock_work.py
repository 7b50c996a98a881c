"""Deliveries and counts in Chromium: what a person types ends in the stock, what is wrong stands beside its field."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from central.office.settings import Http
from tests.browser.conftest import Open
from tests.browser.test_office import enter
from tests.central.conftest import Central, serve
from tests.central.orders.test_routes import PAID

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Central]:
    async with serve(tmp_path, Http()) as running:
        async with running.client() as api:
            for sku, name in (("MUG-BLUE", "Blue mug"), ("TEA-100", "Green tea")):
                await api.put(f"/api/products/{sku}", json={"name": name, "mass_g": 100})
                await api.post(f"/api/stock/{sku}/received", json={"quantity": 10})
            await api.put("/api/suppliers/faience", json={"name": "Faïencerie du Port", "lead_days": 9})
            lines = [{"sku": "MUG-BLUE", "quantity": 10}, {"sku": "TEA-100", "quantity": 4}]
            await api.put("/api/deliveries/PO-1", json={"supplier": "faience", "lines": lines})
        yield running


@pytest.mark.feature("K6", "V1")
async def test_goods_are_received_on_the_page_of_their_delivery(
    office: Central, new_page: Open, tmp_path: Path
) -> None:
    page = await enter(office, new_page, "/deliveries")
    await page.get_by_role("link", name="PO-1").click()
    await page.fill("#sku", "MUG-BLUE")
    await page.fill("#quantity", "nine")
    await page.get_by_role("button", name="Receive", exact=True).click()
    await expect(page.locator("#quantity-error")).to_contain_text("whole number")
    await page.fill("#quantity", "12")
    await page.fill("#bin", "A1")
    await page.fill("#lot", "L-77")
    await page.get_by_role("button", name="Receive", exact=True).click()
    await expect(page.locator("h1 + .mark")).to_have_text("Partly received")
    await expect(page.locator("table").first).to_contain_text("+2")
    await expect(page.locator("table").nth(1)).to_contain_text("L-77")
    await page.screenshot(path=tmp_path / "delivery.png", full_page=True)


@pytest.mark.feature("K7", "V1")
async def test_a_count_is_planned_filled_in_and_approved(office: Central, new_page: Open, tmp_path: Path) -> None:
    page = await enter(office, new_page, "/counts", locale="fr-FR")
    await page.get_by_text("Prévoir un comptage").click()
    await page.fill("#count", "C-1")
    await page.fill("#skus", "MUG-BLUE, NO-1")
    await page.get_by_role("button", name="Prévoir", exact=True).click()
    await expect(page.locator("#skus-error")).to_contain_text("NO-1")
    await page.fill("#skus", "MUG-BLUE, TEA-100")
    await page.get_by_role("button", name="Prévoir", exact=True).click()
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.fill("[name=line-0]", "8")
    await page.fill("[name=line-1]", "10")
    await page.get_by_role("button", name="Enregistrer ce qui a été trouvé").click()
    await expect(page.locator("tbody tr").first).to_contain_text("−2")
    await page.screenshot(path=tmp_path / "count.png", full_page=True)
    await page.get_by_role("button", name="Approuver").click()
    await expect(page.locator("h1 + .mark")).to_have_text("Approuvé")
    await page.goto(f"{office.url}/stock/MUG-BLUE")
    await expect(page.locator(".levels strong").first).to_have_text("8")


@pytest.mark.feature("K5", "K9", "V1")
async def test_a_lot_is_moved_stopped_and_recalled(office: Central, new_page: Open, tmp_path: Path) -> None:
    async with office.client() as api:
        arrival = {"sku": "MUG-BLUE", "quantity": 6, "bin": "A1", "lot": "L-77", "expiry": "2031-01-31"}
        await api.post("/api/deliveries/PO-1/received", json={"arrivals": [arrival]})
    page = await enter(office, new_page, "/stock/MUG-BLUE")
    await page.get_by_text("Move to another place").click()
    await page.fill("#pieces", "9")
    await page.fill("#from_bin", "A1")
    await page.fill("#lot", "L-77")
    await page.fill("#to_bin", "B2")
    await page.get_by_role("button", name="Move", exact=True).click()
    await expect(page.locator("#pieces-error")).to_contain_text("9 cannot go")
    await page.fill("#pieces", "2")
    await page.get_by_role("button", name="Move", exact=True).click()
    await expect(page.locator("#places + .table tbody tr")).to_have_count(3)
    await page.get_by_text("Stop a lot").click()
    await page.fill("#stop_lot", "L-77")
    await page.fill("#stop_reason", "Chipped rims")
    await page.get_by_role("button", name="Stop the lot").click()
    await expect(page.locator("main")).to_contain_text("6 pieces may not be promised")
    await page.screenshot(path=tmp_path / "product.png", full_page=True)
    await page.goto(f"{office.url}/lots?show=stopped")
    await page.get_by_role("link", name="L-77").click()
    await expect(page.locator("h1")).to_have_text("Recall of L-77")
    await expect(page.locator("#left + .table")).to_contain_text("B2")
    await expect(page.locator("#came + .table")).to_contain_text("PO-1")
    await page.screenshot(path=tmp_path / "recall.png", full_page=True)


@pytest.mark.feature("K4", "K8", "V1")
async def test_what_is_missing_and_what_to_order_is_seen(office: Central, new_page: Open, tmp_path: Path) -> None:
    async with office.client() as api:
        await api.post("/api/orders", json=PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 13}]})
    page = await enter(office, new_page, "/pending")
    await expect(page.locator(".list tbody tr")).to_have_count(1)
    await expect(page.locator(".list tbody tr")).to_contain_text("P-1 (3)")
    await page.screenshot(path=tmp_path / "pending.png", full_page=True)
    await page.goto(f"{office.url}/plan")
    await expect(page.locator(".list tbody tr")).to_have_count(2)
    await page.screenshot(path=tmp_path / "plan.png", full_page=True)
