"""Timelines and problems as they are stored, for routes and pages."""

from __future__ import annotations

import msgspec

from central.office.happenings import KINDS
from central.office.paging import known_filter, page_of
from central.store.store import Page, Reads, Store
from central.tracking.answers import ProblemAnswer, ProblemPage, TimelineEntry


async def timeline(store: Reads, subject: str) -> tuple[TimelineEntry, ...]:
    """What happened to `order/…`, `parcel/…`, `product/…` or `station/…`, oldest first."""
    return tuple(msgspec.convert(row, TimelineEntry) for row in await store.read("tracking.timeline_of", (subject,)))


async def newest(store: Store, subject: str, limit: int) -> tuple[TimelineEntry, ...]:
    """The newest entries of a timeline, newest first."""
    rows = await store.read("tracking.newest_of", (subject, limit))
    return tuple(msgspec.convert(row, TimelineEntry) for row in rows)


async def problems(
    store: Store,
    everything: bool = False,
    after: str = "",
    limit: int = 50,
    *,
    kind: str = "",
    about: str = "",
    sort: str = "",
) -> ProblemPage:
    """What waits for a person, or everything that ever did; `about` an order, a parcel or a product. Usually what was
    told last comes first.

    Raises `Refused`.
    """
    known_filter("kind", kind, KINDS)
    query = "tracking.all_problems" if everything else "tracking.open_problems"
    rows, more = await page_of(store, query, (kind, about.strip()), sort, after, limit)
    return ProblemPage(_answers(rows), more)


async def problems_of(store: Store, order: str) -> tuple[ProblemAnswer, ...]:
    """Everything that was ever wrong with an order."""
    return _answers(await store.read("tracking.problems_of", (order,)))


async def problem(store: Reads, number: int) -> ProblemAnswer | None:
    """One problem, open or not."""
    rows = await store.read("tracking.problem", (number,))
    return _answers(rows)[0] if rows else None


async def queues(store: Store) -> dict[str, int]:
    """How many problems of each kind wait for a person."""
    return {row["kind"]: row["problems"] for row in await store.read("tracking.count_kinds")}


async def waiting(store: Store) -> int:
    """How many problems wait for a person."""
    rows = await store.read("tracking.count_problems")
    count: int = rows[0]["problems"]
    return count


def _answers(rows: Page) -> tuple[ProblemAnswer, ...]:
    return tuple(msgspec.convert(row, ProblemAnswer) for row in rows)
