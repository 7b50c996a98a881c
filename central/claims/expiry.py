"""How long the certificates last that central itself lives by, and from when on somebody is told. Pure."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from contract.machine import MachineTrouble

DAY_MS: Final = 86_400_000
RENEWED_DAYS: Final = 30
"""So long before its end central makes the next certificate, where its authority made this one."""
_TOLD_DAYS: Final = 20
"""Later than that: what renews by itself is told only when it was not taken up."""
_TOLD_PART: Final = 5
"""A certificate from elsewhere may be short: told when a fifth of its life is left."""
_AUTHORITY_TOLD_DAYS: Final = 365
"""With the next authority every station is claimed anew."""

Holder = Literal["authority", "broker", "central", "office"]


class Lasting(Struct, frozen=True):
    """One certificate: of the authority, as the broker shows it, central's for the broker, or of the office's pages."""

    holder: Holder
    begins_at: int
    ends_at: int
    is_ours: bool
    """Signed by central's own authority."""

    def days_left(self, at: int) -> int:
        """Whole days; 0 when it has ended."""
        return max(0, (self.ends_at - at) // DAY_MS)


def trouble_of(certificate: Lasting, at: int) -> MachineTrouble | None:
    """What to tell the office of it; None while there is time. The amount: days left."""
    if at >= certificate.ends_at:
        return MachineTrouble(f"{certificate.holder}_certificate_ended")
    if certificate.ends_at - at >= _told_before_ms(certificate):
        return None
    return MachineTrouble(f"{certificate.holder}_certificate_ends", certificate.days_left(at))


def _told_before_ms(certificate: Lasting) -> int:
    if certificate.holder == "authority":
        return _AUTHORITY_TOLD_DAYS * DAY_MS
    return min(_TOLD_DAYS * DAY_MS, (certificate.ends_at - certificate.begins_at) // _TOLD_PART)
