"""Payments as they are stored, for routes and pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

import msgspec
from msgspec import Struct

from central.office.paging import MOST, PAST_ALL, cursor, known_filter, page_of, place
from central.payments.answers import Moved, MovedPage, PaymentEntry, Unmatched, UnmatchedPage
from central.payments.matching import Matcher, Owing, likeliest
from central.payments.model import Kind
from central.store.store import Reads
from contract.keys import OrderId


async def of_order(store: Reads, order: OrderId) -> tuple[PaymentEntry, ...]:
    """What came and went, oldest first."""
    return tuple(msgspec.convert(row, PaymentEntry) for row in await store.read("payments.of_order", (order,)))


async def unmatched(store: Reads, after: str = "", limit: int = MOST) -> UnmatchedPage:
    """Money that waits for somebody, with the orders whose it may be; the newest 5,000 that owe are looked at."""
    at, key = place(after, tuple[int, str], (PAST_ALL, ""))
    rows = await store.read("payments.waiting", (at, key, limit + 1))
    if not rows:
        return UnmatchedPage((), None)
    last = rows[limit - 1] if len(rows) > limit else None
    matcher = await _matcher(store)
    found = tuple(
        msgspec.convert(
            {**row, "proposals": matcher.proposals(row["label"], row["amount"], row["currency"])}, Unmatched
        )
        for row in rows[:limit]
    )
    return UnmatchedPage(found, cursor(last["at"], last["key"]) if last else None)


async def proposed(store: Reads, keys: Sequence[str]) -> dict[str, OrderId | None]:
    """The order that stands out for each of these pieces; None for one without, or that does not wait."""
    matcher = await _matcher(store)
    found: dict[str, OrderId | None] = dict.fromkeys(keys)
    for row in await store.read("payments.named", (msgspec.json.encode(list(found)).decode(),)):
        proposal = likeliest(matcher.proposals(row["label"], row["amount"], row["currency"]))
        found[row["key"]] = proposal.order if proposal else None
    return found


async def _matcher(store: Reads) -> Matcher:
    rows = await store.read("payments.owing")
    return Matcher(Owing(OrderId(row["order_id"]), row["name"], row["currency"], row["owed"]) for row in rows)


class Filters(Struct, frozen=True):
    """What the list of payments is narrowed to; empty texts narrow nothing."""

    text: str = ""
    """A whole order number, reference or deposit slip."""
    kind: str = ""
    moved_from: int = 0
    moved_before: int = PAST_ALL

    def check(self) -> None:
        """Raises `Refused` for a kind that there is not."""
        known_filter("kind", self.kind, get_args(Kind))


async def search(store: Reads, asked: Filters, after: str = "", limit: int = 50, sort: str = "") -> MovedPage:
    """Payments and refunds, usually newest first. Raises `Refused`."""
    asked.check()
    query, filters = "payments.search", [asked.text.strip(), asked.kind]
    span = (asked.moved_from, asked.moved_before)
    if span == (0, PAST_ALL):
        rows, more = await page_of(store, query, filters, sort, after, limit)
    else:
        rows, more = await page_of(store, f"{query}_between", (*filters, *span), sort, after, limit)
    moved = (Moved(row["order_id"], row["currency"], msgspec.convert(row, PaymentEntry)) for row in rows)
    return MovedPage(tuple(moved), more)
