"""People, tokens and the audit trail as they are stored, for routes and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from central.desk.refused import not_found
from central.office.paging import PAST_ALL, cursor, known_filter, like, place
from central.people.answers import (
    AuditEntry,
    AuditPage,
    PersonAnswer,
    PersonPage,
    SessionAnswer,
    TokenAnswer,
    TokenPage,
)
from central.people.model import ROLES
from central.store.store import Reads, Store

_LAST: Final = "\U0010ffff"


class AuditFilters(Struct, frozen=True):
    """What the audit trail is narrowed to; empty texts narrow nothing."""

    by: str = ""
    subject: str = ""
    """`order/P-1`, or `order/` for all orders."""
    since: int = 0
    before: int = PAST_ALL


async def search(
    store: Store, text: str = "", role: str = "", gone: bool = False, after: str = "", limit: int = 50
) -> PersonPage:
    """People by sign-in name. Raises `Refused`."""
    known_filter("role", role, ROLES)
    (account,) = place(after, tuple[str], ("",))
    rows = await store.read("people.search", (like(text.strip()), role, int(gone), account, limit + 1))
    more = cursor(rows[limit - 1]["account"]) if len(rows) > limit else None
    return PersonPage(tuple(_person(row) for row in rows[:limit]), more)


def _person(row: Mapping[str, Any]) -> PersonAnswer:
    return msgspec.convert(row, PersonAnswer, strict=False)


async def one(store: Reads, account: str) -> PersonAnswer:
    """Raises `Refused` when there is no such account."""
    rows = await store.read("people.one", (account,))
    if not rows:
        raise not_found("account", account)
    return _person(rows[0])


async def sessions(store: Store, account: str) -> tuple[SessionAnswer, ...]:
    """Where somebody is signed in."""
    return tuple(msgspec.convert(row, SessionAnswer) for row in await store.read("people.sessions_of", (account,)))


async def tokens(store: Store, after: str = "", limit: int = 50) -> TokenPage:
    """Tokens by name."""
    (name,) = place(after, tuple[str], ("",))
    rows = await store.read("people.tokens", (name, limit + 1))
    more = cursor(rows[limit - 1]["token"]) if len(rows) > limit else None
    return TokenPage(tuple(_token(row) for row in rows[:limit]), more)


def _token(row: Mapping[str, Any]) -> TokenAnswer:
    return msgspec.convert({**row, "scopes": msgspec.json.decode(row["scopes"])}, TokenAnswer)


async def token(store: Reads, name: str) -> TokenAnswer:
    """Raises `Refused` when there is no such token."""
    rows = await store.read("people.token", (name,))
    if not rows:
        raise not_found("token", name)
    return _token(rows[0])


async def audit(store: Store, filters: AuditFilters, after: str = "", limit: int = 50) -> AuditPage:
    """Who did what, newest first."""
    (entry,) = place(after, tuple[int], (PAST_ALL,))
    subject = filters.subject
    # A kind (`order/`) is everything that begins with it, anything else is itself alone.
    end = _LAST if not subject else subject + (_LAST if subject.endswith("/") else "\0")
    rows = await store.read("people.audit", (filters.by, subject, end, filters.since, filters.before, entry, limit + 1))
    more = cursor(rows[limit - 1]["entry"]) if len(rows) > limit else None
    return AuditPage(tuple(_entry(row) for row in rows[:limit]), more)


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    written = {name: msgspec.json.decode(row[name]) for name in ("before", "after")}
    return msgspec.convert({**row, **written}, AuditEntry)
