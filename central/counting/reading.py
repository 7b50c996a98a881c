"""Counts as they are stored, for routes and pages."""

from __future__ import annotations

from typing import Final, get_args

import msgspec
from msgspec.structs import replace

from central.counting.answers import CountAnswer, CountLine, CountPage, CountSummary
from central.counting.rows import CountStatus
from central.counting.rules import expected_of, is_unsure, known
from central.desk.books import Books, Keys
from central.office.paging import known_filter, like, page_of
from central.store.store import Reads, Store

FOUND: Final = ("undecided", *get_args(CountStatus))
"""What a list may be narrowed to; `undecided`: nobody has approved or rejected it."""


async def search(
    store: Store, text: str = "", status: str = "", after: str = "", limit: int = 50, sort: str = ""
) -> CountPage:
    """Counts, usually the newest first; `status` is of `FOUND`, `text` in its name or in what is counted.

    Raises `Refused`.
    """
    known_filter("status", status, FOUND)
    text = text.strip()
    rows, more = await page_of(store, "counting.search", (status, text, like(text)), sort, after, limit)
    return CountPage(tuple(msgspec.convert(row, CountSummary, strict=False) for row in rows), more)


async def one(store: Store, count: str) -> CountAnswer:
    """With what the books had of each line that is counted; of lines still to be counted only if it is not blind.

    Raises `Refused` when there is no such count.
    """
    found = await store.transact(keys_to_tell(count), lambda books: told(books, count))
    return await with_names(store, found)


def keys_to_tell(count: str) -> Keys:
    """What `told` looks at."""
    wanted = frozenset({count})
    return Keys(counts=wanted, counts_to_decide=wanted)


async def with_names(reads: Reads, found: CountAnswer) -> CountAnswer:
    """The products' names beside their lines."""
    names = {row["sku"]: row["name"] for row in await reads.read("counting.names_of", (found.count,))}
    return replace(found, lines=tuple(replace(line, name=names.get(line.sku, line.sku)) for line in found.lines))


def told(books: Books, count: str) -> CountAnswer:
    """A count as the books have it, without the products' names. Load with `keys_to_tell`. Raises `Refused`."""
    job = known(books, count)
    rows = sorted(books.count_lines.of(count), key=lambda row: (row.bin, row.sku, row.lot))
    shown = not job.blind or all(row.at_last.counted is not None for row in rows)
    lines = []
    for row in rows:
        expected = row.expected
        if shown and job.status in ("open", "counted"):
            expected = expected_of(books, job, row.at_last)
        lines.append(
            CountLine(
                row.sku,
                "",
                row.bin,
                row.lot,
                row.counted,
                row.counted_at,
                row.counted_by,
                expected,
                row.first_counted,
                row.first_by,
                is_unsure(books, row),
            )
        )
    return CountAnswer(
        job.count,
        job.warehouse,
        job.what,
        bool(job.blind),
        job.status,
        job.created_at,
        job.created_by,
        job.decided_at,
        job.decided_by,
        tuple(lines),
    )
