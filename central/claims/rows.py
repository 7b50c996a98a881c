"""Claims and certificates as the books hold them."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct


class ClaimRow(Struct, frozen=True, gc=False):
    """A station asked for a certificate."""

    claim: str
    """Drawn; whoever has it may fetch what became of the claim."""
    station: str
    request: str
    """PKCS#10 in PEM."""
    proof: str
    """That the station knows the code; see `contract.claims`."""
    fingerprint: str
    address: str
    """Where it came from."""
    offered_at: int
    ends_at: int
    state: Literal["waiting", "approved", "refused"] = "waiting"
    wrong: int = 0
    """Codes that were typed and did not fit."""
    certificate: str = ""
    answer: str = ""
    """That central was told the code."""


class CertificateRow(Struct, frozen=True, gc=False):
    """A certificate of a station."""

    serial: str
    """Hexadecimal."""
    station: str
    issued_at: int
    ends_at: int
    issued_by: str
    """Who approved the claim; for a renewal the serial of the one before."""
    revoked_at: int | None = None
    revoked_by: str = ""
    cut_at: int | None = None
    """When the broker was seen to refuse it, and its connection was ended."""
