"""How long to wait before the next try."""

from __future__ import annotations

from collections.abc import Callable


class Backoff:
    """Delays that double up to a cap, each spread over half its length so that a fleet does not return at once."""

    def __init__(self, first_s: float, cap_s: float, chance: Callable[[], float]) -> None:
        """`chance` gives numbers from 0 to below 1."""
        self._first_s = first_s
        self._cap_s = cap_s
        self._chance = chance
        self._tries = 0

    def next_s(self) -> float:
        """The next delay in seconds."""
        whole = min(self._cap_s, self._first_s * 2.0 ** min(self._tries, 30))
        self._tries += 1
        return whole * (0.5 + 0.5 * self._chance())

    def reset(self) -> None:
        """All went well: begin again with the first delay."""
        self._tries = 0
