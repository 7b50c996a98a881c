"""A patient packer: looks at the screen, does what it asks, looks again, and finds a way out of every trouble."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum

import httpx

from contract.keys import Sscc
from demo.packer import BADGE, NO_MORE, Look, Move, Place, Scan, Type
from demo.table import Table, decoded
from station.kiosk.view import Frame, Screen

_GLANCE_S = 1.0
_TRIES = 4
_SHIFT = 12
"""After so many parcels the packer signs out and in again."""


class Step(StrEnum):
    """What the packer does to a parcel, one effect after the other."""

    SIGN_IN = "sign_in"
    OPEN = "open"
    BOX = "box"
    ITEM = "item"
    WEIGH = "weigh"
    """The whole parcel goes on the scale: a print is queued, claimed, sent and told."""
    LABEL = "label"
    """The label is scanned: the parcel is closed."""
    LIFT = "lift"
    """The parcel comes off."""
    OTHER = "other"


class Hands:
    """Works at one table until told to rest. What stands about paper is what the tray shows."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.printed: Counter[Sscc] = Counter()
        """How often each label came out."""
        self.asked: set[Sscc] = set()
        """Labels that came out after the packer had said that the one before did not."""
        self.refused: Counter[str] = Counter()
        """Sentences that stood in the way of a move, for who looks into a run."""
        self.answers: list[str] = []
        """What was said whenever the bench asked whether a paper came out: the paper and the code."""
        self.diary: list[str] = []
        """Every move, what the screen said then, and the label in hand."""
        self.takes_next = False
        """Asks the bench for work instead of taking a paper from the pile."""
        self._wish: Scan | None = None
        self._free = asyncio.Event()
        self._free.set()
        self._idle = asyncio.Event()
        self._hooks: dict[Step, Callable[[], Awaitable[None]]] = {}
        self._said_no = False
        self._signed_out_at = 0
        self._trial: tuple[Move, str] | None = None
        self._tries = 0
        self._ways_out: Counter[str] = Counter()

    async def work(self) -> None:
        """Pack until cancelled."""
        while True:
            if not self._free.is_set():
                self._idle.set()
                await self._free.wait()
            self._idle.clear()
            self.empty_tray()
            if self.table.eyes.frame is None:
                await asyncio.sleep(0.1)
                continue
            move = self._wished() or self._answer() or self._break() or self._next()
            if move == NO_MORE:
                await asyncio.sleep(0.1)
                continue
            await self._make(await self._considered(move))

    async def rest(self) -> None:
        """Take the hands off; returns when the move under way is done."""
        self._free.clear()
        await self._idle.wait()

    def go_on(self) -> None:
        """Back to work."""
        self._free.set()

    def at(self, step: Step, hook: Callable[[], Awaitable[None]]) -> None:
        """Call this once, right before the next move of that step."""
        self._hooks[step] = hook

    def wish(self, scan: Scan) -> None:
        """Scan this next, if the screen offers it."""
        self._wish = scan

    def take_a_break(self) -> None:
        """Sign out and in again after this order."""
        self._signed_out_at = -_SHIFT

    def forget(self, step: Step) -> None:
        """Let go of what `at` was told."""
        self._hooks.pop(step, None)

    async def is_well(self, timeout_s: float) -> None:
        """Wait for a screen that is online, has all its devices, and nothing to send. Raises `TimeoutError`."""
        await self.table.eyes.until(_is_well, timeout_s)

    def empty_tray(self) -> None:
        """Count the labels that came out."""
        tray = self.table.bench.printer.labels
        while tray:
            sscc = decoded(tray.pop(0))
            if sscc is None:
                continue
            self.printed[sscc] += 1
            if self._said_no:
                self.asked.add(sscc)
                self._said_no = False

    def _answer(self) -> Move | None:
        """After a fall between first byte and last, the bench asks whether a paper came out: look into the tray."""
        screen = self.table.eyes.screen
        if "PK-YES" not in {action.code for action in screen.actions}:
            return None
        label = self.table.hands.label
        # A slip lies there when its label does.
        paper, came_out = _paper_of(screen), label is not None and label not in self.table.closed
        self.answers.append(f"{paper}: {'YES' if came_out else 'NO'}")
        if came_out:
            return Scan("PK-YES", "it came out")
        self._said_no = self._said_no or paper == "label"
        return Scan("PK-NO", "it did not come out")

    def _next(self) -> Move:
        self._put_away()
        move = self.table.next
        opens = move == NO_MORE or (isinstance(move, Scan) and move.text in self.table.orders)
        return Scan("PK-WORK", "the next work") if self.takes_next and opens else move

    def _put_away(self) -> None:
        """A paper that the bench has just refused: away when nothing will ever come of it, else under the pile."""
        screen, pile = self.table.eyes.screen, self.table.orders
        if not pile or screen.parcel or screen.tone != "stop" or f"rder {pile[0]} " not in screen.why:
            return
        paper = pile.pop(0)
        if "packed already" not in screen.why and "cancelled" not in screen.why:
            pile.append(paper)

    def _wished(self) -> Move | None:
        wish, self._wish = self._wish, None
        offered = {action.code for action in self.table.eyes.screen.actions}
        return wish if wish is not None and wish.text in offered else None

    def _break(self) -> Move | None:
        """Between two orders, now and then."""
        screen, done = self.table.eyes.screen, len(self.table.closed)
        if not screen.packer or screen.parcel or screen.tone == "wait" or done < self._signed_out_at + _SHIFT:
            return None
        self._signed_out_at = done
        return Scan("PK-SIGNOUT", "a break")

    async def _considered(self, move: Move) -> Move:
        """The move, unless it was tried in vain often enough: then another way out."""
        screen = self.table.eyes.screen
        trial = move, screen.sentence
        self._tries = self._tries + 1 if trial == self._trial else 0
        self._trial = trial
        if self._tries < _TRIES or (isinstance(move, Look) and self._tries < 12):
            return move
        self.refused[f"{move.what} | {screen.sentence} | {screen.why} | {screen.note}"] += 1
        self._tries = 0
        return self._way_out(move, screen)

    def _way_out(self, move: Move, screen: Screen) -> Move:
        offered = [action.code for action in screen.actions]
        if not screen.parcel and screen.packer and self.table.orders and isinstance(move, Scan):
            # This order cannot be packed now: its paper goes under the pile.
            self.table.orders.append(self.table.orders.pop(0))
        ways = [code for code in ("PK-CONFIRM", "PK-REPRINT", "PK-CANCEL", "PK-SUSPEND") if code in offered]
        if not ways:
            return Look("wait")
        # One that led back to here is not the only one.
        before = self._ways_out[screen.sentence]
        self._ways_out[screen.sentence] += 1
        return Scan(ways[before // 2 % len(ways)], "a way out")

    async def _make(self, move: Move) -> None:
        """Do it and look at the answer; without one, look again: the screen says what to do now."""
        changed, eyes = self.table.changed, self.table.eyes
        self.diary.append(f"{move.what} | {eyes.screen.title}: {eyes.screen.sentence} | label {self.table.hands.label}")
        before = eyes.answered, eyes.screen.flash
        hook = self._hooks.pop(step_of(move, self.table), None)
        if hook is not None:
            await hook()
        with suppress(httpx.HTTPError):
            await self.table.do(move)
        with suppress(TimeoutError):
            if isinstance(move, Scan):
                await eyes.until(lambda frame: (eyes.answered, frame.screen.flash) != before, _GLANCE_S)
            else:
                # `wait_for` may lose the word that all is over when it comes in the same moment (Python 3.11).
                async with asyncio.timeout(_GLANCE_S):
                    await changed.wait()


def _paper_of(screen: Screen) -> str:
    return "label" if "label" in screen.sentence else "slip"


def step_of(move: Move, table: Table) -> Step:
    """Which step of a parcel this move is."""
    screen = table.eyes.screen
    match move:
        case Place(grams=0):
            return Step.LIFT
        case Place():
            return Step.WEIGH
        case Type():
            return Step.ITEM
        case Scan(text=text):
            if text == BADGE:
                return Step.SIGN_IN
            if text == "PK-WORK":
                return Step.OPEN
            if text.startswith("PK-"):
                return Step.OTHER
            if text.startswith("BOX-"):
                return Step.BOX
            if not screen.parcel:
                return Step.OPEN
            return Step.LABEL if table.hands.label is not None else Step.ITEM
        case _:
            return Step.OTHER


def _is_well(frame: Frame) -> bool:
    quiet = frame.quiet
    devices = bool(quiet.devices) and all(device.health == "ok" for device in quiet.devices)
    return quiet.online and devices and quiet.queued == 0
