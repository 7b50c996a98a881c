"""Reads the kiosk's screen as a person at the bench does: from its stream of server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import msgspec

from station.kiosk.view import Frame, Screen

_frame = msgspec.json.Decoder(Frame)


class Eyes:
    """The newest frame, and waits for the one that one hopes for."""

    def __init__(self, kiosk_url: str) -> None:
        self._url = kiosk_url
        self.changed: Callable[[Frame], None] = lambda frame: None
        """Called with every frame."""
        self._news = asyncio.Condition()
        self.frame: Frame | None = None
        self.answered = 0
        """The number of the last scan that a frame answered."""

    @property
    def screen(self) -> Screen:
        """What is on the screen. Raises `LookupError` before the first frame."""
        if self.frame is None:
            raise LookupError("the screen has shown nothing yet")
        return self.frame.screen

    async def look(self) -> None:
        """Watch until cancelled; a screen that is gone is looked for again."""
        async with httpx.AsyncClient(timeout=httpx.Timeout(5, read=60)) as client:
            while True:
                try:
                    async for frame in _frames(client, f"{self._url}/events"):
                        await self._see(frame)
                except httpx.HTTPError:
                    self.answered = 0  # A new station process counts from 1 again.
                await asyncio.sleep(0.1)

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Watch while the block runs; returns at the first frame."""
        watching = asyncio.create_task(self.look(), name="eyes")
        try:
            await self.until(lambda frame: True)
            yield
        finally:
            watching.cancel()

    async def until(self, wanted: Callable[[Frame], bool], timeout_s: float = 60) -> Frame:
        """The first frame from now on, the present one included, that is `wanted`. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout_s), self._news:
            await self._news.wait_for(lambda: self.frame is not None and wanted(self.frame))
        if self.frame is None:
            raise LookupError("the screen has shown nothing yet")
        return self.frame

    async def _see(self, frame: Frame) -> None:
        async with self._news:
            self.frame = frame
            self.answered = max(self.answered, frame.answered_scan)
            self._news.notify_all()
        self.changed(frame)


async def _frames(client: httpx.AsyncClient, url: str) -> AsyncIterator[Frame]:
    async with client.stream("GET", url) as response:
        response.raise_for_status()
        event = "message"
        async for line in response.aiter_lines():
            field, _, value = line.partition(": ")
            if field == "event":
                event = value
            elif field == "data" and event == "message":
                yield _frame.decode(value)
            elif not line:
                event = "message"
