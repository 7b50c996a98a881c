"""The demo's bench panel in Chromium: a person packs a parcel with it, and makes trouble."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page

from demo.panel.serving import serving
from demo.playing import playing
from demo.table import Table
from demo.world import World
from tests.browser.conftest import Open, until

pytestmark = pytest.mark.asyncio(loop_scope="session")
Panel = tuple[Page, Table, World]


@pytest_asyncio.fixture(loop_scope="session")
async def panel(tmp_path: Path, new_page: Open) -> AsyncIterator[Panel]:
    """The panel of a shop that has just started, in English."""
    async with (
        World(tmp_path / "shop", settle_s=0.05, language="en") as world,
        playing(world) as table,
        serving(world, table) as url,
    ):
        page = await new_page(width=1280, height=900)
        await page.goto(url)
        yield page, table, world


async def press_next(page: Page, what: str) -> None:
    """Wait until the big button offers `what`, and press it."""
    await until(page, "what => document.getElementById('next-what').textContent === what", what)
    await page.click("#next")


async def sentence(page: Page, text: str) -> None:
    await until(page, "text => document.getElementById('sentence').textContent.includes(text)", text)


@pytest.mark.feature("D12", "P3", "P14")
async def test_a_person_packs_a_parcel_and_sees_its_label(panel: Panel) -> None:
    page, table, world = panel
    for what in ("Scan the badge", "Scan order 1001", "Scan medium box", "Scan Blue mug", "Scan Blue mug"):
        await press_next(page, what)
    await page.click("text=another shop item")
    await sentence(page, "Put it back")
    assert await page.get_attribute(".says", "data-tone") == "stop"
    await press_next(page, "Scan Tea, Sencha")
    await press_next(page, "Put the parcel on")
    await until(page, "() => !document.getElementById('scan-label').hidden")
    await until(page, "() => document.getElementById('label-picture').naturalWidth > 700")
    await page.click("#scan-label")
    await press_next(page, "Take the parcel off")
    await world.observer.receipts_for(table.closed, 20)
    assert len(table.closed) == 1


@pytest.mark.feature("D7", "D8", "D12")
async def test_a_person_makes_trouble_with_the_devices(panel: Panel) -> None:
    page, table, _ = panel
    screen = table.eyes

    def health(kind: str) -> set[str]:
        assert screen.frame is not None
        return {device.health for device in screen.frame.quiet.devices if device.kind == kind}

    await screen.until(lambda frame: health("scale") == {"ok"} and health("printer") == {"ok"})
    await page.click("[data-cable=scale]")
    await screen.until(lambda frame: "lost" in health("scale"))
    await until(page, "() => document.getElementById('scale').classList.contains('gone')")
    await page.click("[data-cable=scale]")
    await screen.until(lambda frame: health("scale") == {"ok"})
    await page.click("#cover")
    await screen.until(lambda frame: "bad" in health("printer"))
    assert await page.inner_text("#printer-state") == "It waits: the cover is open."
    await page.click("#cover")
    await screen.until(lambda frame: health("printer") == {"ok"})
    await page.click("[data-trouble=stall]")
    await screen.until(lambda frame: "silent" in health("scale"))


async def test_the_weight_follows_the_slider_and_the_scale_shows_it(panel: Panel) -> None:
    page, table, _ = panel
    await page.fill("#weight", "1234")
    await until(page, "() => document.getElementById('grams').textContent === '1 234 g'")
    assert table.bench.scale.grams == 1234
    await page.click("text=+ 20 g")
    await until(page, "() => document.getElementById('grams').textContent === '1 254 g'")
    await page.click("text=Take it off")
    await until(page, "() => document.getElementById('carton').classList.contains('off')")


@pytest.mark.feature("R4")
async def test_every_wrong_scan_of_the_panel_gets_its_own_answer(panel: Panel) -> None:
    page, table, _ = panel
    for what in ("Scan the badge", "Scan order 1001"):
        await press_next(page, what)
    await until(page, "() => document.getElementById('next-what').textContent === 'Scan medium box'")
    answers = set()
    wrong = (
        "another shop item",
        "unknown item",
        "bad check digit",
        "label of another parcel",
        "garbled",
        "no such order",
    )
    for what in wrong:
        flash = table.eyes.screen.flash
        await page.click(f"text={what}")
        frame = await table.eyes.until(lambda frame, flash=flash: frame.screen.flash != flash)
        assert frame.screen.tone in ("stop", "look"), what
        answers.add(frame.screen.why)
    assert len(answers) == len(wrong), answers
