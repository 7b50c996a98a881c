"""Accounts: added, changed, let go; and benches told at once. Pure."""

from __future__ import annotations

import zlib

from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.refused import Refused, not_found
from central.people.model import Details
from central.people.rows import AccountRow
from central.people.sessions import end_all
from contract.envelope import encode
from contract.messages import Configure
from contract.values import Box, Language, Person


def keys_of(account: str) -> Keys:
    """All that a change of an account may touch."""
    return Keys(accounts=frozenset({account}), sessions_of=frozenset({account}), everyone=True, online=True)


def add(books: Books, account: str, details: Details, password: str, at: int, *, must_change: bool = True) -> None:
    """Somebody begins. `password` is its hash, or empty: they have a badge and do not come into the office."""
    if account in books.accounts:
        raise Refused("conflict", f"There is an account {account} already.", "account", account)
    _free_badge(books, account, details.badge)
    books.accounts.put(
        AccountRow(
            account,
            details.name,
            details.email,
            details.role,
            details.badge,
            details.language,
            password=password,
            must_change=bool(password) and must_change,
            created_at=at,
            changed_at=at,
        )
    )


def change(books: Books, account: str, details: Details, at: int) -> None:
    """What is known of somebody becomes this."""
    row = _known(books, account)
    _free_badge(books, account, details.badge)
    changed = replace(
        row,
        name=details.name,
        email=details.email,
        role=details.role,
        badge=details.badge,
        language=details.language,
        changed_at=at,
    )
    _keep_an_admin(books, row, changed)
    books.accounts.put(changed)


def set_active(books: Books, account: str, active: bool, at: int) -> None:
    """Let somebody go, or have them back. Who goes is signed out everywhere."""
    row = _known(books, account)
    changed = replace(row, active=active, changed_at=at)
    _keep_an_admin(books, row, changed)
    books.accounts.put(changed)
    if not active:
        end_all(books, account)


def set_password(books: Books, account: str, password: str, at: int, *, by_themselves: bool, session: str = "") -> None:
    """`password` is its hash. Every browser but the one that asks is signed out."""
    row = _known(books, account)
    books.accounts.put(replace(row, password=password, must_change=not by_themselves, changed_at=at))
    end_all(books, account, but=session)


def hashed_again(books: Books, account: str, before: str, password: str) -> None:
    """The same password under today's parameters, unless it was changed meanwhile."""
    row = books.accounts.get(account)
    if row is not None and row.password == before:
        books.accounts.put(replace(row, password=password))


def set_badge(books: Books, account: str, badge: str, at: int) -> None:
    """A new badge; the old one opens nothing any more."""
    row = _known(books, account)
    _free_badge(books, account, badge)
    books.accounts.put(replace(row, badge=badge, changed_at=at))


def set_language(books: Books, account: str, language: Language, at: int) -> None:
    """What somebody reads."""
    books.accounts.put(replace(_known(books, account), language=language, changed_at=at))


def roster(books: Books) -> tuple[Person, ...]:
    """Who may sign in at a bench. The books must have everyone."""
    return tuple(row.person for row in sorted(books.accounts, key=lambda row: row.account) if row.is_at_benches)


def configuration(people: tuple[Person, ...], boxes: tuple[Box, ...]) -> int:
    """Changes when people or boxes do."""
    return zlib.crc32(encode((people, boxes)))


def tell_benches(books: Books, boxes: tuple[Box, ...]) -> None:
    """Send every bench that is online who may sign in now. One that is not gets it when it comes back."""
    people = roster(books)
    version = configuration(people, boxes)
    for station in list(books.stations):
        if station.online and station.configured != version:
            books.send(station.station, Configure(version, people, boxes))
            books.stations.put(replace(station, configured=version))


def _known(books: Books, account: str) -> AccountRow:
    row = books.accounts.get(account)
    if row is None:
        raise not_found("account", account)
    return row


def _free_badge(books: Books, account: str, badge: str) -> None:
    for other in books.accounts:
        if badge and other.account != account and other.badge.casefold() == badge.casefold():
            raise Refused("conflict", f"{other.name} has badge {badge}.", "badge", badge)


def _lets_in(row: AccountRow) -> bool:
    """An admin with nothing but a badge opens no page."""
    return row.role == "admin" and bool(row.active) and bool(row.password)


def _keep_an_admin(books: Books, before: AccountRow, after: AccountRow) -> None:
    """Somebody must be left who can let others in."""
    if not _lets_in(before) or _lets_in(after):
        return
    if not any(_lets_in(row) and row.account != before.account for row in books.accounts):
        raise Refused("conflict", f"{before.name} is the last admin: make somebody else admin first.", "role")
