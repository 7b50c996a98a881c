"""What `packline-station journal` says about a journal: read only, also while the station runs."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec import Struct

from station import database
from station.database import JournalFault


class OpenPrint(Struct, frozen=True):
    """A paper that is not settled."""

    print_id: str
    role: str
    state: str
    detail: str
    at: int


class Report(Struct, frozen=True):
    """The journal at one moment. Times are milliseconds since the epoch, 0 for never."""

    file: str
    waiting: int
    """Facts without a receipt from central."""
    oldest_sequence: int
    last_sequence: int
    phase: str
    packer: str
    saved_at: int
    jobs: tuple[str, ...]
    """Leased to this station."""
    prints: dict[str, int]
    """How many in each state."""
    open_prints: tuple[OpenPrint, ...]
    unreadable: int
    """Payloads that could not be read since the file was made."""
    damaged: tuple[str, ...]
    """Journals that were set aside here."""


class _Packer(Struct):
    name: str


class _Phase(Struct):
    type: str
    packer: _Packer | None = None


class _Session(Struct):
    phase: _Phase


def report(path: Path, *, as_json: bool = False) -> str:
    """The journal in words, or as one JSON object. Raises `JournalFault`."""
    found = _read(path)
    return msgspec.json.encode(found).decode() if as_json else _in_words(found)


def begin_anew(path: Path) -> str:
    """Replace a damaged journal by what can be read of it, and say what that was."""
    damaged = database.damaged_files(path)
    salvage = database.begin_anew(path)
    return f"{path}: a new journal was made. {salvage}.\nThe damaged file stays: {damaged[-1]}"


def _read(path: Path) -> Report:
    damaged = tuple(str(file) for file in database.damaged_files(path))
    if not path.exists():
        more = f"; a damaged one was set aside: {damaged[-1]}. See --begin-anew" if damaged else ""
        raise JournalFault(f"{path}: there is no journal here yet{more}")
    try:
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            return _of(connection, str(path), damaged)
    except sqlite3.DatabaseError as error:
        raise JournalFault(
            f"{path}: cannot be read: {error}. Start the station: it checks and keeps the file"
        ) from error


def _of(connection: sqlite3.Connection, file: str, damaged: tuple[str, ...]) -> Report:
    numbers = dict(connection.execute("SELECT name, seq FROM sqlite_sequence"))
    waiting, oldest = connection.execute("SELECT count(*), coalesce(min(sequence), 0) FROM outbox").fetchone()
    session = connection.execute("SELECT body, saved_at FROM session").fetchone()
    phase = _phase(session[0]) if session else _Phase("none")
    open_prints = connection.execute(
        "SELECT print_id, role, state, detail, at FROM prints "
        "WHERE state IN ('queued', 'sent', 'failed', 'uncertain') ORDER BY rowid"
    )
    return Report(
        file=file,
        waiting=waiting,
        oldest_sequence=oldest,
        last_sequence=numbers.get("outbox", 0),
        phase=phase.type,
        packer=phase.packer.name if phase.packer else "",
        saved_at=session[1] if session else 0,
        jobs=tuple(row[0] for row in connection.execute("SELECT job FROM jobs WHERE body NOT NULL ORDER BY job")),
        prints=dict(connection.execute("SELECT state, count(*) FROM prints GROUP BY state ORDER BY state")),
        open_prints=tuple(OpenPrint(*row) for row in open_prints),
        unreadable=numbers.get("unreadable", 0),
        damaged=damaged,
    )


def _phase(session: bytes) -> _Phase:
    try:
        return msgspec.json.decode(session, type=_Session).phase
    except (msgspec.DecodeError, UnicodeDecodeError):
        return _Phase("one that cannot be read")


def _in_words(found: Report) -> str:
    waiting = f"{found.waiting} (from number {found.oldest_sequence})" if found.waiting else "none"
    lines = [
        f"journal {found.file}",
        f"  facts waiting for central: {waiting}; {found.last_sequence} recorded in all",
        f"  session: {found.phase}{', ' + found.packer if found.packer else ''}, saved {_time(found.saved_at)}",
        f"  jobs leased: {', '.join(found.jobs) or 'none'}",
        f"  prints: {', '.join(f'{count} {state}' for state, count in found.prints.items()) or 'none'}",
    ]
    lines += [
        f"    {row.print_id} ({row.role}): {row.state} since {_time(row.at)}{', ' + row.detail if row.detail else ''}"
        for row in found.open_prints
    ]
    if found.unreadable:
        lines.append(f"  messages that could not be read: {found.unreadable} (kept in the table unreadable)")
    lines += [f"  damaged journal kept here: {file}" for file in found.damaged]
    return "\n".join(lines)


def _time(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S UTC") if at else "never"
