"""What a bench is waiting for, told as one name: the sentence and its explanation hang on it."""

from __future__ import annotations

from enum import StrEnum

from contract.messages import NEXT_WORK
from station.devices.ports import ScaleState
from station.work import phases, photo
from station.work.load import open_lines
from station.work.platform import fresh, trouble
from station.work.receiving import missing
from station.work.scale_check import overdue, stops_work
from station.work.session import Paper, Session


class Situation(StrEnum):
    """Everything that the main line of the screen can ask for."""

    SIGNED_OUT = "signed_out"
    AWAY = "away"
    IDLE = "idle"
    IDLE_UNCHECKED = "idle_unchecked"
    """The scale should be checked; orders may still be begun."""
    UNCHECKED = "unchecked"
    """The scale must be checked before an order is begun."""
    CHECK_EMPTY = "check_empty"
    CHECK_WEIGHT = "check_weight"
    CHECK_RETURN = "check_return"
    OPENING = "opening"
    OPENING_NEXT = "opening_next"
    """The packer left it to the centre which order comes."""
    READ = "read"
    CHECK = "check"
    GIFT_NOTE = "gift_note"
    INSERT = "insert"
    TAKE_BOX = "take_box"
    PACK = "pack"
    PACK_NEXT_PARCEL = "pack_next_parcel"
    PACK_FULL = "pack_full"
    PUT_ON_SCALE = "put_on_scale"
    LIFT = "lift"
    HANDS_OFF = "hands_off"
    SCALE_LOST = "scale_lost"
    SCALE_SILENT = "scale_silent"
    SCALE_OVERLOAD = "scale_overload"
    SCALE_UNDERLOAD = "scale_underload"
    SCALE_FAULT = "scale_fault"
    WRONG_WEIGHT = "wrong_weight"
    TOO_HEAVY = "too_heavy"
    BOX_TOO_FULL = "box_too_full"
    NEXT_PRICE = "next_price"
    NO_SSCC = "no_sscc"
    PHOTO_COMES = "photo_comes"
    NO_PHOTO = "no_photo"
    STICK_LABEL = "stick_label"
    LABEL_FAILED = "label_failed"
    LABEL_UNCERTAIN = "label_uncertain"
    SLIP_FAILED = "slip_failed"
    SLIP_UNCERTAIN = "slip_uncertain"
    RETURN_FAILED = "return_failed"
    RETURN_UNCERTAIN = "return_uncertain"
    TAKE_OUT = "take_out"
    MISSING = "missing"
    DAMAGED = "damaged"
    DISCARD = "discard"
    LEAVE = "leave"
    UNSCANNED = "unscanned"
    REPRINT = "reprint"
    LET_PASS = "let_pass"
    LOT = "lot"
    SERIAL = "serial"
    EXPIRY = "expiry"
    RECALLED = "recalled"
    # Counting and receiving
    SCAN_BIN = "scan_bin"
    COUNT = "count"
    COUNT_LOOSE = "count_loose"
    """Pieces that lie in no bin."""
    RECEIVE = "receive"
    PUT_AWAY = "put_away"
    PUT_AWAY_LOOSE = "put_away_loose"
    """The house has no bins."""
    ALL_CAME = "all_came"
    LEAVE_SHELF = "leave_shelf"
    FORGET_SCANS = "forget_scans"
    NOTHING_THERE = "nothing_there"
    NOTHING_MORE = "nothing_more"
    NEW_BIN = "new_bin"
    CAME_DAMAGED = "came_damaged"


_SCALE = {
    "lost": Situation.SCALE_LOST,
    "silent": Situation.SCALE_SILENT,
    "overload": Situation.SCALE_OVERLOAD,
    "underload": Situation.SCALE_UNDERLOAD,
    "fault": Situation.SCALE_FAULT,
}
_CHECKING: dict[str, Situation] = {
    "empty": Situation.CHECK_EMPTY,
    "weight": Situation.CHECK_WEIGHT,
    "return": Situation.CHECK_RETURN,
}
_HALTS = {
    "service": Situation.TOO_HEAVY,
    "box": Situation.BOX_TOO_FULL,
    "bracket": Situation.NEXT_PRICE,
}
_INSTRUCTION = {
    "instruction": Situation.READ,
    "condition": Situation.CHECK,
    "gift_note": Situation.GIFT_NOTE,
    "insert": Situation.INSERT,
}
_PAPER = {
    ("label", "failed"): Situation.LABEL_FAILED,
    ("label", "uncertain"): Situation.LABEL_UNCERTAIN,
    ("slip", "failed"): Situation.SLIP_FAILED,
    ("slip", "uncertain"): Situation.SLIP_UNCERTAIN,
    ("return_label", "failed"): Situation.RETURN_FAILED,
    ("return_label", "uncertain"): Situation.RETURN_UNCERTAIN,
    ("return_form", "failed"): Situation.RETURN_FAILED,
    ("return_form", "uncertain"): Situation.RETURN_UNCERTAIN,
}

BLOCKED = frozenset(
    {
        Situation.SCALE_LOST,
        Situation.SCALE_SILENT,
        Situation.SCALE_OVERLOAD,
        Situation.SCALE_UNDERLOAD,
        Situation.SCALE_FAULT,
        Situation.UNCHECKED,
        Situation.WRONG_WEIGHT,
        Situation.TOO_HEAVY,
        Situation.BOX_TOO_FULL,
        Situation.NO_SSCC,
        Situation.NO_PHOTO,
        Situation.LABEL_FAILED,
        Situation.RECALLED,
    }
)
"""Nothing goes on here before somebody has mended something."""


def situation_of(session: Session, now_ms: int) -> Situation:
    """The one thing that the bench waits for."""
    phase = session.phase
    match phase:
        case phases.SignedOut():
            return Situation.SIGNED_OUT
        case phases.Away():
            return Situation.AWAY
        case phases.Recalled():
            return Situation.RECALLED
        case phases.Asking(question=question):
            return _asked(question)
        case phases.CheckingScale(step=step):
            wrong = trouble(session, now_ms)
            return _SCALE[wrong] if wrong is not None else _CHECKING[step]
        case _:
            paper = troubled_paper(session)
            if paper is not None and not phases.paper_waits(phase):
                return _PAPER[paper.role, paper.state]
            if isinstance(phase, phases.Counting | phases.Receiving):
                return _at_shelf(phase)
            return _working(session, phase, now_ms)


def troubled_paper(session: Session) -> Paper | None:
    """The paper that needs the packer; the label before the slip."""
    in_trouble = [paper for paper in session.papers if paper.state != "printing"]
    return min(in_trouble, key=lambda paper: paper.role, default=None)


def _asked(question: phases.Question) -> Situation:
    match question:
        case phases.TakeOut():
            return Situation.TAKE_OUT
        case phases.Short(kind):
            return Situation.MISSING if kind == "missing" else Situation.DAMAGED
        case phases.Discard():
            return Situation.DISCARD
        case phases.Leave():
            return Situation.LEAVE
        case phases.Unscanned():
            return Situation.UNSCANNED
        case phases.Reprint():
            return Situation.REPRINT
        case phases.LetPass():
            return Situation.LET_PASS
        case phases.Origin(wanted=wanted):
            return Situation(wanted)


def _at_shelf(phase: phases.AtShelf) -> Situation:
    if phase.question is not None:
        return _asked_at_shelf(phase.question)
    match phase:
        case phases.Counting(bin=None):
            return Situation.SCAN_BIN
        case phases.Counting(bin=bin_):
            return Situation.COUNT if bin_ else Situation.COUNT_LOOSE
        case phases.Receiving(pieces=()):
            return Situation.RECEIVE if missing(phase) else Situation.ALL_CAME
        case phases.Receiving(delivery=delivery):
            return Situation.PUT_AWAY if delivery.bins else Situation.PUT_AWAY_LOOSE


def _asked_at_shelf(question: phases.ShelfQuestion) -> Situation:
    match question:
        case phases.Leave():
            return Situation.LEAVE_SHELF
        case phases.Discard():
            return Situation.FORGET_SCANS
        case phases.NothingThere():
            return Situation.NOTHING_THERE
        case phases.NothingMore():
            return Situation.NOTHING_MORE
        case phases.NewBin():
            return Situation.NEW_BIN
        case phases.Short():
            return Situation.CAME_DAMAGED
        case phases.Origin(wanted=wanted):
            return Situation(wanted)


def _working(session: Session, phase: phases.Idle | phases.Opening | phases.Working, now_ms: int) -> Situation:
    match phase:
        case phases.Idle():
            if overdue(session, now_ms) is None:
                return Situation.IDLE
            return Situation.UNCHECKED if stops_work(session, now_ms) else Situation.IDLE_UNCHECKED
        case phases.Opening(code=code):
            return Situation.OPENING_NEXT if code == NEXT_WORK else Situation.OPENING
        case phases.Instructing(instruction=instruction):
            return Situation.INSERT if instruction.code else _INSTRUCTION[instruction.kind]
        case phases.Packing(work=work):
            if not open_lines(work):
                return Situation.PACK_FULL
            parcel = work.parcel
            if parcel.suggested and not parcel.box and not parcel.pieces:
                return Situation.TAKE_BOX
            first = work.parcel.number == 1 or work.parcel.pieces
            return Situation.PACK if first else Situation.PACK_NEXT_PARCEL
        case phases.OnScale():
            return _on_scale(session, phase, now_ms)
        case phases.Unnumbered():
            return Situation.NO_SSCC
        case phases.Unpictured():
            return Situation.PHOTO_COMES if photo.awaited_in(phase) is not None else Situation.NO_PHOTO
        case phases.Labelling():
            return _labelling(session, phase, now_ms)


def _on_scale(session: Session, phase: phases.OnScale, now_ms: int) -> Situation:
    if phase.wrong_weight is not None:
        return Situation.WRONG_WEIGHT
    if phase.halt is not None:
        return _HALTS[phase.halt.kind]
    wrong = trouble(session, now_ms)
    if wrong is not None:
        return _SCALE[wrong]
    if session.left_on_scale_g is not None:
        return Situation.LIFT
    reading = fresh(session, now_ms)
    moving = reading is not None and reading.state is ScaleState.MOTION
    return Situation.HANDS_OFF if moving else Situation.PUT_ON_SCALE


def _labelling(session: Session, phase: phases.Labelling, now_ms: int) -> Situation:
    wrong = trouble(session, now_ms) if phase.weighing is not None else None
    if wrong is not None:
        return _SCALE[wrong]
    return Situation.HANDS_OFF if phase.scanned else Situation.STICK_LABEL
