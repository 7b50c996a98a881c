"""What a transaction owes the broker: letters to stations, and news of all that changed."""

from __future__ import annotations

from msgspec import Struct

from central.desk.books import Books
from central.orders.status import settle
from central.packing.ahead import renew
from central.stock.ledger import sellable
from central.stock.lowness import tell_low
from contract import topics
from contract.envelope import encode
from contract.keys import OrderId, StationId
from contract.messages import OrderNews, ParcelNews, StockNews


class OutgoingRow(Struct, frozen=True, gc=False):
    """One row of the outbox. `body` is the JSON of a message without its envelope."""

    topic: str
    body: str
    retain: bool
    at: int


def outgoing(books: Books, site: str, now: int) -> tuple[list[OutgoingRow], list[OutgoingRow]]:
    """Letters and news.

    Settles the orders' statuses, has back what benches have at hand and is no longer so, and tells what runs low first:
    after this the books are ready to be written.
    """
    settle(books, now)
    renew(books)
    tell_low(books, now)
    letters = [
        OutgoingRow(topics.inbox(site, StationId(letter.station)), encode(letter.item).decode(), False, now)
        for letter in books.letters
    ]
    return letters, [*_of_orders(books, site, now), *_of_parcels(books, site, now), *_of_stock(books, site, now)]


def _of_orders(books: Books, site: str, now: int) -> list[OutgoingRow]:
    rows = []
    for order in _changed_orders(books):
        news = OrderNews(
            order, books.orders[order].status, tuple(line.quantities for line in books.lines.of(order)), now
        )
        rows.append(OutgoingRow(topics.news_order(site, order), encode(news).decode(), True, now))
    return rows


def _changed_orders(books: Books) -> dict[OrderId, None]:
    changed = dict.fromkeys(books.orders.changed)
    changed.update((order, None) for order, _ in books.lines.changed if order in books.orders)
    return changed


def _of_parcels(books: Books, site: str, now: int) -> list[OutgoingRow]:
    return [
        OutgoingRow(
            topics.news_parcel(site, parcel.sscc),
            encode(
                ParcelNews(
                    parcel.sscc,
                    parcel.order_ids,
                    parcel.status,
                    parcel.grams,
                    parcel.tracking_number,
                    now,
                )
            ).decode(),
            True,
            now,
        )
        for parcel in books.parcels.changed.values()
    ]


def _of_stock(books: Books, site: str, now: int) -> list[OutgoingRow]:
    return [
        OutgoingRow(
            topics.news_stock(site, sku), encode(StockNews(sku, sellable(books, sku, now), now)).decode(), True, now
        )
        for sku in dict.fromkeys(sku for sku, _ in books.levels.changed)
    ]
