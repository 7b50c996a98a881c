"""Transactions that share a commit: each stands alone, and nobody is answered before it."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.desk.refused import Refused
from central.store.turns import MOST_AT_ONCE, Turn, commit_waiting

Work = Callable[[sqlite3.Connection], int]


@pytest.fixture
def database(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, text TEXT NOT NULL)")
    yield connection
    connection.close()


def keep(number: int, then: Exception | None = None) -> Work:
    """Write a row; then fail if told to. Returns how many there are."""

    def work(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO kept VALUES (?, 'x')", (number,))
        if then is not None:
            raise then
        (many,) = connection.execute("SELECT count(*) FROM kept").fetchone()
        return int(many)

    return work


def refuse() -> Refused:
    return Refused("conflict", "It cannot be done now.")


def kept(connection: sqlite3.Connection) -> list[int]:
    return [number for (number,) in connection.execute("SELECT number FROM kept ORDER BY number")]


def run(connection: sqlite3.Connection, works: list[Work]) -> list[Turn[int]]:
    """All of them wait when the connection comes to the first; it is called once for each, as the store does."""
    turns = [Turn(work) for work in works]
    waiting: deque[Turn[Any]] = deque(turns)
    for _ in turns:
        commit_waiting(connection, waiting)
    assert not waiting
    return turns


def test_what_waits_shares_one_commit(database: sqlite3.Connection) -> None:
    said: list[str] = []
    database.set_trace_callback(said.append)
    turns = run(database, [keep(number) for number in range(5)])
    assert (said.count("BEGIN IMMEDIATE"), said.count("COMMIT")) == (1, 1)
    assert [turn.result() for turn in turns] == [1, 2, 3, 4, 5]


def test_what_is_alone_has_no_savepoint(database: sqlite3.Connection) -> None:
    said: list[str] = []
    database.set_trace_callback(said.append)
    run(database, [keep(1)])
    assert not [statement for statement in said if "SAVEPOINT" in statement]


def test_only_so_many_wait_for_each_other(database: sqlite3.Connection) -> None:
    said: list[str] = []
    database.set_trace_callback(said.append)
    run(database, [keep(number) for number in range(MOST_AT_ONCE + 1)])
    assert said.count("COMMIT") == 2


@pytest.mark.parametrize("error", [refuse(), sqlite3.IntegrityError("a table refuses it"), OverflowError("too long")])
def test_what_one_raises_undoes_it_alone(database: sqlite3.Connection, error: Exception) -> None:
    first, failed, last = run(database, [keep(1), keep(2, error), keep(3)])
    assert (first.result(), last.result(), kept(database)) == (1, 2, [1, 3])
    with pytest.raises(type(error)):
        failed.result()


def test_a_table_that_refuses_undoes_it_alone(database: sqlite3.Connection) -> None:
    first, again, last = run(database, [keep(1), keep(1), keep(3)])
    assert (first.result(), last.result(), kept(database)) == (1, 2, [1, 3])
    with pytest.raises(sqlite3.IntegrityError):
        again.result()


def test_when_the_file_is_in_trouble_all_hear_it_a_refusal_too(database: sqlite3.Connection) -> None:
    """A refusal may rest on what another wrote, and that is not there now."""
    (pages,) = database.execute("PRAGMA page_count").fetchone()
    database.execute(f"PRAGMA max_page_count = {pages}")

    def too_much(connection: sqlite3.Connection) -> int:
        connection.execute("INSERT INTO kept VALUES (9, ?)", ("x" * 100_000,))
        return 9

    for turn in run(database, [keep(1), keep(2, refuse()), too_much]):
        with pytest.raises(sqlite3.OperationalError, match="full"):
            turn.result()
    assert (kept(database), database.in_transaction) == ([], False)
    (later,) = run(database, [keep(4)])
    assert (later.result(), kept(database)) == (1, [4])


def test_when_another_writes_all_of_them_hear_it(database: sqlite3.Connection, tmp_path: Path) -> None:
    database.execute("PRAGMA busy_timeout = 0")
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for turn in run(database, [keep(1), keep(2)]):
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            turn.result()
    other.close()


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.sampled_from(["writes", "refuses", "refuses after writing"]))))
def test_together_they_do_what_they_would_one_by_one(asked: list[tuple[int, str]]) -> None:
    found: list[tuple[list[int], list[str]]] = []
    for together in (True, False):
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.execute("CREATE TABLE kept (number INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        works = [_work(number, how) for number, how in asked]
        turns = run(connection, works) if together else [turn for work in works for turn in run(connection, [work])]
        found.append((kept(connection), [_came_of(turn) for turn in turns]))
        connection.close()
    assert found[0] == found[1]


def _work(number: int, how: str) -> Work:
    def refusing(connection: sqlite3.Connection) -> int:
        raise refuse()

    return refusing if how == "refuses" else keep(number, refuse() if how == "refuses after writing" else None)


def _came_of(turn: Turn[int]) -> str:
    try:
        return str(turn.result())
    except (Refused, sqlite3.IntegrityError) as error:
        return repr(error)
