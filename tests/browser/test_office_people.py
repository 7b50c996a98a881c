"""People and tokens in a browser: signing in, a badge that scans, what a packer does not see."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
import zxingcpp
from PIL import Image
from playwright.async_api import expect

from central.office.settings import Http
from tests.browser.conftest import Open
from tests.browser.test_office import LOCALES, enter
from tests.central.conftest import SECRET, Central, serve

pytestmark = pytest.mark.asyncio(loop_scope="session")
PASSWORD = "a long enough one"


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Central]:
    async with serve(tmp_path, Http()) as running:
        yield running


@pytest.mark.feature("R5")
async def test_somebody_is_added_signs_in_and_sees_what_is_theirs(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/people")
    await page.click("text=Add somebody")
    await page.fill("#name", "Camille Durand")
    await page.fill("#account", "camille")
    await page.fill("#password", "short")
    await page.click("button:text-is('Add')")
    await expect(page.locator("#password-error")).to_contain_text("10 to 200 characters")
    await expect(page.locator("#name")).to_have_value("Camille Durand")
    await page.fill("#password", PASSWORD)
    await page.click("button:text-is('Add')")
    await expect(page.locator("h1")).to_have_text("Camille Durand")

    packer = await new_page(**LOCALES)
    await packer.goto(office.url + "/people")
    await packer.fill("#account", "camille")
    await packer.fill("#password", PASSWORD)
    await packer.press("#password", "Enter")
    await expect(packer.locator("main")).to_contain_text("Quelqu'un d'autre a choisi votre mot de passe")
    await packer.fill("#current", PASSWORD)
    await packer.fill("#password", "one of my own")
    await packer.press("#password", "Enter")
    await expect(packer.locator("main")).to_contain_text("C'est fait.")
    assert await packer.locator("nav a[href='/orders'], nav a[href='/people']").count() == 0
    await packer.goto(office.url + "/orders")
    await expect(packer.locator("h1")).to_have_text("Non autorisé")
    await packer.goto(office.url)
    await packer.click("text=Sortir")
    await expect(packer.locator("#account")).to_be_visible()


@pytest.mark.feature("R5")
async def test_who_may_only_read_sees_no_forms(office: Central, new_page: Open) -> None:
    async with office.client() as api:
        await api.put("/api/products/MUG", json={"name": "Mug"})
        await api.post("/api/people", json={"account": "ingrid", "name": "Ingrid", "role": "lead", "language": "en"})
        drawn = (await api.post("/api/people/ingrid/password")).json()["password"]
    page = await new_page(**LOCALES)
    await page.goto(office.url + "/sign-in")
    await page.fill("#account", "ingrid")
    await page.fill("#password", drawn)
    await page.press("#password", "Enter")
    await page.fill("#current", drawn)
    await page.fill("#password", PASSWORD)
    await page.press("#password", "Enter")
    await expect(page.get_by_role("status").filter(has_text="Done.")).to_be_visible()
    await page.goto(office.url + "/stock/MUG")
    await expect(page.locator("h1")).to_have_text("Mug")
    await expect(page.locator("main summary", has_text="Receive goods")).to_be_hidden()
    admin = await enter(office, new_page, "/stock/MUG")
    await expect(admin.locator("main summary", has_text="Receive goods")).to_be_visible()


@pytest.mark.feature("P1", "R5")
async def test_a_badge_is_drawn_and_scans(office: Central, new_page: Open) -> None:
    async with office.client() as api:
        await api.post("/api/people", json={"account": "camille", "name": "Camille Durand", "badge": "4711"})
    # As fine as a printer of 300 dpi, which is about three dots for each of a screen.
    page = await enter(office, new_page, "/people/camille/badge", device_scale_factor=3)
    picture = Image.open(io.BytesIO(await page.locator(".badge").screenshot()))
    (found,) = zxingcpp.read_barcodes(picture)
    assert (found.text, found.format) == ("BADGE-4711", zxingcpp.BarcodeFormat.Code128)


@pytest.mark.feature("I2")
async def test_a_token_is_made_shown_once_and_revoked(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/tokens")
    await page.click("text=Make a token")
    await page.fill("#name", "shop")
    await page.click("button:text-is('Make')")
    await expect(page.locator("main")).to_contain_text("Fill this in.")
    await page.check("[aria-label='orders:read']")
    await page.click("button:text-is('Make')")
    secret = await page.locator(".notice code").inner_text()
    async with office.client(secret) as shop:
        assert (await shop.get("/api/orders")).status_code == 200
        await page.goto(office.url + "/tokens")
        assert secret not in await page.content()
        page.on("dialog", lambda dialog: dialog.accept())
        await page.click("[aria-label='Revoke: shop']")
        await expect(page.locator("tr", has_text="shop")).to_contain_text("Revoked")
        assert (await shop.get("/api/orders")).status_code == 401


@pytest.mark.feature("R5")
async def test_a_wrong_password_is_told_beside_the_form_and_the_right_one_leads_on(
    office: Central, new_page: Open
) -> None:
    page = await new_page(**LOCALES)
    await page.goto(office.url + "/audit?by=anna")
    await page.fill("#account", "anna")
    await page.fill("#password", "wrong")
    await page.press("#password", "Enter")
    await expect(page.get_by_role("alert")).to_be_visible()
    assert await page.evaluate("document.activeElement.id") == "password"
    await page.fill("#password", SECRET)
    await page.press("#password", "Enter")
    await expect(page.locator("h1")).to_have_text("Audit trail")
