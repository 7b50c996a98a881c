"""Tables as CSV files to be downloaded; a long list is written while it is read, however much it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Annotated, Final, Protocol, TypeVar

from litestar import Response
from litestar.openapi import ResponseSpec
from litestar.params import QueryParameter
from litestar.response import Stream

from central.intake.writing import MARK, lines
from central.office.refusals import answers

AT_ONCE: Final = 500
"""Rows that are read in one go."""
SHEET: Final = {200: ResponseSpec(bytes, description="CSV in UTF-8", media_type="text/csv", generate_examples=False)}
"""How a route documents it."""
CSV: Final = SHEET | answers(422)
_TYPE: Final = "text/csv"
Text = Annotated[str, QueryParameter(max_length=100)]
T = TypeVar("T", covariant=True)
R = TypeVar("R")


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


async def listed(
    name: str,
    columns: Sequence[str],
    read: Callable[[str], Awaitable[Part[R]]],
    written: Callable[[R], Sequence[object]],
) -> Stream:
    """A list as a file: all pages that `read` gives, each after the cursor of the one before.

    Raises what `read` raises for a filter or an order that there is not.
    """
    return await listed_in_rows(name, columns, read, lambda item: (written(item),))


async def listed_in_rows(
    name: str,
    columns: Sequence[str],
    read: Callable[[str], Awaitable[Part[R]]],
    written: Callable[[R], Iterable[Sequence[object]]],
) -> Stream:
    """The same of a list whose items are several rows each."""
    first = await read("")

    async def rows() -> AsyncIterator[str]:
        page = first
        while True:
            yield lines(row for item in page.items for row in written(item))
            if page.next is None:
                return
            page = await read(page.next)

    return download(name, columns, rows())
