"""Claims and certificates as they are stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from central.claims.answers import CertificateAnswer, CertificatePage, ClaimAnswer, ClaimsAnswer
from central.claims.rows import ClaimRow
from central.claims.rules import state_of
from central.office.paging import PAST_ALL, known_filter, like, page_of
from central.store.store import Reads, Store
from contract.claims import ClaimState

STATES: Final = ("valid", "revoked")
"""What a list of certificates may be narrowed to."""


async def everything(store: Reads, has_authority: bool, at: int) -> ClaimsAnswer:
    """What waits and what was given, all of it."""
    given = await certificates(store, at, limit=PAST_ALL - 1)
    return ClaimsAnswer(has_authority, await waiting(store, at), given.items)


async def waiting(store: Reads, at: int) -> tuple[ClaimAnswer, ...]:
    """Claims that a person could approve still."""
    return tuple(msgspec.convert(row, ClaimAnswer) for row in await store.read("claims.waiting", (at,)))


async def certified(store: Reads, at: int, stations: Sequence[str]) -> frozenset[str]:
    """Which of these stations have a certificate that is valid."""
    rows = await store.read("claims.certified", (at, msgspec.json.encode(stations).decode()))
    return frozenset(row["station"] for row in rows)


async def certificates(
    store: Reads, at: int, text: str = "", state: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> CertificatePage:
    """Certificates that have not ended, usually by station; `state` is of `STATES`. Raises `Refused`."""
    known_filter("state", state, STATES)
    text = text.strip()
    rows, more = await page_of(store, "claims.certificates", (at, text, like(text), state), sort, after, limit)
    return CertificatePage(tuple(msgspec.convert(row, CertificateAnswer) for row in rows), more)


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
