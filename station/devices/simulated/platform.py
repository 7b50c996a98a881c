"""What stands on a simulated scale, and what can be wrong with it."""

from __future__ import annotations

import asyncio
from enum import StrEnum


class ScaleTrouble(StrEnum):
    """What can be wrong with a scale."""

    STALL = "stall"
    """Answers nothing."""
    MOTION = "motion"
    """Never comes to rest."""
    DRIFT = "drift"
    """Each answer a gram more than the last."""
    OVERLOAD = "overload"
    HALF_FRAME = "half_frame"
    """Breaks off in the middle of each answer."""
    GARBAGE = "garbage"
    """Answers signs that are no frame."""


class Platform:
    """What stands on a scale, whether it has come to rest, and what the scale takes off."""

    def __init__(self, *, capacity_g: int, settle_s: float, trouble: ScaleTrouble | None = None) -> None:
        self._capacity_g = capacity_g
        self._settle_s = settle_s
        self._rests_at = 0.0
        self._grams = 0
        self._zero_g = 0
        self.tare_g = 0
        self.trouble = trouble

    @property
    def grams(self) -> int:
        """What is on it."""
        return self._grams

    @property
    def shown(self) -> int:
        """What the scale shows."""
        return self._grams - self._zero_g - self.tare_g

    @property
    def tared(self) -> bool:
        """Whether a tare is taken off."""
        return self.tare_g != 0

    @property
    def far_below(self) -> bool:
        """Whether it shows so little that the scale calls it under its range."""
        return self.shown < -20 and not self.tared

    def place(self, grams: int) -> None:
        """Put this much on it, all in all; 0 empties it. It moves for the settling time."""
        if grams != self._grams:
            self._rests_at = asyncio.get_running_loop().time() + self._settle_s
        self._grams = grams

    def zero(self) -> None:
        """What is on it weighs nothing from now on."""
        self._zero_g, self.tare_g = self._grams, 0

    def tare(self) -> None:
        """What is on it is taken off."""
        self.tare_g = self._grams - self._zero_g

    @property
    def moving(self) -> bool:
        """Whether it has not come to rest."""
        return self.trouble is ScaleTrouble.MOTION or asyncio.get_running_loop().time() < self._rests_at

    @property
    def overloaded(self) -> bool:
        """Whether more is on it than it can weigh."""
        return self.trouble is ScaleTrouble.OVERLOAD or self._grams > self._capacity_g

    def drift(self) -> None:
        """Creep by a gram when that is the trouble."""
        if self.trouble is ScaleTrouble.DRIFT:
            self._grams += 1
