"""Counts as they are stored, for routes and pages."""

from __future__ import annotations

import msgspec

from central.counting.answers import CountAnswer, CountLine, CountPage, CountSummary
from central.counting.rules import expected_of, known
from central.desk.books import Books, Keys
from central.office.paging import PAST_ALL, cursor, place
from central.store.store import Store


async def search(store: Store, status: str = "", after: str = "", limit: int = 50) -> CountPage:
    """Counts, the newest first; `status` may be `undecided`."""
    created_at, count = place(after, tuple[int, str], (PAST_ALL, ""))
    rows = await store.read("counting.search", (status, created_at, count, limit + 1))
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursor(last["created_at"], last["count"]) if last else None
    return CountPage(tuple(msgspec.convert(row, CountSummary, strict=False) for row in rows[:limit]), more)


async def one(store: Store, count: str) -> CountAnswer:
    """With what the books had of each line that is counted; of lines still to be counted only if it is not blind.

    Raises `Refused` when there is no such count.
    """
    names = {row["sku"]: row["name"] for row in await store.read("counting.names_of", (count,))}
    wanted = frozenset({count})
    return await store.transact(
        Keys(counts=wanted, counts_to_decide=wanted), lambda books: _answer(books, count, names)
    )


def _answer(books: Books, count: str, names: dict[str, str]) -> CountAnswer:
    job = known(books, count)
    told = job.status == "counted" or not job.blind
    lines = []
    for row in books.count_lines.of(count):
        expected = row.expected
        if told and job.status in ("open", "counted"):
            expected = expected_of(books, job, row)
        lines.append(
            CountLine(
                row.sku,
                names.get(row.sku, row.sku),
                row.bin,
                row.lot,
                row.counted,
                row.counted_at,
                row.counted_by,
                expected,
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
