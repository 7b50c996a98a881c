"""Questions that stand before the work: what is asked, which answers count, what an answer does."""

from __future__ import annotations

from msgspec.structs import replace

from contract.commands import Command
from contract.values import Override
from station.devices.ports import Lamp
from station.work import labelling, papers, photo, shorts, tracing
from station.work.answers import Say
from station.work.commands import Code, LinePick, ReasonPick, Token
from station.work.course import confirmed, go_on
from station.work.inputs import Typed
from station.work.instructing import code_fits
from station.work.items import place_of, put_in, take_out, take_out_line
from station.work.leaving import discard
from station.work.people import bounced, leave
from station.work.phases import (
    Asking,
    Discard,
    Instructing,
    Labelling,
    Leave,
    LetPass,
    OnScale,
    Origin,
    Packing,
    Question,
    Reprint,
    Short,
    TakeOut,
    Unpictured,
    Unscanned,
    Working,
)
from station.work.scales import stopped
from station.work.turn import Turn

_LET_PASS_REASONS = {
    "weight": ("packaging_differs", "mass_on_file_wrong", "counted_by_hand"),
    "scale": ("scale_broken", "too_large"),
    "label_scan": ("scale_broken", "label_checked_by_eye"),
    "photo": ("camera_broken", "box_checked_by_eye"),
}
_ASKS = {
    TakeOut: Say.ASK_TAKE_OUT,
    Discard: Say.ASK_DISCARD,
    Leave: Say.ASK_LEAVE,
    Unscanned: Say.ASK_UNSCANNED,
    Reprint: Say.ASK_REASON,
    LetPass: Say.ASK_REASON,
    Origin: Say.ASK_ORIGIN,
}
_AGAIN = {Discard: Command.DISCARD, Leave: Command.SIGN_OUT, Unscanned: Command.CONFIRM}
"""The command that asked the question: given once more, it is a yes."""


def ask(turn: Turn, question: Question, before: Working) -> None:
    """Put a question before the work."""
    turn.go(Asking(question, before, turn.at))
    _ask_again(turn, question)


def _ask_again(turn: Turn, question: Question) -> None:
    if isinstance(question, Short):
        turn.say(Lamp.LOOK, Say.ASK_MISSING if question.kind == "missing" else Say.ASK_DAMAGED)
    else:
        turn.say(Lamp.LOOK, _ASKS[type(question)])


def reasons(question: Question, before: Working) -> tuple[str, ...]:
    """The reasons to choose from, by their stable names; the first is the default."""
    match question:
        case LetPass(kind):
            return _LET_PASS_REASONS[kind]
        case Reprint():
            slip = ("slip",) if isinstance(before, Labelling) and before.slip is not None else ()
            return ("unreadable", "torn", "lost", *slip)
        case _:
            return ()


def answered(turn: Turn, phase: Asking, token: Token) -> None:
    """A code was scanned or touched while a question stands."""
    question = phase.question
    if token in (Command.CANCEL, Command.NO):
        turn.go(phase.before)
        turn.say(Lamp.READY, Say.NEVER_MIND)
        return
    match question:
        case TakeOut():
            _take_out(turn, phase, token)
        case Short():
            _short(turn, phase, question, token)
        case Origin() if isinstance(phase.before, Packing | OnScale):
            _origin(turn, phase.before, question, token)
        case Reprint() | LetPass():
            _give_reason(turn, phase, token)
        case Unscanned() if isinstance(token, Code):
            _insert_scanned(turn, phase, token)
        case Discard() | Leave() | Unscanned():
            if token is Command.YES or (token is _AGAIN[type(question)] and not bounced(turn, phase)):
                _yes(turn, phase)
            else:
                turn.say(Lamp.LOOK, Say.ANSWER_FIRST)


def typed(turn: Turn, phase: Asking, given: Typed) -> None:
    """A line was answered on the screen: it names the item, and how many are short."""
    before, question = phase.before, phase.question
    if not isinstance(before, Packing | OnScale):
        turn.say(Lamp.LOOK, Say.ANSWER_FIRST)
    elif isinstance(question, TakeOut):
        take_out_line(turn, before, place_of(before.work, given))
    elif isinstance(question, Short):
        shorts.report(turn, before, question.kind, place_of(before.work, given), given.quantity)
    else:
        turn.say(Lamp.LOOK, Say.ANSWER_FIRST)


def _origin(turn: Turn, before: Packing | OnScale, question: Origin, token: Token) -> None:
    """A code or a typed text answers; anything else asks again."""
    if not isinstance(token, Code):
        _ask_again(turn, question)
    elif (piece := tracing.answered(turn, before, question, token.text)) is not None:
        put_in(turn, before, piece)


def _take_out(turn: Turn, phase: Asking, token: Token) -> None:
    before = phase.before
    match token:
        case Code(text) if isinstance(before, Packing | OnScale):
            take_out(turn, before, text)
        case LinePick(place) if isinstance(before, Packing | OnScale):
            take_out_line(turn, before, place)
        case _:
            _ask_again(turn, phase.question)


def _short(turn: Turn, phase: Asking, question: Short, token: Token) -> None:
    before = phase.before
    if not isinstance(before, Packing | OnScale):
        _ask_again(turn, question)
        return
    match token:
        case Code(text):
            shorts.report_scanned(turn, before, question.kind, text)
        case LinePick(place):
            shorts.report(turn, before, question.kind, place, 1)
        case Command.CONFIRM | Command.YES:
            shorts.report_only_line(turn, before, question.kind)
        case _:
            _ask_again(turn, question)


def _give_reason(turn: Turn, phase: Asking, token: Token) -> None:
    choices = reasons(phase.question, phase.before)
    match token:
        case ReasonPick(place) if place < len(choices):
            _for_reason(turn, phase, choices[place])
        case Command.CONFIRM | Command.YES | Command.REPRINT:
            _for_reason(turn, phase, choices[0])
        case _:
            _ask_again(turn, phase.question)


def _for_reason(turn: Turn, phase: Asking, reason: str) -> None:
    question, before = phase.question, phase.before
    turn.go(before)
    match question, before:
        case Reprint(), Labelling():
            papers.further_copy(turn, before, "slip" if reason == "slip" else "label", reason)
            turn.say(Lamp.WAIT, Say.PRINTED_AGAIN)
        case LetPass("label_scan", lead), Labelling():
            labelling.passed(turn, before, Override("label_scan", lead.badge, reason))
        case LetPass("photo", lead), Unpictured():
            labelling.number(turn, before.packer, photo.let_pass(before.work, lead, reason), before.weighing)
        case LetPass(kind, lead), OnScale():
            override = Override(kind, lead.badge, reason)
            parcel = replace(before.work.parcel, overrides=(*before.work.parcel.overrides, override))
            weighing = before.wrong_weight if kind == "weight" else None
            passed = replace(before, work=replace(before.work, parcel=parcel))
            if weighing is None or not stopped(turn, passed, weighing):
                labelling.number(turn, before.packer, passed.work, weighing)
        case _:
            turn.say(Lamp.READY, Say.NEVER_MIND)


def _insert_scanned(turn: Turn, phase: Asking, token: Code) -> None:
    before = phase.before
    if isinstance(before, Instructing) and code_fits(before.instruction, token.text):
        turn.say(Lamp.GOOD, Say.CONFIRMED)
        go_on(turn, before.packer, confirmed(before.work, before.instruction))
    else:
        _ask_again(turn, phase.question)


def _yes(turn: Turn, phase: Asking) -> None:
    before = phase.before
    match phase.question, before:
        case Discard(), _:
            go_on(turn, before.packer, discard(turn, before))
        case Leave(), _:
            leave(turn, before)
        case Unscanned(), Instructing(packer, work, instruction):
            override = Override("tick", packer.badge, f"{instruction.instruction} was not scanned")
            work = confirmed(work, instruction)
            parcel = replace(work.parcel, overrides=(*work.parcel.overrides, override))
            turn.say(Lamp.GOOD, Say.CONFIRMED)
            go_on(turn, packer, replace(work, parcel=parcel))
        case _:
            turn.go(before)
