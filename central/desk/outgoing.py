"""What a transaction owes the broker: letters to stations, and news of all that changed."""

from __future__ import annotations

from typing import Final, NamedTuple

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

_ENDED: Final = frozenset({"shipped", "delivered", "returned", "cancelled"})
"""Nothing more is done to such an order here; a parcel leaves the house, or is taken apart."""


class OutgoingRow(Struct, frozen=True, gc=False):
    """One row of the outbox. `body` is the JSON of a message without its envelope; empty, nothing stands there."""

    topic: str
    body: str
    retain: bool
    at: int


class StandingRow(Struct, frozen=True, gc=False):
    """News that stands on the broker though its subject has come to an end."""

    topic: str
    ended_at: int


class TopicRow(Struct, frozen=True, gc=False):
    """Of such news that it does not stand any more, or that its subject goes on."""

    topic: str


class Outgoing(NamedTuple):
    """All of it, in the order in which `central.store.rows.write` takes it."""

    letters: list[OutgoingRow]
    news: list[OutgoingRow]
    ended: list[StandingRow]
    going_on: list[TopicRow]


def outgoing(books: Books, site: str, now: int) -> Outgoing:
    """Letters and news.

    Settles the orders' statuses, has back what benches have at hand and is no longer so, and tells what runs low first:
    after this the books are ready to be written.
    """
    settle(books, now)
    renew(books)
    tell_low(books, now)
    told = Outgoing([], [], [], [])
    told.letters.extend(
        OutgoingRow(topics.inbox(site, StationId(letter.station)), encode(letter.item).decode(), False, now)
        for letter in books.letters
    )
    _of_orders(books, site, now, told)
    _of_parcels(books, site, now, told)
    told.news.extend(_of_stock(books, site, now))
    told.news.extend(OutgoingRow(topic, "", True, now) for topic in books.emptied)
    told.going_on.extend(map(TopicRow, books.emptied))
    return told


def _of_orders(books: Books, site: str, now: int, told: Outgoing) -> None:
    for order in _changed_orders(books):
        row, before = books.orders[order], books.orders.before.get(order)
        news = OrderNews(order, row.status, tuple(line.quantities for line in books.lines.of(order)), now)
        had_ended = before is not None and before.status in _ENDED
        _tell(told, topics.news_order(site, order), news, ends=row.status in _ENDED, had_ended=had_ended)


def _tell(told: Outgoing, topic: str, news: OrderNews | ParcelNews, *, ends: bool, had_ended: bool) -> None:
    told.news.append(OutgoingRow(topic, encode(news).decode(), True, news.at))
    if ends:
        told.ended.append(StandingRow(topic, news.at))
    elif had_ended:
        told.going_on.append(TopicRow(topic))


def _changed_orders(books: Books) -> dict[OrderId, None]:
    changed = dict.fromkeys(books.orders.changed)
    changed.update((order, None) for order, _ in books.lines.changed if order in books.orders)
    return changed


def _of_parcels(books: Books, site: str, now: int, told: Outgoing) -> None:
    for parcel in books.parcels.changed.values():
        before = books.parcels.before[parcel.sscc]
        news = ParcelNews(parcel.sscc, parcel.order_ids, parcel.status, parcel.grams, parcel.tracking_number, now)
        had_ended = before is not None and before.status != "packed"
        _tell(told, topics.news_parcel(site, parcel.sscc), news, ends=parcel.status != "packed", had_ended=had_ended)


def _of_stock(books: Books, site: str, now: int) -> list[OutgoingRow]:
    return [
        OutgoingRow(
            topics.news_stock(site, sku), encode(StockNews(sku, sellable(books, sku, now), now)).decode(), True, now
        )
        for sku in dict.fromkeys(sku for sku, _ in books.levels.changed)
    ]
