"""Who stands at one of the benches: packs what the queue gives, and what they are asked to do besides."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeAlias

from contract.messages import NEXT_WORK
from demo.packer import Look, Move, Scan, is_recalled
from demo.stand import Stand
from demo.table import Table, decoded
from station.kiosk.view import Frame, Screen

_GLANCE_S: Final = 1.5
"""Without an answer they look again, and do what the screen says now."""
_PATIENCE_S: Final = 90.0
"""Of one parcel, on a machine that is busy."""
Moment: TypeAlias = Callable[[Screen, Move], bool]
Deed: TypeAlias = Callable[[], Awaitable[None]]


class Stuck(RuntimeError):
    """The bench did not go on; the text says what the screen showed."""


class Packer:
    """One person at one bench."""

    def __init__(self, stand: Stand, table: Table) -> None:
        self.stand = stand
        self.table = table
        self.recalled: set[str] = set()
        """What it said each time the bench was told to stop; it may be read more than once."""

    @property
    def screen(self) -> Screen:
        return self.table.eyes.screen

    async def draw(self, *, at: Moment | None = None, do: Deed | None = None) -> None:
        """Pack what the queue gives until it has nothing more. At the first such moment, something is done besides."""
        asked = False
        deadline = time.monotonic() + _PATIENCE_S
        closed = len(self.table.closed)
        while True:
            self.table.orders[:] = [NEXT_WORK]
            move = self._move()
            if move == Scan(NEXT_WORK, f"order {NEXT_WORK}") and asked and self.screen.tone == "stop":
                _expect_done(at)
                return
            asked = (isinstance(move, Scan) and move.text == NEXT_WORK) or (asked and not self.screen.parcel)
            if at is not None and do is not None and at(self.screen, move):
                at = None
                await self.table.do(move)
                await do()
                continue
            await self._make(move)
            if len(self.table.closed) > closed:
                closed, deadline = len(self.table.closed), time.monotonic() + _PATIENCE_S
            self._complain_after(deadline)

    async def pack(self, code: str, *, at: Moment | None = None, do: Deed | None = None) -> None:
        """Open the order behind the code and pack it, until the bench is free again.

        At the first such moment something is done instead of the move.
        """
        self.table.orders[:] = [code]
        deadline = time.monotonic() + _PATIENCE_S
        begun = False
        while not begun or self.screen.parcel or self.table.hands.on_scale_g or self._must_confirm():
            begun = begun or bool(self.screen.parcel)
            if begun:
                self.table.orders.clear()
            move = self._move()
            if at is not None and do is not None and at(self.screen, move):
                at = None
                await do()
                continue
            await self._make(move)
            self._complain_after(deadline)
            begun = begun or bool(self.screen.parcel)
        _expect_done(at)

    async def leave_out(self, command: str, code: str) -> None:
        """Tell the bench that a piece is missing or damaged."""
        await self._make(Scan(command, command))
        await self._make(Scan(code, "the piece"))

    async def at_shelf(self, *texts: str, sees: str) -> None:
        """Scan what a count or a delivery asks for, until the screen says this."""
        for text in texts:
            await self._make(Scan(text, text))
        await self.table.eyes.until(lambda frame: frame.screen.sentence == sees, 60)

    async def falls(self) -> None:
        """kill -9 of the station, and the start that systemd would give it."""
        before = self.table.eyes.frame
        self.stand.station.kill()
        self.stand.start()
        await self.stand.station.is_ready()
        await self.table.eyes.until(lambda frame: frame is not before and frame.quiet.online and _all_well(frame), 30)

    async def online(self, wanted: bool) -> None:
        """Wait until the bench knows that it is on line, or off."""
        await self.table.eyes.until(lambda frame: frame.quiet.online is wanted, 60)

    def _move(self) -> Move:
        offered = {action.code for action in self.screen.actions}
        if self._must_confirm():
            return Scan("PK-CONFIRM", "it is off the bench")
        if "PK-YES" in offered and "PK-NO" in offered and self.screen.parcel:
            label = self.table.bench.label
            fresh = label is not None and decoded(label) not in self.table.closed
            return Scan("PK-YES" if fresh else "PK-NO", "did it come out?")
        return self.table.next

    def _must_confirm(self) -> bool:
        """A recall, or a note that lies on the empty bench."""
        return not self.screen.parcel and "PK-CONFIRM" in {action.code for action in self.screen.actions}

    async def _make(self, move: Move) -> None:
        """Do it and look at the answer."""
        if move == Scan("PK-CONFIRM", "it is off the bench"):
            if is_recalled(self.screen):
                self.recalled.add(self.screen.why)
            self.table.bench.place(0)
        changed, eyes = self.table.changed, self.table.eyes
        before = (eyes.answered, eyes.screen.flash)
        await self.table.do(move)
        try:
            if isinstance(move, Scan):
                await eyes.until(lambda frame: (eyes.answered, frame.screen.flash) != before, _GLANCE_S)
            elif isinstance(move, Look):
                await asyncio.wait_for(changed.wait(), _GLANCE_S)
        except TimeoutError:
            if isinstance(move, Look) and self.table.hands.on_scale_g:
                await self._lift()

    async def _lift(self) -> None:
        """So fast are these hands that the scale may see no difference between two parcels of one weight."""
        self.table.bench.place(0)
        with suppress(TimeoutError):
            await self.table.eyes.until(
                lambda frame: frame.screen.weight is None or frame.screen.weight.grams == 0, _GLANCE_S
            )

    def _complain_after(self, deadline: float) -> None:
        if time.monotonic() > deadline:
            screen = self.screen
            raise Stuck(f"{self.stand.name}: “{screen.sentence}” {screen.why} {screen.note}; next: {self._move()}")


def _expect_done(at: Moment | None) -> None:
    if at is not None:
        raise Stuck("the moment for what was to be done never came")


def _all_well(frame: Frame) -> bool:
    return bool(frame.quiet.devices) and all(device.health == "ok" for device in frame.quiet.devices)


def piece_in(screen: Screen, move: Move) -> bool:
    """A first piece is in the box, and another comes."""
    return any(line.packed for line in screen.lines) and bool(screen.parcel) and isinstance(move, Scan)


def before_a_piece(screen: Screen, move: Move) -> bool:
    """The box is there, and the first piece comes."""
    return bool(screen.parcel) and isinstance(move, Scan) and move.text[:1].isdigit() and len(move.text) < 18


def label_is_out(screen: Screen, move: Move) -> bool:
    """The label came out and goes on the parcel."""
    return bool(screen.parcel) and isinstance(move, Scan) and move.what == "the label"
