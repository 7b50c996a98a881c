"""Claims and certificates as they are stored."""

from __future__ import annotations

import msgspec

from central.claims.answers import CertificateAnswer, ClaimAnswer, ClaimsAnswer
from central.claims.rows import ClaimRow
from central.claims.rules import state_of
from central.store.store import Reads, Store
from contract.claims import ClaimState


async def everything(store: Reads, has_authority: bool, at: int) -> ClaimsAnswer:
    """For the page of technicians."""
    waiting = await store.read("claims.waiting", (at,))
    certificates = await store.read("claims.certificates", (at,))
    return ClaimsAnswer(
        has_authority,
        tuple(msgspec.convert(row, ClaimAnswer) for row in waiting),
        tuple(msgspec.convert(row, CertificateAnswer) for row in certificates),
    )


async def one(store: Store, claim: str) -> ClaimRow | None:
    """A claim by its drawn name."""
    rows = await store.read("claims.one", (claim,))
    return msgspec.convert(rows[0], ClaimRow) if rows else None


def state(row: ClaimRow, authority: str, at: int) -> ClaimState:
    """As the station is told."""
    match state_of(row, at):
        case "approved":
            return ClaimState("approved", row.certificate, authority, row.answer)
        case "refused":
            return ClaimState("refused")
        case "over":
            return ClaimState("over")
        case _:
            return ClaimState("waiting")
