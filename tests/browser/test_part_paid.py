"""An order of which a part is paid: what is to come, whom to ask, and where to record it."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.test_office import enter, office
from tests.browser.test_really_seen import hidden
from tests.central.conftest import Central

__all__ = ["office"]
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("O3", "O7", "V1")]


async def test_more_is_wanted_than_was_paid(office: Central, new_page: Open) -> None:
    async with office.client() as api:
        change = {"add": [{"sku": "TEA-100", "quantity": 2, "unit_price": 500}]}
        edited = await api.patch("/api/orders/P-1", json=change, headers={"If-Match": "*"})
        assert (edited.json()["payment"]["state"], edited.json()["payment"]["owed"]) == ("partly_paid", 1000)
    page = await enter(office, new_page, "/orders/P-1")
    notice = page.locator(".notice", has_text="is still to come")
    await expect(notice).to_contain_text("€10.00 of €47.40 is still to come.")
    letter = unquote(await notice.locator("text=Ask the customer for the rest").get_attribute("href") or "")
    assert letter.startswith("mailto:elodie@example.org?subject=Commande P-1&body=Pour votre commande P-1, ")
    assert "10,00\u00a0€" in letter
    await notice.locator("text=Record what came").focus()
    await page.keyboard.press("Enter")
    await page.fill("#method", "transfer")
    await page.click("#paying button")
    await expect(notice).to_have_count(0)
    async with office.client() as api:
        assert (await api.get("/api/orders/P-1")).json()["payment"]["state"] == "paid"


@pytest.mark.parametrize("width", [1280, 360])
async def test_it_is_seen(office: Central, new_page: Open, width: int) -> None:
    async with office.client() as api:
        change = {"add": [{"sku": "TEA-100", "quantity": 2, "unit_price": 500}]}
        await api.patch("/api/orders/P-1", json=change, headers={"If-Match": "*"})
    page = await enter(office, new_page, "/orders/P-1", width=width)
    assert await hidden(page, ".notice.wait") == []
