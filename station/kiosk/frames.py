"""The newest frame of the screen, for any number of viewers. Nobody waits for a slow viewer."""

from __future__ import annotations

import asyncio
from functools import cached_property

from contract.envelope import encode
from station.kiosk.view import Frame


class Shown:
    """One frame that was shown. Its JSON is made at the first look and once only."""

    def __init__(self, number: int, frame: Frame) -> None:
        self.number = number
        self.frame = frame

    @cached_property
    def json(self) -> bytes:
        """The frame as the page reads it."""
        return encode(self.frame)


class Frames:
    """Holds the newest frame. Use it on the loop's thread."""

    def __init__(self) -> None:
        self._newest: Shown | None = None
        self._changed = asyncio.Event()
        self._closed = False

    @property
    def newest(self) -> Shown | None:
        """None until the first frame is shown."""
        return self._newest

    def show(self, frame: Frame) -> None:
        """Make `frame` the newest."""
        self._newest = Shown(1 if self._newest is None else self._newest.number + 1, frame)
        self._wake()

    def close(self) -> None:
        """End every viewer's wait, now and later: the station stops."""
        self._closed = True
        self._wake()

    async def newer(self, than: int) -> Shown | None:
        """The newest frame as soon as its number is above `than`; None once closed.

        Frames between two calls are skipped: a viewer sees the newest, never a queue.
        """
        while not self._closed:
            if self._newest is not None and self._newest.number > than:
                return self._newest
            await self._changed.wait()
        return None

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
