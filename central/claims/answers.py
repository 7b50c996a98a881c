"""Claims and certificates as the REST interface and the page show them."""

from __future__ import annotations

from msgspec import Struct


class ClaimAnswer(Struct, frozen=True):
    """A claim that waits for a person."""

    claim: str
    station: str
    fingerprint: str
    """Of the station's key, as the station shows it."""
    address: str
    offered_at: int
    ends_at: int
    wrong: int
    """Codes that were typed and did not fit."""


class CertificateAnswer(Struct, frozen=True):
    """A certificate that has not ended."""

    serial: str
    station: str
    issued_at: int
    ends_at: int
    issued_by: str
    """Who approved the claim; for a renewal the serial of the one before."""
    revoked_at: int | None = None
    revoked_by: str = ""
    cut_at: int | None = None
    """Revoked, and the broker was seen to refuse it."""


class CertificatePage(Struct, frozen=True):
    """One page of certificates."""

    items: tuple[CertificateAnswer, ...]
    next: str | None


class ClaimsAnswer(Struct, frozen=True):
    """What waits, and what was given."""

    has_authority: bool
    """Whether this central can sign at all: `packline-central ca init`."""
    waiting: tuple[ClaimAnswer, ...]
    certificates: tuple[CertificateAnswer, ...]
