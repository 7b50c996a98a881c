"""Papers that the office has printed at this bench. They are not the packer's work: the session knows nothing of them.

One goes to its printer when the one before is settled, so that a parcel's paper never waits behind a batch.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple, Protocol

from contract.messages import DocumentTroubled, Fact, LabelPrinted, PrintDocument
from contract.papers import CarrierLabel, DeliveryNote, OfficePaper, PackingSlip, PickList
from labels.documents import Role
from station.journal import Entry, Journal
from station.ledger import OFFICE, PrintMove, PrintRow, PrintState
from station.work.effects import Print
from station.work.inputs import PaperOutcome, Printed, PrintFailed, PrintUncertain


class _Withdrawn(NamedTuple):
    print_id: str


class Printer(Protocol):
    """What prints, as far as these papers need it."""

    def put(self, wanted: Print) -> None: ...


def is_office(print_id: str) -> bool:
    """Whether the print ledger's row is one of these."""
    return print_id.startswith(OFFICE)


def role_of(paper: OfficePaper) -> Role:
    """What kind of printer it is for."""
    match paper:
        case PackingSlip():
            return "slip"
        case DeliveryNote():
            return "delivery_note"
        case PickList():
            return "pick_list"
        case CarrierLabel():
            return "carrier_label"


class OfficePapers:
    """Takes them in durably, prints each once, tells central what became of it."""

    def __init__(
        self, journal: Journal, printer: Printer, recorded: Callable[[], None], now_ms: Callable[[], int]
    ) -> None:
        """`recorded` hears that there are new facts in the journal."""
        self._journal = journal
        self._printer = printer
        self._recorded = recorded
        self._now_ms = now_ms
        self._came = asyncio.Event()
        self._outcomes: asyncio.Queue[PaperOutcome | _Withdrawn] = asyncio.Queue()
        self._again = False
        self._told: dict[str, str] = {}
        """Why papers failed, as central was told: the same is told once."""

    async def asked(self, order: PrintDocument, message: str) -> None:
        """Keep it; it is durable when this returns. The same message or print again changes nothing."""
        if await self._journal.has_seen(message):
            return
        wanted = Print(OFFICE + order.print_id, role_of(order.document), order.document, order.reason)
        await self._journal.record(Entry(prints=(wanted,), seen=message))
        self._came.set()

    async def withdrawn(self, print_id: str) -> None:
        """Do not print it, unless its first byte has left."""
        if await self._journal.move_print(PrintMove(OFFICE + print_id, PrintState.CANCELLED)):
            # Its printer finds it gone and says nothing: who waits for it is told here.
            self._outcomes.put_nowait(_Withdrawn(OFFICE + print_id))

    def outcome(self, given: PaperOutcome) -> None:
        """What became of a paper that went to its printer."""
        self._outcomes.put_nowait(given)
        self._came.set()

    def printer_is_well(self) -> None:
        """Papers that failed are tried again."""
        self._again = True
        self._came.set()

    async def run(self) -> None:
        """Print until cancelled, the oldest first."""
        while True:
            self._came.clear()
            if self._again:
                await self._queue_failed()
            for row in await self._journal.prints(PrintState.QUEUED):
                if is_office(row.print_id):
                    await self._through(row)
            await self._settle_late()
            await self._came.wait()

    async def _queue_failed(self) -> None:
        self._again = False
        failed = [row for row in await self._journal.prints(PrintState.FAILED) if is_office(row.print_id)]
        if failed:
            await self._journal.record(Entry(prints=tuple(map(_print, failed))))

    async def _through(self, row: PrintRow) -> None:
        now = await self._journal.print(row.print_id)
        if now is None or now.state is not PrintState.QUEUED:
            return
        self._printer.put(_print(row))
        print_id = ""
        while print_id != row.print_id:
            given = await self._outcomes.get()
            print_id = given.print_id
            await self._tell(given)

    async def _settle_late(self) -> None:
        while not self._outcomes.empty():
            await self._tell(self._outcomes.get_nowait())

    async def _tell(self, given: PaperOutcome | _Withdrawn) -> None:
        if isinstance(given, _Withdrawn):
            return
        row = await self._journal.print(given.print_id)
        if row is None:
            return
        fact, move = self._fact(row, given)
        await self._journal.record(Entry(facts=(fact,) if fact else (), moves=(move,)))
        self._recorded()

    def _fact(self, row: PrintRow, given: PaperOutcome) -> tuple[Fact | None, PrintMove]:
        print_id, document = row.print_id.removeprefix(OFFICE), row.document
        match given:
            case Printed():
                sscc = document.sscc if isinstance(document, PackingSlip | CarrierLabel) else None
                copy = document.copy if isinstance(document, OfficePaper) else 1
                self._told.pop(print_id, None)
                printed = LabelPrinted(print_id, row.role, self._now_ms(), sscc, copy, row.reason, given.printer)
                return printed, PrintMove(row.print_id, PrintState.PRINTED)
            case PrintFailed():
                known = self._told.get(print_id) == given.reason
                self._told[print_id] = given.reason
                failed = DocumentTroubled(print_id, "failed", given.reason, self._now_ms())
                return None if known else failed, PrintMove(row.print_id, PrintState.FAILED, given.reason)
            case PrintUncertain():
                text = "The station stopped while it was printed: look whether it is there."
                uncertain = DocumentTroubled(print_id, "uncertain", text, self._now_ms())
                return uncertain, PrintMove(row.print_id, PrintState.UNCERTAIN)


def _print(row: PrintRow) -> Print:
    return Print(row.print_id, row.role, row.document, row.reason)
