"""From a scanned code to a job on the bench."""

from __future__ import annotations

from msgspec.structs import replace

from contract.barcode import Barcode
from contract.messages import NEXT_WORK, JobOpened, OpenWork, WorkRefused
from contract.values import Instruction, Job, PackedLine, Person
from station.devices.ports import Lamp
from station.work.answers import Say
from station.work.boxes import with_suggestion
from station.work.course import go_on
from station.work.inputs import JobArrived
from station.work.items import read, scanned
from station.work.load import Parcel, Piece, Work, open_lines
from station.work.matching import named, wanted
from station.work.phases import Idle, Opening, Packing
from station.work.platform import steady_g
from station.work.scale_check import stops_work
from station.work.turn import Turn

_PATIENCE_MS = 15_000
"""Longer than the station waits for central, so that its own word comes first."""


def next_asked(turn: Turn, packer: Person) -> None:
    """The packer takes whatever comes next: central has the queue."""
    if not _scale_stops(turn):
        turn.go(Opening(packer, NEXT_WORK, turn.at))
        turn.say(Lamp.WAIT, Say.OPENING, code=NEXT_WORK)
        turn.ask(OpenWork(NEXT_WORK, packer.badge))


def asked(turn: Turn, packer: Person, text: str) -> None:
    """Any code may open work: ask for the job behind it."""
    if _scale_stops(turn):
        return
    barcode, fault = read(text)
    if barcode is None and (text.startswith("]") or not text or len(text) > 60):
        turn.say(Lamp.LOOK, Say.BAD_CODE, fault=fault)
        return
    if barcode is not None and barcode.sscc is not None and barcode.sscc in turn.session.bound:
        turn.say(Lamp.GOOD, Say.ALREADY_CLOSED, ends=barcode.sscc[-6:])
        return
    # Digits that are no GTIN may still be an order's number: central knows.
    code = _name(barcode) if barcode is not None else text
    turn.go(Opening(packer, code, turn.at, text))
    turn.say(Lamp.WAIT, Say.OPENING, code=code)
    turn.ask(OpenWork(code, packer.badge))


def _scale_stops(turn: Turn) -> bool:
    stopped = stops_work(turn.session, turn.at)
    if stopped:
        turn.say(Lamp.STOP, Say.CHECK_SCALE_FIRST)
    return stopped


def _name(barcode: Barcode) -> str:
    """The code as central knows it: a GS1 code by its key, anything else by its text."""
    if barcode.sscc is not None:
        return barcode.sscc
    if barcode.gtin is not None and len(barcode.text) > len(barcode.gtin):
        return barcode.gtin
    return barcode.text


def refused(turn: Turn, phase: Opening, refusal: WorkRefused) -> None:
    """Central leases nothing for the code."""
    if refusal.code == phase.code:
        turn.go(Idle(phase.packer))
        turn.say(Lamp.STOP, Say.REFUSED, en=refusal.text, fr=refusal.text_fr or refusal.text)


def unanswered(turn: Turn, phase: Opening, code: str) -> None:
    """Nobody answered in time."""
    if code == phase.code:
        turn.go(Idle(phase.packer))
        turn.say(Lamp.LOOK, Say.NO_NEXT if code == NEXT_WORK else Say.NO_ANSWER, code=code)


def given_up(turn: Turn, phase: Opening) -> None:
    """A restart may have lost the ask: the bench does not wait for ever."""
    if abs(turn.at - phase.since) >= _PATIENCE_MS:
        unanswered(turn, phase, phase.code)


def arrived(turn: Turn, phase: Opening, given: JobArrived) -> None:
    """The job is here: begin, or go on where another bench put it down."""
    if given.code not in ("", phase.code):
        return
    job, packer = given.job, phase.packer
    if (job.job, job.fence) in phase.given_back:
        turn.ask(OpenWork(phase.code, packer.badge))
        return
    pieces, excess = _in_hand(job)
    work = Work(
        job=job,
        parcel=Parcel(job.parcels_closed + 1, turn.at, job.box, pieces, _confirmed(job, parcel=True)),
        closed=(0,) * len(job.lines),
        short=(0,) * len(job.lines),
        confirmed=_confirmed(job, parcel=False),
    )
    work = with_suggestion(work, turn.session.boxes)
    turn.record(JobOpened(job.job, job.fence, packer.badge, turn.at))
    turn.update(left_on_scale_g=_on_platform(turn))
    if not open_lines(work) and not pieces:
        turn.say(Lamp.LOOK, Say.NOTHING_TO_PACK)
    else:
        turn.say(Lamp.GOOD, Say.RESUMED if pieces else Say.OPENED, orders=", ".join(job.orders))
    go_on(turn, packer, work)
    _count_the_opener(turn, phase.code, phase.scanned or phase.code)
    if excess:
        # Said last: what else there is to say of the order must not hide what has to come out of its box.
        items = ", ".join(f"{line.quantity} × {line.sku}" for line in excess)
        turn.raise_problem("in_hand_excess", f"Scanned before the job changed: {items}", packer.badge, job.job)
        turn.say(Lamp.STOP, Say.IN_HAND_EXCESS, items=items)


def _count_the_opener(turn: Turn, code: str, text: str) -> None:
    """A job that was opened by its product has that piece in hand: it is not scanned twice."""
    phase = turn.phase
    if not isinstance(phase, Packing) or phase.work.parcel.pieces:
        return
    names = {text.casefold() for text in (phase.work.job.job, *phase.work.job.orders, *phase.work.job.codes)}
    barcode, _ = read(text)
    if code.casefold() not in names and wanted(phase.work, named(phase.work, text, barcode)) is not None:
        scanned(turn, phase, text)


def _on_platform(turn: Turn) -> int | None:
    grams = steady_g(turn.session, turn.at)
    return grams if grams is not None and grams >= turn.session.settings.empty_g else None


def _in_hand(job: Job) -> tuple[tuple[Piece, ...], list[PackedLine]]:
    """What is in the open parcel already, and what of it the job does not want any more."""
    places = {(line.order, line.line): place for place, line in enumerate(job.lines)}
    room = [line.quantity for line in job.lines]
    pieces: list[Piece] = []
    excess: list[PackedLine] = []
    for held in job.in_hand:
        place = places.get((held.order, held.line))
        if place is None or held.quantity > room[place]:
            excess.append(held)
        elif held.quantity > 0:
            room[place] -= held.quantity
            pieces += _pieces(place, held)
    return tuple(pieces), excess


def _pieces(place: int, held: PackedLine) -> list[Piece]:
    """One piece for each origin, and one for those of which nothing is known; the first keeps the scans."""
    known = [Piece(place, each.quantity, lot=each.lot, serial=each.serial, expiry=each.expiry) for each in held.traces]
    rest = held.quantity - sum(piece.quantity for piece in known)
    pieces = [*known, Piece(place, rest)] if rest > 0 else known
    return [replace(piece, proof=held.proof, scans=held.scans if at == 0 else ()) for at, piece in enumerate(pieces)]


def _confirmed(job: Job, *, parcel: bool) -> tuple[str, ...]:
    def counts(instruction: Instruction) -> bool:
        return (instruction.scope == "parcel") is parcel and instruction.instruction in job.confirmed

    return tuple(each.instruction for each in job.instructions if counts(each))
