"""The journal's file: its tables, its check at every start, and what happens when it is damaged."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar, cast

import aiosqlite
import msgspec
from msgspec import Struct

from contract.envelope import Envelope, Reader, Unreadable
from labels.documents import Document

log = logging.getLogger(__name__)
Result = TypeVar("Result")

MIGRATIONS = (
    """
    -- Facts that central has not given a receipt for.
    CREATE TABLE outbox (
        sequence   INTEGER PRIMARY KEY AUTOINCREMENT,
        message_id TEXT NOT NULL UNIQUE,
        topic      TEXT NOT NULL,
        payload    BLOB NOT NULL
    );
    -- The bench as it stood after its last durable step: one row.
    CREATE TABLE session (
        id       INTEGER PRIMARY KEY CHECK (id = 1),
        body     BLOB NOT NULL,
        saved_at INTEGER NOT NULL
    );
    -- Jobs that were leased to this station. Without a body it is gone, and an offer of that fence comes too late.
    CREATE TABLE jobs (
        job   TEXT PRIMARY KEY,
        fence INTEGER NOT NULL,
        body  BLOB,
        at    INTEGER NOT NULL
    );
    -- Every paper that was asked for, a row before its first byte.
    CREATE TABLE prints (
        print_id TEXT PRIMARY KEY,
        role     TEXT NOT NULL,
        document BLOB NOT NULL,
        reason   TEXT NOT NULL,
        state    TEXT NOT NULL,
        detail   TEXT NOT NULL DEFAULT '',
        at       INTEGER NOT NULL
    );
    -- What came from central and must not count twice.
    CREATE TABLE seen (
        name TEXT PRIMARY KEY,
        at   INTEGER NOT NULL
    );
    -- Payloads that nobody could read, for a technician; the newest are kept.
    CREATE TABLE unreadable (
        number  INTEGER PRIMARY KEY AUTOINCREMENT,
        topic   TEXT NOT NULL,
        reason  TEXT NOT NULL,
        size    INTEGER NOT NULL,
        head    BLOB NOT NULL,
        at      INTEGER NOT NULL
    );
    """,
    """
    -- Pictures of closed parcels that central does not have yet; the files lie beside this one.
    CREATE TABLE photos (
        sha256 TEXT PRIMARY KEY,
        sscc   TEXT NOT NULL,
        at     INTEGER NOT NULL
    );
    """,
    """
    -- How many steps the bench has taken since the file was made.
    ALTER TABLE session ADD COLUMN step INTEGER NOT NULL DEFAULT 0;
    """,
    """
    -- Facts that central has given a receipt for, kept for a while: a database restored from a copy may lack them.
    CREATE TABLE received (
        sequence   INTEGER PRIMARY KEY,
        message_id TEXT NOT NULL UNIQUE,
        payload    BLOB NOT NULL,
        at         INTEGER NOT NULL
    );
    -- With which restoration of central's database they are compared, and how far: one row.
    CREATE TABLE comparison (
        id          INTEGER PRIMARY KEY CHECK (id = 1),
        restored_at INTEGER NOT NULL,
        through     INTEGER NOT NULL,
        done        INTEGER NOT NULL
    );
    """,
    """
    -- On what terms a job was lent ahead, and when it came; NULL: it was asked for, or is opened.
    ALTER TABLE jobs ADD COLUMN at_hand BLOB;
    """,
    """
    -- What is kept long enough is found without reading all of it, every minute that the bench rests.
    CREATE INDEX received_at ON received (at);
    """,
)
_TABLES = (
    "sqlite_sequence",
    "outbox",
    "session",
    "jobs",
    "prints",
    "seen",
    "unreadable",
    "photos",
    "received",
    "comparison",
)
_MUST_BE_WHOLE = frozenset({"sqlite_sequence", "outbox", "session", "prints"})
read_document: Reader[Document] = Reader(Document, "stored document", limit=64 * 1024 * 1024)
_read_sent: Reader[Envelope[msgspec.Raw]] = Reader(Envelope[msgspec.Raw], "stored fact")
"""Facts of a newer Packline too: central may know them."""
_CONTENTS: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "outbox": ("payload", _read_sent),
    "prints": ("document", read_document),
}
_COMPANIONS = ("-wal", "-shm")


class JournalFault(Exception):
    """The journal cannot be used; the text says which file, why, and what to do."""


class Salvage(Struct, frozen=True):
    """What was read out of a damaged file: rows per table, and the tables of which some may be lost."""

    rows: dict[str, int]
    doubtful: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Nothing that matters to a parcel is missing."""
        return not _MUST_BE_WHOLE & set(self.doubtful)

    def __str__(self) -> str:
        facts = f"{self.rows.get('outbox', 0)} unsent facts and {self.rows.get('prints', 0)} prints were read"
        return f"{facts}; not all of {', '.join(self.doubtful)} could be" if self.doubtful else f"{facts}, all of them"


class OneHop(sqlite3.Connection):
    """Runs a whole unit of work where aiosqlite would run a script: one hop to its thread for all its statements."""

    def executescript(self, script: Any, /) -> sqlite3.Cursor:
        if callable(script):
            script(self)
            return self.cursor()
        return super().executescript(script)


async def in_one_commit(database: aiosqlite.Connection, work: Callable[[sqlite3.Connection], Result]) -> Result:
    """Run `work` inside one transaction on the database's thread. What it raises rolls everything back."""
    results: list[Result] = []

    def transaction(connection: sqlite3.Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            result = work(connection)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        results.append(result)

    await database.executescript(cast(str, transaction))
    return results[0]


def make_ready(path: Path) -> None:
    """Create, check and upgrade the file.

    Raises `JournalFault` rather than going on without rows that were in it, and `OSError` while the disk takes nothing.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    damaged = damaged_files(path)
    if not path.exists() and damaged:
        raise JournalFault(_refusal(path, damaged[-1], "it was damaged at an earlier start"))
    complaint = _complaint(path)
    if complaint:
        _replace(path, complaint)
    with _disk_needed(path), contextlib.closing(_open(path)) as database:
        _migrate(path, database)


@contextlib.contextmanager
def _disk_needed(path: Path) -> Iterator[None]:
    """What is no damage: another start may do, once there is room."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise OSError(f"{path}: the journal cannot be opened ({error}); is the disk full or read-only?") from error


def begin_anew(path: Path) -> Salvage:
    """Start a new journal with all that can still be read from the damaged one. A person has decided so."""
    damaged = damaged_files(path)
    if path.exists() or not damaged:
        raise JournalFault(f"{path}: there is no damaged journal to replace; nothing was changed")
    salvage = _salvage(damaged[-1], _fresh(path))
    _fresh(path).rename(path)
    return salvage


def damaged_files(path: Path) -> list[Path]:
    """Journals that were set aside here, oldest first: by their number, whatever the clock said then."""
    found = (each for each in path.parent.glob(f"{path.name}.damaged-*") if not each.name.endswith(_COMPANIONS))
    return sorted(found, key=lambda each: (_number(path, each), each.name))


def _number(path: Path, damaged: Path) -> int:
    """0 for a file of an earlier Packline, whose name has only a time."""
    number, mark, _ = damaged.name.removeprefix(f"{path.name}.damaged-").partition("-")
    return int(number) if mark and number.isdecimal() else 0


def _fresh(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _refusal(path: Path, damaged: Path, why: str) -> str:
    return (
        f"{path}: the journal is damaged ({why}) and may hold parcels that central has not got. It is kept as "
        f"{damaged}. Copy that file to a safe place, then run `packline-station journal --begin-anew --config …`: "
        "it starts a new journal with every row that can still be read"
    )


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    return database


def _complaint(path: Path) -> str:
    """What SQLite finds wrong with the file; empty when it is sound or not there."""
    if not path.exists():
        return ""
    try:
        with _disk_needed(path), contextlib.closing(_open(path)) as database:
            findings = [str(row[0]) for row in database.execute("PRAGMA quick_check(3)")]
            if findings == ["ok"] and database.execute("PRAGMA user_version").fetchone()[0]:
                findings = [*_garbled(database), "ok"][:1]
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if findings == ["ok"] else "; ".join(findings)


def _garbled(database: sqlite3.Connection) -> Iterator[str]:
    """SQLite has no check sums: rows that matter to a parcel, and are not what a station wrote."""
    for table in _CONTENTS:
        try:
            for number, content in _contents(database, table):
                if complaint := _unlike(table, content):
                    yield f"{table} {number}: {complaint}"
        except sqlite3.OperationalError as error:
            yield f"{table}: {error}"


def _contents(database: sqlite3.Connection, table: str) -> sqlite3.Cursor:
    return database.execute(f"SELECT rowid, {_CONTENTS[table][0]} FROM {table}")


def _unlike(table: str, content: object) -> str:
    """Why this is not what the table holds; empty when it may be."""
    try:
        _CONTENTS[table][1](content if isinstance(content, bytes) else b"")
    except Unreadable as error:
        return str(error)
    return ""


def _migrate(path: Path, database: sqlite3.Connection) -> None:
    version = int(database.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise JournalFault(
            f"{path}: written by a newer Packline (version {version} of the file, this one knows {len(MIGRATIONS)}); "
            "install that one again, the file was not touched"
        )
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        database.executescript(f"BEGIN IMMEDIATE; {script} PRAGMA user_version = {number}; COMMIT;")


def _replace(path: Path, why: str) -> None:
    """Set the damaged file aside and go on with a copy of its rows, if the copy is proved to be whole."""
    number = max((_number(path, each) for each in damaged_files(path)), default=0) + 1
    damaged = path.with_name(f"{path.name}.damaged-{number}-{time.strftime('%Y%m%dT%H%M%S')}")
    path.rename(damaged)
    for suffix in _COMPANIONS:
        companion = path.with_name(path.name + suffix)
        if companion.exists():
            companion.rename(damaged.with_name(damaged.name + suffix))
    log.error("%s: the journal is damaged (%s); it is kept as %s", path, why, damaged)
    salvage = _salvage(damaged, _fresh(path))
    if not salvage.complete:
        _fresh(path).unlink()
        raise JournalFault(_refusal(path, damaged, why))
    _fresh(path).rename(path)
    log.error("%s: a new journal was made from the damaged one: %s", path, salvage)


def _salvage(damaged: Path, fresh: Path) -> Salvage:
    fresh.unlink(missing_ok=True)
    counts: dict[str, int] = {}
    doubtful: list[str] = []
    with contextlib.closing(sqlite3.connect(fresh, isolation_level=None)) as new:
        _migrate(fresh, new)
        with contextlib.closing(sqlite3.connect(f"{damaged.absolute().as_uri()}?mode=ro", uri=True)) as old:
            for table in _TABLES:
                # The damaged file may be of an earlier Packline, with fewer columns.
                columns = [column for column in _columns(new, table) if column in _columns(old, table)]
                rows = dict.fromkeys(row for row in _readable(old, table, columns) if _is_sound(table, columns, row))
                if rows:
                    names, marks = ", ".join(columns), ", ".join("?" * len(columns))
                    new.executemany(f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})", rows)
                counts[table] = len(rows)
                if not _whole(old, table):
                    doubtful.append(table)
    return Salvage(counts, tuple(doubtful))


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    """Their names; none when not even those can be read."""
    try:
        return [str(row[1]) for row in database.execute(f"PRAGMA table_info({table})")]
    except sqlite3.DatabaseError:
        return []


def _readable(database: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows from the front until a damaged page, and from the back until one."""
    for direction in ("ASC", "DESC"):
        with contextlib.suppress(sqlite3.DatabaseError):
            yield from database.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid {direction}")


def _is_sound(table: str, columns: list[str], row: tuple[Any, ...]) -> bool:
    return table not in _CONTENTS or not _unlike(table, row[columns.index(_CONTENTS[table][0])])


def _whole(database: sqlite3.Connection, table: str) -> bool:
    try:
        database.execute(f"SELECT 1 FROM {table} LIMIT 1")
        if table in _CONTENTS and any(_unlike(table, content) for _, content in _contents(database, table)):
            return False
        return [row[0] for row in database.execute(f"PRAGMA integrity_check('{table}')")] == ["ok"]
    except sqlite3.DatabaseError:
        return False
