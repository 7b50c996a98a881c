"""Rest where the scale does not tell it: the same number for long enough. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from station.devices.ports import ScaleState
from station.devices.scale_answer import Answer

_AT_LEAST = 3
"""Frames that must agree, however long the first of them is ago."""
_SILENCES = 3
"""After a pause of so many times the required rest nobody knows what the platform did meanwhile."""


class Steadiness:
    """Turns an unmarked number into motion until it has stood still for `for_ms`."""

    def __init__(self, for_ms: int) -> None:
        self._for_ms = for_ms
        self._grams: int | None = None
        self._since = 0
        self._last = 0
        self._agreed = 0

    def judged(self, answer: Answer, at: int) -> Answer:
        """The answer with its true state; `at` in milliseconds, of any clock that only goes forward."""
        if answer.grams is None:
            self._agreed = 0
            return answer
        silent = at - self._last > _SILENCES * self._for_ms
        self._last = at
        if answer.grams != self._grams or self._agreed == 0 or silent:
            self._grams, self._since, self._agreed = answer.grams, at, 0
        self._agreed += 1
        rests = self._agreed >= _AT_LEAST and at - self._since >= self._for_ms
        if not answer.unmarked or rests:
            return answer
        return replace(answer, state=ScaleState.MOTION)
