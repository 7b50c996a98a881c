"""News stands on the broker while something can come of it, and a day longer: what is over is taken from it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.ended_news import STANDS_MS, EndedNews
from central.desk.outgoing import outgoing
from contract import topics
from contract.keys import OrderId
from demo.broker import Broker
from link.client import BrokerConfig, Delivery, Link, Subscription
from tests.central.desk.test_outbox import PATIENCE_S, SITE, sending
from tests.central.shop import AT, MUG, add_order, shop

pytestmark = pytest.mark.feature("I1", "R2")
LEFT, STAYS, BACK = OrderId("P-1"), OrderId("P-2"), OrderId("P-3")


def cancelled(books: Books, order: OrderId, *, it_is: bool = True) -> None:
    """Decide so; the status follows."""
    books.orders.put(replace(books.orders[order], cancelled=it_is))


def written(books: Books) -> Books:
    """As the next transaction would load it."""
    loaded = Books()
    loaded.orders.fill(books.orders)
    loaded.lines.fill(books.lines)
    loaded.levels.fill(books.levels)
    loaded.products.fill(books.products)
    return loaded


def test_the_last_news_of_an_order_is_noted_and_taken_back_when_it_goes_on() -> None:
    books = shop((LEFT, [(MUG, 3)]), (STAYS, [(MUG, 1)]))
    cancelled(books, LEFT)
    told = outgoing(books, SITE, AT)
    assert [row.topic for row in told.ended] == [topics.news_order(SITE, LEFT)]
    assert not told.going_on
    assert {row.topic for row in told.news if row.retain and row.body} >= {
        topics.news_order(SITE, LEFT),
        topics.news_order(SITE, STAYS),
    }

    again = written(books)
    cancelled(again, LEFT, it_is=False)
    told = outgoing(again, SITE, AT)
    assert [row.topic for row in told.going_on] == [topics.news_order(SITE, LEFT)]
    assert not told.ended


async def standing(broker: Broker) -> set[str]:
    """Orders of which a program that comes now finds news; the broker has told all when the last topic came."""
    found, told = set[str](), asyncio.Event()
    last = f"packline/1/{SITE}/news/order/~last"

    def deliver(delivery: Delivery) -> None:
        delivery.ack()
        if delivery.topic == last:
            told.set()
        elif delivery.retained:
            found.add(delivery.topic.rpartition("/")[2])

    link = Link(
        BrokerConfig(broker.host, broker.port),
        "reader",
        subscriptions=[Subscription(f"packline/1/{SITE}/news/order/#")],
        deliver=deliver,
        changed=lambda online: link.post(last, b"x") if online else None,
    )
    running = asyncio.create_task(link.run())
    await asyncio.wait_for(told.wait(), PATIENCE_S)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    return found


async def test_a_day_after_its_end_nothing_stands_of_an_order_with_the_broker(tmp_path: Path, broker: Broker) -> None:
    clock = [AT]

    async def settled() -> None:
        """The broker has all of it, and central keeps nothing."""
        rows = [row["sequence"] for row in await central.store.read("desk.unsent", (0, 500))]
        central.relay.wake()
        async with asyncio.timeout(PATIENCE_S):
            while not central.done.issuperset(rows):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        central.store.forget(rows)
        await central.store.transact(Keys(), lambda books: None)

    async with sending(tmp_path, broker) as central:
        central.store._clock = lambda: clock[0]
        orders = frozenset({LEFT, STAYS, BACK})

        def take_in(books: Books) -> None:
            for order in sorted(orders):
                add_order(books, order, [(MUG, 1)])

        await central.store.transact(Keys(orders=orders, skus=frozenset({MUG})), take_in)
        for order in (LEFT, BACK):
            await central.store.transact(
                Keys(orders=frozenset({order})), lambda books, order=order: cancelled(books, order)
            )
        await settled()
        ended = EndedNews(central.store, lambda: clock[0])
        clock[0] += STANDS_MS
        await ended.empty()
        await settled()
        assert await standing(broker) == {LEFT, STAYS, BACK}
        await central.store.transact(Keys(orders=frozenset({BACK})), lambda books: cancelled(books, BACK, it_is=False))
        clock[0] += 1
        await ended.empty()
        await settled()
        assert await standing(broker) == {STAYS, BACK}
        assert not await central.store.read("desk.ended", (clock[0] + 10 * STANDS_MS, 10))
