"""A shop's database for a benchmark: products, stock, orders of the past that are packed, orders that are leased."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TypeVar

from central.desk.batch import decide, keys_of
from central.desk.books import Books, Keys
from central.desk.deliveries import Arrived, AskCame, FactCame
from central.orders.accepting import accept
from central.orders.importing import keys_of as order_keys
from central.orders.model import NewLine, NewOrder, Payment
from central.orders.rules import By
from central.packing.house import House
from central.stock.ledger import Cause
from central.stock.model import Product
from central.stock.rows import ProductRow
from central.stock.rules import receive
from central.store.sqlite import SqliteStore
from contract.envelope import Envelope, FactEnvelope, encode
from contract.keys import JobId, OrderId, Sku, Sscc, check_digit
from contract.messages import OpenWork, ParcelClosed
from contract.values import Address, ItemCode, PackedLine, Weighing
from link.identity import new_message_id

T = TypeVar("T")

AT = 1_790_000_000_000
PRODUCTS = 200
STATIONS = tuple(f"bench-{number:02d}" for number in range(1, 21))
ADDRESS = Address("Zoé Lefèvre", ("4 rue des Cartons",), "69007", "LYON", "FR")
HOUSE = House("main", ADDRESS, "0376012345")
BATCH = 200
_BY = By("bench", AT)


def sku(number: int) -> Sku:
    return Sku(f"P-{number % PRODUCTS:03d}")


def _gtin(number: int) -> str:
    body = f"0376012345{number % PRODUCTS:03d}"
    return body + check_digit(body)


def new_order(number: int) -> NewOrder:
    """Two lines, three pieces; every order its own pair of products."""
    lines = (NewLine(sku(number * 7), 1, 990), NewLine(sku(number * 7 + 1 + number % 5), 2, 450))
    return NewOrder(OrderId(f"SO-{number:07d}"), AT + number, ADDRESS, lines, payment=Payment("card", "x"), total=1890)


def station_of(number: int, stations: Sequence[str] = STATIONS) -> str:
    return stations[number % len(stations)]


def parcel(number: int, fence: int = 1) -> ParcelClosed:
    """The whole order in one parcel."""
    order = new_order(number)
    contents = tuple(
        PackedLine(order.order, place, line.sku, line.quantity, (_gtin(int(line.sku[2:])),) * line.quantity)
        for place, line in enumerate(order.lines, start=1)
    )
    return ParcelClosed(
        sscc=Sscc.numbered(HOUSE.sscc_prefix, number),
        job=JobId(order.order),
        fence=fence,
        number=1,
        contents=contents,
        weighing=Weighing(1234, AT, "scale", "\\x021.234\\r", 1230, 12),
        badge="4711",
        opened_at=AT,
        closed_at=AT + 60_000,
        box="BOX-S",
        box_tare_g=120,
        last=True,
    )


def fact(number: int, stations: Sequence[str] = STATIONS) -> FactEnvelope:
    """The message that a bench sends when it closed the parcel."""
    return Envelope(new_message_id(), station_of(number, stations), number, AT, parcel(number))


def _batches(values: Sequence[T]) -> Iterator[Sequence[T]]:
    rest = iter(values)
    while batch := list(islice(rest, BATCH)):
        yield batch


async def _book(store: SqliteStore, batch: Sequence[Arrived]) -> None:
    tokens = [f"bench-{new_message_id()}" for _ in batch]
    await store.transact(keys_of(HOUSE, batch, AT), lambda books: decide(books, HOUSE, batch, iter(tokens), AT))


async def _stock_up(store: SqliteStore, pieces: int) -> None:
    def decide_products(books: Books) -> None:
        for number in range(PRODUCTS):
            product = Product(sku(number), f"Product {number}", (ItemCode("0" + _gtin(number)),), mass_g=400)
            books.products.put(ProductRow.of(product))
            if pieces:
                receive(books, product.sku, pieces, Cause("bench", "bench", AT))

    await store.transact(Keys(skus=frozenset(sku(number) for number in range(PRODUCTS))), decide_products)


async def _take_orders(store: SqliteStore, numbers: Sequence[int]) -> None:
    for batch in _batches(numbers):
        orders = [new_order(number) for number in batch]

        def accept_all(books: Books, orders: Sequence[NewOrder] = orders) -> None:
            for order in orders:
                outcome = accept(books, order, _BY)
                assert outcome == "created", f"{order.order}: {outcome}"

        await store.transact(Keys.union(order_keys(order) for order in orders), accept_all)


async def _lease(store: SqliteStore, numbers: Sequence[int], stations: Sequence[str]) -> None:
    for batch in _batches(numbers):
        asks = [
            AskCame(
                Envelope(new_message_id(), station_of(number, stations), number, AT, OpenWork(new_order(number).order))
            )
            for number in batch
        ]
        await _book(store, asks)


async def stock_up(path: Path, pieces: int) -> None:
    """A database of the products alone, with so many pieces of each."""
    async with SqliteStore(path, HOUSE.site) as store:
        await _stock_up(store, pieces)


def tell_no_news(path: Path) -> None:
    """As if central had long sent the news of all these orders: from a start on it would do so for minutes, beside what
    is measured.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("DELETE FROM outbox WHERE retain = 1")


def copied(database: Path, target: Path) -> Path:
    """A copy of a closed database, nothing left beside it of one before."""
    target.unlink(missing_ok=True)
    for suffix in ("-wal", "-shm"):
        target.with_name(target.name + suffix).unlink(missing_ok=True)
    return Path(shutil.copy(database, target))


async def make(path: Path, past: int, coming: int, stations: Sequence[str] = STATIONS) -> None:
    """Orders 1 to `past` are packed and booked; the `coming` ones behind them are leased to their stations."""
    async with SqliteStore(path, HOUSE.site) as store:
        await _stock_up(store, 10 * (past + coming) // PRODUCTS + 1000)
        numbers = range(1, past + coming + 1)
        await _take_orders(store, numbers)
        await _lease(store, numbers, stations)
        for batch in _batches(numbers[:past]):
            await _book(store, [FactCame(fact(number, stations)) for number in batch])
    tell_no_news(path)


def payloads(first: int, count: int) -> list[tuple[str, str, str]]:
    """Facts of `count` orders from number `first` on: message id, station, JSON."""
    envelopes = [fact(number) for number in range(first, first + count)]
    return [(each.message_id, each.station, encode(each).decode()) for each in envelopes]
