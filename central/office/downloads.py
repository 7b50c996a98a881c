"""Tables as CSV files to be downloaded; a long list is written while it is read, however much it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Final, Protocol, TypeVar

from litestar import Response
from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from central.intake.writing import MARK, lines
from central.office.refusals import answers
from central.store.store import Store

AT_ONCE: Final = 500
"""Rows that are read in one go."""
SHEET: Final = {200: ResponseSpec(bytes, description="CSV in UTF-8", media_type="text/csv", generate_examples=False)}
"""How a route documents it."""
CSV: Final = SHEET | answers(422)
_TYPE: Final = "text/csv"
Text = Annotated[str, QueryParameter(max_length=100)]
T = TypeVar("T", covariant=True)


class Part(Protocol[T]):
    """One page of a list."""

    @property
    def items(self) -> Sequence[T]: ...

    @property
    def next(self) -> str | None: ...


def sheet(name: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Response[bytes]:
    """A short table as a file `name`.csv."""
    text = MARK + lines([columns]) + lines(rows)
    return Response(text.encode(), media_type=_TYPE, headers=_saved_as(name))


def download(name: str, columns: Sequence[str], rows: AsyncIterator[str]) -> Stream:
    """The same of `rows` that are CSV already, sent while they are read."""

    async def file() -> AsyncIterator[str]:
        yield MARK + lines([columns])
        async for part in rows:
            yield part

    return Stream(file(), media_type=_TYPE, headers=_saved_as(name))


def _saved_as(name: str) -> dict[str, str]:
    plain = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_.") else "-" for letter in name)
    return {"Content-Disposition": f'attachment; filename="{plain}.csv"'}


async def of_list(
    read: Callable[[str], Awaitable[Part[T]]], written: Callable[[T], Sequence[str]]
) -> AsyncIterator[str]:
    """All pages of a list that `read` gives, each after the cursor of the one before."""
    after: str | None = ""
    while after is not None:
        page = await read(after)
        after = page.next
        yield lines(written(item) for item in page.items)


async def of_query(
    store: Store,
    query: str,
    filters: Sequence[object],
    first: tuple[object, object],
    key: tuple[str, str],
    written: Callable[[Mapping[str, Any]], Sequence[str]],
) -> AsyncIterator[str]:
    """A query that goes on after the `key` of the row before, page by page."""
    place = first
    while True:
        page = await store.read(query, (*place, AT_ONCE, *filters))
        yield lines(written(row) for row in page)
        if len(page) < AT_ONCE:
            return
        place = (page[-1][key[0]], page[-1][key[1]])
