"""Facts that central has given a receipt for, kept in the journal in case its database goes back to an earlier state.

Every function runs inside one of the journal's transactions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

from msgspec import Struct

AT_ONCE: Final = 500
"""Facts of one question to central: 20 kB."""
_MOST: Final = 50_000
"""About 50 MB on the disk; the oldest go first."""
_DAY_MS: Final = 24 * 3_600_000


class Comparison(Struct, frozen=True):
    """With which restoration of central's database the kept facts are being compared, or were."""

    restored_at: int = 0
    """0: central's database was never restored."""
    through: int = 0
    """Facts up to this sequence are compared."""
    done: bool = True


def keep(connection: sqlite3.Connection, message: str, now: int) -> int | None:
    """Central has this fact. Its sequence, when it still waited."""
    connection.execute(
        "INSERT OR REPLACE INTO received SELECT sequence, message_id, payload, ? FROM outbox WHERE message_id = ?",
        (now, message),
    )
    gone = connection.execute("DELETE FROM outbox WHERE message_id = ? RETURNING sequence", (message,)).fetchall()
    return int(gone[0][0]) if gone else None


def forget_old(connection: sqlite3.Connection, days: int, now: int) -> None:
    """What is kept long enough."""
    connection.execute("DELETE FROM received WHERE at < ?", (now - days * _DAY_MS,))


def forget_surplus(connection: sqlite3.Connection) -> None:
    """The oldest of too many."""
    connection.execute("DELETE FROM received WHERE sequence <= (SELECT max(sequence) FROM received) - ?", (_MOST,))


def comparison(connection: sqlite3.Connection) -> Comparison:
    """How far it has come."""
    row = connection.execute("SELECT restored_at, through, done FROM comparison").fetchone()
    return Comparison() if row is None else Comparison(row[0], row[1], bool(row[2]))


def write(connection: sqlite3.Connection, now: Comparison) -> None:
    connection.execute(
        "INSERT OR REPLACE INTO comparison VALUES (1, ?, ?, ?)", (now.restored_at, now.through, now.done)
    )


def page(connection: sqlite3.Connection, through: int) -> list[tuple[int, str]]:
    """Sequence and message id of the next facts to ask about."""
    rows = connection.execute(
        "SELECT sequence, message_id FROM received WHERE sequence > ? ORDER BY sequence LIMIT ?", (through, AT_ONCE)
    )
    return [(int(sequence), str(message)) for sequence, message in rows]


def send_again(connection: sqlite3.Connection, topic: str, lacking: Iterable[str]) -> int:
    """These wait for a receipt once more, as they were: same message, same number. How many of them were kept."""
    count = 0
    for message in lacking:
        count += connection.execute(
            "INSERT OR IGNORE INTO outbox SELECT sequence, message_id, ?, payload FROM received WHERE message_id = ?",
            (topic, message),
        ).rowcount
        connection.execute("DELETE FROM received WHERE message_id = ?", (message,))
    return count
