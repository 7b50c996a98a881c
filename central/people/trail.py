"""The audit trail: what one command changed, read off the books it was decided on. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import msgspec
from msgspec import Struct

from central.people.rows import AuditRow

if TYPE_CHECKING:
    from central.desk.books import Books

_SUBJECTS: Final = {
    "orders": "order",
    "lines": "order",
    "jobs": "order",
    "products": "product",
    "levels": "product",
    "parcels": "parcel",
    "carrier_labels": "parcel",
    "accounts": "account",
    "tokens": "token",
    "claims": "claim",
    "certificates": "certificate",
}
"""What a table's rows are about; the rows of any other table are about themselves."""
_BOOKKEEPING: Final = frozenset({"received", "ranges", "masses", "stations", "sessions", "attempts", "parcel_lines"})
"""Tables whose changes say nothing that another does not."""
_SECRET: Final = frozenset({"password", "sha256", "certificate", "answer", "file"})
_QUIET: Final = frozenset({"changed_at", "version", "used_at", "created_at", "search"})
_WHOLE: Final = frozenset({"accounts", "tokens", "certificates"})
"""Tables whose new rows are written down whole. Of others it is enough that they were added: they show themselves."""


class Author(Struct, frozen=True):
    """In whose name a transaction is made, and by which request."""

    by: str
    request: str
    at: int


def trail(books: Books) -> list[AuditRow]:
    """One entry for each thing that the books' author changed."""
    author = books.author
    if author is None:
        return []
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for table, key, before, after in _changes(books):
        subject, place = _subject(table, key)
        was, now = found.setdefault(subject, ({}, {}))
        for name, old, new in _differences(table, before, after):
            was[place + name] = old
            now[place + name] = new
    for problem, _, by in books.closed_problems:
        found[f"problem/{problem}"] = {"closed_by": ""}, {"closed_by": by}
    return [
        AuditRow(author.at, author.by, author.request, subject, _json(was), _json(now))
        for subject, (was, now) in found.items()
    ]


def _changes(books: Books) -> Iterator[tuple[str, Any, Struct | None, Struct]]:
    for name, table in books.tables():
        if name not in _BOOKKEEPING:
            for key, row in table.changed.items():
                before = table.before.get(key)
                if before != row:
                    yield name, key, before, row


def _subject(table: str, key: Any) -> tuple[str, str]:
    """What the row is about, and where in it."""
    kind = _SUBJECTS.get(table, table)
    if table == "lines":
        order, line = key
        return f"order/{order}", f"line {line} "
    name = "/".join(str(part) for part in key) if isinstance(key, tuple) else str(key)
    return f"{kind}/{name}", ""


def _differences(table: str, before: Struct | None, after: Struct) -> Iterator[tuple[str, Any, Any]]:
    if before is None and table not in _WHOLE:
        return
    for name in after.__struct_fields__:
        old, new = getattr(before, name, None), getattr(after, name)
        if name not in _QUIET and old != new and (before is not None or new):
            yield (name, "…" if old else "", "…") if name in _SECRET else (name, old, new)


def _json(values: dict[str, Any]) -> str:
    return msgspec.json.encode(values).decode()
