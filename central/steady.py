"""Whether the wall clock may say what is old enough to be deleted.

A clock that is years ahead at a start, or jumps there, would make everything old.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

_STEADY_S: Final = 6 * 3600.0
"""Shorter than a working day: a central that is switched off every night deletes, too."""
_JUMP_S: Final = 600.0
"""By more than this no clock is corrected between two looks, unless it was wrong."""


class SteadyClock:
    """Compares the wall clock with one that nobody sets. Look every hour or so."""

    def __init__(self, now_ms: Callable[[], int], since_boot_s: Callable[[], float] = time.monotonic) -> None:
        self._now_ms = now_ms
        self._since_boot_s = since_boot_s
        self._steady_from = since_boot_s()
        self._drift_s = self._drift()

    def look(self) -> bool:
        """Whether it has gone steadily for six hours."""
        before, self._drift_s = self._drift_s, self._drift()
        if abs(self._drift_s - before) > _JUMP_S:
            self._steady_from = self._since_boot_s()
        return self._since_boot_s() - self._steady_from >= _STEADY_S

    def _drift(self) -> float:
        return self._now_ms() / 1000 - self._since_boot_s()
