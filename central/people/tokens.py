"""Tokens: programs that may come in. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused, not_found
from central.intake import fields
from central.intake.fields import BadField
from central.people.rows import TokenRow
from central.people.scopes import SCOPES, Scope

MOST_DAYS: Final = 3650
_DAY_MS: Final = 24 * 3_600_000
_NAME: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,38}[A-Za-z0-9])?", re.ASCII)
USED_EVERY_MS: Final = 3_600_000
"""A use sooner than this after the last one is not written down."""


class NewToken(Struct, frozen=True):
    """What somebody asks for."""

    name: str
    scopes: tuple[Scope, ...]
    days: int | None = None
    """None: until it is revoked."""


def token_of(row: Mapping[str, str], wanted: Iterable[str]) -> NewToken:
    """Raises `BadField`."""
    name = fields.required(row, "name", 60)
    if not _NAME.fullmatch(name):
        raise BadField("name", name, "a name: 1 to 40 letters, digits, spaces, dots, hyphens")
    chosen = set(wanted)
    for scope in sorted(chosen - set(SCOPES)):
        raise BadField("scopes", scope, "a right that there is")
    if not chosen:
        raise BadField("scopes", "", "filled in")
    days = fields.whole(row, "days", 1, MOST_DAYS, "days", 0)
    return NewToken(name, tuple(scope for scope in SCOPES if scope in chosen), days or None)


def create(books: Books, new: NewToken, sha256: str, may: Collection[str], by: str, at: int) -> None:
    """A new token; nobody gives away a right that they do not have."""
    if new.name in books.tokens:
        raise Refused("conflict", f"There is, or was, a token {new.name}; take another name.", "name", new.name)
    if beyond := [scope for scope in new.scopes if scope not in may]:
        raise Refused("conflict", f"You do not have the right {beyond[0]} yourself.", "scopes", beyond[0])
    expires_at = at + new.days * _DAY_MS if new.days else None
    scopes = msgspec.json.encode(new.scopes).decode()
    books.tokens.put(TokenRow(new.name, sha256, scopes, by, at, expires_at))


def revoke(books: Books, name: str, at: int) -> None:
    """It opens nothing any more; again changes nothing."""
    row = books.tokens.get(name)
    if row is None:
        raise not_found("token", name)
    if row.revoked_at is None:
        books.tokens.put(replace(row, revoked_at=at))


def used(books: Books, name: str, at: int) -> None:
    row = books.tokens.get(name)
    if row is not None:
        books.tokens.put(replace(row, used_at=at))


def is_over(row: TokenRow, at: int) -> bool:
    return row.revoked_at is not None or (row.expires_at is not None and at >= row.expires_at)
