"""A list as a CSV file, written while it is read, however much it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Annotated, Any, Final, Protocol, TypeVar

from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from central.intake.writing import MARK, lines
from central.office.refusals import answers
from central.store.store import Store

AT_ONCE: Final = 500
"""Rows that are read in one go."""
CSV: Final = {
    200: ResponseSpec(bytes, description="CSV in UTF-8", media_type="text/csv", generate_examples=False)
} | answers(422)
"""How a route documents it."""
Text = Annotated[str, QueryParameter(max_length=100)]
T = TypeVar("T", covariant=True)


class Part(Protocol[T]):
    """One page of a list."""

    @property
    def items(self) -> Sequence[T]: ...

    @property
    def next(self) -> str | None: ...


def download(name: str, columns: Sequence[str], rows: AsyncIterator[str]) -> Stream:
    """`rows` as a file with these columns."""

    async def file() -> AsyncIterator[str]:
        yield MARK + lines([columns])
        async for part in rows:
            yield part

    return Stream(
        file(),
        media_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )


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
