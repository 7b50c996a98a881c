"""Named SQL: each room keeps its statements in `.sql` files, each with a name and a comment that says what for.

    -- name: by_tote
    -- Orders that a tote carries.
    SELECT … WHERE tote = $1;

The text is written once for both engines: `$1` placeholders, three words that an engine spells its own way, and one
for what several rooms ask. A list that its reader sorts is several statements: see `central.store.sorting`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from central.store.sorting import Sorting, sorting_of, statements

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

_PLAIN = {
    "e": "éèêëÉÈÊ",
    "a": "àâäÀÂÄ",
    "u": "ûüÜ",
    "i": "îïÎ",
    "o": "ôöÔÖ",
    "c": "çÇ",
}
"""Letters that French and German names have, without their accents; SQLite takes no more brackets in each other."""
_ACCENTS = [(letter, plain) for plain, letters in _PLAIN.items() for letter in letters]
_FOLDED = "replace(" * len(_ACCENTS) + r"lower(\1)" + "".join(f", '{letter}', '{plain}')" for letter, plain in _ACCENTS)

SHARED: Mapping[str, str] = {
    # A name as it is sorted, without case and accents.
    r"@folded\((\w+)\)": _FOLDED,
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
    found: dict[str, str] = {}
    for query, body in _bodies(text, room).items():
        sorting = sorting_of(body)
        variants = {query: body} if sorting is None else dict(statements(query, body, sorting))
        found |= {name: spelled(spelled(each, SHARED), dialect).strip().rstrip(";") for name, each in variants.items()}
    return found


def _bodies(text: str, room: str) -> dict[str, str]:
    bodies: dict[str, str] = {}
    parts = _NAME.split(text)[1:]
    for name, body in zip(parts[::2], parts[1::2], strict=True):
        if not body.strip().startswith("--"):
            raise ValueError(f"{room}.{name}: say in a comment below its name what the query is for")
        if f"{room}.{name}" in bodies:
            raise ValueError(f"{room}.{name} is there twice")
        bodies[f"{room}.{name}"] = body
    return bodies


@cache
def sqlite_queries() -> Mapping[str, str]:
    """Every room's statements, spelled for SQLite."""
    found: dict[str, str] = {}
    for room, text in _texts():
        statements_of_file = named(text, room, SQLITE)
        if twice := statements_of_file.keys() & found.keys():
            raise ValueError(f"{', '.join(sorted(twice))}: in two files of central/{room}")
        found |= statements_of_file
    return found


@cache
def sortings() -> Mapping[str, Sorting]:
    """The orders of every list that its reader sorts, by the name of its query."""
    return {
        query: sorting
        for room, text in _texts()
        for query, body in _bodies(text, room).items()
        if (sorting := sorting_of(body)) is not None
    }


def _texts() -> Iterator[tuple[str, str]]:
    """Each room, and a file of it."""
    for room in _ROOMS:
        folder = files("central") / room
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda each: each.name):
            if file.name.endswith(".sql"):
                yield room, file.read_text(encoding="utf-8")
