"""Signing in: the try counted, the password compared, the session begun."""

from __future__ import annotations

import hashlib
import secrets

from msgspec import Struct

from central.desk.books import Books, Keys
from central.people import rules, sessions
from central.people.passwords import Passwords
from central.store.store import Store
from contract.values import Language


class Entered(Struct, frozen=True):
    """Somebody came in."""

    secret: str
    """What their browser keeps; the database has its hash."""
    language: Language
    must_change: bool


def hashed(secret: str) -> str:
    """What is kept of a secret of 256 bits: it cannot be guessed, so one fast round is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


async def knows(store: Store, passwords: Passwords, account: str, password: str, at: int) -> bool:
    """Whether who sits before a browser in which somebody is signed in knows the password, too.

    It counts as a try to sign in. Raises `Refused` when it was tried too often.
    """
    guessed = sessions.guessed_at(account)
    keys = Keys(attempts=frozenset({guessed}))
    await store.transact(keys, lambda books: sessions.count_try(books, guessed, "sign-ins", at))
    rows = await store.read("people.password_of", (account,))
    if not await passwords.fits(rows[0]["password"], password):
        return False
    await store.transact(keys, lambda books: sessions.forgive(books, guessed))
    return True


async def enter(
    store: Store, passwords: Passwords, account: str, password: str, address: str, browser: str, at: int
) -> Entered | None:
    """None when name and password do not fit. Raises `Refused` when it was tried too often."""
    attempts = frozenset(sessions.attempts_of(account, address))
    await store.transact(Keys(attempts=attempts), lambda books: sessions.attempt(books, account, address, at))
    rows = await store.read("people.password_of", (account,))
    kept: str = rows[0]["password"] if rows else ""
    named = Keys(accounts=frozenset({account}), attempts=attempts)
    if not await passwords.fits(kept, password):
        await store.transact(named, lambda books: sessions.refused(books, account, address, at))
        return None
    again = await passwords.hash(password) if passwords.is_old(kept) else ""
    secret = secrets.token_urlsafe(32)

    def begin(books: Books) -> Entered | None:
        row = books.accounts.get(account)
        if row is None or not row.active:
            sessions.refused(books, account, address, at)
            return None
        if again:
            rules.hashed_again(books, account, kept, again)
        sessions.begin(books, account, address, hashed(secret), browser, at)
        return Entered(secret, row.language, bool(row.must_change))

    return await store.transact(named, begin)
