"""The store as one person or program sees it: what they change goes into the audit trail in the same transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from central.desk.books import Books, Keys
from central.people.trail import Author
from central.policy.standing import Standing
from central.store.store import Page, Reading, Remember, Store

R = TypeVar("R")


class RecordedStore:
    """A `Store` for the commands of one author."""

    def __init__(self, store: Store, author: Author) -> None:
        self._store = store
        self._author = author

    @property
    def standing(self) -> Standing:
        """See `Store.standing`."""
        return self._store.standing

    async def transact(self, keys: Keys, decide: Callable[[Books], R], remember: Remember[R] | None = None) -> R:
        """See `Store.transact`."""

        def in_their_name(books: Books) -> R:
            books.author = self._author
            return decide(books)

        return await self._store.transact(keys, in_their_name, remember)

    def forget(self, sequences: Sequence[int]) -> None:
        """See `Store.forget`."""
        self._store.forget(sequences)

    async def read(self, query: str, params: Sequence[object] = ()) -> Page:
        """See `Store.read`."""
        return await self._store.read(query, params)

    async def together(self, reading: Reading[R]) -> R:
        """See `Reads.together`."""
        return await self._store.together(reading)
