"""A database file and the shapes it goes through."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from central.store import migrate as module
from central.store.migrate import migrate, migrations
from central.store.sqlite import SqliteStore
from central.store.store import StoreTrouble


def test_migrations_are_applied_once_and_in_order(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    migrate(connection, tmp_path / "a.db", 5)
    migrate(connection, tmp_path / "a.db", 6)
    applied = connection.execute("SELECT number, applied_at FROM migrations ORDER BY number").fetchall()
    assert applied == [(number, 5) for number, _, _ in migrations()]
    connection.close()


def test_a_failing_upgrade_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.db"
    connection = sqlite3.connect(path, isolation_level=None)
    known = migrations()
    broken = (len(known) + 1, "broken", "CREATE TABLE extra (a text);\nCREATE TABLE extra (a text);\n")
    monkeypatch.setattr(module, "migrations", lambda: [*known, broken])
    with pytest.raises(StoreTrouble, match=r"broken failed and was undone"):
        migrate(connection, path, 5)
    assert connection.execute("SELECT count(*) FROM migrations").fetchone() == (len(known),)
    assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'extra'").fetchall() == []
    connection.close()


async def test_a_newer_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    async with SqliteStore(path, "lyon"):
        pass
    connection = sqlite3.connect(path)
    connection.execute("INSERT INTO migrations VALUES (99, 'tomorrow', 1)")
    connection.commit()
    connection.close()
    with pytest.raises(StoreTrouble, match="newer Packline"):
        await SqliteStore(path, "lyon").__aenter__()


async def test_a_file_that_is_no_database_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(b"this is a letter, not a database. " * 200)
    with pytest.raises(StoreTrouble, match=r"a\.db"):
        await SqliteStore(path, "lyon").__aenter__()
    assert path.read_bytes().startswith(b"this is a letter")
