"""Which orders fit: by words, status, payment, carrier, door and time, newest first, a page at a time.

How much is looked at does not grow with the shop. A rare word is looked up and its orders checked; otherwise orders
are walked newest first. A walk ends after `MOST_WALKED` orders, found enough or not, and the next page goes on there.
"""

from __future__ import annotations

from typing import Final, NamedTuple, get_args

import msgspec
from msgspec import Struct

from central.office.paging import PAST_ALL, cursor, known_filter, place
from central.orders import terms
from central.orders.status import Status
from central.payments.model import STATES
from central.store.store import Page, Store

MOST_WALKED: Final = 20_000
RARE: Final = 3_000
"""A word of at most so many orders is looked up; orders with a more frequent one are soon met on a walk."""
_CHECKED_AT_ONCE: Final = 500
STATUSES: Final[tuple[str, ...]] = get_args(Status)


class Filters(Struct, frozen=True):
    """What a list of orders is narrowed to; empty texts narrow nothing."""

    text: str = ""
    """Words that begin the number, name, company, e-mail or SKU, or a whole tracking number; all must fit."""
    status: str = ""
    payment: str = ""
    source: str = ""
    carrier: str = ""
    """Of one of its parcels."""
    placed_from: int = 0
    placed_before: int = PAST_ALL

    def check(self) -> None:
        """Raises `Refused` for a word that no order can have there."""
        known_filter("status", self.status, STATUSES)
        known_filter("payment", self.payment, STATES)


class Place(NamedTuple):
    """Where an order stands in the list."""

    placed_at: int
    order: str

    @property
    def rank(self) -> tuple[int, str]:
        """Newest first."""
        return -self.placed_at, self.order


class Found(NamedTuple):
    """The orders of one page, and where the next one begins."""

    orders: list[str]
    next: str | None


async def find(store: Store, filters: Filters, after: str = "", limit: int = 50) -> Found:
    """The next `limit` orders that fit, or fewer when that is all or the walk was long. Raises `Refused`."""
    filters.check()
    begin = Place(*place(after, tuple[int, str], (PAST_ALL, "")))
    words = terms.words_of(filters.text)
    common: list[str] = []
    rare: set[Place] | None = None
    for word in words:
        hits = await _hits(store, word)
        if len(hits) > RARE:
            common.append(word)
        else:
            rare = hits if rare is None else rare & hits
    if words:
        whole = await _tracked(store, filters.text)
        if whole:
            rare, common = whole, []
    if rare is not None:
        return await _among(store, rare, filters, terms.pattern(common), begin, limit)
    return await _walk(store, filters, terms.pattern(common), begin, limit)


async def _hits(store: Store, word: str) -> set[Place]:
    """Orders with a word that begins so; one more than `RARE` are enough to know that they are many."""
    return _places(await store.read("orders.of_term", (word, word + terms.PAST_ALL, RARE + 1)))


async def _tracked(store: Store, text: str) -> set[Place]:
    """The orders in the parcel with this number, whatever its case and spaces."""
    number = "".join(text.split())
    if not 6 <= len(number) <= 40:
        return set()
    return _places(await store.read("orders.of_tracking", (number, number.upper())))


def _places(rows: Page) -> set[Place]:
    return {Place(row["placed_at"], row["order_id"]) for row in rows}


def _residue(filters: Filters, pattern: str) -> tuple[object, ...]:
    return filters.status, filters.payment, filters.source, filters.carrier, pattern


async def _among(store: Store, places: set[Place], filters: Filters, pattern: str, begin: Place, limit: int) -> Found:
    left = sorted(
        (
            each
            for each in places
            if begin.rank < each.rank and filters.placed_from <= each.placed_at < filters.placed_before
        ),
        key=lambda each: each.rank,
    )
    found: list[Place] = []
    for start in range(0, len(left), _CHECKED_AT_ONCE):
        orders = msgspec.json.encode([each.order for each in left[start : start + _CHECKED_AT_ONCE]]).decode()
        fitting = _places(await store.read("orders.among", (*_residue(filters, pattern), orders)))
        found += [each for each in left[start : start + _CHECKED_AT_ONCE] if each in fitting]
        if len(found) > limit:
            return Found([each.order for each in found[:limit]], cursor(*found[limit - 1]))
    return Found([each.order for each in found], None)


async def _walk(store: Store, filters: Filters, pattern: str, begin: Place, limit: int) -> Found:
    newest = min(begin.placed_at, filters.placed_before - 1)
    span = (filters.placed_from, newest, *begin)
    key: list[str]
    if filters.payment not in ("", "paid"):
        driver, key = "unpaid", [filters.payment]
    elif filters.status:
        driver, key = "status", [filters.status]
    else:
        driver, key = "placed", []
    ends = await store.read(f"orders.step_{driver}", (*span, MOST_WALKED, *key))
    end = Place(ends[0]["placed_at"], ends[0]["order_id"]) if ends else Place(-1, "")
    params = (*_residue(filters, pattern), *span, *end, limit + 1)
    rows = await store.read(f"orders.walk_{driver}", params)
    found = [Place(row["placed_at"], row["order_id"]) for row in rows]
    if len(found) > limit:
        return Found([each.order for each in found[:limit]], cursor(*found[limit - 1]))
    return Found([each.order for each in found], cursor(*end) if ends else None)
