"""One step in the making: the session as it changes and the effects as they come, within a single call of `step`."""

from __future__ import annotations

from typing import Final

from msgspec.structs import replace

from contract.keys import JobId, StationId
from contract.messages import Ask, Fact, ProblemRaised
from contract.values import Language
from station.devices.ports import Lamp
from station.work.answers import Said, Say
from station.work.effects import AskCentral, Effect, ForgetJob, Record, Signal
from station.work.phases import AnyPhase
from station.work.session import Session, Step

_MOST_NOTES: Final = 5
_NOTE_CHARS: Final = 400


class Turn:
    """Gathers what one input does. Made, used and dropped inside `step`, which stays a pure function."""

    __slots__ = ("at", "effects", "session")

    def __init__(self, session: Session, at: int) -> None:
        self.session = session
        self.at = at
        self.effects: list[Effect] = []

    @property
    def phase(self) -> AnyPhase:
        return self.session.phase

    @property
    def station(self) -> StationId:
        return self.session.settings.station

    @property
    def language(self) -> Language:
        return self.session.language

    def update(self, **changes: object) -> None:
        """Change fields of the session."""
        self.session = replace(self.session, **changes)

    def go(self, phase: AnyPhase) -> None:
        """Be in this phase from now on."""
        self.update(phase=phase)

    def say(self, lamp: Lamp, say: Say, **args: str) -> None:
        """Answer with light, sound and a sentence; the last answer of a step is the one that is given."""
        self.update(said=Said(lamp, say, args))

    def mention(self, lamp: Lamp, say: Say, **args: str) -> None:
        """Say what nobody asked for, unless a refusal stands that the packer may not have seen yet."""
        if self.session.said.lamp is not Lamp.STOP:
            self.say(lamp, say, **args)

    def note(self, text: str, text_fr: str = "") -> None:
        """Keep a sentence from the office on the screen until it is confirmed; without French, as it is."""
        told = (text_fr or text if self.language == "fr" else text)[:_NOTE_CHARS]
        if told and told not in self.session.notes:
            self.update(notes=(*self.session.notes, told)[-_MOST_NOTES:])
            self.mention(Lamp.LOOK, Say.NOTE)

    def record(self, fact: Fact) -> None:
        self.effects.append(Record(fact))

    def raise_problem(self, kind: str, text: str, badge: str = "", job: JobId | None = None) -> None:
        """Tell the office."""
        self.record(ProblemRaised(kind=kind, text=text, at=self.at, badge=badge, job=job))

    def ask(self, ask: Ask) -> None:
        self.effects.append(AskCentral(ask))

    def forget(self, job: JobId) -> None:
        self.effects.append(ForgetJob(job))

    def done(self, before: Session) -> Step:
        """What the step gives. A new answer counts as one flash and one signal."""
        if self.session.said is not before.said:
            self.update(flash=before.flash + 1)
            self.effects.append(Signal(self.session.said.lamp))
        return Step(self.session, tuple(self.effects))
