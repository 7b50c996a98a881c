"""One order's page in Chromium: it is edited, and two people who edit it at once see each other's side."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.test_office import enter, office
from tests.central.conftest import Central

pytestmark = pytest.mark.asyncio(loop_scope="session")
__all__ = ["office"]


@pytest.mark.feature("O7", "V1")
async def test_two_people_who_change_an_order_at_once_see_both_sides(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/orders/P-2")
    await page.click("summary:has-text('Change the order')")
    await page.fill("[id='quantity-1']", "5")
    await page.fill("#gift_note", "From Anna")
    async with office.client() as api:
        done = await api.patch("/api/orders/P-2", json={"lines": [{"line": 1, "quantity": 3}], "service": "Express"})
        assert done.is_success
    await page.click("button:has-text('Change the order')")
    compared = page.locator("section:has(#sides) tbody tr")
    await expect(page.locator("#sides")).to_have_text("This order was changed while you decided")
    await expect(compared).to_have_text(["Blue mug35", "ServiceExpress–", "Gift note–From Anna"])
    async with office.client() as api:
        assert (await api.get("/api/orders/P-2")).json()["lines"][0]["ordered"] == 3
    await page.click("text=Do what I asked for all the same")
    await page.wait_for_url("**/orders/P-2")
    async with office.client() as api:
        order = (await api.get("/api/orders/P-2")).json()
    assert (order["lines"][0]["ordered"], order["gift_note"], order["service"]) == (5, "From Anna", "")


@pytest.mark.feature("O7", "V1")
async def test_a_line_is_added_with_the_error_beside_its_field(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/orders/P-2")
    await page.click("summary:has-text('Change the order')")
    await page.fill("#sku", "TEA-100")
    await page.fill("#quantity", "two")
    await page.click("button:has-text('Change the order')")
    await expect(page.locator("#quantity-error")).to_contain_text("“two” is not a whole number")
    assert await page.input_value("#sku") == "TEA-100"
    await page.fill("#quantity", "2")
    await page.click("button:has-text('Change the order')")
    await expect(page.locator("section:has(#lines) table tbody tr")).to_have_count(3)
