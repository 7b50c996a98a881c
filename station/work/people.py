"""Badges: who is at the bench, who takes over, who lets something pass, who has gone."""

from __future__ import annotations

from msgspec.structs import replace

from contract.messages import SignedIn, SignedOut, WhoIs
from contract.values import Person
from station.devices.ports import Lamp
from station.work import phases
from station.work.answers import Say
from station.work.leaving import put_down
from station.work.platform import trouble
from station.work.turn import Turn

_MOST_PEOPLE = 500
_BOUNCE_MS = 400


def badge_scanned(turn: Turn, badge: str) -> None:
    """A badge was scanned; one that this bench does not know is asked for."""
    folded = badge.casefold()
    person = next((person for person in turn.session.people if person.badge.casefold() == folded), None)
    if person is not None:
        known(turn, person)
    else:
        turn.update(badge_asked=badge)
        turn.say(Lamp.WAIT, Say.BADGE_ASKED)
        turn.ask(WhoIs(badge))


def answered(turn: Turn, person: Person) -> None:
    """Central knows the badge."""
    others = [other for other in turn.session.people if other.badge != person.badge]
    turn.update(people=(*others, person)[-_MOST_PEOPLE:])
    if person.badge.casefold() == turn.session.badge_asked.casefold():
        turn.update(badge_asked="")
        known(turn, person)


def unanswered(turn: Turn, badge: str, say: Say) -> None:
    """Nobody has the badge, or nobody could be asked."""
    if turn.session.badge_asked and badge.casefold() == turn.session.badge_asked.casefold():
        turn.update(badge_asked="")
        turn.say(Lamp.STOP, say, badge=badge)


def known(turn: Turn, person: Person) -> None:
    """What a badge means depends on what the bench is doing."""
    match turn.phase:
        case phases.SignedOut():
            _signs_in(turn, person, phases.Idle(person))
        case phases.Away(before):
            _signs_in(turn, person, handed_over(before, person))
        case phases.Idle(packer) | phases.Opening(packer) | phases.CheckingScale(packer):
            if packer.badge == person.badge:
                sign_out(turn, packer)
            else:
                turn.record(SignedOut(packer.badge, turn.at))
                _signs_in(turn, person, phases.Idle(person))
        case phases.Recalled():
            turn.say(Lamp.STOP, Say.RECALL_FIRST)
        case phases.Asking() as phase:
            _answers(turn, phase, person)
        case phases.Counting() | phases.Receiving() as phase:
            _at_shelf(turn, phase, person)
        case phase:
            _at_work(turn, phase, person)


def _at_work(turn: Turn, phase: phases.Working, person: Person) -> None:
    blocked = _blocked(turn, phase)
    if blocked is not None and person.role in ("lead", "admin"):
        turn.go(phases.Asking(phases.LetPass(blocked, person), phase, turn.at))
        turn.say(Lamp.LOOK, Say.ASK_REASON)
    elif person.badge == phase.packer.badge:
        turn.go(phases.Asking(phases.Leave(), phase, turn.at))
        turn.say(Lamp.LOOK, Say.ASK_LEAVE)
    elif blocked is not None:
        turn.say(Lamp.STOP, Say.LEAD_ONLY, name=person.name)
    else:
        turn.record(SignedOut(phase.packer.badge, turn.at))
        _signs_in(turn, person, handed_over(phase, person))


def _blocked(turn: Turn, phase: phases.Working) -> phases.Passable | None:
    """What a lead could let pass here."""
    match phase:
        case phases.OnScale(wrong_weight=wrong) if wrong is not None:
            return "weight"
        case phases.OnScale() if trouble(turn.session, turn.at) is not None:
            return "scale"
        case phases.Unpictured():
            return "photo"
        case phases.Labelling(weighing=weighing) if weighing is not None and trouble(turn.session, turn.at) is not None:
            return "label_scan"
        case _:
            return None


def _at_shelf(turn: Turn, phase: phases.AtShelf, person: Person) -> None:
    if person.badge != phase.packer.badge:
        turn.record(SignedOut(phase.packer.badge, turn.at))
        _signs_in(turn, person, handed_over(phase, person))
    elif isinstance(phase.question, phases.Leave):
        if bounced(turn, phase):
            turn.say(Lamp.LOOK, Say.ANSWER_FIRST)
        else:
            sign_out(turn, phase.packer)
    elif phase.question is not None:
        turn.say(Lamp.LOOK, Say.ANSWER_FIRST)
    else:
        turn.go(replace(phase, question=phases.Leave(), since=turn.at))
        turn.say(Lamp.LOOK, Say.ASK_LEAVE)


def _answers(turn: Turn, phase: phases.Asking, person: Person) -> None:
    if isinstance(phase.question, phases.Leave) and person.badge == phase.packer.badge and not bounced(turn, phase):
        leave(turn, phase.before)
    else:
        turn.say(Lamp.LOOK, Say.ANSWER_FIRST)


def bounced(turn: Turn, phase: phases.Asking | phases.AtShelf) -> bool:
    """Whether an answer comes so soon that it is the question's own code, read twice."""
    return 0 <= turn.at - phase.since < _BOUNCE_MS


def _signs_in(turn: Turn, person: Person, phase: phases.AnyPhase) -> None:
    turn.record(SignedIn(person.badge, turn.at))
    turn.update(language=person.language, active_at=turn.at)
    turn.go(phase)
    turn.say(Lamp.SIGN_IN, Say.WELCOME, name=person.name)


def handed_over(
    phase: phases.Working | phases.Asking | phases.Recalled | phases.AtShelf, packer: Person
) -> phases.Working | phases.Asking | phases.Recalled | phases.AtShelf:
    """The same phase with another packer; the lead's question of another hour is not asked again."""
    if isinstance(phase, phases.Asking):
        before = replace(phase.before, packer=packer)
        return before if isinstance(phase.question, phases.LetPass) else replace(phase, before=before)
    return replace(phase, packer=packer)


def sign_out(turn: Turn, packer: Person) -> None:
    """Leave a bench that has no job."""
    turn.record(SignedOut(packer.badge, turn.at))
    turn.go(phases.SignedOut())
    turn.update(language=turn.session.settings.language)
    turn.say(Lamp.READY, Say.GOODBYE, name=packer.name)


def leave(turn: Turn, phase: phases.Working) -> None:
    """Leave in the middle of a job: it is put down for any bench to go on with."""
    put_down(turn, phase)
    sign_out(turn, phase.packer)


def idle(turn: Turn) -> None:
    """Sign out a packer who has done nothing for the configured time; a job in hand waits for a badge."""
    limit_s = turn.session.settings.idle_sign_out_s
    if limit_s and turn.at - turn.session.active_at >= limit_s * 1_000 and (packer := _sent_away(turn)):
        turn.record(SignedOut(packer.badge, turn.at, idle=True))
        turn.say(Lamp.READY, Say.SIGNED_OUT_IDLE)


def listed(turn: Turn, people: tuple[Person, ...]) -> None:
    """Who may work here now. A packer whose badge opens nothing any more is signed out; the job waits for another."""
    turn.update(people=people)
    match turn.phase:
        case phases.SignedOut() | phases.Away():
            return
        case phase:
            badge = phase.packer.badge
    if people and all(person.badge != badge for person in people) and (packer := _sent_away(turn)):
        turn.record(SignedOut(packer.badge, turn.at))
        turn.say(Lamp.STOP, Say.BADGE_UNKNOWN, badge=packer.badge)


def _sent_away(turn: Turn) -> Person | None:
    """Nobody is at the bench any more; who was."""
    match turn.phase:
        case phases.SignedOut() | phases.Away():
            return None
        case phases.Idle(packer) | phases.Opening(packer) | phases.CheckingScale(packer):
            turn.go(phases.SignedOut())
        case phase:
            packer = phase.packer
            turn.go(phases.Away(phase))
    turn.update(language=turn.session.settings.language)
    return packer
