"""Puts queued documents on paper, each once: claimed in the ledger before the first byte, watched until it is out."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, Protocol, get_args

from labels.documents import FAMILY, Document, Role, TestPrint
from labels.media import Media
from labels.paper import PrinterLanguage, Unprintable, bytes_for
from station.devices.keeper import Keeper
from station.devices.ports import DeviceFault, DocumentRefused, PaperState, PrinterStatus
from station.devices.registry import language_of
from station.devices.settings import PrinterSettings
from station.journal import Journal
from station.ledger import OFFICE, PrintMove, PrintState
from station.work.effects import Print
from station.work.inputs import PaperOutcome, Printed, PrintFailed, PrintUncertain

log = logging.getLogger(__name__)

_ASK_AGAIN_S = 0.1
_PATIENCE_S = 30.0
"""A label that a printer still has in its buffer after this long is a question for the packer."""


class PrinterLine(Protocol):
    """A printer as its keeper offers it."""

    async def printer_status(self) -> PrinterStatus:
        """Time-boxed; no answer is `UNKNOWN`. Raises `DeviceFault` when the printer is gone."""
        ...

    async def send(self, document: bytes) -> None:
        """Write every byte, or raise `DeviceFault`: some may have reached paper."""
        ...


class Target(NamedTuple):
    """A printer, the paper in it and the language that it reads."""

    name: str
    line: PrinterLine
    media: Media
    language: PrinterLanguage


class _Refused(Exception):
    """The document will not come out; not a byte has left."""

    def __init__(self, text: str, text_fr: str = "") -> None:
        super().__init__(text)
        self.text_fr = text_fr or text


def _no_printer(role: Role) -> _Refused:
    return _Refused(
        f"This bench has no printer for a {role}: give a [[device]] of station.toml the role.",
        f"Ce poste n'a pas d'imprimante « {role} » : donnez ce rôle à un [[device]] de station.toml.",
    )


class Printing:
    """One queue per printer: a slip printer without paper holds no label up.

    Of the printers for a role the first that can print does; which one is known before the ledger's row is claimed,
    so that one print never becomes two papers.
    """

    def __init__(
        self,
        journal: Journal,
        targets: Mapping[Role, Sequence[Target]],
        submit: Callable[[PaperOutcome], None],
        now_ms: Callable[[], int],
        *,
        patience_s: float = _PATIENCE_S,
    ) -> None:
        self._journal = journal
        self._targets = {role: tuple(choices) for role, choices in targets.items() if choices}
        self._submit = submit
        self._now_ms = now_ms
        self._patience_s = patience_s
        self._printers = {target.name: target for choices in self._targets.values() for target in choices}
        self._queues: dict[str, asyncio.Queue[Print]] = {name: asyncio.Queue() for name in self._printers}
        self._pen = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
        self._drawings: dict[str, asyncio.Future[bytes]] = {}

    def prepare(self, wanted: Print) -> None:
        """Begin to draw, while the step that wants it is being committed. Nothing is printed by it."""
        choices = self._targets.get(wanted.role)
        if choices and wanted.print_id not in self._drawings:
            self._drawings[wanted.print_id] = self._draw(wanted.document, choices[0])

    def put(self, wanted: Print) -> None:
        """Print this; its row in the ledger is committed. The outcome comes as an input."""
        choices = self._targets.get(wanted.role)
        if choices:
            self._queues[choices[0].name].put_nowait(wanted)
        else:
            self._submit(self._failed(wanted, _no_printer(wanted.role)))

    async def resume(self) -> None:
        """After a start: ask about what may have come out, print what has not."""
        for row in await self._journal.prints(PrintState.SENT):
            log.warning("print %s was under way when the station stopped: the packer is asked", row.print_id)
            self._submit(PrintUncertain(self._now_ms(), row.print_id))
        for row in await self._journal.prints(PrintState.QUEUED):
            if not row.print_id.startswith(OFFICE):
                self.put(Print(row.print_id, row.role, row.document, row.reason))

    async def run(self) -> None:
        """Print until cancelled."""
        try:
            async with asyncio.TaskGroup() as group:
                for name, target in self._printers.items():
                    group.create_task(self._warm_up(target), name=f"warming up for {name}")
                    group.create_task(self._serve(name), name=f"printing on {name}")
                await asyncio.Event().wait()
        finally:
            self._pen.shutdown(wait=False, cancel_futures=True)

    async def _warm_up(self, target: Target) -> None:
        """Load what draws, so that the first label is as quick as the second; a paper that cannot be is told now."""
        try:
            await _drawn(self._draw(TestPrint("", target.name, self._now_ms()), target))
        except _Refused as refusal:
            log.warning("printer %s: not even a test print fits its paper: %s", target.name, refusal)

    async def _serve(self, name: str) -> None:
        while True:
            wanted = await self._queues[name].get()
            outcome = await self._print(wanted)
            if outcome is not None:
                self._submit(outcome)

    async def _print(self, wanted: Print) -> PaperOutcome | None:
        first = self._targets[wanted.role][0].name
        try:
            target, document = await self._ready(wanted)
        except _Refused as refusal:
            return self._failed(wanted, refusal)
        if not await self._journal.move_print(PrintMove(wanted.print_id, PrintState.SENT)):
            return await self._stored_outcome(wanted.print_id)
        # The row is claimed: from here on the first byte may have left, and no other printer is tried.
        try:
            await target.line.send(document)
        except DocumentRefused as refusal:
            return self._failed(wanted, _Refused(str(refusal), refusal.text_fr))
        except DeviceFault as fault:
            log.warning("printer %s: print %s may be half out: %s", target.name, wanted.print_id, fault)
            return PrintUncertain(self._now_ms(), wanted.print_id)
        if await self._came_out(target):
            return Printed(self._now_ms(), wanted.print_id, target.name, "" if target.name == first else first)
        return PrintUncertain(self._now_ms(), wanted.print_id)

    async def _ready(self, wanted: Print) -> tuple[Target, bytes]:
        """The first printer that can print it, and the bytes for it. Raises `_Refused` with what the first one said."""
        prepared = self._drawings.pop(wanted.print_id, None)
        refusals: list[_Refused] = []
        for target in self._targets[wanted.role]:
            drawing = prepared or self._draw(wanted.document, target)
            prepared = None
            try:
                _, document = await asyncio.gather(self._can_print(target), _drawn(drawing))
            except _Refused as refusal:
                log.warning("print %s (%s): not on printer %s: %s", wanted.print_id, wanted.role, target.name, refusal)
                refusals.append(refusal)
            else:
                return target, document
        raise refusals[0]

    async def _can_print(self, target: Target) -> None:
        try:
            status = await target.line.printer_status()
        except DeviceFault as fault:
            raise _Refused(str(fault), fault.text_fr) from fault
        if status.state is PaperState.BAD:
            raise _Refused(status.detail, status.detail_fr)

    def _failed(self, wanted: Print, refusal: _Refused) -> PrintFailed:
        log.warning("print %s (%s) failed: %s", wanted.print_id, wanted.role, refusal)
        return PrintFailed(self._now_ms(), wanted.print_id, str(refusal), refusal.text_fr)

    async def _stored_outcome(self, print_id: str) -> PaperOutcome | None:
        """The same print again, or one that was cancelled meanwhile: what the ledger says of it."""
        row = await self._journal.print(print_id)
        if row is not None and row.state in (PrintState.PRINTED, PrintState.CONFIRMED):
            return Printed(self._now_ms(), print_id)
        return None

    async def _came_out(self, target: Target) -> bool:
        """Wait until nothing is left in the printer. A printer that tells nothing is believed."""
        try:
            async with asyncio.timeout(self._patience_s):
                while True:
                    status = await target.line.printer_status()
                    if status.given_up:
                        log.warning("printer %s: the queue gave a document up", target.name)
                        return False
                    if status.state is PaperState.UNKNOWN or (status.state is PaperState.OK and not status.queued):
                        return True
                    await asyncio.sleep(_ASK_AGAIN_S)
        except (TimeoutError, DeviceFault) as trouble:
            log.warning("printer %s: cannot tell whether the paper came out: %s", target.name, trouble or "no end")
            return False

    def _draw(self, document: Document, target: Target) -> asyncio.Future[bytes]:
        loop = asyncio.get_running_loop()
        drawing = loop.run_in_executor(self._pen, bytes_for, document, target.media, target.language)
        # Looked at when it is printed; a print that is cancelled before needs no complaint.
        drawing.add_done_callback(lambda done: done.cancelled() or done.exception())
        return drawing


async def _drawn(drawing: asyncio.Future[bytes]) -> bytes:
    try:
        return await drawing
    except Unprintable as error:
        raise _Refused(f"It does not fit: {error}", f"Impression impossible : {error}") from error
    except Exception as error:
        # A mistake of ours: its row is in the ledger and would end the station at every start.
        log.exception("drawing failed")
        raise _Refused(f"It cannot be drawn ({error}). Call support.", f"Dessin impossible ({error}).") from error


def targets(keepers: Iterable[Keeper]) -> dict[Role, tuple[Target, ...]]:
    """Which printers print what, the first choice first: in the order of station.toml."""
    printers = [
        (keeper.config.roles, Target(keeper.config.name, keeper, keeper.config.media, language_of(keeper.config)))
        for keeper in keepers
        if isinstance(keeper.config, PrinterSettings)
    ]
    named: dict[Role, tuple[Target, ...]] = {
        role: tuple(target for roles, target in printers if role in roles) for role in get_args(Role)
    }
    return {role: choices or named[FAMILY.get(role, role)] for role, choices in named.items()}
