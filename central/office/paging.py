"""Lists in pages: a cursor says where the page before ended, so that new rows never shift the pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar

import msgspec
from litestar.params import QueryParameter

from central.desk.refused import Refused
from central.store.queries import sortings
from central.store.sorting import PLACE, Sorting, name_of
from central.store.store import Page, Reads

MOST: Final = 200
USUAL: Final = 50
PAST_ALL: Final = 2**62

Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many rows at most.")]
After = Annotated[
    str, QueryParameter(max_length=2_000, description="The `next` of the page before; empty: the first page.")
]

T = TypeVar("T")
K = TypeVar("K", bound=tuple[str | int, ...])


def cursor(*where: str | int) -> str:
    """The place after a row, as a text that means nothing to its reader."""
    return base64.urlsafe_b64encode(msgspec.json.encode(where)).decode().rstrip("=")


def place(after: str, kind: type[T], first: T) -> T:
    """What `cursor` was made from, `first` for an empty one. Raises `Refused`."""
    if not after:
        return first
    try:
        written = base64.urlsafe_b64decode(after + "=" * (-len(after) % 4))
        if any(isinstance(part, int) and abs(part) > PAST_ALL for part in msgspec.json.decode(written, type=list)):
            raise ValueError(written)
        return msgspec.json.decode(written, type=kind)
    except (msgspec.DecodeError, binascii.Error, ValueError, UnicodeEncodeError):
        raise no_cursor(after) from None


def no_cursor(after: str) -> Refused:
    return Refused("invalid", "This is not a cursor of this list. Take “next” from the page before.", "after", after)


def begin_of(sorting: Sorting, sort: str, after: str) -> tuple[str, list[str | int]]:
    """The order that is asked for (empty: the usual one), and the place after which to go on. Raises `Refused`."""
    known_filter("sort order", sort, sorting.words, "sort")
    word = sort or sorting.usual
    told: list[str | int] = place(after, list[str | int], [])
    if told and (told[0] != word or len(told) != 1 + len(sorting.by(word))):
        raise no_cursor(after)
    return word, told[1:]


async def page_of(
    reads: Reads, query: str, filters: Sequence[object], sort: str = "", after: str = "", limit: int = USUAL
) -> tuple[Page, str | None]:
    """A page of a list that its reader sorts, and its cursor. Raises `Refused` for an order that is not offered."""
    sorting = sortings()[query]
    word, begin = begin_of(sorting, sort, after)
    rows = await reads.read(name_of(query, word, further=bool(begin)), (*filters, limit + 1, *begin))
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursor(word, *(last[f"{PLACE}{number}"] for number in range(len(sorting.by(word))))) if last else None
    return rows[:limit], more


def sorted_part(
    items: Iterable[T], keys: Mapping[str, Callable[[T], tuple[Any, ...]]], sort: str, after: str, limit: int
) -> tuple[tuple[T, ...], str | None]:
    """The same of a short list that was made in memory: `keys` by name, the usual order first. Raises `Refused`."""
    known_filter("sort order", sort, words_of(keys), "sort")
    word = sort or next(iter(keys))
    key, falls = keys[word.removeprefix("-")], word.startswith("-")
    told: list[Any] = place(after, list[Any], [])
    left = list(items)
    if told:
        last = tuple(told[1:])
        try:
            left = [item for item in left if (key(item) < last if falls else key(item) > last)]
        except TypeError:
            raise no_cursor(after) from None
        if told[0] != word:
            raise no_cursor(after)
    left.sort(key=key, reverse=falls)
    return tuple(left[:limit]), cursor(word, *key(left[limit - 1])) if len(left) > limit else None


def part(
    items: Iterable[T], key: Callable[[T], K], kind: type[K], after: str, limit: int
) -> tuple[tuple[T, ...], str | None]:
    """A page of a short list that was loaded whole, in the order of `key`, which is of this kind; and its cursor.

    Raises `Refused`.
    """
    last = place(after, kind, kind()) if after else None
    left = sorted((item for item in items if last is None or key(item) > last), key=key)
    more = cursor(*key(left[limit - 1])) if len(left) > limit else None
    return tuple(left[:limit]), more


def like(text: str) -> str:
    """`text` anywhere, for LIKE … ESCAPE '\\'."""
    escaped = text.lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def known_filter(what: str, value: str, known: Collection[str], field: str = "") -> None:
    """Raises `Refused` for a filter that nothing can fit; an empty one narrows nothing. `field`: when not `what`."""
    if value and value not in known:
        raise Refused("invalid", f"There is no {what} {value!r}; there are {', '.join(known)}.", field or what, value)


def sorts(query: str) -> QueryParameter:
    """The order of a list that a query gives, as OpenAPI shows it."""
    return in_order(sortings()[query].words)


def in_order(known: Iterable[str]) -> QueryParameter:
    """The same of a list that is sorted in memory."""
    return choice(known, "By what: the least first, with `-` the greatest first. Empty: the usual order.")


def words_of(keys: Iterable[str]) -> tuple[str, ...]:
    """All orders of a list that is sorted by one of these."""
    return tuple(word for name in keys for word in (name, f"-{name}"))


def choice(known: Iterable[str], description: str | None = None, *, name: str | None = None) -> QueryParameter:
    """A list's filter as OpenAPI shows it. Who reads the list refuses what is not `known`, with `known_filter`."""
    return QueryParameter(enum=["", *known], description=description, name=name)
