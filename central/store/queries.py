"""Named SQL: each room keeps its statements in `.sql` files, each with a name and a comment that says what for.

    -- name: by_tote
    -- Orders that a tote carries.
    SELECT … WHERE tote = $1;

The text is written once for both engines: `$1` placeholders, three words that an engine spells its own way, and one
for what several rooms ask.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

_NAME = re.compile(r"^-- name: *(\w+) *$", re.MULTILINE)
_ROOMS = (
    "orders",
    "payments",
    "policy",
    "stock",
    "supply",
    "counting",
    "planning",
    "shops",
    "picking",
    "packing",
    "shipping",
    "tracking",
    "stations",
    "people",
    "claims",
    "documents",
    "desk",
    "office",
)

SHARED: Mapping[str, str] = {
    # Pieces on the shelf that may not be promised on the day $n, by product: as `LotRow.sells_on` has it.
    r"@unsellable\((\$\d+)\)": (
        r"(SELECT holdings.sku, sum(holdings.quantity) AS pieces FROM holdings"
        r" JOIN lots ON lots.sku = holdings.sku AND lots.lot = holdings.lot"
        r" WHERE holdings.quantity <> 0 AND (lots.stopped <> '' OR (lots.expiry <> '' AND lots.expiry < \1))"
        r" GROUP BY holdings.sku)"
    ),
}
"""What several rooms ask, written once; replaced before an engine's own words."""
SQLITE: Mapping[str, str] = {
    r"\$(\d+)": r"?\1",
    # A JSON list, given as one parameter or kept in a column, as a set.
    r"@each\((\?\d+|[a-z_.]+)\)": r"(SELECT value FROM json_each(\1))",
    # A number that grows and is never given twice.
    r"@serial": "INTEGER PRIMARY KEY AUTOINCREMENT",
    # Rows kept in the order of their key: nothing to spell on PostgreSQL.
    r"@clustered": "WITHOUT ROWID",
}
"""How SQLite spells what the files leave open, in the order of replacement."""


def spelled(sql: str, dialect: Mapping[str, str]) -> str:
    for pattern, words in dialect.items():
        sql = re.sub(pattern, words, sql)
    return sql


def named(text: str, room: str, dialect: Mapping[str, str]) -> dict[str, str]:
    """The statements of one file by `room.name`. Raises `ValueError` for one without a comment, or a name twice."""
    statements: dict[str, str] = {}
    parts = _NAME.split(text)[1:]
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if not body.strip().startswith("--"):
            raise ValueError(f"{room}.{name}: say in a comment below its name what the query is for")
        if f"{room}.{name}" in statements:
            raise ValueError(f"{room}.{name} is there twice")
        statements[f"{room}.{name}"] = spelled(spelled(body, SHARED), dialect).strip().rstrip(";")
    return statements


@cache
def sqlite_queries() -> Mapping[str, str]:
    """Every room's statements, spelled for SQLite."""
    found: dict[str, str] = {}
    for room in _ROOMS:
        folder = files("central") / room
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".sql"):
                statements = named(file.read_text(encoding="utf-8"), room, SQLITE)
                if twice := statements.keys() & found.keys():
                    raise ValueError(f"{', '.join(sorted(twice))}: in two files of central/{room}")
                found |= statements
    return found
