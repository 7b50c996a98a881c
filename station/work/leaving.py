"""A job leaves the bench before its end: put down, given back, or taken back by central."""

from __future__ import annotations

from msgspec.structs import replace

from contract.messages import JobReturned, JobSuspended, LabelVoided
from station.devices.ports import Lamp
from station.work import labelling
from station.work.answers import Say
from station.work.inputs import JobWasWithdrawn
from station.work.load import Work, contents
from station.work.phases import (
    AnyPhase,
    Asking,
    Away,
    CheckingScale,
    Counting,
    Idle,
    Labelling,
    Opening,
    Recalled,
    Receiving,
    SignedOut,
    Working,
)
from station.work.turn import Turn


def put_down(turn: Turn, phase: Working) -> None:
    """Any bench may go on from here; what is in the open parcel stays scanned."""
    work, packer = phase.work, phase.packer
    if isinstance(phase, Labelling):
        labelling.void(turn, phase, "suspended")
    turn.record(
        JobSuspended(
            job=work.job.job,
            fence=work.job.fence,
            badge=packer.badge,
            at=turn.at,
            in_hand=contents(work),
            confirmed=(*work.confirmed, *work.parcel.confirmed),
        )
    )
    turn.forget(work.job.job)
    turn.go(Idle(packer))
    turn.say(Lamp.DONE, Say.SUSPENDED, orders=", ".join(work.job.orders))


def untouched(work: Work) -> bool:
    """Whether nothing was done on the job yet."""
    return not (work.parcel.pieces or any(work.closed) or any(work.short))


def give_back(turn: Turn, phase: Working) -> None:
    """The wrong job was opened: central has it back as it was."""
    job, packer = phase.work.job, phase.packer
    turn.record(JobReturned(job.job, job.fence, packer.badge, turn.at, "unworked"))
    turn.forget(job.job)
    turn.go(Idle(packer))
    turn.say(Lamp.LOOK, Say.RETURNED, orders=", ".join(job.orders))


IF_UNOPENED = frozenset({"wanted", "expired", "unattended"})
"""Reasons to give a job back that was lent ahead; one that the bench works on stays."""


def withdrawn(turn: Turn, given: JobWasWithdrawn) -> None:
    """Central takes a job back: the bench stops if it works on it, and lets go of it in any case."""
    phase = turn.phase
    inner = phase.before if isinstance(phase, Away) else phase
    if isinstance(inner, Recalled) and inner.job == given.job:
        return
    at_work = _at_work(inner)
    if at_work is None or at_work.work.job.job != given.job:
        turn.record(JobReturned(given.job, given.fence, "", turn.at, given.reason))
        turn.forget(given.job)
        if given.lay_here and given.reason != "edited":
            # Its goods may have been fetched. One that was edited comes again as it is now.
            turn.note(given.text, given.text_fr)
        if isinstance(inner, Opening):
            turn.go(replace(inner, given_back=(*inner.given_back, (given.job, given.fence))))
    elif given.reason in IF_UNOPENED:
        # Opened before this came, it stays: what was to be known of it is still to be known.
        turn.note(given.text, given.text_fr)
    elif given.fence >= at_work.work.job.fence:
        stopped = _stopped(turn, at_work, given)
        turn.go(Away(stopped) if isinstance(phase, Away) else stopped)
        turn.say(Lamp.STOP, Say.RECALLED)


def _at_work(phase: AnyPhase) -> Working | None:
    match phase:
        case Asking(before=before):
            return before
        case SignedOut() | Idle() | Opening() | CheckingScale() | Counting() | Receiving() | Recalled() | Away():
            return None
        case _:
            return phase


def _stopped(turn: Turn, phase: Working, given: JobWasWithdrawn) -> Recalled:
    if isinstance(phase, Labelling):
        labelling.cancel_papers(turn, phase)
    turn.forget(given.job)
    return Recalled(
        packer=phase.packer,
        job=given.job,
        fence=phase.work.job.fence,
        orders=phase.work.job.orders,
        reason=given.reason,
        text=given.text,
        text_fr=given.text_fr or given.text,
        label=phase.label.sscc if isinstance(phase, Labelling) else None,
    )


def recall_confirmed(turn: Turn, phase: Recalled) -> None:
    """The goods are off the bench."""
    if phase.label is not None:
        turn.record(LabelVoided(phase.label, phase.job, turn.at, phase.packer.badge, phase.reason))
    turn.record(JobReturned(phase.job, phase.fence, phase.packer.badge, turn.at, phase.reason))
    turn.go(Idle(phase.packer))
    turn.say(Lamp.GOOD, Say.RETURNED, orders=", ".join(phase.orders))


def discard(turn: Turn, phase: Working) -> Work:
    """Everything comes out of the open parcel, and a label made for it is void; the work that is left."""
    if isinstance(phase, Labelling):
        labelling.void(turn, phase, "discarded")
    parcel = replace(phase.work.parcel, pieces=(), confirmed=(), overrides=(), materials=(), shot=None)
    turn.say(Lamp.LOOK, Say.DISCARDED)
    return replace(phase.work, parcel=parcel, touched=None)
