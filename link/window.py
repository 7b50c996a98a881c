"""How many rows of an outbox may be under way at once. Pure: moments come in as values, in seconds."""

from __future__ import annotations

FIRST = 10
LEAST = 4
"""Never fewer: a row that nobody can read, and so nobody settles, must not keep all others back."""
LATE_S = 1.0
"""A row that is settled later than this found a queue before it. A packer waits five seconds for an answer."""


class Window:
    """Wider while rows are settled promptly, half as wide when they are late, narrow when they are not settled at all.

    So a thousand senders keep the queue before one receiver short without hearing of each other, as TCP's congestion
    window does. Source: RFC 5681, sections 3.1 and 4; that a delay is the sign, not a loss, is RFC 6817's.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._wide = float(min(FIRST, most))
        self._enough = float(most)
        """Below, it doubles with each round; from here on it grows by one."""
        self._narrowed_at = 0.0

    @property
    def size(self) -> int:
        return int(self._wide)

    def settled(self, sent: float, now: float) -> None:
        """A row that was sent then is settled now."""
        if now - sent > LATE_S:
            # What was sent before the last narrowing says nothing of the queue since.
            if sent > self._narrowed_at:
                self._narrow(self._wide / 2, now)
        else:
            self._wide = min(self._most, self._wide + (1.0 if self._wide < self._enough else 1.0 / self._wide))

    def in_vain(self, now: float) -> None:
        """Rows were sent and nobody settled them."""
        self._narrow(0.0, now)

    def _narrow(self, to: float, now: float) -> None:
        least = float(min(LEAST, self._most))
        self._enough = max(self._wide / 2, least)
        self._wide = max(to, least)
        self._narrowed_at = now
