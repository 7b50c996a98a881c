"""Counting and receiving as they are drawn: nothing is cut, a blind count shows no number to copy."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from contract.values import CountSpot, Language
from station.kiosk.screen import screen_for
from station.kiosk.view import Frame
from station.work.inputs import Scanned, Typed
from tests.browser.conftest import Kiosk, Open
from tests.browser.screens import QUIET
from tests.browser.test_kiosk_look import BIG, drawn, show, sizes, sound_layout
from tests.station.work.shelf_story import Shelf, count_of, delivery_of, mug, shelf, tea, wine
from tests.station.work.story import MUG, MUG_EAN, TEA, TEA_EAN

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("P25", "P26", "P21")]
COUNT = count_of(
    CountSpot(MUG, "A1"),
    CountSpot(TEA, "A1"),
    CountSpot(TEA, "HALL-2-RACK-14-LEVEL-03-PLACE-7"),
    CountSpot(wine().sku, "A2"),
    CountSpot(MUG, ""),
    items=(mug(), tea(), wine()),
)
DELIVERY = delivery_of((mug(), 3, 1), (tea(), 120, 0), (wine(), 6, 0))


def moments() -> list[Shelf]:
    """A bench at each kind of moment."""
    counting = [(), ("A1",), ("A1", MUG_EAN, TEA_EAN), ("A1", MUG_EAN, "PK-NEXT"), ("A1", MUG_EAN, "4006381333932")]
    receiving = [(), (MUG_EAN, MUG_EAN), (MUG_EAN, "B9"), (TEA_EAN, "PK-DISCARD"), ("PK-NEXT",), ("PK-DAMAGED",)]
    refused = [(*[MUG_EAN] * 4,), ("0036000291452",), ("PK-SIGNOUT",), ("03017620422003",)]
    benches = [shelf().count(COUNT) for _ in counting] + [shelf().receive(DELIVERY) for _ in [*receiving, *refused]]
    for bench, codes in zip(benches, [*counting, *receiving, *refused], strict=True):
        bench.scan(*codes)
    return benches


def frame_of(bench: Shelf, language: Language) -> Frame:
    return Frame(screen_for(replace(bench.session, language=language), bench.at), QUIET)


@sizes
@pytest.mark.parametrize("language", ["en", "fr"])
async def test_every_moment_is_read_and_nothing_is_cut(
    kiosk: Kiosk, new_page: Open, size: tuple[int, int], language: Language
) -> None:
    benches = moments()
    page = await drawn(kiosk, new_page, size, frame_of(benches[0], language))
    for bench in benches:
        await show(kiosk, page, frame_of(bench, language))
        assert await page.locator("h1").inner_text() == frame_of(bench, language).screen.sentence
        await sound_layout(page)


async def test_a_blind_count_shows_what_was_counted_alone_and_a_quantity_is_typed(kiosk: Kiosk, new_page: Open) -> None:
    bench = shelf().count(COUNT).scan("A1", MUG_EAN)
    page = await drawn(kiosk, new_page, BIG, frame_of(bench, "en"))
    assert (await page.locator(".figures").all_inner_texts()) == ["1", "0"]
    await page.locator("button.line").click()
    for digit in "12":
        await page.locator(".key", has_text=digit).first.click()
    await page.locator(".key.primary").click()
    async with asyncio.timeout(60):
        while not kiosk.inputs:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    (typed,) = kiosk.inputs
    assert isinstance(typed, Typed)
    assert (typed.order, typed.line, typed.quantity) == ("", 1, 12)
    bench.give(replace(typed, at=bench.wait().at))
    await show(kiosk, page, frame_of(bench, "en"))
    assert (await page.locator(".figures").all_inner_texts()) == ["1", "12"]


async def test_a_touch_on_a_button_is_the_scan_of_its_code(kiosk: Kiosk, new_page: Open) -> None:
    bench = shelf().count(COUNT).scan("A1", MUG_EAN)
    page = await drawn(kiosk, new_page, BIG, frame_of(bench, "en"))
    await page.locator(".action", has_text="Next").first.click()
    async with asyncio.timeout(60):
        while not kiosk.inputs:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert [(type(each), each.text) for each in kiosk.inputs if isinstance(each, Scanned)] == [(Scanned, "PK-NEXT")]
