"""How long the certificates last that central itself lives by, and from when on somebody is told. Pure."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

from contract.expiry import DAY_MS, Life, expiry_trouble
from contract.machine import MachineTrouble

RENEWED_DAYS: Final = 30
"""So long before its end central makes the next certificate, where its authority made this one."""
_AUTHORITY_TOLD_DAYS: Final = 365
"""With the next authority every station is claimed anew."""

Holder = Literal["authority", "broker", "central", "office"]


class Lasting(Struct, frozen=True):
    """One certificate: of the authority, as the broker shows it, central's for the broker, or of the office's pages."""

    holder: Holder
    life: Life
    is_ours: bool
    """Signed by central's own authority."""


def trouble_of(certificate: Lasting, at: int) -> MachineTrouble | None:
    """What to tell the office of it; None while there is time. The amount: days left."""
    life = certificate.life
    before_ms = _AUTHORITY_TOLD_DAYS * DAY_MS if certificate.holder == "authority" else life.told_before_ms
    return expiry_trouble(certificate.holder, life, at, before_ms)
