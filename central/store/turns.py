"""Transactions that wait for the one writing connection share its next commit, and with it the wait for the disk.

Each still stands alone: what one raises undoes that one, and nobody is answered before all of them are on the disk.
See docs/decisions/0031.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, Final, Generic, TypeVar

R = TypeVar("R")
MOST_AT_ONCE: Final = 20
"""The first of them waits for the work of the others, and more of them spare hardly more."""
OF_THE_VALUES: Final = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.ProgrammingError)
"""The file is well, it is what should be written that is not: waiting and trying again would never help."""


class Turn(Generic[R]):
    """What one transaction does between BEGIN and COMMIT, and what came of it."""

    def __init__(self, work: Callable[[Any], R]) -> None:
        """`work` gets the connection."""
        self._work = work
        self._found: list[R] = []
        self._error: BaseException | None = None

    def run(self, connection: sqlite3.Connection) -> None:
        """Raises what the work raises."""
        self._found.append(self._work(connection))

    def run_apart(self, connection: sqlite3.Connection) -> None:
        """The same, undone by itself when it fails. Raises what concerns all: the engine's trouble with its file."""
        connection.execute("SAVEPOINT turn")
        try:
            self.run(connection)
        except BaseException as error:
            of_the_file = isinstance(error, sqlite3.Error) and not isinstance(error, OF_THE_VALUES)
            if of_the_file or not connection.in_transaction:
                raise
            connection.execute("ROLLBACK TO turn")
            self.fail(error)
        connection.execute("RELEASE turn")

    def fail(self, error: BaseException) -> None:
        """Nothing of it was written, whatever it found."""
        self._error = error

    def result(self) -> R:
        """What the work returned. Raises what it raised, or why nothing was written."""
        if self._error is not None:
            raise self._error
        return self._found[0]


def commit_waiting(connection: sqlite3.Connection, waiting: deque[Turn[Any]]) -> None:
    """Those that wait, in one transaction. Called once for each turn: the call before may have taken it along."""
    turns = [waiting.popleft() for _ in range(min(len(waiting), MOST_AT_ONCE))]
    if not turns:
        return
    try:
        connection.execute("BEGIN IMMEDIATE")
        if len(turns) == 1:
            turns[0].run(connection)
        else:
            for turn in turns:
                turn.run_apart(connection)
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        for turn in turns:
            turn.fail(error)
