"""Stock that comes free goes to the orders that wait for it, however it came free, the most urgent first."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.orders.accepting import accept
from central.orders.cancelling import cancel
from central.orders.holding import hold
from central.orders.model import Contact, NewLine, NewOrder, Payment
from central.orders.rules import By
from central.orders.serving import AT_ONCE, serve_waiting
from central.orders.supplied import assign, tell
from central.orders.urgency import prioritise
from central.packing.jobs import open_work
from central.stock.model import MAIN, Product
from central.stock.rows import ProductRow
from central.stock.rules import Cause, adjust, keep, pack, receive, write_off
from central.store.sqlite import SqliteStore
from contract.keys import OrderId, Sku
from contract.messages import JobOffered, OpenWork
from tests.central.shop import ADDRESS, AT, HOUSE, LAMP, MUG

pytestmark = pytest.mark.feature("O2", "K2")
BY, CAUSE = By("anna", AT), Cause("DN-1", "anna", AT)


def new(number: str, sku: Sku = MUG, quantity: int = 1, at: int = AT, phone: str = "") -> NewOrder:
    return NewOrder(OrderId(number), at, ADDRESS, (NewLine(sku, quantity),), Contact(phone=phone))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore(tmp_path / "central.db", "lyon", clock=lambda: AT) as opened:
        yield opened


async def do(
    store: SqliteStore, decide: Callable[[Books], object], *orders: NewOrder, skus: tuple[Sku, ...] = ()
) -> None:
    keys = Keys(
        orders=frozenset(order.order for order in orders),
        skus=frozenset(skus) | {line.sku for order in orders for line in order.lines},
    )
    await store.transact(keys, decide)


async def take(store: SqliteStore, *orders: NewOrder) -> None:
    await do(store, lambda books: [accept(books, order, BY) for order in orders], *orders)


async def stock(store: SqliteStore, pieces: int, sku: Sku = MUG) -> None:
    def decide(books: Books) -> None:
        keep(books, ProductRow.of(Product(sku, sku.title(), mass_g=100)))
        if pieces:
            receive(books, sku, pieces, CAUSE)

    await do(store, decide, skus=(sku,))


async def served(store: SqliteStore) -> dict[str, int]:
    """Serve what has a mark; pieces promised to each order."""
    await serve_waiting(store, lambda: AT)
    assert await store.read("orders.freed") == []
    rows = await store.read("orders.queue by urgency", ("", 2**62, 200))
    return {row["order_id"]: row["reserved"] for row in rows}


async def test_a_cancelled_order_gives_its_stock_to_the_next_that_waits(store: SqliteStore) -> None:
    await stock(store, 2)
    await take(store, new("A"), new("B"), new("C", at=AT - 2), new("D", at=AT - 1))
    assert await served(store) == {"A": 1, "B": 1, "C": 0, "D": 0}
    await do(store, lambda books: cancel(books, OrderId("A"), "not wanted", BY), new("A"))
    assert await served(store) == {"B": 1, "C": 1, "D": 0}


async def test_the_most_urgent_comes_first(store: SqliteStore) -> None:
    await stock(store, 0)
    await take(store, new("A", at=AT - 9), new("B"), new("C"))
    await do(store, lambda books: prioritise(books, OrderId("C"), "vip", "", BY), new("C"))
    await stock(store, 2)
    assert await served(store) == {"C": 1, "A": 1, "B": 0}


async def test_hundreds_that_wait_are_served_a_few_at_a_time(store: SqliteStore) -> None:
    orders = [new(f"P-{number:03}", at=AT + number) for number in range(3 * AT_ONCE)]
    await stock(store, 0)
    await take(store, *orders)
    await stock(store, 2 * AT_ONCE + 7)
    await serve_waiting(store, lambda: AT)
    rows = await store.read("orders.lacking", (MUG, 99, 0, 0, "", 200))
    assert [row["order_id"] for row in rows] == [order.order for order in orders[2 * AT_ONCE + 7 :]]


async def test_what_was_missing_is_promised_once_somebody_has_counted(store: SqliteStore) -> None:
    await stock(store, 9)
    await take(store, new("A"))
    await do(store, lambda books: write_off(books, books.lines[OrderId("A"), 1], 1, "missing", CAUSE, MAIN), new("A"))
    assert await served(store) == {"A": 0}
    await do(store, lambda books: adjust(books, MUG, 8, CAUSE), skus=(MUG,))
    assert await served(store) == {"A": 1}


@pytest.mark.feature("O6", "O13", "O17")
async def test_the_rest_of_an_order_is_drawn_when_a_part_has_left(store: SqliteStore) -> None:
    order = replace(new("A"), payment=Payment("card"), lines=(NewLine(MUG, 1), NewLine(LAMP, 1)))
    await stock(store, 1)
    await stock(store, 0, LAMP)
    await take(store, order)

    def sent_by_a_supplier(books: Books) -> None:
        assign(books, order.order, 2, "Nord", BY)
        tell(books, order.order, 2, "shipped", 1, "", BY)

    await do(store, sent_by_a_supplier, order)
    (row,) = await store.read("orders.queue by urgency", ("ready", 2**62, 200))
    assert (row["order_id"], row["status"], row["reserved"]) == ("A", "partly_shipped", 1)
    assert [row["order_id"] for row in await store.read("packing.find_next", ("", MAIN, 9))] == ["A"]
    await do(store, lambda books: hold(books, order.order, "a question", BY), order)
    assert await store.read("packing.find_next", ("", MAIN, 9)) == []


async def test_what_was_marked_is_served_by_the_next_central(store: SqliteStore) -> None:
    """A mark is in the transaction that freed the stock: a central that dies before it serves forgets nothing."""
    await stock(store, 0)
    await take(store, new("A"))
    await stock(store, 1)
    assert [(row["sku"], row["times"]) for row in await store.read("orders.freed")] == [(MUG, 1)]
    await do(store, lambda books: adjust(books, MUG, 5, CAUSE), skus=(MUG,))
    assert [(row["sku"], row["times"]) for row in await store.read("orders.freed")] == [(MUG, 2)]
    await do(store, lambda books: books.served.append((MUG, 1)))
    assert await store.read("orders.freed") != []
    assert await served(store) == {"A": 1}


async def test_without_orders_that_wait_nothing_is_marked(store: SqliteStore) -> None:
    await stock(store, 5)
    await take(store, new("A"))
    await stock(store, 5, LAMP)
    assert await store.read("orders.freed") == []


async def test_what_a_parcel_took_from_others_is_taken_back_from_the_newest(store: SqliteStore) -> None:
    orders = [new(f"P-{number:03}", at=AT + number) for number in range(2 * AT_ONCE)]
    await stock(store, 2 * AT_ONCE)
    await take(store, *orders)
    gone = AT_ONCE + 7
    await do(store, lambda books: pack(books, MUG, gone, CAUSE, MAIN), skus=(MUG,))
    assert [row["sku"] for row in await store.read("orders.freed")] == [MUG]
    reserved = await served(store)
    left = [order.order for order in orders[: 2 * AT_ONCE - gone]]
    assert {order for order, pieces in reserved.items() if pieces} == set(left)
    await stock(store, 1)
    assert (await served(store))[orders[len(left)].order] == 1


async def test_what_lies_at_a_bench_is_taken_back_last(store: SqliteStore) -> None:
    await stock(store, 2)
    young = replace(new("B", at=AT + 9), payment=Payment("card"))
    await take(store, new("A"), young)
    ask = OpenWork("B", "1002")
    offer = await store.transact(
        Keys(codes=frozenset({ask.code})), lambda books: open_work(books, HOUSE, "pack-1", ask, AT)
    )
    assert isinstance(offer, JobOffered)
    await do(store, lambda books: pack(books, MUG, 1, CAUSE, MAIN), skus=(MUG,))
    assert await served(store) == {"A": 0, "B": 1}


async def test_what_is_promised_beyond_the_shelf_is_taken_back_when_a_product_may_not_be_oversold_any_more(
    store: SqliteStore,
) -> None:
    def sold(oversell: bool) -> Callable[[Books], None]:
        return lambda books: keep(books, ProductRow.of(Product(MUG, "Mug", mass_g=100, oversell=oversell)))

    await do(store, sold(True), skus=(MUG,))
    await take(store, new("A"))
    assert await served(store) == {"A": 1}
    await do(store, sold(False), skus=(MUG,))
    assert await served(store) == {"A": 0}


async def test_a_product_that_becomes_known_is_checked_like_any_other(store: SqliteStore) -> None:
    await take(store, new("A", LAMP, 2), new("B", LAMP, 1000))
    await stock(store, 0, LAMP)
    await serve_waiting(store, lambda: AT)

    def codes(books: Books) -> dict[str, list[str]]:
        return {order.order_id: [reason.code for reason in order.reasons] for order in books.orders}

    keys = Keys(orders=frozenset({OrderId("A"), OrderId("B")}))
    assert await store.transact(keys, codes) == {"A": ["stock.1"], "B": ["quantity.1", "stock.1"]}
    await stock(store, 5000, LAMP)
    await serve_waiting(store, lambda: AT)
    assert await store.transact(keys, codes) == {"A": [], "B": ["quantity.1"]}


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["order", "cancel", "receive", "count"]), st.integers(1, 5)), max_size=12))
async def test_whatever_happens_nobody_waits_for_what_is_free(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    async with SqliteStore(tmp_path_factory.mktemp("shop") / "central.db", "lyon", clock=lambda: AT) as store:
        await stock(store, 3)
        live: list[NewOrder] = []
        for place, (what, pieces) in enumerate(steps):
            if what == "order":
                live.append(new(f"P-{place}", quantity=pieces))
                await take(store, live[-1])
            elif what == "cancel" and live:
                gone = live.pop(pieces % len(live))
                await do(store, lambda books, gone=gone: cancel(books, gone.order, "", BY), gone)  # type: ignore[misc]
            elif what == "receive":
                await stock(store, pieces)
            elif what == "count":
                reserved = await store.transact(Keys(skus=frozenset({MUG})), lambda books: books.level(MUG).reserved)
                found = reserved + pieces
                await do(store, lambda books, found=found: adjust(books, MUG, found, CAUSE), skus=(MUG,))  # type: ignore[misc]
            await serve_waiting(store, lambda: AT)
            lacking = await store.read("orders.lacking", (MUG, 99, 0, 0, "", 200))
            level = await store.transact(Keys(skus=frozenset({MUG})), lambda books: books.level(MUG))
            assert level.available >= 0
            assert not lacking or level.available == 0
