"""A robot at the bench: does the next right thing until enough parcels are closed, and measures each answer."""

from __future__ import annotations

import asyncio
import time

from demo.packer import NO_MORE, Look, Place, Scan
from demo.table import Table
from station.kiosk.view import Frame

_ANSWER_S = 2


class Stuck(RuntimeError):
    """The bench did not go on; the text says what the screen showed."""


class Robot:
    """Packs at `table`. `answers_ms` are the times from a scan's first byte to the screen's answer."""

    def __init__(self, table: Table, *, pause_s: float = 0.0, patience_s: float = 20.0) -> None:
        """`pause_s` is the time that a hand needs between two moves, `patience_s` how long it waits for the bench."""
        self.table = table
        self._pause_s = pause_s
        self._patience_s = patience_s
        self.answers_ms: list[float] = []
        self._moved = time.monotonic()

    async def pack(self, parcels: int) -> None:
        """Close this many more parcels. Raises `Stuck`."""
        wanted = len(self.table.closed) + parcels
        while len(self.table.closed) < wanted:
            await self.step()
        if self.table.hands.on_scale_g:
            await self.table.do(Place(0, "take the parcel off"))

    async def step(self) -> None:
        """One move, or a wait for something to happen. Raises `Stuck`."""
        await asyncio.sleep(self._pause_s)
        changed = self.table.changed
        move = self.table.next
        if not isinstance(move, Look):
            self._moved = time.monotonic()
        if isinstance(move, Scan):
            await self._scan(move)
            return
        if move == NO_MORE:
            raise Stuck("there are no more orders to pack")
        await self.table.do(move)
        left_s = self._moved + self._patience_s - time.monotonic()
        try:
            await asyncio.wait_for(changed.wait(), left_s)
        except TimeoutError:
            raise Stuck(self._plight(f"nothing to do for {self._patience_s:.0f} s but {move.what!r}")) from None

    async def _scan(self, move: Scan) -> None:
        eyes = self.table.eyes
        number, flash = eyes.answered + 1, eyes.screen.flash
        begun = time.perf_counter()
        await self.table.do(move)
        try:
            frame = await eyes.until(lambda frame: eyes.answered >= number, _ANSWER_S)
            self.answers_ms.append((time.perf_counter() - begun) * 1000)
        except TimeoutError:
            # The screen shows the newest frame only: the answer may have been overtaken by what followed it.
            frame = await self._overtaken(move, flash)
        if frame.screen.tone == "stop":
            raise Stuck(self._plight(f"the scan {move.text} ({move.what}) was refused"))

    async def _overtaken(self, move: Scan, flash: int) -> Frame:
        try:
            return await self.table.eyes.until(lambda frame: frame.screen.flash != flash, self._patience_s)
        except TimeoutError:
            raise Stuck(self._plight(f"no answer to the scan {move.text} ({move.what})")) from None

    def _plight(self, what: str) -> str:
        screen = self.table.eyes.screen
        return f"{what}; the screen says “{screen.sentence}” {screen.why} {screen.note}".rstrip()
