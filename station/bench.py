"""The one place where the pure core and I/O meet: an input, a step, one commit, and only then its effects."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol

from contract.envelope import encode
from contract.keys import JobId
from contract.messages import Ask, ProblemRaised
from station.devices.ports import Lamp, ScaleOrder, ScaleState
from station.journal import Entry, Journal
from station.kiosk.screen import screen_for
from station.kiosk.view import Frame, Quiet, Screen
from station.ledger import PrintMove, PrintState
from station.work.effects import (
    AskCentral,
    CancelPrint,
    ConfirmPrint,
    Effect,
    ForgetJob,
    OpenDrawer,
    OrderScale,
    Print,
    Record,
    Signal,
    TakePicture,
)
from station.work.inputs import AnyInput, Printed, PrintFailed, PrintUncertain, Scanned, Weighed
from station.work.packing import step
from station.work.session import Session, must_be_kept

log = logging.getLogger(__name__)


class Paper(Protocol):
    """What prints."""

    def prepare(self, wanted: Print) -> None: ...
    def put(self, wanted: Print) -> None: ...


class Around(NamedTuple):
    """What stands around the bench. Plain calls that return at once."""

    paper: Paper
    signal: Callable[[Lamp], None]
    ask: Callable[[Ask], None]
    order_scale: Callable[[ScaleOrder], None]
    open_drawer: Callable[[str], None]
    """The drawer of the device with this name."""
    take_picture: Callable[[TakePicture], None]
    recorded: Callable[[], None]
    """There are new facts in the journal."""
    show: Callable[[Frame], None]
    quiet: Callable[[], Quiet]
    """The corner of the screen that is not the session's."""


class _Waiting(NamedTuple):
    given: AnyInput | None
    """None only asks whether the queue moves."""
    seen: str = ""
    done: asyncio.Future[None] | None = None


class Bench:
    """Takes inputs one after the other. Nothing is shown, lit, printed or sent before it is on the disk."""

    def __init__(self, journal: Journal, session: Session, around: Around, now_ms: Callable[[], int]) -> None:
        self.session = session
        self._journal = journal
        self._around = around
        self._now_ms = now_ms
        self._waiting: deque[_Waiting] = deque()
        self._came = asyncio.Event()
        self._scans = 0
        self._shown: Frame | None = None
        self._last_fault = ""

    def submit(self, given: AnyInput) -> None:
        """Take this when its turn comes. A reading that nobody has looked at yet gives way to a newer one."""
        if self._waiting and _replaces(given, self._waiting[-1].given):
            self._waiting.pop()
        self._put(_Waiting(given))

    async def taken(self, given: AnyInput, seen: str = "") -> None:
        """As `submit`; returns when what it caused is durable. `seen` is recorded with it."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._put(_Waiting(given, seen, done))
        await done

    async def probe(self) -> None:
        """Return when the queue has moved past this call."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._put(_Waiting(None, done=done))
        await done

    def refresh(self, *, again: bool = False) -> None:
        """Something outside the session changed: show it; `again` also when the frame is the same."""
        if again:
            self._shown = None
        self._show()

    async def run(self) -> None:
        """Work until cancelled."""
        self.refresh()
        while True:
            while not self._waiting:
                self._came.clear()
                await self._came.wait()
            waiting = self._waiting.popleft()
            if waiting.given is not None:
                await self._take(waiting.given, waiting.seen)
            if waiting.done is not None and not waiting.done.done():
                waiting.done.set_result(None)

    def _put(self, waiting: _Waiting) -> None:
        self._waiting.append(waiting)
        self._came.set()

    async def _take(self, given: AnyInput, seen: str) -> None:
        try:
            after, effects = _stepped(self.session, given)
            entry = entry_for(self.session, after, given, effects, seen)
        except Exception as error:
            # A mistake of ours must not stop the bench, nor come back from the broker for ever.
            log.exception("the core failed on %s", given)
            after, effects = self.session, (*self._new_fault(given, error), Signal(Lamp.STOP))
            entry = Entry(facts=tuple(effect.fact for effect in effects if isinstance(effect, Record)), seen=seen)
        if entry is not None:
            for wanted in entry.prints:
                self._around.paper.prepare(wanted)
            await self._journal.record(entry)
        self.session = after
        self._carry_out(effects)
        answered = 0
        if isinstance(given, Scanned):
            self._scans += 1
            answered = self._scans
        self._show(answered)

    def _new_fault(self, given: AnyInput, error: Exception) -> tuple[Record, ...]:
        """Tell the office of each mistake once: a clock that ticks on it would fill the journal."""
        text = f"The station failed on {type(given).__name__}: {type(error).__name__}: {error}"
        if text == self._last_fault:
            return ()
        self._last_fault = text
        return (Record(ProblemRaised(kind="station_fault", text=text, at=given.at)),)

    def _carry_out(self, effects: tuple[Effect, ...]) -> None:
        """What goes out of the station, in order; the rest was in the commit."""
        for effect in effects:
            match effect:
                case Signal(lamp):
                    self._around.signal(lamp)
                case Print():
                    self._around.paper.put(effect)
                case AskCentral(ask):
                    self._around.ask(ask)
                case OrderScale(order):
                    self._around.order_scale(order)
                case OpenDrawer(name):
                    self._around.open_drawer(name)
                case TakePicture():
                    self._around.take_picture(effect)
                case Record():
                    self._around.recorded()
                case ConfirmPrint() | CancelPrint() | ForgetJob():
                    pass

    def _show(self, answered: int = 0) -> None:
        frame = Frame(self._screen(), self._around.quiet(), answered)
        if answered or frame != self._shown:
            self._shown = frame
            self._around.show(frame)

    def _screen(self) -> Screen:
        try:
            return screen_for(self.session, self._now_ms())
        except Exception:
            log.exception("the screen cannot be drawn for %s", self.session.phase)
            return _NO_SCREEN


_NO_SCREEN = Screen(
    "stop",
    "Appelez un responsable · Call a lead",
    "Cet écran ne peut pas être affiché ; rien n'est perdu. · This screen cannot be shown; nothing is lost.",
)


def _stepped(session: Session, given: AnyInput) -> tuple[Session, tuple[Effect, ...]]:
    stepped = step(session, given)
    return stepped.session, stepped.effects


def entry_for(
    before: Session, after: Session, given: AnyInput, effects: tuple[Effect, ...], seen: str = ""
) -> Entry | None:
    """What the journal must have of this step before anybody sees it; None when a restart would miss nothing."""
    entry = Entry(
        session=encode(after) if must_be_kept(before, after) else None,
        facts=tuple(effect.fact for effect in effects if isinstance(effect, Record)),
        prints=tuple(effect for effect in effects if isinstance(effect, Print)),
        moves=tuple(move for move in (_outcome(given), *map(_word_on_paper, effects)) if move is not None),
        gone=tuple(JobId(effect.job) for effect in effects if isinstance(effect, ForgetJob)),
        seen=seen,
    )
    return None if entry == Entry() else entry


def _outcome(given: AnyInput) -> PrintMove | None:
    """Where an input leaves its print in the ledger."""
    match given:
        case Printed():
            return PrintMove(given.print_id, PrintState.PRINTED)
        case PrintFailed():
            return PrintMove(given.print_id, PrintState.FAILED, given.reason)
        case PrintUncertain():
            return PrintMove(given.print_id, PrintState.UNCERTAIN)
        case _:
            return None


def _word_on_paper(effect: Effect) -> PrintMove | None:
    match effect:
        case ConfirmPrint(print_id):
            return PrintMove(print_id, PrintState.CONFIRMED)
        case CancelPrint(print_id):
            return PrintMove(print_id, PrintState.CANCELLED)
        case _:
            return None


def _replaces(given: AnyInput, waiting: AnyInput | None) -> bool:
    """Whether a reading says all that the one before it said. A weight is dropped only for the same weight."""
    if not isinstance(given, Weighed) or not isinstance(waiting, Weighed):
        return False
    older, newer = waiting.reading, given.reading
    if older.device != newer.device:
        return False
    return older.state is not ScaleState.STABLE or (newer.state is older.state and newer.grams == older.grams)
