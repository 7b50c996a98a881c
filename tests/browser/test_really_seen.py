"""What pages for strangers say is really seen: it has a box, inside the window, under nothing, cut off by nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import Page

from tests.browser.conftest import Open
from tests.browser.test_office import enter, office
from tests.central.conftest import Central

__all__ = ["office"]
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("S6", "V1")]
HIDDEN: Final = (Path(__file__).parent / "hidden.js").read_text()
WIDTHS: Final = [1280, 360]
PAGES: Final = {
    "/t/t0ken": "Votre colis est emballé",
    "/t/another": "Not found",
    "/sign-in": "Sign in",
}


async def hidden(page: Page, among: str = "main") -> list[str]:
    """Texts, fields and pictures that nobody sees, and why."""
    found: list[str] = await page.evaluate(HIDDEN, among)
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("path", PAGES)
async def test_strangers_see_what_is_said(office: Central, new_page: Open, path: str, width: int) -> None:
    page = await new_page(width=width, locale="en-GB")
    await page.goto(f"{office.url}{path}")
    assert PAGES[path] in await page.locator("main").inner_text()
    assert await hidden(page) == []


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_refusal_and_a_wrong_password_are_seen(office: Central, new_page: Open, width: int) -> None:
    page = await enter(office, new_page, "/orders/NONE", width=width)
    assert "There is no order 'NONE'." in await page.locator("main").inner_text()
    assert await hidden(page) == []
    stranger = await new_page(width=width, locale="en-GB")
    await stranger.goto(f"{office.url}/sign-in")
    await stranger.fill("#account", "anna")
    await stranger.fill("#password", "wrong")
    await stranger.click("main button")
    await stranger.wait_for_selector("#sign-in-error")
    assert await hidden(stranger) == []


@pytest.mark.parametrize(
    "rule",
    [
        "h1 { display: none }",
        "h1 { opacity: 0 }",
        "form { height: 0; overflow: hidden }",
        "main { position: absolute; left: -400px }",
        "h1 { position: absolute; clip-path: inset(50%) }",
        "body::after { content: ''; position: fixed; inset: 0; background: white }",
    ],
)
async def test_the_look_finds_what_a_rule_hides(office: Central, new_page: Open, rule: str) -> None:
    page = await new_page(locale="en-GB", bypass_csp=True)
    await page.goto(f"{office.url}/sign-in")
    await page.add_style_tag(content=rule)
    assert await hidden(page)
