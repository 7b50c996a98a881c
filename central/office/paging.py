"""Lists in pages: a cursor says where the page before ended, so that new rows never shift the pages."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Collection, Iterable
from typing import Annotated, Final, TypeVar
from urllib.parse import urlencode

import msgspec
from litestar.params import QueryParameter

from central.desk.refused import Refused

MOST: Final = 200
USUAL: Final = 50
PAST_ALL: Final = 2**62

Limit = Annotated[int, QueryParameter(ge=1, le=MOST, description="How many rows at most.")]
After = Annotated[
    str, QueryParameter(max_length=200, description="The `next` of the page before; empty: the first page.")
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
        raise Refused(
            "invalid", "This is not a cursor of this list. Take “next” from the page before.", "after", after
        ) from None


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


def filled(**asked: str) -> str:
    """The filters that are filled in, as an address has them."""
    return urlencode({name: value for name, value in asked.items() if value})


def known_filter(what: str, value: str, known: Collection[str], field: str = "") -> None:
    """Raises `Refused` for a filter that nothing can fit; an empty one narrows nothing. `field`: when not `what`."""
    if value and value not in known:
        raise Refused("invalid", f"There is no {what} {value!r}; there are {', '.join(known)}.", field or what, value)


def choice(known: Iterable[str], description: str | None = None, *, name: str | None = None) -> QueryParameter:
    """A list's filter as OpenAPI shows it. Who reads the list refuses what is not `known`, with `known_filter`."""
    return QueryParameter(enum=["", *known], description=description, name=name)
