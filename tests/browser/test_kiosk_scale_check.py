"""The check of the scale on the kiosk's page: drawn whole, with its weight and its band, on both panels."""

from __future__ import annotations

import pytest

from contract.values import Language
from station.devices.ports import ScaleOrder
from station.kiosk.view import Frame, Quiet
from station.work.session import CheckRule
from tests.browser.conftest import Kiosk, Open
from tests.browser.test_kiosk_look import drawn, show, sizes, sound_layout
from tests.station.work.test_scale_check import bench_with, stand

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("D14", "P21")]


@sizes
@pytest.mark.parametrize("language", ["en", "fr"])
async def test_each_step_of_the_check_is_drawn_whole(
    kiosk: Kiosk, new_page: Open, size: tuple[int, int], language: Language
) -> None:
    bench = bench_with(CheckRule(20_000, 5, 24, "block"), (ScaleOrder.ZERO, ScaleOrder.TARE))
    if language == "fr":
        bench.scan("PK-LANGUAGE")
    page = await drawn(kiosk, new_page, size, Frame(bench.screen, Quiet(), 1))
    bench.scan("PK-CHECKSCALE", "PK-EXPLAIN")
    for grams in (0, 20_002, 0):
        stand(bench, grams).scan("PK-EXPLAIN")
        await show(kiosk, page, Frame(bench.screen, Quiet()))
        assert await page.locator("h1").inner_text() == bench.screen.sentence
        await sound_layout(page)
        if bench.screen.weight is not None:
            assert "g" in await page.locator(".weight").inner_text()
