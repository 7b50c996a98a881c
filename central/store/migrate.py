"""Brings a database file to the shape that this program knows."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from central.store.queries import SQLITE, spelled
from central.store.store import StoreTrouble

_FILE = re.compile(r"(\d{4})_(\w+)\.sql")


def migrations() -> list[tuple[int, str, str]]:
    """Number, name and SQL of each migration, in order. Raises `ValueError` when a number is missing or twice."""
    found = sorted(
        (int(match[1]), match[2], file.read_text(encoding="utf-8"))
        for file in files("central.store.migrations").iterdir()
        if (match := _FILE.fullmatch(file.name))
    )
    if [number for number, _, _ in found] != list(range(1, len(found) + 1)):
        raise ValueError(f"the migrations are not numbered 1 to {len(found)}")
    return found


def migrate(connection: sqlite3.Connection, path: Path, now: int) -> None:
    """Apply what is missing, each migration in its own transaction. Raises `StoreTrouble`."""
    connection.execute(
        "CREATE TABLE IF NOT EXISTS migrations "
        "(number integer PRIMARY KEY, name text NOT NULL, applied_at integer NOT NULL)"
    )
    (applied,) = connection.execute("SELECT coalesce(max(number), 0) FROM migrations").fetchone()
    known = migrations()
    if applied > len(known):
        raise StoreTrouble(
            f"{path}: a newer Packline wrote this database (its shape is {applied}, this program knows {len(known)}); "
            "install that version again, or restore the backup from before the upgrade"
        )
    for number, name, sql in known[applied:]:
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(spelled(sql, SQLITE)):
                connection.execute(statement)
            connection.execute("INSERT INTO migrations VALUES (?, ?, ?)", (number, name, now))
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            connection.execute("ROLLBACK")
            raise StoreTrouble(f"{path}: the upgrade {number:04d}_{name} failed and was undone: {error}") from error


def missing(connection: sqlite3.Connection) -> list[str]:
    """Each `table.column` that a database of this program has, and this one has not."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as model:
        migrate(model, Path(":memory:"), 0)
        return sorted(_columns(model) - _columns(connection))


def _columns(connection: sqlite3.Connection) -> set[str]:
    query = "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c WHERE t.type = 'table'"
    return {name for (name,) in connection.execute(query)}


def _statements(sql: str) -> Iterator[str]:
    """One statement after the other; a semicolon inside a text does not end one."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
