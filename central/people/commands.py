"""What may be done with accounts and tokens; pages, REST and the command line all call these."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from typing import Final

from central.desk.books import Books, Keys
from central.people import rules, tokens
from central.people.entering import hashed
from central.people.model import Details
from central.people.passwords import Passwords
from central.people.sessions import end_all
from central.people.tokens import NewToken
from central.store.store import Store
from contract.values import Box

_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Those that nobody mistakes for another."""


class People:
    """Accounts in a store, and the benches that are told of them."""

    def __init__(self, store: Store, passwords: Passwords, boxes: tuple[Box, ...], at: int) -> None:
        self._store = store
        self._passwords = passwords
        self._boxes = boxes
        self._at = at

    async def add(self, account: str, details: Details, password: str = "", *, must_change: bool = True) -> None:
        """Raises `Refused`. Without a password they have a badge at most."""
        kept = await self._passwords.hash(password) if password else ""
        await self._change(
            account, lambda books: rules.add(books, account, details, kept, self._at, must_change=must_change)
        )

    async def change(self, account: str, details: Details) -> None:
        await self._change(account, lambda books: rules.change(books, account, details, self._at))

    async def set_active(self, account: str, active: bool) -> None:
        await self._change(account, lambda books: rules.set_active(books, account, active, self._at))

    async def reset_password(self, account: str) -> str:
        """A new password that is drawn, to be told once and changed at the first sign-in."""
        password = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))
        await self.set_password(account, password, by_themselves=False)
        return password

    async def set_password(self, account: str, password: str, *, by_themselves: bool, session: str = "") -> None:
        """`session` stays signed in, every other one of theirs does not."""
        kept = await self._passwords.hash(password)
        await self._change(
            account,
            lambda books: rules.set_password(
                books, account, kept, self._at, by_themselves=by_themselves, session=session
            ),
        )

    async def new_badge(self, account: str) -> None:
        """A badge that is drawn: the one before opens nothing any more, at any bench that is online."""
        badge = "".join(secrets.choice(_LETTERS) for _ in range(10)).upper()
        await self._change(account, lambda books: rules.set_badge(books, account, badge, self._at))

    async def sign_out(self, account: str, but: str = "") -> None:
        """In every browser but that of the session `but`."""
        await self._change(account, lambda books: end_all(books, account, but))

    async def _change(self, account: str, decide: Callable[[Books], None]) -> None:
        def decide_and_tell(books: Books) -> None:
            decide(books)
            rules.tell_benches(books, self._boxes)

        await self._store.transact(rules.keys_of(account), decide_and_tell)


async def create_token(store: Store, new: NewToken, may: Collection[str], by: str, at: int) -> str:
    """The secret, which is told once: only its hash is kept. Raises `Refused`."""
    secret = f"pl_{secrets.token_urlsafe(32)}"
    keys = Keys(tokens=frozenset({new.name}))
    await store.transact(keys, lambda books: tokens.create(books, new, hashed(secret), may, by, at))
    return secret


async def revoke_token(store: Store, name: str, at: int) -> None:
    """Raises `Refused`."""
    await store.transact(Keys(tokens=frozenset({name})), lambda books: tokens.revoke(books, name, at))
