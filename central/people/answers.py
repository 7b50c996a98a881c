"""People, tokens and the audit trail as the REST interface and the pages show them."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from contract.values import Language, Role


class PersonAnswer(Struct, frozen=True):
    """Somebody who works here. Nothing of the password is ever shown."""

    account: str
    """The sign-in name."""
    name: str
    email: str
    role: Role
    badge: str
    language: Language
    active: bool
    signs_in: bool
    """Has a password."""
    must_change: bool
    """The password was chosen by somebody else, and opens nothing until it is changed."""
    sessions: int
    """Browsers that are signed in."""
    created_at: int
    changed_at: int


class PersonPage(Struct, frozen=True):
    """One page of people, by sign-in name."""

    items: tuple[PersonAnswer, ...]
    next: str | None
    """Give it as `after` to get the next page; null on the last one."""


class NewPassword(Struct, frozen=True):
    """A password that was drawn. It is told this once."""

    account: str
    password: str | None
    """Null: it was told to this request before."""


class SessionAnswer(Struct, frozen=True):
    """A browser that is signed in."""

    session: str
    started_at: int
    seen_at: int
    browser: str


class TokenAnswer(Struct, frozen=True):
    """A program that may come in."""

    token: str
    scopes: tuple[str, ...]
    created_by: str
    created_at: int
    expires_at: int | None
    revoked_at: int | None
    used_at: int
    """To the hour; 0: never."""


class TokenPage(Struct, frozen=True):
    """One page of tokens, by name."""

    items: tuple[TokenAnswer, ...]
    next: str | None
    """Give it as `after` to get the next page; null on the last one."""


class TokenCreated(Struct, frozen=True):
    """A new token. The secret is told this once."""

    token: TokenAnswer
    secret: str | None
    """Send it as `Authorization: Bearer …`. Null: it was told to this request before."""


class AuditEntry(Struct, frozen=True):
    """Somebody did something."""

    entry: int
    at: int
    by: str
    """A sign-in name, `token:NAME`, `this machine` or `command line`."""
    request: str
    """Method and path, or the command."""
    subject: str
    """`order/…`, `product/…`, `account/…` …"""
    before: dict[str, Any]
    """The fields that changed, as they were; `…` stands for a secret. Empty for what is new."""
    after: dict[str, Any]


class AuditPage(Struct, frozen=True):
    """One page of the audit trail, newest first."""

    items: tuple[AuditEntry, ...]
    next: str | None
    """Give it as `after` to get the next page; null on the last one."""
