"""Orders that nobody pays, on a real database with clocks of the test's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.orders.accepting import accept
from central.orders.importing import keys_of
from central.orders.model import NewLine, NewOrder, Payment
from central.orders.rules import By
from central.orders.serving import serve_waiting
from central.payments.rules import pay
from central.payments.unpaid import DAY_MS, STEADY_FOR_MS, Steadiness, Unpaid, UnpaidConfig
from central.stock.model import Product
from central.stock.rows import ProductRow
from central.stock.rules import Cause, receive
from central.store.sqlite import SqliteStore
from contract.keys import OrderId
from tests.central.shop import ADDRESS, AT, MUG

CONFIG = UnpaidConfig(7, {"Cheque": 21, "account": 0})
NEW = NewOrder(OrderId("P-1"), AT, ADDRESS, (NewLine(MUG, 2),), total=2500)


class Clocks:
    """A wall clock that may be set, and one that may not."""

    def __init__(self) -> None:
        self.wall = AT
        self.monotonic = 5_000_000

    def go(self, ms: int) -> None:
        self.wall += ms
        self.monotonic += ms


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    async with SqliteStore(tmp_path / "central.db", "lyon", clock=lambda: AT) as opened:

        def decide(books: Books) -> None:
            books.products.put(ProductRow.of(Product(MUG, "Mug")))
            receive(books, MUG, 2, Cause("start", "test", AT))

        await opened.transact(Keys(skus=frozenset({MUG})), decide)
        yield opened


async def take(store: SqliteStore, number: str, **fields: object) -> None:
    new = replace(NEW, order=OrderId(number), **fields)
    await store.transact(keys_of(new), lambda books: accept(books, new, By("test", AT)))


async def statuses(store: SqliteStore) -> dict[str, str]:
    rows = await store.read("orders.load", ('["P-1","P-2","P-3","P-4","P-5"]',))
    return {row["order_id"]: row["status"] for row in rows}


async def watch(store: SqliteStore, clocks: Clocks) -> Unpaid:
    """Since long enough to believe the clock."""
    watching = Unpaid(store, CONFIG, lambda: clocks.wall, lambda: clocks.monotonic)
    await watching.look()
    clocks.go(STEADY_FOR_MS)
    return watching


@pytest.mark.feature("O4", "K2")
async def test_unpaid_orders_are_cancelled_after_their_time_and_their_stock_is_free(store: SqliteStore) -> None:
    await take(store, "P-1")
    await take(store, "P-2", payment=Payment("card", "ch_1"))
    await take(store, "P-3", pays_by="cheque")
    await take(store, "P-4", pays_by="account")
    await take(store, "P-5", payment=Payment("cheque", "C-1", 100))
    clocks = Clocks()
    clocks.go(7 * DAY_MS - STEADY_FOR_MS)
    watching = await watch(store, clocks)
    assert await watching.look() == 0
    clocks.go(1)
    assert await watching.look() == 1
    now = await statuses(store)
    assert (now["P-1"], now["P-3"], now["P-4"]) == ("cancelled", "held", "held")
    await serve_waiting(store, lambda: clocks.wall)
    (line,) = await store.read("orders.lines_of", ("P-2",))
    assert line["reserved"] == 2, "what P-1 gave back is promised to the next that waited"
    clocks.go(14 * DAY_MS)
    assert await watching.look() == 1
    clocks.go(300 * DAY_MS)
    assert await watching.look() == 0
    assert (await statuses(store))["P-3"] == "cancelled"
    entries = await store.read("tracking.timeline_of", ("order/P-1",))
    assert [(entry["by"], entry["text"]) for entry in entries if entry["what"] == "order_cancelled"] == [
        ("central", "not paid within 7 days")
    ]


@pytest.mark.feature("O4")
async def test_money_that_came_meanwhile_saves_the_order(store: SqliteStore) -> None:
    await take(store, "P-1")
    clocks = Clocks()
    clocks.go(8 * DAY_MS)
    watching = await watch(store, clocks)
    one = frozenset({OrderId("P-1")})
    keys = Keys(orders=one, payments_of=one)
    await store.transact(keys, lambda books: pay(books, OrderId("P-1"), Payment("cheque", "C-1"), By("anna", AT)))
    assert await watching.look() == 0
    assert (await statuses(store))["P-1"] == "open"


@pytest.mark.feature("O4")
async def test_a_clock_that_jumps_cancels_nothing_until_it_goes_evenly(store: SqliteStore) -> None:
    await take(store, "P-1")
    clocks = Clocks()
    watching = await watch(store, clocks)
    clocks.wall += 365 * DAY_MS
    assert await watching.look() == 0
    clocks.go(STEADY_FOR_MS - 1)
    clocks.wall -= 365 * DAY_MS
    assert await watching.look() == 0
    clocks.go(STEADY_FOR_MS)
    assert await watching.look() == 0
    restarted = Unpaid(store, CONFIG, lambda: clocks.wall, lambda: clocks.monotonic)
    clocks.go(30 * DAY_MS)
    assert await restarted.look() == 0, "just started: the clock is not believed yet"
    clocks.go(STEADY_FOR_MS)
    assert await restarted.look() == 1


async def test_nothing_is_cancelled_unless_it_is_configured(store: SqliteStore) -> None:
    await take(store, "P-1")
    clocks = Clocks()
    never = Unpaid(store, UnpaidConfig(), lambda: clocks.wall, lambda: clocks.monotonic)
    await never.look()
    clocks.go(900 * DAY_MS)
    assert await never.look() == 0


@given(st.lists(st.tuples(st.integers(0, 400_000), st.integers(-200_000, 200_000)), max_size=30))
def test_a_clock_is_steady_only_long_after_its_last_jump(looks: list[tuple[int, int]]) -> None:
    steadiness = Steadiness()
    wall, monotonic, jumped = AT, 1000, 1000
    steadiness.steady(wall, monotonic)
    for passed, set_by in looks:
        monotonic += passed
        wall += passed + set_by
        if abs(set_by) > 60_000:
            jumped = monotonic
        assert steadiness.steady(wall, monotonic) == (monotonic - jumped >= STEADY_FOR_MS)


@pytest.mark.feature("O4")
@pytest.mark.parametrize(
    ("days", "words"), [(2, "2 days"), (0.5, "12 hours"), (1 / 48, "30 minutes"), (0.0003, "25.92 seconds")]
)
async def test_less_than_a_day_is_a_time_too(store: SqliteStore, days: float, words: str) -> None:
    """The clock must have gone evenly as long as orders wait, where that is shorter than usual."""
    clocks = Clocks()
    unpaid = Unpaid(store, UnpaidConfig(days), lambda: clocks.wall, lambda: clocks.monotonic)
    await take(store, "P-1")
    assert await unpaid.look() == 0
    clocks.go(round(days * DAY_MS) + 1)
    assert await unpaid.look() == 1
    told = await store.read("tracking.timeline_of", ("order/P-1",))
    assert [each["text"] for each in told if each["what"] == "order_cancelled"] == [f"not paid within {words}"]
