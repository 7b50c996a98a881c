"""Where the work goes next: read an instruction, pack, weigh, or be done with the job."""

from __future__ import annotations

from msgspec.structs import replace

from contract.messages import JobFinished
from contract.values import Instruction, JobLine, Person
from station.devices.ports import Lamp
from station.work import photo
from station.work.answers import Say
from station.work.load import Work, in_parcel, open_lines
from station.work.phases import Idle, Instructing, OnScale, Packing
from station.work.platform import steady_g
from station.work.turn import Turn


def go_on(turn: Turn, packer: Person, work: Work) -> None:
    """Be in the phase that the work asks for; finish the job when nothing is left of it."""
    still_open = open_lines(work)
    if not still_open and not work.parcel.pieces:
        finish(turn, packer, work)
    elif (instruction := due(work)) is not None:
        turn.go(Instructing(packer, work, instruction))
    elif still_open:
        turn.go(Packing(packer, work))
    else:
        turn.say(Lamp.DONE, Say.ALL_IN)
        to_scale(turn, packer, work)


def to_scale(turn: Turn, packer: Person, work: Work) -> None:
    """The box is as it will be closed: take its picture, and await its weight."""
    pictured = photo.taken_of(turn, work)
    turn.go(OnScale(packer, pictured, since=turn.at, unmoved_g=steady_g(turn.session, turn.at)))


def due(work: Work) -> Instruction | None:
    """The next instruction that must be confirmed before the work goes on."""
    confirmed = {*work.confirmed, *work.parcel.confirmed}
    return next(
        (each for each in work.job.instructions if each.instruction not in confirmed and _applies(work, each)), None
    )


def _applies(work: Work, instruction: Instruction) -> bool:
    if instruction.scope != "item":
        return True
    return any(in_parcel(work, place) > 0 for place, line in enumerate(work.job.lines) if _is_about(instruction, line))


def _is_about(instruction: Instruction, line: JobLine) -> bool:
    return instruction.line in (None, line.line) and instruction.order in (None, line.order)


def confirmed(work: Work, instruction: Instruction) -> Work:
    """The same work with the instruction confirmed, for this parcel or for good."""
    if instruction.scope == "parcel":
        parcel = replace(work.parcel, confirmed=(*work.parcel.confirmed, instruction.instruction))
        return replace(work, parcel=parcel)
    return replace(work, confirmed=(*work.confirmed, instruction.instruction))


def finish(turn: Turn, packer: Person, work: Work) -> None:
    """Nothing of the job is left for this bench."""
    job = work.job
    turn.record(JobFinished(job.job, job.fence, packer.badge, turn.at))
    turn.forget(job.job)
    turn.go(Idle(packer))
    if any(work.short) and work.parcel.number == job.parcels_closed + 1:
        turn.say(Lamp.DONE, Say.FINISHED_SHORT, orders=", ".join(job.orders))
    else:
        turn.say(Lamp.DONE, Say.JOB_DONE, orders=", ".join(job.orders))
