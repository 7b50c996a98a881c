"""Orders in which a list may be read, said beside its query; each becomes a statement of its own. Pure.

    -- name: prints
    -- Prints, in a state ($1).
    -- sorted: -when = asked_at, print_id
    -- sorted: order = order_id, -asked_at, print_id
    SELECT …

The first line is the usual order, here the newest first. Readers ask for `order`, or from the other end for `-order`;
what is not listed cannot be asked for. The last key makes an order whole, so that a page can go on after any row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NamedTuple

_LINE: Final = re.compile(r"^-- sorted: *(-?)(\w+) = (.+?) *\n", re.MULTILINE)
_APART: Final = re.compile(r", *(?![^(]*\))")
"""Between two keys: not inside of brackets, which do not stand in brackets here."""
_PLACE: Final = re.compile(r"\$(\d+)")
PLACE: Final = "place_"
"""Begins the names of the columns that say where a row stands, from 0."""


class Key(NamedTuple):
    """Something of a query's columns that is never NULL."""

    value: str
    falls: bool


class Sorting(NamedTuple):
    """The orders of one query, by the name of what is sorted by."""

    keys: Mapping[str, tuple[Key, ...]]
    """As the list rises."""
    usual: str
    """The order of who asks for none."""

    @property
    def words(self) -> tuple[str, ...]:
        """All that may be asked for."""
        return tuple(word for name in self.keys for word in (name, f"-{name}"))

    def by(self, word: str) -> tuple[Key, ...]:
        """The keys of `name` or `-name`. Raises `KeyError` for what is not offered."""
        keys = self.keys[word.removeprefix("-")]
        return tuple(Key(key.value, not key.falls) for key in keys) if word.startswith("-") else keys


def sorting_of(statement: str) -> Sorting | None:
    """What the comments of a statement offer; None for one that is not sorted by its reader."""
    found = _LINE.findall(statement)
    if not found:
        return None
    keys = {name: tuple(map(_key, _APART.split(listed))) for _, name, listed in found}
    sign, name, _ = found[0]
    return Sorting(keys, sign + name)


def _key(written: str) -> Key:
    return Key(written.removeprefix("-"), written.startswith("-"))


def name_of(query: str, word: str, *, further: bool) -> str:
    """How the statement is called that reads a list in this order from its beginning, or `further` on."""
    return f"{query} by {word}" + (", further" if further else "")


def statements(query: str, statement: str, sorting: Sorting) -> Iterator[tuple[str, str]]:
    """A statement for each order and beginning. Behind the query's own places come how many rows, then the place
    after which to go on.
    """
    body = _LINE.sub("", statement).strip().rstrip(";")
    limit = 1 + max(map(int, _PLACE.findall(body)), default=0)
    for word in sorting.words:
        keys = sorting.by(word)
        place = "".join(f", {key.value} AS {PLACE}{number}" for number, key in enumerate(keys))
        end = f"ORDER BY {', '.join(key.value + ' DESC' * key.falls for key in keys)} LIMIT ${limit}"
        for further in (False, True):
            where = f"WHERE {_beyond(keys, limit + 1)} " if further else ""
            yield name_of(query, word, further=further), f"SELECT *{place} FROM (\n{body}\n) AS listed\n{where}{end}"


def _beyond(keys: Sequence[Key], place: int) -> str:
    """Behind the place in `$place` and the ones that follow; by the first key alone, an index finds the place."""
    value, sign = keys[0].value, "<" if keys[0].falls else ">"
    if len(keys) == 1:
        return f"{value} {sign} ${place}"
    return f"{value} {sign}= ${place} AND ({value} {sign} ${place} OR ({_beyond(keys[1:], place + 1)}))"
