"""What is at hand, drawn in a real Chromium: a count in the corner, and the next orders while there is no network."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from contract.values import Language, SsccRange
from station.kiosk.offline import note
from station.kiosk.screen import screen_for
from station.kiosk.view import Frame
from station.work.phases import Idle
from station.work.serials import Lease
from station.work.session import Session
from tests.browser.conftest import Kiosk, Open
from tests.browser.screens import QUIET
from tests.browser.test_kiosk_look import BIG, SMALL, drawn
from tests.station.work.story import ANNA

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("R1", "P21")]
ORDERS = ("ML-2026-1041", "ML-2026-1042", "ML-2026-1043, ML-2026-1046", "ML-2026-1044", "ML-2026-1045")


def bench(language: Language, *, online: bool) -> Frame:
    """Somebody without an order, five at hand and too few label numbers."""
    session = Session(phase=Idle(ANNA), language=language, leases=(Lease(SsccRange("0376100", 1, 3), 1),))
    screen = replace(screen_for(session, 0), note=note(session, ORDERS, online=online))
    return Frame(screen, replace(QUIET, online=online, queued=0, at_hand=ORDERS))


@pytest.mark.parametrize("size", [BIG, SMALL], ids=["1280x800", "800x480"])
@pytest.mark.parametrize("language", ["fr", "en"])
async def test_with_no_network_the_next_orders_are_on_the_screen(
    kiosk: Kiosk, new_page: Open, size: tuple[int, int], language: Language
) -> None:
    page = await drawn(kiosk, new_page, size, bench(language, online=False))
    text = await page.inner_text(".note .flow")
    assert "ML-2026-1041 · ML-2026-1042" in text.replace("\N{NON-BREAKING HYPHEN}", "-")
    assert "3 label numbers" in text or "3 numéros d'étiquette" in text
    fits = "e => e.scrollHeight <= e.clientHeight + 1 && e.getBoundingClientRect().height > 20"
    assert await page.eval_on_selector(".note .flow", fits)
    waiting = page.locator(".corner .waiting")
    assert await waiting.inner_text() == {"fr": "5 en réserve", "en": "5 at hand"}[language]
    assert await waiting.evaluate("e => e.getBoundingClientRect().right <= innerWidth")


async def test_online_only_the_corner_tells(kiosk: Kiosk, new_page: Open) -> None:
    page = await drawn(kiosk, new_page, BIG, bench("en", online=True))
    assert await page.locator(".note").count() == 0
    assert "5 at hand" in await page.locator(".corner").inner_text()
