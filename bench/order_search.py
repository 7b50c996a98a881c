"""What an office looks for among many orders: by REST, as a call, and by plain SQL that must find the same orders."""

from __future__ import annotations

import http.client
import random
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from bench import shop
from bench.figures import percentile
from bench.order_intake import order, serving
from central.orders import reading, terms
from central.orders.answers import OrderPage
from central.orders.finding import Filters
from central.store.queries import sqlite_queries
from central.store.sqlite import SqliteStore

SEARCHES = 200
PAGE = 50


class Cost(msgspec.Struct, frozen=True):
    """Milliseconds of the middle search, and of the slowest hundredth."""

    p50: float
    p99: float

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Cost:
        return cls(percentile(seconds, 0.5) * 1000, percentile(seconds, 0.99) * 1000)


def questions(size: int) -> list[Filters]:
    """An order's number, a customer's mail, the beginning of a name, a whole name, a product, lists by status."""
    chance = random.Random(7)
    asked: list[Filters] = []
    while len(asked) < SEARCHES:
        of = order(chance.randrange(size))
        first, last = of.ship_to.name.split(" ")
        asked += [
            Filters(of.order),
            Filters(of.contact.email),
            Filters(last[:5]),
            Filters(f"{first} {last}"),
            Filters(terms.folded(last), status="open"),
            Filters(of.lines[0].sku),
            Filters(status="open"),
            Filters(),
        ]
    return asked[:SEARCHES]


def by_rest(folder: Path, database: Path, asked: Sequence[Filters]) -> tuple[Cost, list[OrderPage]]:
    """Asked of a running central, one after the other on one connection; with what it answered."""
    taken: list[float] = []
    pages: list[OrderPage] = []
    with serving(folder, database) as central, closing(http.client.HTTPConnection(central.address, timeout=60)) as line:
        for filters in asked:
            path = "/api/orders?" + urlencode({"q": filters.text, "status": filters.status, "limit": PAGE})
            began = time.perf_counter()
            line.request("GET", path)
            answer = line.getresponse()
            body = answer.read()
            taken.append(time.perf_counter() - began)
            if answer.status != 200:
                raise RuntimeError(f"{path}: {answer.status} {body[:300]!r}")
            pages.append(msgspec.json.decode(body, type=OrderPage))
    return Cost.of(taken), pages


async def by_call(database: Path, asked: Sequence[Filters]) -> Cost:
    """The search alone, without HTTP."""
    taken: list[float] = []
    async with SqliteStore(database, shop.HOUSE.site) as store:
        for filters in asked:
            began = time.perf_counter()
            await reading.search(store, filters, limit=PAGE)
            taken.append(time.perf_counter() - began)
    return Cost.of(taken)


def by_sql(database: Path, asked: Sequence[Filters], pages: Sequence[OrderPage]) -> Cost:
    """One plain statement a question over the same indexes, then the same rows.

    Raises `RuntimeError` unless `pages` begin alike.
    """
    listed = sqlite_queries()["orders.listed"]
    taken: list[float] = []
    with closing(sqlite3.connect(database)) as connection:
        for filters, page in zip(asked, pages, strict=True):
            began = time.perf_counter()
            found = [row for (row,) in connection.execute(*_plain(filters))]
            connection.execute(listed, (msgspec.json.encode(found).decode(),)).fetchall()
            taken.append(time.perf_counter() - began)
            answered = [each.order for each in page.items]
            if answered != found[: len(answered)] or (page.next is None and len(answered) < len(found)):
                raise RuntimeError(f"{filters}: central found {answered[:3]} …, plain SQL {found[:3]} …")
    return Cost.of(taken)


def _plain(filters: Filters) -> tuple[str, list[object]]:
    conditions = ["1"]
    values: list[object] = []
    for word in terms.words_of(filters.text):
        conditions.append("order_id IN (SELECT order_id FROM order_terms WHERE term >= ? AND term < ?)")
        values += [word, word + terms.PAST_ALL]
    if filters.status:
        conditions.append("status = ?")
        values.append(filters.status)
    where = " AND ".join(conditions)
    return f"SELECT order_id FROM orders WHERE {where} ORDER BY placed_at DESC, order_id LIMIT {PAGE}", values
