"""People, tokens and the audit trail as they are stored, for routes and pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import Struct

from central.desk.refused import not_found
from central.office.paging import PAST_ALL, known_filter, like, page_of
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

USABLE: Final = ("valid", "over")
"""What a list of tokens may be narrowed to; `over`: expired or revoked."""


class AuditFilters(Struct, frozen=True):
    """What the audit trail is narrowed to; empty texts narrow nothing."""

    by: str = ""
    subject: str = ""
    """`order/P-1`, or `order/` for all orders."""
    since: int = 0
    before: int = PAST_ALL


async def search(
    store: Store, text: str = "", role: str = "", gone: bool = False, after: str = "", limit: int = 50, sort: str = ""
) -> PersonPage:
    """People, usually by sign-in name. Raises `Refused`."""
    known_filter("role", role, ROLES)
    rows, more = await page_of(store, "people.search", (like(text.strip()), role, int(gone)), sort, after, limit)
    return PersonPage(tuple(_person(row) for row in rows), more)


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


async def tokens(
    store: Store, now: int, text: str = "", state: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> TokenPage:
    """Tokens, usually by name; `text` is in the name or its maker's, `state` of `USABLE`. Raises `Refused`."""
    known_filter("state", state, USABLE)
    text = text.strip()
    rows, more = await page_of(store, "people.tokens", (text, like(text), state, now), sort, after, limit)
    return TokenPage(tuple(_token(row) for row in rows), more)


def _token(row: Mapping[str, Any]) -> TokenAnswer:
    return msgspec.convert({**row, "scopes": msgspec.json.decode(row["scopes"])}, TokenAnswer)


async def token(store: Reads, name: str) -> TokenAnswer:
    """Raises `Refused` when there is no such token."""
    rows = await store.read("people.token", (name,))
    if not rows:
        raise not_found("token", name)
    return _token(rows[0])


async def audit(store: Store, filters: AuditFilters, after: str = "", limit: int = 50, sort: str = "") -> AuditPage:
    """Who did what, usually newest first. Raises `Refused`."""
    # A kind (`order/`) is everything that begins with it, anything else is itself alone.
    whole = not filters.subject or filters.subject.endswith("/")
    asked = (filters.by, filters.since, filters.before, filters.subject)
    rows, more = await page_of(store, "people.audit" if whole else "people.audit_of", asked, sort, after, limit)
    return AuditPage(tuple(_entry(row) for row in rows), more)


def _entry(row: Mapping[str, Any]) -> AuditEntry:
    written = {name: msgspec.json.decode(row[name]) for name in ("before", "after")}
    return msgspec.convert({**row, **written}, AuditEntry)
