"""Which orders fit: by words, status, payment, carrier, door and time, a page at a time.

How much is looked at does not grow with the shop. A rare word is looked up and its orders checked; otherwise orders
are walked in their order, usually the newest first. A walk ends after `MOST_WALKED` orders, found enough or not, and
the next page goes on there. In another order than the usual one what a status, a state of payment or a time leaves is
looked up too, when it is little: a walk by number would seldom meet it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple, get_args

import msgspec
from msgspec import Struct

from central.office.paging import PAST_ALL, cursor, known_filter, no_cursor, place
from central.orders import terms
from central.orders.status import Status
from central.payments.model import STATES
from central.store.sorting import name_of
from central.store.store import Page, Store

MOST_WALKED: Final = 20_000
RARE: Final = 3_000
"""A word of at most so many orders is looked up; orders with a more frequent one are soon met on a walk."""
_CHECKED_AT_ONCE: Final = 500
_WALKED: Final = "orders.in_order"
_FIRST: Final = {"order": "", "-order": "\U0010ffff"}
"""Before all numbers."""
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

    def check(self, sort: str = "") -> None:
        """Raises `Refused` for a word that no order can have there, or by which orders are not sorted."""
        known_filter("sort order", sort, _RANKS, "sort")
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


class Order(NamedTuple):
    """In which orders stand in the list, and where the page before ended."""

    word: str
    rank: Callable[[Place], tuple[int | str, ...]]
    falls: bool
    begin: Place | None

    def cursor(self, last: Place) -> str:
        return cursor(self.word, *last)

    def sorted(self, places: Iterable[Place]) -> list[Place]:
        """Those that are left of them."""
        begin = self.begin
        left = places if begin is None else (each for each in places if self._is_behind(each, begin))
        return sorted(left, key=self.rank, reverse=self.falls)

    def _is_behind(self, each: Place, begin: Place) -> bool:
        return self.rank(each) < self.rank(begin) if self.falls else self.rank(each) > self.rank(begin)


_USUAL: Final = "-placed"
_RANKS: Final[Mapping[str, tuple[Callable[[Place], tuple[int | str, ...]], bool]]] = {
    "-placed": (lambda each: each.rank, False),
    "placed": (lambda each: each.rank, True),
    "order": (lambda each: (each.order,), False),
    "-order": (lambda each: (each.order,), True),
}


def _order(sort: str, after: str) -> Order:
    """Of one of `_RANKS`. Raises `Refused`."""
    word = sort or _USUAL
    told, placed_at, number = place(after, tuple[str, int, str], (word, 0, ""))
    if told != word:
        raise no_cursor(after)
    return Order(word, *_RANKS[word], Place(placed_at, number) if after else None)


async def find(store: Store, filters: Filters, after: str = "", limit: int = 50, sort: str = "") -> Found:
    """The next `limit` orders that fit, or fewer when that is all or the walk was long. Raises `Refused`."""
    filters.check(sort)
    order = _order(sort, after)
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
    if rare is None and order.word != _USUAL:
        rare = await _narrowed(store, filters)
    if rare is not None:
        return await _among(store, rare, filters, terms.pattern(common), order, limit)
    if order.word != _USUAL:
        return await _walk_otherwise(store, filters, terms.pattern(common), order, limit)
    return await _walk(store, filters, terms.pattern(common), order, limit)


async def _hits(store: Store, word: str) -> set[Place]:
    """Orders with a word that begins so; one more than `RARE` are enough to know that they are many."""
    return _places(await store.read("orders.of_term", (word, word + terms.PAST_ALL, RARE + 1)))


async def _tracked(store: Store, text: str) -> set[Place]:
    """The orders in the parcel with this number, whatever its case and spaces."""
    number = "".join(text.split())
    if not 6 <= len(number) <= 40:
        return set()
    return _places(await store.read("orders.of_tracking", (number, number.upper())))


async def _narrowed(store: Store, filters: Filters) -> set[Place] | None:
    """What the status, the state of payment or the time leaves, when it is little; None when it is much."""
    span = (filters.placed_from, filters.placed_before, RARE + 1)
    asked: list[tuple[str, tuple[object, ...]]] = [("orders.of_time", span)]
    if filters.status:
        asked.append(("orders.of_status", (filters.status, *span)))
    if filters.payment not in ("", "paid"):
        asked.append(("orders.of_unpaid", (filters.payment, *span)))
    for query, params in asked:
        rows = await store.read(query, params)
        if len(rows) <= RARE:
            return _places(rows)
    return None


def _places(rows: Page) -> set[Place]:
    return {Place(row["placed_at"], row["order_id"]) for row in rows}


def _residue(filters: Filters, pattern: str) -> tuple[object, ...]:
    return filters.status, filters.payment, filters.source, filters.carrier, pattern


async def _among(store: Store, places: set[Place], filters: Filters, pattern: str, order: Order, limit: int) -> Found:
    left = order.sorted(each for each in places if filters.placed_from <= each.placed_at < filters.placed_before)
    found: list[Place] = []
    for start in range(0, len(left), _CHECKED_AT_ONCE):
        found += await _fitting(store, left[start : start + _CHECKED_AT_ONCE], filters, pattern)
        if len(found) > limit:
            return Found([each.order for each in found[:limit]], order.cursor(found[limit - 1]))
    return Found([each.order for each in found], None)


async def _fitting(store: Store, places: Sequence[Place], filters: Filters, pattern: str) -> list[Place]:
    orders = msgspec.json.encode([each.order for each in places]).decode()
    fitting = _places(await store.read("orders.among", (*_residue(filters, pattern), orders)))
    return [each for each in places if each in fitting]


async def _walk_otherwise(store: Store, filters: Filters, pattern: str, order: Order, limit: int) -> Found:
    """In another order than the usual one: read from its index and checked, some at a time."""
    found: list[Place] = []
    by_time = order.word == "placed"
    last = order.begin or (Place(filters.placed_from - 1, "") if by_time else Place(0, _FIRST[order.word]))
    for _ in range(0, MOST_WALKED, _CHECKED_AT_ONCE):
        begin = last if by_time else last[1:]
        rows = await store.read(name_of(_WALKED, order.word, further=True), (_CHECKED_AT_ONCE, *begin))
        walked = [Place(row["placed_at"], row["order_id"]) for row in rows]
        timely = [each for each in walked if filters.placed_from <= each.placed_at < filters.placed_before]
        found += await _fitting(store, timely, filters, pattern)
        if len(found) > limit:
            return Found([each.order for each in found[:limit]], order.cursor(found[limit - 1]))
        over = by_time and walked[-1:] != timely[-1:]
        if over or len(walked) < _CHECKED_AT_ONCE:
            return Found([each.order for each in found], None)
        last = walked[-1]
    return Found([each.order for each in found], order.cursor(last))


async def _walk(store: Store, filters: Filters, pattern: str, order: Order, limit: int) -> Found:
    begin = order.begin or Place(PAST_ALL, "")
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
        return Found([each.order for each in found[:limit]], order.cursor(found[limit - 1]))
    return Found([each.order for each in found], order.cursor(end) if ends else None)
