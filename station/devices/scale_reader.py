"""From a serial scale's bytes to what they say: cut, read, judged. Pure; every protocol goes through here."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from station.devices.ports import ScaleState
from station.devices.scale_answer import Answer, broken, fault
from station.devices.scale_framing import Cut, FrameCutter
from station.devices.steadiness import Steadiness

_NET = "the scale shows a net weight: clear the tare that was taken on it"


class ScaleProtocol(NamedTuple):
    """A protocol: how its frames are cut and read, and what the station says."""

    cutter: Callable[[], FrameCutter]
    read: Callable[[bytes], Answer | None]
    """One whole frame; None when it says nothing of the platform. Never raises."""
    ask: bytes = b""
    """Sent for each answer; empty where the scale talks by itself."""
    begin: bytes = b""
    """Sent once, when the line is opened."""
    zero: bytes = b""
    """Empty where the protocol cannot."""
    tare: bytes = b""
    steady_for_ms: int = 1_000
    """How long a number without a word on motion must stand still."""
    answer_within_s: float = 0.5


class ScaleReader:
    """Feed it what arrives; tell it with `give_up` when an answer broke off."""

    def __init__(self, protocol: ScaleProtocol) -> None:
        self._read = protocol.read
        self._cutter = protocol.cutter()
        self._steadiness = Steadiness(protocol.steady_for_ms)
        self._joins = not protocol.ask
        """A listener's first frame may have begun before it listened."""
        self.tared = False
        """The station itself took the tare: what is left on the platform without it is what the parcel weighs."""

    @property
    def holding(self) -> bool:
        """Whether a frame has begun whose rest is still to come."""
        return self._cutter.holding

    def feed(self, data: bytes, at: int) -> list[Answer]:
        """What these bytes say, oldest first; `at` in milliseconds."""
        answers: list[Answer] = []
        for cut in self._cutter.feed(data):
            answer = self._judged(cut, at)
            if answer is not None and not (self._joins and answer.state is ScaleState.FAULT):
                answers.append(answer)
            self._joins = False
        return answers

    def give_up(self) -> Answer | None:
        """The rest of a frame did not come in time: drop what is held and say so."""
        cut = self._cutter.give_up()
        return fault(cut.raw, "half a frame") if cut is not None else None

    def _judged(self, cut: Cut, at: int) -> Answer | None:
        if not cut.whole:
            return fault(cut.raw, "no frame")
        answer = self._read(cut.raw)
        if answer is None:
            return None
        if answer.net and not self.tared:
            return broken(cut.raw, _NET)
        return self._steadiness.judged(answer, at)
