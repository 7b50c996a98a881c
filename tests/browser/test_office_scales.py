"""The record of a scale in Chromium: the chart, its words, and the table behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from central.desk.books import Books, Keys
from central.office.settings import Http
from central.stations.scale_checks import checked
from contract.messages import ScaleChecked
from tests.browser.conftest import Open
from tests.browser.test_office import enter
from tests.central.conftest import Central, serve

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("D14")]

DAY = 24 * 3_600_000
AT = 1_777_880_000_000
ERRORS = (0, 0, 1, 0, 1, 1, 2, 1, 2, 2, 3, 2, 3, 3, 3, 4)


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Central]:
    """A scale that drifts, checked every day."""

    def drift(books: Books) -> None:
        for day, error in enumerate(ERRORS):
            at = AT + day * DAY
            fact = ScaleChecked("scale", at, "1001", 2_000, 5, 0, 2_000 + error, error % 2, True, at + DAY, -1, 2)
            checked(books, "pack-1", fact)

    async with serve(tmp_path, Http(timezone="Europe/Paris")) as running:
        await running.store.transact(Keys(), drift)
        yield running


async def test_the_chart_has_axes_with_units_and_the_same_numbers_are_in_a_table(
    office: Central, new_page: Open
) -> None:
    page = await enter(office, new_page, "/stations/pack-1/scales")
    chart = page.locator(".chart")
    await expect(chart.locator("canvas")).to_have_count(1)
    await expect(chart.locator(".u-legend")).to_contain_text("Error (g)")
    await expect(chart.locator(".u-legend")).to_contain_text("Most allowed (g)")
    assert await page.evaluate("JSON.parse(document.querySelector('.chart').dataset.points)[1]") == list(ERRORS)
    drawn = await page.evaluate(
        """() => {
            const canvas = document.querySelector(".chart canvas");
            const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            return pixels.some((value, place) => place % 4 === 3 && value > 0);
        }"""
    )
    assert drawn
    await expect(page.locator(".table tbody tr")).to_have_count(len(ERRORS))
    await expect(page.locator(".table tbody tr").first).to_contain_text("+4\u00a0g")
    await expect(page.locator(".table thead")).to_contain_text("Check weight")


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
async def test_it_fits_a_telephone_and_speaks_french(office: Central, new_page: Open, width: int, scheme: str) -> None:
    page = await enter(office, new_page, "/stations/pack-1/scales", width=width, locale="fr-FR", color_scheme=scheme)
    await expect(page.locator(".chart .u-legend")).to_contain_text("Erreur (g)")
    await expect(page.locator(".levels")).to_contain_text("Dérive en 30 jours")
    assert await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
