"""One Chromium for the whole run, a fresh context for each test, and a real kiosk server on a free port.

Everything here lives on the session's event loop; tests mark themselves `asyncio(loop_scope="session")`.
"""

from __future__ import annotations

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from station.kiosk.frames import Frames
from station.kiosk.pictures import Pictures
from station.kiosk.server import bind, make_app, serve
from station.kiosk.view import Frame
from station.work.inputs import AnyInput

# Sound without a first touch, as the kiosk's own Chromium is started; no sandbox, as tests may run as root.
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--autoplay-policy=no-user-gesture-required",
    "--mute-audio",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--force-color-profile=srgb",
]
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
Open = Callable[..., Awaitable[Page]]
expect.set_options(timeout=60_000)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's Chromium, started once."""
    executable = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    assert executable is not None, "the browser tests need chromium: apt-get install chromium"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=CHROMIUM_ARGUMENTS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(chromium: Browser) -> AsyncIterator[Open]:
    """`await new_page(width=…, height=…, …)`: a page in a context of its own; any script error fails the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    async def open_page(width: int = 1280, height: int = 800, **options: object) -> Page:
        context = await chromium.new_context(viewport={"width": width, "height": height}, **options)  # type: ignore[arg-type]
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        await context.close()
    assert errors == []


async def own_time(page: Page) -> None:
    """Time stands still in the page from its beginning, and goes on by `page.clock.fast_forward` alone."""
    await page.clock.install(time=0)
    await page.clock.pause_at(1_000)


async def until(page: Page, script: str, argument: object = None) -> None:
    """Wait for a script to be true. Playwright's own wait compiles text in the page, which our policy forbids."""
    async with asyncio.timeout(60):
        while not await page.evaluate(script, argument):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


class Kiosk:
    """A real kiosk server: `show` a frame on it, read what was touched in `inputs`, stop and start it."""

    def __init__(self, folder: Path) -> None:
        self.inputs: list[AnyInput] = []
        self.calibrated: list[str] = []
        self.photos: dict[str, bytes] = {}
        self.url = ""
        self.beat_s = 0.5
        self._folder = folder
        self._port = 0
        self._serving: asyncio.Task[None] | None = None
        self.frames = Frames()

    async def start(self) -> None:
        """Listen; on the same port again after a stop."""
        listening = bind("127.0.0.1", self._port)
        self._port = listening.getsockname()[1]
        self.url = f"http://127.0.0.1:{self._port}/"
        self.frames = Frames()
        pictures = Pictures(
            self._folder, "http://127.0.0.1:9", self._folder / "ca.pem"
        )  # discard: nothing listens there
        app = make_app(
            self.frames,
            self.inputs.append,
            pictures,
            self.photos.get,
            calibrate=self.calibrated.append,
            beat_s=self.beat_s,
        )
        self._serving = asyncio.create_task(serve(app, self.frames, listening))

    async def stop(self) -> None:
        """End it as the station does."""
        assert self._serving is not None
        self._serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._serving

    def show(self, frame: Frame) -> None:
        """The next frame."""
        self.frames.show(frame)


@pytest_asyncio.fixture(loop_scope="session")
async def kiosk(tmp_path: Path) -> AsyncIterator[Kiosk]:
    """A running kiosk that has shown nothing yet."""
    running = Kiosk(tmp_path / "pictures")
    await running.start()
    yield running
    await running.stop()
