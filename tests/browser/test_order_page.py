"""One order's page in Chromium: it is edited, and two people who edit it at once see each other's side."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.browser.test_office import enter, office
from tests.central.conftest import Central
from tests.central.office.changing import Shop
from tests.central.orders.test_routes import PAID

pytestmark = pytest.mark.asyncio(loop_scope="session")
__all__ = ["office"]


@pytest.mark.feature("O7", "V1")
async def test_two_people_who_change_an_order_at_once_see_both_sides(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/orders/P-2")
    await page.click("summary:has-text('Change the order')")
    await page.fill("[id='quantity-1']", "5")
    await page.fill("#gift_note", "From Anna")
    async with office.client() as api:
        change = {"lines": [{"line": 1, "quantity": 3}], "service": "Express"}
        done = await api.patch("/api/orders/P-2", json=change, headers={"If-Match": "*"})
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


@pytest.mark.feature("O1", "O7", "V1")
async def test_a_person_chooses_between_the_shop_and_the_office_by_keys(office: Central, new_page: Open) -> None:
    async with office.client() as api:
        order = await Shop(office, api).contested()
    page = await enter(office, new_page, f"/orders/{order}")
    choice = page.locator("section:has(#choice)")
    await expect(choice.locator("tbody tr")).to_have_count(1)
    await expect(choice.locator("tbody tr")).to_contain_text("4 quai du Port, 69002 Lyon")
    await expect(page.locator("text=Release as it is")).to_have_count(0)
    await page.click("text=Use what is chosen")
    assert await page.locator("section:has(#choice) input:invalid").count() == 2, "nothing is chosen beforehand"
    await choice.locator("input[value=shop]").focus()
    await page.keyboard.press("Space")
    await page.keyboard.press("Enter")
    await expect(page.locator("#choice")).to_have_count(0)
    await expect(page.locator("address").first).to_contain_text("69002 Lyon")


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


@pytest.mark.feature("O7", "V1")
async def test_a_form_that_was_not_touched_changes_nothing(office: Central, new_page: Open) -> None:
    """The page shows the promised moment to the minute; its seconds stay."""
    async with office.client() as api:
        change = {"promised_at": 1_777_978_723_456}
        before = (await api.patch("/api/orders/P-2", json=change, headers={"If-Match": "*"})).json()
    page = await enter(office, new_page, "/orders/P-2")
    await page.click("summary:has-text('Change the order')")
    await page.click("button:has-text('Change the order')")
    await page.wait_for_load_state()
    async with office.client() as api:
        assert (await api.get("/api/orders/P-2")).json() == before
    await page.click("summary:has-text('Change the order')")
    await page.fill("#promised_at", "2026-05-06T10:30")
    await page.click("button:has-text('Change the order')")
    await expect(page.locator(".timeline .what", has_text="Changed")).to_have_count(2)


@pytest.mark.feature("O6", "O11", "O14", "O17", "V1")
async def test_an_order_is_split_repeated_merged_and_sent_by_a_supplier(office: Central, new_page: Open) -> None:
    async with office.client() as api:
        for number in ("P-7", "P-8"):
            (await api.post("/api/orders", json=PAID | {"order": number})).raise_for_status()
    page = await enter(office, new_page, "/orders/P-7")
    await page.click("button:has-text('Pack together')")
    await expect(page.locator(".notice", has_text="Packed in one parcel with:")).to_contain_text("P-8")
    await page.click("button:has-text('Pack each alone again')")
    await expect(page.locator(".notice", has_text="go to the same address")).to_contain_text("P-8")
    await page.goto(f"{office.url}/orders/merges")
    await page.click("tr:has-text('P-8') button:has-text('Pack together')")
    await expect(page.locator(".empty")).to_contain_text("No two orders wait for one address.")
    await page.goto(f"{office.url}/orders/P-7")
    await expect(page.locator(".notice", has_text="Packed in one parcel with:")).to_contain_text("P-8")
    await page.click("summary:has-text('Split the order')")
    await page.fill("[id='move-1']", "1")
    await page.click("button:has-text('Split the order')")
    await expect(page.locator(".timeline", has_text="P-7-2")).to_be_visible()
    await page.click("summary:has-text('Lines and suppliers')")
    await page.fill("[id='supplier-2']", "Green & Co")
    await page.locator("fieldset", has_text="Green tea").locator("button:has-text('Save')").click()
    await expect(page.locator("section:has(#lines) tbody")).to_contain_text("sent by Green & Co")
    await page.click("summary:has-text('Order the same again')")
    await page.fill("#repeat_as", "P-7-again")
    await page.click("button:has-text('Order the same again')")
    await expect(page.locator(".timeline", has_text="P-7-again")).to_be_visible()
    async with office.client() as api:
        again = (await api.get("/api/orders/P-7-again")).json()
        second = (await api.get("/api/orders/P-7-2")).json()
    assert (again["source"], [line["ordered"] for line in second["lines"]]) == ("repeat", [1])
