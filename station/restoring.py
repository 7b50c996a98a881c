"""The session that a start goes on with; and what may not go on when the journal does not show the newest state.

What a bench has forgotten may be done: parcels closed, labels out. No parcel number is used that a lost step may have
used, no paper is printed once more, and no order is opened from what is kept here: central knows how far each is.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence

from msgspec.structs import replace

from contract.envelope import Unreadable, encode
from contract.keys import JobId
from contract.messages import DocumentTroubled, ProblemRaised
from station.clock import now_ms
from station.journal import Entry, Journal
from station.ledger import OFFICE, PrintMove, PrintRow, PrintState
from station.work import phases
from station.work.session import Session, Settings, configured, new_session, read_session

log = logging.getLogger(__name__)

_FORGOT = {
    "en": "This bench forgot its last steps. An order that lies open before you: take its goods out and scan it again; "
    "a label that is on no parcel goes into the bin.",
    "fr": "Ce poste a oublié ses dernières étapes. Une commande ouverte devant vous : sortez ses articles et "
    "scannez-la de nouveau ; une étiquette qui n'est sur aucun colis se jette.",
}
_OUR_PAPERS = {PrintState.QUEUED: PrintState.CANCELLED, PrintState.SENT: PrintState.UNCERTAIN}
"""What becomes of the packer's papers that were under way in a state that is long past."""


async def restored(journal: Journal, settings: Settings) -> Session:
    """The session of the last durable step, so that the packer finds the same screen; else what may go on of it."""
    session, body = new_session(settings), await journal.session()
    if body is not None:
        try:
            session = configured(read_session(body), settings)
        except Unreadable as error:
            await journal.set_aside("session", body, str(error), keep=len(body))
            log.error("the stored session cannot be read, it is set aside and the bench begins anew: %s", error)
            session = await _unread(journal, session)
    if journal.steps_lost:
        return await _went_back(journal, session)
    work = phases.work_in(session.phase)
    if work is not None and work.job.job not in journal.jobs:
        log.error("job %s: its lease is kept no more, the one that the bench works on counts", work.job.job)
        await journal.hold(work.job)
    return session


async def _unread(journal: Journal, fresh: Session) -> Session:
    """Nobody knows how far the open order was. What lies at hand unopened is as it was."""
    text = (
        "The station cannot read what it had under way. Compare the last parcels of this bench with what central has."
    )
    problem = ProblemRaised(kind="session_unreadable", text=text, at=now_ms())
    return await _begin_again(journal, fresh, journal.jobs.keys() - journal.at_hand.keys(), (), problem)


async def _went_back(journal: Journal, session: Session) -> Session:
    """What the journal shows as under way may be long done, the office's papers too, and packer and office are told."""
    text = (
        f"The station's disk gave back an earlier state of its journal: {journal.steps_lost} steps are lost. Compare "
        "the last parcels of this bench with what central has, and replace the disk."
    )
    log.error("%s", text)
    problem = ProblemRaised(kind="journal_went_back", text=text, at=now_ms())
    # One that was being sent is told as uncertain after every start.
    waiting = await journal.prints(PrintState.QUEUED, PrintState.FAILED)
    doubted = [row for row in waiting if row.print_id.startswith(OFFICE)]
    return await _begin_again(journal, session, tuple(journal.jobs), doubted, problem)


async def _begin_again(
    journal: Journal,
    session: Session,
    leases: Collection[JobId],
    doubted: Sequence[PrintRow],
    problem: ProblemRaised,
) -> Session:
    """The session without its work, these leases and all papers; what came of the `doubted` ones nobody knows."""
    after = replace(
        session,
        phase=_without_work(session.phase),
        leases=(),
        sscc_asked_at=None,
        papers=(),
        checked=None,
        notes=(*session.notes, _FORGOT[session.language]),
    )
    await journal.forget_leases(leases)
    ours = [row for row in await journal.prints(*_OUR_PAPERS) if not row.print_id.startswith(OFFICE)]
    moves = [PrintMove(row.print_id, _OUR_PAPERS[row.state]) for row in ours]
    moves += [PrintMove(row.print_id, PrintState.UNCERTAIN) for row in doubted]
    facts = tuple(_in_doubt(row) for row in doubted)
    await journal.record(Entry(session=encode(after), facts=(problem, *facts), moves=tuple(moves)))
    return after


def _in_doubt(row: PrintRow) -> DocumentTroubled:
    text = "The station forgot whether it was printed: look whether it is there."
    return DocumentTroubled(row.print_id.removeprefix(OFFICE), "uncertain", text, now_ms())


def _without_work(phase: phases.AnyPhase) -> phases.AnyPhase:
    match phase:
        case phases.SignedOut():
            return phase
        case phases.Away(before=before):
            return _without_work(before)
        case _:
            return phases.Idle(phase.packer)
