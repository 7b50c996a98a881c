"""How long a certificate lasts, and from when on somebody is told. Pure."""

from __future__ import annotations

from typing import Final, NamedTuple

from contract.machine import MachineTrouble

DAY_MS: Final = 86_400_000
_TOLD_DAYS: Final = 20
"""Later than that: what renews by itself is told only when it was not taken up."""
_TOLD_PART: Final = 5
"""A certificate from elsewhere may be short: told when a fifth of its life is left."""


class Life(NamedTuple):
    """From when until when a certificate counts, in milliseconds since the epoch."""

    begins_at: int
    ends_at: int

    def days_left(self, at: int) -> int:
        """Whole days; 0 when it has ended."""
        return max(0, (self.ends_at - at) // DAY_MS)

    @property
    def told_before_ms(self) -> int:
        """So long before its end somebody is told."""
        return min(_TOLD_DAYS * DAY_MS, (self.ends_at - self.begins_at) // _TOLD_PART)


def expiry_trouble(holder: str, life: Life, at: int, before_ms: int) -> MachineTrouble | None:
    """What to tell of the certificate of `holder`; None while there is time. The amount: days left."""
    if at >= life.ends_at:
        return MachineTrouble(f"{holder}_certificate_ended")
    if life.ends_at - at >= before_ms:
        return None
    return MachineTrouble(f"{holder}_certificate_ends", life.days_left(at))
