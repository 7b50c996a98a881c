"""The picture of the open box on the packer's screen."""

from __future__ import annotations

import pytest

from station.devices.simulated.scene import jpeg
from station.kiosk.view import PhotoView
from tests.browser.conftest import Kiosk, Open
from tests.browser.screens import ON_TARGET, frame
from tests.browser.test_kiosk_look import drawn, show, sizes, sound_layout

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("P19")]
NAME = "ab" * 32


@sizes
async def test_the_open_box_is_seen_below_what_is_in_it(kiosk: Kiosk, new_page: Open, size: tuple[int, int]) -> None:
    kiosk.photos[NAME] = jpeg(640, 480, 80)
    there = frame("good", count=2, weight=ON_TARGET, photo=PhotoView(NAME))
    page = await drawn(kiosk, new_page, size, there)
    image = page.locator(".photo img")
    await image.wait_for()
    assert await image.get_attribute("alt") == "Photo du carton ouvert"
    box = await image.bounding_box()
    assert box is not None
    assert box["height"] >= 56
    assert await page.locator(".line").count() >= 1
    await sound_layout(page)
    await show(kiosk, page, frame("look", count=2, weight=ON_TARGET, photo=PhotoView("", "pas de photo")))
    assert await page.locator(".photo").inner_text() == "pas de photo"
    await sound_layout(page)
