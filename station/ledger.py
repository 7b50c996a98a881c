"""The print ledger: every paper that was asked for, a row before its first byte, and how far it has come.

What takes a connection runs inside one of the journal's transactions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, Final

from msgspec import Struct

from contract.envelope import encode
from labels.documents import Document, Role
from station.database import read_document
from station.work.effects import Print

OFFICE: Final = "office/"
"""Begins the names of prints that the office asked for."""
_COLUMNS: Final = "print_id, role, document, reason, state, detail, at"
_KEPT_MS: Final = 7 * 24 * 3600 * 1000
"""Prints hold a consignee's address: they go after a week."""


class PrintState(StrEnum):
    """How far a paper has come. A crash leaves it in a state that says what is known."""

    QUEUED = "queued"
    """Not a byte has left."""
    SENT = "sent"
    """The first byte may have left."""
    PRINTED = "printed"
    """The printer says that it is done."""
    CONFIRMED = "confirmed"
    """A scan or a person saw it."""
    FAILED = "failed"
    """It did not come out, and will not."""
    UNCERTAIN = "uncertain"
    """It may have come out: a person is asked."""
    CANCELLED = "cancelled"


_MAY_BECOME: Final = {
    PrintState.SENT: (PrintState.QUEUED,),
    PrintState.PRINTED: (PrintState.SENT, PrintState.UNCERTAIN),
    PrintState.CONFIRMED: tuple(PrintState),
    PrintState.FAILED: (PrintState.QUEUED, PrintState.SENT),
    # Not yet sent, and failed, it is uncertain only when this file has gone back to an earlier state.
    PrintState.UNCERTAIN: (PrintState.QUEUED, PrintState.SENT, PrintState.FAILED),
    PrintState.CANCELLED: (PrintState.QUEUED, PrintState.FAILED, PrintState.UNCERTAIN),
}


class PrintMove(Struct, frozen=True):
    """A print takes its next state; nothing happens when it is past it already."""

    print_id: str
    state: PrintState
    detail: str = ""


class PrintRow(Struct, frozen=True):
    """One row of the print ledger."""

    print_id: str
    role: Role
    document: Document
    reason: str
    state: PrintState
    detail: str
    at: int


def row_of(row: Any) -> PrintRow:
    """A row that one of the queries found."""
    print_id, role, document, reason, state, detail, at = row
    return PrintRow(print_id, role, read_document(document), reason, PrintState(state), detail, at)


def in_states(states: Sequence[PrintState]) -> tuple[str, Sequence[str]]:
    """A query and its values: rows in these states or, when there are none, all; oldest first."""
    wanted = states or tuple(PrintState)
    marks = ", ".join("?" * len(wanted))
    return f"SELECT {_COLUMNS} FROM prints WHERE state IN ({marks}) ORDER BY rowid", wanted


def by_name(print_id: str) -> tuple[str, Sequence[str]]:
    """A query and its values: the row of that id."""
    return f"SELECT {_COLUMNS} FROM prints WHERE print_id = ?", (print_id,)


def queue(connection: sqlite3.Connection, wanted: Print, now: int) -> None:
    """The same id is the same paper: only one that never came out is queued again."""
    connection.execute(
        "INSERT INTO prints (print_id, role, document, reason, state, at) VALUES (?, ?, ?, ?, 'queued', ?) "
        "ON CONFLICT (print_id) DO UPDATE SET state = 'queued', detail = '', at = excluded.at "
        "WHERE state IN ('failed', 'cancelled')",
        (wanted.print_id, wanted.role, encode(wanted.document), wanted.reason, now),
    )


def move(connection: sqlite3.Connection, taken: PrintMove, now: int) -> bool:
    """Whether its present state allows that."""
    allowed = _MAY_BECOME[taken.state]
    marks = ", ".join("?" * len(allowed))
    changed = connection.execute(
        f"UPDATE prints SET state = ?, detail = ?, at = ? WHERE print_id = ? AND state IN ({marks})",
        (taken.state, taken.detail, now, taken.print_id, *allowed),
    )
    return changed.rowcount > 0


def forget_old(connection: sqlite3.Connection, now: int) -> None:
    """What still has to be printed stays, and what of the office's has failed: the office waits for it."""
    connection.execute(
        "DELETE FROM prints WHERE at < ? AND state NOT IN ('queued', 'sent') "
        "AND NOT (state = 'failed' AND print_id LIKE ? || '%')",
        (now - _KEPT_MS, OFFICE),
    )
