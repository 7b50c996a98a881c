"""The kiosk drawn in a real Chromium: read at two metres, touched with a thumb, nothing cut."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import get_args

import msgspec
import pytest
from playwright.async_api import Page

from contract.machine import MachineTrouble
from contract.values import Language
from station.kiosk.machine_words import stopped_screen, trouble_view
from station.kiosk.situations import Situation
from station.kiosk.texts import ACTIONS, ANSWERS, SITUATIONS, Words
from station.kiosk.view import ActionView, DeviceView, Frame, Quiet, Screen, Tone, WeightView
from tests.browser import measure
from tests.browser.conftest import Kiosk, Open, own_time, until
from tests.browser.screens import ON_TARGET, QUIET, SENTENCES, frame, lines

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("P21")]

BIG, SMALL = (1280, 800), (800, 480)
MM = {BIG: 1509.4 / 254, SMALL: 933.0 / 177.8}
"""Pixels in a millimetre: 10 inches at 1280×800, 7 inches at 800×480."""
CAPITALS = 0.727
"""Height of a capital, as a part of the font size."""
FILLED = defaultdict(lambda: "FR-1042", grams="1 214", item="B-17 mug bleu", name="Marie D.", quantity="2", of="3")
SCALE_GONE = WeightView(None, "not connected", 940, 980, 2000)
nothing, asked_first = Words("", ""), SITUATIONS[Situation.IDLE].sentence
sizes = pytest.mark.parametrize("size", [BIG, SMALL], ids=["1280x800", "800x480"])


async def drawn(kiosk: Kiosk, new_page: Open, size: tuple[int, int], first: Frame, **options: object) -> Page:
    page = await new_page(*size, **options)
    kiosk.show(first)
    await page.goto(kiosk.url)
    await page.wait_for_selector(".kiosk[data-flash]")
    await page.evaluate("document.fonts.ready")
    return page


async def show(kiosk: Kiosk, page: Page, next_frame: Frame) -> None:
    """Show and wait until it is drawn and measured."""
    number = 1 + int(await page.get_attribute(".kiosk", "data-answered") or 0)
    kiosk.show(msgspec.structs.replace(next_frame, answered_scan=number))
    await page.wait_for_selector(f".kiosk[data-answered='{number}']")
    await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def sound_layout(page: Page) -> None:
    assert await page.evaluate(measure.CUT_OFF) == []
    assert await page.evaluate(measure.OVERLAPS) == []


@sizes
@pytest.mark.parametrize("palette", ["light", "dark"])
async def test_each_tone(kiosk: Kiosk, new_page: Open, size: tuple[int, int], palette: str) -> None:
    page = await drawn(kiosk, new_page, size, frame("ready"), color_scheme=palette)
    looks, corners = set(), set()
    for tone in get_args(Tone):
        await show(kiosk, page, frame(tone))
        sentence = page.locator("h1")
        assert await sentence.inner_text() == SENTENCES[tone][0]
        size_px = float((await sentence.evaluate("e => getComputedStyle(e).fontSize")).removesuffix("px"))
        assert size_px == (82 if size == BIG else 72)
        assert size_px * CAPITALS / MM[size] >= 9.95
        assert await page.evaluate(measure.CONTRAST, "h1") >= 7
        if SENTENCES[tone][1]:
            assert await page.evaluate(measure.CONTRAST, ".why") >= 7
        assert await page.get_attribute(".band .shape", "data-shape") == tone
        place = await page.evaluate("[...document.querySelectorAll('.rail i')].findIndex(i => i.className === 'here')")
        color = await page.evaluate("getComputedStyle(document.querySelector('.band')).backgroundColor")
        looks.add((place, color))
        box = await sentence.bounding_box()
        assert box is not None
        corners.add((box["x"], box["y"]))
        await sound_layout(page)
    assert len({place for place, _ in looks}) == len({color for _, color in looks}) == 5
    assert len(corners) == 1, "the sentence stands always in the same place"


@sizes
async def test_everything_else_is_readable_too(kiosk: Kiosk, new_page: Open, size: tuple[int, int]) -> None:
    page = await drawn(kiosk, new_page, size, frame("stop", 4, weight=ON_TARGET))
    for text, kind, font in await page.evaluate(measure.FONT_SIZES):
        if kind != "letters":  # the drawing that stands for a picture
            assert font / MM[size] >= 4, (text, kind, font)
            assert kind in ("sku", "order") or font / MM[size] >= 5, (text, kind, font)
    for selector in (".name", ".figures", ".number", ".range", ".title", ".corner time", ".action span"):
        assert await page.evaluate(measure.CONTRAST, selector) >= 7, selector


@sizes
@pytest.mark.parametrize("target", [False, True], ids=["packing", "weighing"])
async def test_nothing_is_cut_whatever_the_order(
    kiosk: Kiosk, new_page: Open, size: tuple[int, int], target: bool
) -> None:
    page = await drawn(kiosk, new_page, size, frame("ready"))
    weight = ON_TARGET if target else None
    for tone in ("ready", "look"):
        for count in (1, 4, 12, 40):
            for touched in (0, count // 2, count - 1):
                await show(kiosk, page, frame(tone, weight=weight, lines=lines(count, touched)))  # type: ignore[arg-type]
                await sound_layout(page)
                assert await page.locator(".line.touched").count() == 1, "the touched line is always in sight"
                assert await page.evaluate("document.querySelector('.list').scrollHeight") <= await page.evaluate(
                    "document.querySelector('.list').clientHeight + 1"
                )


@pytest.mark.parametrize("language", ["fr", "en"])
async def test_everything_the_station_can_say_is_large_and_whole(
    kiosk: Kiosk, new_page: Open, language: Language
) -> None:
    page = await drawn(kiosk, new_page, SMALL, frame("ready"))  # the panel with less room
    said = [(asked.sentence, asked.explained) for asked in SITUATIONS.values()]
    said += [(told.do or asked_first, told.why or nothing) for told in ANSWERS.values()]
    smaller = []
    for sentence, why in said:
        words = [text.to(language).format_map(FILLED) for text in (sentence, why)]
        for weight in (ON_TARGET, SCALE_GONE):
            look = frame("look", 4, sentence=words[0], why=words[1], language=language, weight=weight)
            await show(kiosk, page, look)
            assert await page.evaluate(measure.CUT_OFF) == [], words
            assert await page.evaluate(measure.OVERLAPS) == [], words
        font = await page.evaluate("parseFloat(getComputedStyle(document.querySelector('h1')).fontSize)")
        if font < 72:
            smaller.append(words)
    assert smaller == []


@sizes
async def test_every_action_has_room(kiosk: Kiosk, new_page: Open, size: tuple[int, int]) -> None:
    page = await drawn(kiosk, new_page, size, frame("ready"))
    labels = [words.to("fr") for words in ACTIONS.values()][:19]
    actions = tuple(ActionView(f"PK-{n}", label, primary=n == 7) for n, label in enumerate(labels))
    await show(kiosk, page, frame("ready", actions=actions))
    await sound_layout(page)
    assert "primary" in (await page.locator(".row .action").first.get_attribute("class") or "")
    await page.click(".more")
    await page.evaluate(
        "for (const e of document.querySelectorAll('.band, .work, .foot')) e.style.visibility = 'hidden'"
    )
    await sound_layout(page)
    boxes = await page.evaluate(measure.TARGETS)
    assert len(boxes) == len(labels) + 1
    assert max(bottom for *_, bottom in boxes) <= size[1]


@sizes
async def test_long_sentences_yield_to_the_work(kiosk: Kiosk, new_page: Open, size: tuple[int, int]) -> None:
    page = await drawn(kiosk, new_page, size, frame("ready"))
    sentence = "Recommencez la préparation de cette commande depuis le début avec votre responsable"
    why = (
        "L’adresse du destinataire a été corrigée pendant l’emballage par le service clients de Clermont-Ferrand. " * 2
    )
    await show(kiosk, page, frame("stop", sentence=sentence, why=why))
    await sound_layout(page)
    assert await page.locator(".line").count() >= 1


@sizes
async def test_touch_targets(kiosk: Kiosk, new_page: Open, size: tuple[int, int]) -> None:
    page = await drawn(kiosk, new_page, size, frame("ready", 12))

    async def all_large_and_apart(scope: str) -> None:
        targets = await page.evaluate(measure.TARGETS)
        assert targets, scope
        for name, left, top, right, bottom in targets:
            assert min(right - left, bottom - top) / MM[size] >= 15, (scope, name)
        feet = [target for target in targets if not target[0].startswith(("line", "corner"))]
        for (one, *a), (two, *b) in combinations(feet, 2):
            apart = max(b[0] - a[2], a[0] - b[2], b[1] - a[3], a[1] - b[3])
            assert apart / MM[size] >= 3, (scope, one, two, apart)

    below = "how => { for (const e of document.querySelectorAll('.band, .work, .foot')) e.style.visibility = how; }"
    await all_large_and_apart("work")
    for opener, sheet in ((".more", ".all-actions"), (".corner", ".station"), ("button.line", ".pad")):
        await page.locator(opener).first.click()
        await page.wait_for_selector(sheet)
        await page.evaluate(below, "hidden")
        await all_large_and_apart(sheet)
        await sound_layout(page)
        await page.click(".close")
        await page.evaluate(below, "")


@sizes
async def test_lines_page_by_themselves_to_what_remains(kiosk: Kiosk, new_page: Open, size: tuple[int, int]) -> None:
    page = await new_page(*size)
    await own_time(page)
    untyped = tuple(msgspec.structs.replace(line, may_type=False) for line in lines(12))
    kiosk.show(frame("ready", lines=untyped))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".line")

    async def in_sight() -> list[int]:
        return [int(n) for n in await page.evaluate("[...document.querySelectorAll('.line')].map(e => e.dataset.line)")]

    seen = await in_sight()
    assert 0 < len(seen) < 12
    await page.clock.fast_forward(5_000)
    await until(page, "first => document.querySelector('.line').dataset.line !== first", str(seen[0]))
    for _ in range(12):  # a touch turns the page too
        seen += await in_sight()
        await page.locator(".list").click(position={"x": 300, "y": 2})
    remaining = {line.line for line in lines(12) if line.mark != "done"}
    assert remaining <= set(seen)
    assert await page.evaluate("getComputedStyle(document.querySelector('.list')).overflowY") == "hidden"


@sizes
async def test_done_lines_sink_and_dim(kiosk: Kiosk, new_page: Open, size: tuple[int, int]) -> None:
    views = lines(2)
    done = msgspec.structs.replace(views[0], mark="done", packed=5)
    page = await drawn(kiosk, new_page, size, frame("ready", lines=(views[1], done)))
    rows = page.locator(".line")
    assert [await row.get_attribute("data-line") for row in await rows.all()] == ["1", "0"]
    assert await rows.nth(1).locator(".figures").inner_text() == "5 sur 5"
    assert await rows.nth(1).locator(".figures .mark[data-mark=tick]").count() == 1
    plain, dim = [await page.evaluate(measure.CONTRAST, f".line:nth-child({n}) .name") for n in (1, 2)]
    assert 4.5 <= dim < plain


@sizes
async def test_the_weight_is_a_word_when_it_is_not_a_weight(
    kiosk: Kiosk, new_page: Open, size: tuple[int, int]
) -> None:
    page = await drawn(kiosk, new_page, size, frame("good", weight=ON_TARGET))
    number, bar = page.locator(".weight .number"), page.locator(".weight .bar")
    assert (await number.inner_text()).replace("\u202f", " ").replace("\xa0", " ") == "1 214 g"
    band, needle, whole = [await bar.locator(part).bounding_box() for part in (".target", ".fill", "xpath=.")]
    assert band is not None
    assert needle is not None
    assert whole is not None
    tip = needle["x"] + needle["width"]
    assert band["x"] <= tip <= band["x"] + band["width"]
    assert abs((band["x"] - whole["x"]) / whole["width"] - 1180 / 1600) < 0.02
    for mass, verdict, mark in (
        (1_100, "outside", "outside"),
        (1_200, "inside", "tick"),
        (1_400, "outside", "outside"),
    ):
        await show(kiosk, page, frame("look", weight=msgspec.structs.replace(ON_TARGET, grams=mass)))
        assert await page.get_attribute(".weight", "data-verdict") == verdict
        assert await number.locator(".mark").get_attribute("data-mark") == mark
    heavy = WeightView(grams=29_876, word="", low_g=28_500, high_g=29_900, full_scale_g=30_000)
    await show(kiosk, page, frame("good", weight=heavy))
    await sound_layout(page)
    for word in ("instable", "surcharge", "balance muette"):
        await show(kiosk, page, frame("wait", weight=WeightView(grams=None, word=word, low_g=1_180, high_g=1_260)))
        assert await number.inner_text() == word
        assert await bar.locator(".fill").count() == 0
        await sound_layout(page)


@sizes
async def test_a_note_is_read_whole(kiosk: Kiosk, new_page: Open, size: tuple[int, int]) -> None:
    page = await drawn(kiosk, new_page, size, frame("ready"))
    note = "Mot cadeau : « Joyeux anniversaire, Éléni ! » Glissez la carte sur le dessus."
    await show(kiosk, page, frame("ready", sentence="Lisez, puis confirmez", note=note))
    assert await page.locator(".note .flow").inner_text() == note
    await sound_layout(page)
    await show(kiosk, page, frame("ready", note=note * 12))
    pages = int(await page.get_attribute(".note .pages", "data-pages") or 1)
    assert pages > 1
    places = set()
    for _ in range(pages):
        places.add(await page.evaluate("document.querySelector('.flow').scrollLeft"))
        await page.click(".note")
        await page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert len(places) == pages


@sizes
async def test_the_quiet_corner(kiosk: Kiosk, new_page: Open, size: tuple[int, int]) -> None:
    page = await drawn(kiosk, new_page, size, frame("ready"))
    corner = page.locator(".corner")
    assert "12 en attente" in await corner.inner_text()
    assert "Marie D." in await corner.inner_text()
    assert await corner.locator("time").inner_text() == await page.evaluate(
        "new Date().toLocaleTimeString('fr', { hour: '2-digit', minute: '2-digit' })"
    )
    assert await corner.locator(".device[data-health=ok]").count() == 4
    ill = (
        DeviceView("scanner", "scanner", "ok", ""),
        DeviceView("scale", "scale", "lost", "Plug the scale in again."),
        DeviceView("printer", "labels", "ok", ""),
        DeviceView("printer", "slips", "bad", "No paper: put in a new roll."),
    )
    await show(kiosk, page, Frame(frame("ready").screen, Quiet(ill, online=False, queued=0, station="bench-1")))
    health = await page.evaluate("[...document.querySelectorAll('.marks .device')].map(e => e.dataset.health)")
    assert health == ["ok", "lost", "bad", "none"]
    assert await corner.locator(".network").get_attribute("data-online") == "false"
    assert "attente" not in await corner.inner_text()
    await corner.click()
    sheet = await page.locator(".station").inner_text()
    for words in ("bench-1", "Plug the scale in again.", "No paper: put in a new roll.", "pas de réseau"):
        assert words in sheet


@sizes
async def test_signed_out_the_sentence_has_the_whole_screen(
    kiosk: Kiosk, new_page: Open, size: tuple[int, int]
) -> None:
    page = await drawn(kiosk, new_page, size, Frame(Screen(tone="ready", sentence="Scannez votre badge"), QUIET))
    band = await page.locator(".band").bounding_box()
    assert band is not None
    assert band["height"] > 0.7 * size[1]
    place = await page.locator("h1").bounding_box()
    await sound_layout(page)
    why = "Poste inactif. La commande est gardée : le badge de tout préparateur la reprend. Aide : EXPLIQUER."
    await show(kiosk, page, Frame(Screen(tone="look", sentence="Scannez votre badge", why=why), QUIET))
    await sound_layout(page)
    assert await page.get_attribute(".kiosk", "data-tight") == "0"
    await show(kiosk, page, frame("ready", sentence="Scannez votre badge"))
    at_work = await page.locator("h1").bounding_box()
    assert place is not None
    assert at_work is not None
    assert (place["x"], place["y"]) == (at_work["x"], at_work["y"])


async def test_the_palette_follows_the_system_or_the_switch(kiosk: Kiosk, new_page: Open) -> None:
    page = await drawn(kiosk, new_page, SMALL, frame("ready"), color_scheme="dark")

    async def paper() -> float:
        return float(
            await page.evaluate("parseFloat(getComputedStyle(document.body).backgroundColor.match(/\\d+/)[0])")
        )

    assert await paper() < 60
    await page.click(".corner")
    await page.click("[data-set=light]")
    assert await paper() > 200
    await page.reload()
    await page.wait_for_selector(".work")
    assert await paper() > 200
    await page.click(".corner")
    await page.click("[data-set=auto]")
    assert await paper() < 60


async def test_less_motion_when_asked(kiosk: Kiosk, new_page: Open) -> None:
    turning = "getComputedStyle(document.querySelector('.shape')).animationName"
    page = await drawn(kiosk, new_page, SMALL, frame("wait"))
    assert await page.evaluate(turning) == "turn"
    still = await drawn(kiosk, new_page, SMALL, frame("wait"), reduced_motion="reduce")
    assert await still.evaluate(turning) == "none"


async def test_the_page_speaks_the_packers_language(kiosk: Kiosk, new_page: Open) -> None:
    page = await drawn(kiosk, new_page, BIG, frame("ready"))
    assert await page.evaluate("document.documentElement.lang") == "fr"
    assert "3 sur 5" in await page.locator(".line").first.inner_text()
    await show(kiosk, page, frame("ready", language="en"))
    assert await page.evaluate("document.documentElement.lang") == "en"
    assert "3 of 5" in await page.locator(".line").first.inner_text()
    assert "12 waiting" in await page.locator(".corner").inner_text()


@sizes
@pytest.mark.feature("R6")
@pytest.mark.parametrize("language", get_args(Language))
async def test_an_ill_computer_is_in_the_corner_and_on_the_sheet(
    kiosk: Kiosk, new_page: Open, size: tuple[int, int], language: Language
) -> None:
    troubles = tuple(trouble_view(MachineTrouble(kind, 180), language) for kind in ("undervoltage", "clock_wrong"))
    corner = msgspec.structs.replace(QUIET, troubles=troubles)
    packing = frame("ready")
    ill = msgspec.structs.replace(
        packing, screen=msgspec.structs.replace(packing.screen, language=language), quiet=corner
    )
    page = await drawn(kiosk, new_page, size, ill)
    await sound_layout(page)
    assert await page.inner_text(".corner .trouble") == troubles[0].short
    await page.click(".corner")
    for trouble in troubles:
        assert await page.locator(".computer", has_text=trouble.text).is_visible()


@sizes
@pytest.mark.feature("R6")
@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("kind", ["disk_full", "disk_read_only", "disk_worn"])
async def test_a_bench_that_can_keep_nothing_fills_its_screen_with_it(
    kiosk: Kiosk, new_page: Open, size: tuple[int, int], language: Language, kind: str
) -> None:
    trouble = MachineTrouble(kind)
    stopped = Frame(
        stopped_screen(trouble, language), Quiet(station="bench-1", troubles=(trouble_view(trouble, language),))
    )
    page = await drawn(kiosk, new_page, size, stopped)
    assert await page.get_attribute(".kiosk", "data-tone") == "stop"
    await sound_layout(page)
