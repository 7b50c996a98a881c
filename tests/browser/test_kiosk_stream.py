"""What the page shows while its stream lives, dies, falls silent and comes back."""

from __future__ import annotations

import io
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from playwright.async_api import Browser

from station.kiosk import server
from tests.browser.conftest import Kiosk, Open, own_time, until
from tests.browser.screens import frame, lines

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("P21")]
CONNECTING = "[data-connecting=true]"
RUNNING = "document.querySelector('.kiosk').getAnimations()"


async def test_nothing_is_shown_before_the_first_frame(kiosk: Kiosk, new_page: Open) -> None:
    page = await new_page(800, 480)
    await page.goto(kiosk.url)
    await page.wait_for_selector(CONNECTING)
    assert "Connexion" in await page.locator("h1").inner_text()
    kiosk.show(frame("ready"))
    await page.wait_for_selector(".work")


async def test_a_lost_stream_shows_connecting_and_nothing_old(kiosk: Kiosk, new_page: Open) -> None:
    page = await new_page(800, 480)
    kiosk.show(frame("stop", 4))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".line")
    await kiosk.stop()
    await page.wait_for_selector(CONNECTING)
    text = await page.locator("body").inner_text()
    for old in ("Reposez", "FR-1042", "Marie", "12 en attente"):
        assert old not in text
    assert await page.locator("button").count() == 0
    await kiosk.start()
    kiosk.show(frame("good", 4))
    await page.wait_for_selector(".kiosk[data-tone=good]")


async def test_a_stream_that_falls_silent_is_not_believed(
    kiosk: Kiosk, new_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    await kiosk.stop()
    kiosk.beat_s = 3_600.0
    await kiosk.start()
    page = await new_page(800, 480)
    await own_time(page)
    kiosk.show(frame("stop", 4))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".line")
    await page.clock.fast_forward(5_400)
    assert await page.locator(".line").count() > 0
    seen = page.wait_for_selector(CONNECTING)
    await page.clock.fast_forward(1_200)
    await seen
    await page.clock.fast_forward(1_000)  # it asks again by itself, and the station is there
    await page.wait_for_selector(".line")


async def test_a_frame_that_cannot_be_drawn_leaves_nothing_old(kiosk: Kiosk, chromium: Browser) -> None:
    context = await chromium.new_context(viewport={"width": 800, "height": 480})
    page = await context.new_page()
    kiosk.show(frame("stop", 4))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".line")
    kiosk.show(frame("ready", lines=None))
    await page.wait_for_selector(CONNECTING)
    assert await page.locator(".line").count() == 0
    kiosk.show(frame("ready", 4))
    await page.wait_for_selector(".line")
    await context.close()


async def test_beats_keep_an_unchanged_screen_alive(kiosk: Kiosk, new_page: Open) -> None:
    page = await new_page(800, 480)
    await page.add_init_script(
        """
        globalThis.beats = 0;
        globalThis.EventSource = class extends EventSource {
          constructor(url) { super(url); this.addEventListener("beat", () => (globalThis.beats += 1)); }
        };
        """
    )
    kiosk.show(frame("stop", 4))
    await page.goto(kiosk.url)
    await until(page, "beats >= 3")
    assert await page.locator(".line").count() > 0


async def test_a_reload_at_any_moment_shows_the_same_and_answers_nothing_anew(kiosk: Kiosk, new_page: Open) -> None:
    page = await new_page(800, 480)
    kiosk.show(frame("ready", 4, flash=7))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".work")
    kiosk.show(frame("stop", 4, flash=8, sound="stop"))
    await page.wait_for_selector(".flash-0")
    before = await page.locator(".band").inner_text()
    await page.reload()
    await page.wait_for_selector(".work")
    assert await page.locator(".band").inner_text() == before
    assert await page.locator(".flash-0, .flash-1").count() == 0
    assert await page.evaluate("packlineSounds.heard.length") == 0


async def test_an_answer_is_drawn_in_the_first_frame_after_its_event(kiosk: Kiosk, new_page: Open) -> None:
    page = await new_page(800, 480)
    await page.add_init_script(
        """
        globalThis.drawn = [];
        globalThis.EventSource = class extends EventSource {
          constructor(url) {
            super(url);
            this.addEventListener("message", (event) => {
              const expected = String(JSON.parse(event.data).answered_scan);
              requestAnimationFrame(() => {
                const { answered } = document.querySelector(".kiosk").dataset;
                drawn.push([expected, answered, document.querySelector("h1").innerText]);
              });
            });
          }
        };
        """
    )
    kiosk.show(frame("ready", 12))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".work")
    expected = []
    for number in range(1, 9):
        tone = "good" if number % 2 else "stop"
        answer = frame(tone, 12, flash=number, sentence=f"{tone} {number}")
        kiosk.show(msgspec.structs.replace(answer, answered_scan=number))
        await until(page, "number => drawn.at(-1)?.[0] === number", str(number))
        expected.append([str(number), str(number), f"{tone} {number}"])
    assert (await page.evaluate("drawn"))[-8:] == expected


async def test_the_frame_flashes_at_each_answer(kiosk: Kiosk, new_page: Open) -> None:
    page = await new_page(800, 480)
    kiosk.show(frame("ready", 4, flash=1))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".work")
    for flash in (2, 3, 4):
        kiosk.show(frame("good", 4, flash=flash))
        await page.wait_for_selector(f".kiosk[data-flash='{flash}']")
        assert await page.evaluate(f"{RUNNING}.map(a => [a.animationName, a.effect.getTiming().duration])") == [
            [f"flash-{flash % 2}", 600]
        ]
    await until(page, f"{RUNNING}.length === 0")
    kiosk.show(frame("good", 3, flash=4))  # the weight moved, nothing was answered
    await until(page, "document.querySelectorAll('.line').length < 4")
    assert await page.evaluate(f"{RUNNING}.length") == 0


async def test_an_upgraded_station_brings_its_new_page(
    kiosk: Kiosk, new_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await new_page(800, 480)
    kiosk.show(frame("ready"))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".work")
    await kiosk.stop()
    monkeypatch.setattr(server, "page_version", lambda: "0123456789ab")
    await kiosk.start()
    kiosk.show(frame("good"))
    await page.wait_for_selector(".kiosk[data-tone=good]")
    assert await page.locator("script[src='/page/0123456789ab/main.js']").count() == 1


async def test_nothing_comes_from_elsewhere(kiosk: Kiosk, new_page: Open) -> None:
    page = await new_page(800, 480)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    kiosk.show(frame("ready"))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".work")
    await page.evaluate("document.fonts.ready")
    assert all(url.startswith(kiosk.url) for url in asked)
    assert await page.evaluate("document.fonts.check('72px Tight', 'é')")
    assert broken == []  # a breach of the content security policy would stand here


async def test_pictures_and_the_drawing_that_stands_for_them(kiosk: Kiosk, new_page: Open, tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (64, 64), "navy").save(picture, "PNG")
    await kiosk.stop()
    (tmp_path / "pictures" / "b17.png").write_bytes(picture.getvalue())
    await kiosk.start()
    page = await new_page(1280, 800)
    here, missing, none = lines(3)
    replace = msgspec.structs.replace
    kiosk.show(frame("ready", lines=(replace(here, picture="b17.png"), replace(missing, picture="c18.png"), none)))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".line[data-line='0'] .picture[data-state=here]")
    assert await page.evaluate("document.querySelector('.picture img').naturalWidth") == 64
    await page.wait_for_selector(".line[data-line='1'] .picture[data-state=drawn]")
    assert await page.locator(".line[data-line='1'] .letters").inner_text() == "B-18"
    assert await page.locator(".line[data-line='2'] img").count() == 0
