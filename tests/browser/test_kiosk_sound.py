"""Sounds differ in pattern, follow each answer, and obey the screen's own volume and mute."""

from __future__ import annotations

from itertools import combinations

import pytest
from playwright.async_api import Page

from station.devices.ports import Lamp
from tests.browser.conftest import Kiosk, Open, own_time, until
from tests.browser.screens import frame

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("P21", "P20")]
HEARD = "packlineSounds.heard"


async def opened(kiosk: Kiosk, new_page: Open) -> Page:
    page = await new_page(800, 480)
    kiosk.show(frame("ready", flash=1))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".work")
    return page


async def test_each_answer_has_its_sound(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    sounds = [Lamp.GOOD, Lamp.DONE, Lamp.LOOK, Lamp.STOP, Lamp.SIGN_IN, Lamp.CALL_LEAD]
    for flash, lamp in enumerate(sounds, 2):
        kiosk.show(frame("good", flash=flash, sound=lamp))
        await page.wait_for_selector(f".kiosk[data-flash='{flash}']")
        kiosk.show(frame("good", 3, flash=flash, sound=lamp))  # the same answer seen again is silent
    await until(page, f"{HEARD}.length === {len(sounds)}")
    assert await page.evaluate(f"{HEARD}.map(sound => sound.name)") == [str(lamp) for lamp in sounds]
    await until(page, "packlineSounds.state() === 'running'")
    for flash, lamp in enumerate([Lamp.READY, Lamp.WAIT], 20):
        kiosk.show(frame("wait", flash=flash, sound=lamp))
        await page.wait_for_selector(f".kiosk[data-flash='{flash}']")
    assert await page.evaluate(f"{HEARD}.length") == len(sounds)


async def test_patterns_differ_without_pitch(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    patterns: dict[str, list[list[float]]] = await page.evaluate(
        """async () => {
          const main = document.querySelector("script[type=module]").src;
          return (await import(main.replace("main.js", "sounds.js"))).PATTERNS;
        }"""
    )
    rhythms = {name: tuple((hertz > 0, seconds) for hertz, seconds in notes) for name, notes in patterns.items()}
    for one, other in combinations(rhythms, 2):
        assert rhythms[one] != rhythms[other], (one, other)

    def tones(name: str) -> list[list[float]]:
        return [note for note in patterns[name] if note[0] > 0]

    assert len(tones("good")) == 1
    (first, *_), (second, *_) = tones("done")
    assert first < second
    assert tones("look")[0] == tones("look")[1]
    assert len(tones("stop")) == 1
    assert tones("stop")[0][1] > 3 * tones("good")[0][1]


async def test_the_stop_sound_repeats_until_acknowledged(kiosk: Kiosk, new_page: Open) -> None:
    page = await new_page(800, 480)
    await own_time(page)
    kiosk.show(frame("ready", flash=1))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".work")
    kiosk.show(frame("stop", flash=2, sound="stop", repeat_sound=True))
    await until(page, f"{HEARD}.length === 1")
    await page.clock.fast_forward(2_100)
    await page.clock.fast_forward(2_100)
    await until(page, f"{HEARD}.length === 3")
    kiosk.show(frame("ready", flash=3))
    await page.wait_for_selector(".kiosk[data-flash='3']")
    await page.clock.fast_forward(2_100)
    await page.clock.fast_forward(2_100)
    assert await page.evaluate(f"{HEARD}.length") == 3


async def test_volume_and_mute_are_this_screens_own_and_last(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    await page.click(".corner")
    assert await page.locator("output.volume").inner_text() == "4/5"
    for _ in range(3):
        await page.click("[data-set=louder]")
    assert await page.locator("output.volume").inner_text() == "5/5"
    await page.click("[data-set=quieter]")
    await page.click("[data-set=mute]")
    assert await page.locator("output.volume").inner_text() == "Coupé"
    await page.reload()
    await page.wait_for_selector(".corner .mark[data-mark=silent]")
    kiosk.show(frame("good", flash=5, sound="good"))
    await until(page, f"{HEARD}.length === 1")
    assert await page.evaluate(f"{HEARD}[0].audible") is False
    await page.click(".corner")
    await page.click("[data-set=louder]")
    assert await page.locator("output.volume").inner_text() == "5/5"
    assert await page.evaluate(f"{HEARD}.at(-1).audible") is True
    assert await page.locator(".corner .mark[data-mark=silent]").count() == 0
