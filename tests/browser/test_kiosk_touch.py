"""Touch does what a scan does."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from playwright.async_api import Page, Route

from station.kiosk.view import AskedText, DeviceView, LineView
from station.work.inputs import Scanned, Typed
from tests.browser.conftest import Kiosk, Open
from tests.browser.screens import frame, lines

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("P21")]


async def opened(kiosk: Kiosk, new_page: Open) -> Page:
    page = await new_page(800, 480, has_touch=True)
    kiosk.show(frame("ready", 4))
    await page.goto(kiosk.url)
    await page.wait_for_selector(".work")
    return page


async def arrived(kiosk: Kiosk, count: int) -> None:
    async with asyncio.timeout(60):
        while len(kiosk.inputs) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def test_an_action_sends_its_code(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    await page.tap("[data-code=PK-CONFIRM]")
    await arrived(kiosk, 1)
    assert isinstance(kiosk.inputs[0], Scanned)
    assert (kiosk.inputs[0].text, kiosk.inputs[0].device) == ("PK-CONFIRM", "screen")


async def test_actions_that_do_not_fit_are_one_touch_away(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    assert await page.locator(".row [data-code=PK-SIGNOUT]").is_hidden()
    await page.tap(".more")
    await page.tap(".all-actions [data-code=PK-SIGNOUT]")
    await arrived(kiosk, 1)
    assert [given.text for given in kiosk.inputs if isinstance(given, Scanned)] == ["PK-SIGNOUT"]
    await page.wait_for_selector(".all-actions", state="detached")


@pytest.mark.feature("P5")
async def test_a_quantity_is_typed_where_it_may_be(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    typeable = page.locator("button.line")
    assert [await row.get_attribute("data-line") for row in await typeable.all()] == ["0"]
    assert await page.locator("div.line").count() == 2
    await typeable.tap()
    ok = page.locator(".key.primary")
    assert await ok.is_disabled()
    for key in "1", "4":
        await page.tap(f".key:text-is('{key}')")
    await page.tap(".key[aria-label=Effacer]")
    await page.tap(".key:text-is('2')")
    assert await page.locator("output.typed").inner_text() == "12"
    await ok.tap()
    await arrived(kiosk, 1)
    typed = kiosk.inputs[0]
    assert isinstance(typed, Typed)
    assert (typed.order, typed.line, typed.quantity) == ("FR-1042", 0, 12)
    await page.wait_for_selector(".pad", state="detached")


@pytest.mark.feature("P6")
@pytest.mark.parametrize(("asked", "keys", "sent"), [("text", "LAX-7", "LA-7"), ("date", "30.112", "30.12")])
async def test_a_lot_without_a_barcode_is_typed(
    kiosk: Kiosk, new_page: Open, asked: AskedText, keys: str, sent: str
) -> None:
    page = await opened(kiosk, new_page)
    kiosk.show(frame("look", 4, asks_text=asked))
    await page.tap("[data-code='type it']")
    assert await page.locator(".key.primary").is_disabled()
    assert await page.evaluate("document.querySelector('.letters').getBoundingClientRect().bottom <= innerHeight")
    spare = keys.index("X") if "X" in keys else 4
    for at, key in enumerate(keys):
        await page.tap(f".letters .key:text-is('{key}')")
        if at == spare:
            await page.tap(".key[aria-label=Effacer]")
    assert await page.locator("output.typed").inner_text() == sent
    await page.tap(".key.primary")
    await arrived(kiosk, 1)
    assert [given.text for given in kiosk.inputs if isinstance(given, Scanned)] == [sent]
    await page.wait_for_selector(".keyboard", state="detached")


async def test_an_answer_closes_what_lies_over_it(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    for opener, sheet in (("button.line", ".pad"), (".more", ".all-actions"), (".corner", ".station")):
        await page.tap(opener)
        await page.wait_for_selector(sheet)
        flash = int(await page.get_attribute(".kiosk", "data-flash") or 0)
        kiosk.show(frame("stop", 4, flash=flash + 1))
        await page.wait_for_selector(".kiosk[data-tone=stop]")
        await page.wait_for_selector(sheet, state="detached")


@pytest.mark.feature("D2")
async def test_a_scanner_is_calibrated_from_the_corner(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    shown = frame("ready", 4)
    devices = (DeviceView("scanner", "left", "ok", "", can_calibrate=True), DeviceView("scale", "dymo", "ok", ""))
    kiosk.show(msgspec.structs.replace(shown, quiet=msgspec.structs.replace(shown.quiet, devices=devices)))
    await page.tap(".corner")
    assert await page.locator(".calibrate").count() == 1
    await page.tap(".calibrate")
    async with asyncio.timeout(60):
        while not kiosk.calibrated:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    assert kiosk.calibrated == ["left"]
    await page.wait_for_selector(".station", state="detached")


async def test_the_pad_goes_when_its_line_may_not_be_typed_any_more(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    await page.tap("button.line")
    await page.wait_for_selector(".pad")
    scanned_only: tuple[LineView, ...] = tuple(msgspec.structs.replace(line, may_type=False) for line in lines(4))
    kiosk.show(frame("ready", lines=scanned_only))
    await page.wait_for_selector(".pad", state="detached")


async def test_a_finger_that_bounces_is_one_touch(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)
    waiting = asyncio.Event()

    async def slow(route: Route) -> None:
        await waiting.wait()
        await route.continue_()

    await page.route("**/scan", slow)
    for _ in range(4):
        await page.tap("[data-code=PK-CONFIRM]")
    waiting.set()
    await arrived(kiosk, 1)
    await page.unroute("**/scan")
    while len(kiosk.inputs) < 2:  # the next touch counts as soon as the first was answered
        await page.tap("[data-code=PK-UNDO]")
        await asyncio.sleep(0.005)
    assert [given.text for given in kiosk.inputs if isinstance(given, Scanned)] == ["PK-CONFIRM", "PK-UNDO"]


async def test_a_touch_that_does_not_arrive_says_so(kiosk: Kiosk, new_page: Open) -> None:
    page = await opened(kiosk, new_page)

    async def torn(route: Route) -> None:
        await route.abort("connectionreset")

    await page.route("**/scan", torn)
    await page.tap("[data-code=PK-CONFIRM]")
    await page.wait_for_selector("[role=alert]")
    assert "Appuyez encore" in await page.locator("[role=alert]").inner_text()
    await page.unroute("**/scan")
    await page.tap("[data-code=PK-CONFIRM]")
    await arrived(kiosk, 1)
    await page.wait_for_selector("[role=alert]", state="detached")
