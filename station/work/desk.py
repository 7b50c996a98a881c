"""A code at the desk: what it does depends on the phase. Every phase answers every code."""

from __future__ import annotations

from typing import TypeGuard

from contract.commands import Command
from station.devices.ports import Lamp
from station.work import (
    drawer,
    items,
    labelling,
    leaving,
    opening,
    papers,
    people,
    phases,
    photo,
    questions,
    scale_check,
    shelf,
)
from station.work import instructing as reading
from station.work.answers import Say
from station.work.commands import Badge, BoxCode, Code, LinePick, MaterialCode, Token, UnknownCommand
from station.work.turn import Turn

_DELIBERATE_MS = 400
"""A pedal that bounces gives its command twice within less."""


def token_taken(turn: Turn, token: Token) -> None:
    """Answer a code, whatever it is."""
    match token:
        case UnknownCommand(text):
            turn.say(Lamp.LOOK, Say.UNKNOWN_COMMAND, code=text)
        case Badge(badge):
            people.badge_scanned(turn, badge)
        case Command.EXPLAIN:
            turn.say(Lamp.LOOK, Say.EXPLAINED)
        case Command.LANGUAGE:
            turn.update(language="en" if turn.language == "fr" else "fr")
            turn.say(Lamp.GOOD, Say.LANGUAGE)
        case _:
            if not _about_paper(turn, token):
                _in_phase(turn, token)


def _in_phase(turn: Turn, token: Token) -> None:
    match turn.phase:
        case phases.SignedOut() | phases.Away():
            turn.say(Lamp.LOOK, Say.BADGE_FIRST)
        case phases.Asking() as phase:
            questions.answered(turn, phase, token)
        case phases.Recalled() as phase:
            if token is Command.CONFIRM:
                leaving.recall_confirmed(turn, phase)
            else:
                turn.say(Lamp.STOP, Say.RECALL_FIRST)
        case phases.Idle() | phases.Opening() as phase:
            _without_job(turn, phase, token)
        case phases.CheckingScale() as phase:
            _checking(turn, phase, token)
        case phases.Counting() | phases.Receiving() as phase:
            _at_shelf(turn, phase, token)
        case phase:
            if not _on_any_job(turn, phase, token):
                _on_job(turn, phase, token)


def _about_paper(turn: Turn, token: Token) -> bool:
    """Whether the code settles a paper that failed or may not have come out."""
    paper = papers.troubled(turn)
    if paper is None or phases.paper_waits(turn.phase):
        return False
    match token:
        case Command.YES if paper.state == "uncertain":
            papers.confirm(turn, paper.print_id)
            turn.say(Lamp.GOOD, Say.PRINTED)
        case Command.NO | Command.REPRINT if paper.state == "uncertain":
            papers.reprint(turn, paper, "did_not_come_out")
        case Command.YES | Command.REPRINT if paper.state == "failed":
            papers.again(turn, paper)
        case Command.CONFIRM if paper.state == "failed" and not isinstance(turn.phase, phases.Instructing):
            papers.again(turn, paper)
        case Command.CANCEL if not isinstance(turn.phase, phases.Labelling):
            papers.cancel(turn, paper.print_id)
            turn.say(Lamp.READY, Say.NEVER_MIND)
        case _:
            return False
    return True


def _without_job(turn: Turn, phase: phases.Idle | phases.Opening, token: Token) -> None:
    match token:
        case Code(text) if isinstance(phase, phases.Idle):
            opening.asked(turn, phase.packer, text)
        case Command.WORK if isinstance(phase, phases.Idle):
            opening.next_asked(turn, phase.packer)
        case Code() | Command.WORK if isinstance(phase, phases.Opening):
            turn.say(Lamp.WAIT, Say.OPENING, code=phase.code)
        case Command.CANCEL if isinstance(phase, phases.Opening):
            turn.go(phases.Idle(phase.packer))
            turn.say(Lamp.READY, Say.STOPPED_WAITING)
        case Command.SIGN_OUT:
            people.sign_out(turn, phase.packer)
        case Command.LEAD:
            _call_lead(turn, phase.packer.badge)
        case Command.CONFIRM:
            _acknowledge(turn)
        case Command.REPRINT:
            turn.say(Lamp.LOOK, Say.NOTHING_TO_REPRINT)
        case Command.CHECK_SCALE if isinstance(phase, phases.Idle):
            scale_check.begin(turn, phase.packer)
        case Command.DRAWER:
            drawer.opened_by(turn, phase.packer.badge)
        case Command.TARE if isinstance(phase, phases.Idle):
            scale_check.tare(turn)
        case Command.ZERO:
            scale_check.zero(turn)
        case _:
            turn.say(Lamp.LOOK, Say.ORDER_FIRST)


def _checking(turn: Turn, phase: phases.CheckingScale, token: Token) -> None:
    match token:
        case Command.SIGN_OUT:
            people.sign_out(turn, phase.packer)
        case Command.LEAD:
            _call_lead(turn, phase.packer.badge)
        case _:
            scale_check.answered(turn, phase, token)


def _at_shelf(turn: Turn, phase: phases.AtShelf, token: Token) -> None:
    match token:
        case Command.LEAD:
            _call_lead(turn, phase.packer.badge)
        case Command.CONFIRM if phase.question is None:
            _acknowledge(turn)
        case Command.DRAWER:
            drawer.opened_by(turn, phase.packer.badge)
        case _:
            shelf.answered(turn, phase, token)


def _on_any_job(turn: Turn, phase: phases.Working, token: Token) -> bool:
    """Whether the code is one that every working phase answers alike."""
    match token:
        case Command.SIGN_OUT:
            questions.ask(turn, phases.Leave(), phase)
        case Command.SUSPEND:
            leaving.put_down(turn, phase)
        case Command.DISCARD:
            questions.ask(turn, phases.Discard(), phase)
        case Command.LEAD:
            _call_lead(turn, phase.packer.badge)
        case Command.REPRINT if not isinstance(phase, phases.Labelling):
            turn.say(Lamp.LOOK, Say.NOTHING_TO_REPRINT)
        case Command.ZERO:
            scale_check.zero(turn)
        case Command.DRAWER:
            drawer.opened_by(turn, phase.packer.badge)
        case Command.PHOTO:
            photo.retake(turn, phase)
        case Command.CHECK_SCALE | Command.TARE:
            turn.say(Lamp.LOOK, Say.NOT_NOW)
        case Command.YES | Command.NO:
            turn.say(Lamp.LOOK, Say.NOT_NOW)
        case _:
            return False
    return True


def _on_job(turn: Turn, phase: phases.Working, token: Token) -> None:
    match phase:
        case phases.Instructing():
            _instructing(turn, phase, token)
        case phases.Packing() | phases.OnScale():
            _filling(turn, phase, token)
        case phases.Labelling():
            _labelling(turn, phase, token)
        case phases.Unnumbered():
            if token is Command.CANCEL:
                turn.go(phases.Packing(phase.packer, phase.work))
                turn.say(Lamp.READY, Say.NEVER_MIND)
            else:
                turn.say(Lamp.STOP, Say.NO_SSCC)
        case phases.Unpictured():
            if token is Command.CANCEL:
                turn.go(phases.Packing(phase.packer, phase.work))
                turn.say(Lamp.READY, Say.NEVER_MIND)
            else:
                photo.held(turn, phase)


def _instructing(turn: Turn, phase: phases.Instructing, token: Token) -> None:
    match token:
        case Command.CONFIRM if phase.instruction.code:
            questions.ask(turn, phases.Unscanned(), phase)
        case Command.CONFIRM:
            reading.confirm(turn, phase)
        case Code(text):
            reading.code_scanned(turn, phase, text)
        case BoxCode(code):
            _box(turn, phase, code)
        case MaterialCode(code):
            items.material(turn, phase, code)
        case Command.UNDO:
            items.undo(turn, phase)
        case Command.CANCEL if leaving.untouched(phase.work):
            leaving.give_back(turn, phase)
        case _:
            turn.say(Lamp.LOOK, Say.READ_FIRST)


def _filling(turn: Turn, phase: items.Filling, token: Token) -> None:
    match token:
        case Code(text):
            box = items.box_of(turn, text)
            if box is None:
                items.scanned(turn, phase, text)
            else:
                items.boxed(turn, phase, box)
        case BoxCode(code):
            _box(turn, phase, code)
        case MaterialCode(code):
            items.material(turn, phase, code)
        case LinePick(place):
            items.ticked(turn, phase, place)
        case Command.UNDO:
            items.undo(turn, phase)
        case Command.NEXT:
            _next(turn, phase)
        case Command.TAKE_OUT:
            questions.ask(turn, phases.TakeOut(), phase)
        case Command.SHORT:
            questions.ask(turn, phases.Short("missing"), phase)
        case Command.DAMAGED:
            questions.ask(turn, phases.Short("damaged"), phase)
        case Command.CANCEL:
            _cancel(turn, phase)
        case Command.CONFIRM if isinstance(phase, phases.OnScale) and _costs_more(phase.halt):
            labelling.number(turn, phase.packer, phase.work, phase.halt.weighing)
        case Command.CONFIRM:
            _acknowledge(turn)
        case _:
            turn.say(Lamp.LOOK, Say.NOT_NOW)


def _costs_more(halt: phases.Halt | None) -> TypeGuard[phases.Halt]:
    """Whether the weight may have its label all the same, at the next price."""
    return halt is not None and halt.kind == "bracket"


def _next(turn: Turn, phase: items.Filling) -> None:
    if isinstance(phase, phases.Packing):
        items.close_asked(turn, phase)
    elif phase.wrong_weight is None:
        turn.say(Lamp.GOOD, Say.TO_SCALE)
        if abs(turn.at - phase.since) >= _DELIBERATE_MS:
            # Said again, it means: what is on the scale now is the whole parcel.
            turn.go(phases.OnScale(phase.packer, phase.work, since=phase.since))
    else:
        turn.say(Lamp.STOP, Say.WEIGHT_WRONG)


def _cancel(turn: Turn, phase: items.Filling) -> None:
    if isinstance(phase, phases.OnScale):
        turn.go(phases.Packing(phase.packer, phase.work))
        turn.say(Lamp.READY, Say.NEVER_MIND)
    elif leaving.untouched(phase.work):
        leaving.give_back(turn, phase)
    else:
        turn.say(Lamp.LOOK, Say.NOT_NOW)


def _labelling(turn: Turn, phase: phases.Labelling, token: Token) -> None:
    match token:
        case Code(text):
            barcode, _ = items.read(text)
            if barcode is not None and barcode.sscc is not None:
                labelling.label_scanned(turn, phase, barcode.sscc)
            else:
                turn.say(Lamp.LOOK, Say.LABEL_FIRST)
        case Command.REPRINT:
            questions.ask(turn, phases.Reprint(), phase)
        case Command.CANCEL:
            labelling.reopen(turn, phase, "parcel_reopened")
        case Command.UNDO:
            items.undo(turn, labelling.reopen(turn, phase, "parcel_reopened"))
        case Command.CONFIRM:
            _acknowledge(turn)
        case _:
            turn.say(Lamp.LOOK, Say.LABEL_FIRST)


def _box(turn: Turn, phase: items.Filling | phases.Instructing, code: str) -> None:
    box = items.box_of(turn, code)
    if box is None:
        turn.say(Lamp.LOOK, Say.BOX_UNKNOWN, code=code)
    else:
        items.boxed(turn, phase, box)


def _call_lead(turn: Turn, badge: str) -> None:
    turn.raise_problem("lead_called", "A packer asks for a lead", badge)
    turn.say(Lamp.CALL_LEAD, Say.LEAD_CALLED)


def _acknowledge(turn: Turn) -> None:
    """A confirmation with nothing else to confirm: the note was read, the refusal was heard."""
    turn.update(notes=turn.session.notes[1:])
    turn.say(Lamp.READY, Say.NOTHING)
