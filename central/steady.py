"""Whether the wall clock may say what is over, or old enough to be deleted.

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

    def __init__(
        self,
        now_ms: Callable[[], int],
        since_boot_s: Callable[[], float] = time.monotonic,
        *,
        steady_s: float = _STEADY_S,
        jump_s: float = _JUMP_S,
        believed: bool = False,
    ) -> None:
        """`believed`: steady until it jumps."""
        self._now_ms = now_ms
        self._since_boot_s = since_boot_s
        self._steady_s = steady_s
        self._jump_s = jump_s
        self._steady_from = since_boot_s() - (steady_s if believed else 0.0)
        self._drift_s = self._drift()

    def look(self) -> bool:
        """Whether it has gone steadily for as long as that takes: six hours, when nothing else was said."""
        before, self._drift_s = self._drift_s, self._drift()
        if abs(self._drift_s - before) > self._jump_s:
            self._steady_from = self._since_boot_s()
        return self._since_boot_s() - self._steady_from >= self._steady_s

    def _drift(self) -> float:
        return self._now_ms() / 1000 - self._since_boot_s()
