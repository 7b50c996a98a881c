"""The port to the database. One engine stands behind it today; rules and routes see only this."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from functools import wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeAlias, TypeVar

from central.desk.books import Books, Keys
from central.desk.requests import RequestRow
from central.policy.standing import Standing

P = ParamSpec("P")
R = TypeVar("R")
Page: TypeAlias = list[Mapping[str, Any]]
"""Rows of a named query, by column name."""


class StoreTrouble(Exception):
    """The database cannot be used: newer than this program, damaged, or not writable. The text says what to do."""


class BeyondTheTables(ValueError):
    """A number or a text that no table can hold. Nothing was written; trying again would never help."""


class Reads(Protocol):
    """Answers named queries: the store itself, or what stands in the middle of a transaction."""

    async def read(self, query: str, params: Sequence[object] = ()) -> Page:
        """The rows of a named query (`orders.search`): as they were last committed, or as this transaction wrote."""

    async def together(self, reading: Reading[R]) -> R:
        """What `reading` finds, all of it as of one moment and in one turn of the database."""


Reading: TypeAlias = Callable[[Reads], Coroutine[Any, Any, R]]
"""Makes something of several queries; it waits for nothing but `Reads.read`."""


def of_one_moment(
    reading: Callable[Concatenate[Reads, P], Coroutine[Any, Any, R]],
) -> Callable[Concatenate[Reads, P], Coroutine[Any, Any, R]]:
    """For a function of several queries: no other's change comes between them, and they wait for one turn instead of
    one each.
    """

    @wraps(reading)
    def together(reads: Reads, /, *args: P.args, **kwargs: P.kwargs) -> Coroutine[Any, Any, R]:
        return reads.together(lambda inside: reading(inside, *args, **kwargs))

    return together


Remember: TypeAlias = Callable[[Reads, R], Coroutine[Any, Any, RequestRow | None]]
"""What is kept of an answer, read after the changes were written; it waits for nothing but `Reads.read`."""


class Store(Reads, Protocol):
    """Loads, decides and writes in one transaction; reads pages beside it."""

    @property
    def standing(self) -> Standing:
        """What the house decided once: every transaction's books have it."""

    async def transact(self, keys: Keys, decide: Callable[[Books], R], remember: Remember[R] | None = None) -> R:
        """Load what `keys` name, let the pure `decide` change the books, write it durably, return its answer.

        What `decide` raises is raised here, and nothing is written. It runs on the store's thread: it must not
        wait, read a clock or touch anything but the books and its own values. `remember` runs there too, after
        the changes are written and before they are committed.
        """

    def forget(self, sequences: Sequence[int]) -> None:
        """The broker has these rows of the outbox: they go with the next transaction. Sent again, they do no harm."""
