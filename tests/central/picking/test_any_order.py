"""Any sequence of what pickers and the office do keeps batches and stock true."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books, Found
from central.desk.refused import Refused
from central.orders.cancelling import cancel
from central.orders.rules import By
from central.orders.status import settle
from central.picking import rules
from central.stock.ledger import Cause
from central.stock.lots import stop
from central.stock.model import Lot, Place
from central.stock.rules import receive
from contract.envelope import encode
from contract.keys import OrderId, Sku
from contract.values import ItemCode
from tests.central.provable import assert_provable
from tests.central.shop import AT, HOUSE, LAMP, MUG, TEA, add_order, shop

BATCH, SKUS, PICKERS = "PICK-1", (MUG, TEA, LAMP), ("anna", "ben")
Step: TypeAlias = Callable[[Books], None]
lines = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 3)), min_size=1, max_size=3, unique_by=lambda x: x[0])
by = st.sampled_from(PICKERS).map(lambda name: By(name, AT))


def scanned(code: str, who: By) -> Step:
    def step(books: Books) -> None:
        books.found = [Found(code, "tote", row.order_id) for row in books.orders if row.tote and row.tote == code]
        rules.scan(books, BATCH, code, who)

    return step


pieces = st.tuples(st.sampled_from(SKUS), by).map(lambda x: scanned(*x))
steps = st.one_of(
    pieces,
    pieces,
    pieces,
    pieces,
    st.tuples(st.sampled_from((*SKUS, "TOTE-1", "TOTE-2", "TOTE-3", "NOTHING")), by).map(lambda x: scanned(*x)),
    st.tuples(st.integers(1, 9), by).map(lambda x: lambda books: rules.tick(books, BATCH, *x)),
    st.tuples(st.integers(1, 9), st.sampled_from(("missing", "damaged")), by).map(
        lambda x: lambda books: rules.report_short(books, HOUSE, BATCH, *x)
    ),
    by.map(lambda who: lambda books: rules.join(books, BATCH, who)),
    st.tuples(st.sampled_from(SKUS), st.sampled_from(("L1", "L2"))).map(
        lambda x: lambda books: stop(books, *x, "Chipped", By("office", AT))
    ),
    st.sampled_from(("A", "B", "C")).map(
        lambda number: lambda books: cancel(books, OrderId(number), "by phone", By("office", AT))
    ),
)
ends = st.one_of(st.none(), by.map(lambda who: lambda books: rules.stop(books, BATCH, who)))


def with_bins(orders: list[list[tuple[Sku, int]]]) -> Books:
    books = shop(shelf=0)
    for place, sku in enumerate(SKUS):
        for number in range(2):
            receive(
                books,
                sku,
                3,
                Cause("start", "test", AT),
                Place("main", f"A-{place * 5 + number * 9}"),
                Lot(f"L{number}"),
            )
    books.products.put(replace(books.products[LAMP], policy="manual"))
    for number, wanted in zip("ABC", orders, strict=False):
        add_order(books, number, wanted)
    settle(books, AT)
    return books


@settings(max_examples=120, deadline=None)
@given(st.lists(lines, min_size=1, max_size=3), st.lists(steps, min_size=10, max_size=40), ends)
def test_whatever_is_done_batches_and_stock_stay_true(
    orders: list[list[tuple[Sku, int]]], done: list[Step], end: Step | None
) -> None:
    books = with_bins(orders)
    rules.begin(books, BATCH, "queue", [row.order_id for row in books.orders], By("anna", AT))
    for number in range(1, len(books.batch_orders) + 1):
        scanned(f"TOTE-{number}", By("anna", AT))(books)
    picked = 0
    for step in [*done, *([end] if end else [])]:
        with suppress(Refused):
            step(books)
        settle(books, AT)
        assert_provable(books)
        total = sum(task.picked for task in books.tasks)
        assert total >= picked, "what is in a tote is not forgotten"
        picked = total
        for task in books.tasks:
            assert task.left >= 0
            assert task.ticked <= task.picked
            assert (task.settled_at is not None) == (task.left == 0)
        for line in books.lines:
            fetched = sum(
                task.picked for task in books.tasks if (task.order_id, task.line) == (line.order_id, line.line)
            )
            assert fetched <= line.ordered
        with suppress(Refused):
            rules.join(books, BATCH, By("ben", AT))
            stopped = {(row.sku, row.lot) for row in books.lots if row.stopped}
            assert not any(task.left and (task.sku, task.lot) in stopped for task in books.tasks)
        open_tasks = [task for task in books.tasks if task.left]
        assert (books.batches[BATCH].state == "open") == bool(open_tasks)
        for name in PICKERS:
            assert len({task.bin for task in open_tasks if task.picker == name}) <= 1, "one place at a time"
        totes = [row.tote for row in books.batch_orders if row.tote]
        assert len(totes) == len(set(totes))


@pytest.mark.feature("K9", "P28")
def test_whoever_goes_on_is_sent_away_from_a_lot_that_was_stopped() -> None:
    anna = By("anna", AT)
    books = with_bins([[(MUG, 3)], [(MUG, 2)]])
    rules.begin(books, BATCH, "queue", [OrderId("A"), OrderId("B")], anna)
    for number in (1, 2):
        scanned(f"TOTE-{number}", anna)(books)
    scanned(MUG, anna)(books)
    assert [(task.lot, task.left) for task in books.tasks] == [("L0", 2), ("L1", 2)]
    receive(books, MUG, 4, Cause("more", "test", AT), Place("main", "A-99"), Lot("L2"))
    stop(books, MUG, "L0", "Chipped", By("office", AT))
    rules.join(books, BATCH, anna)
    assert [(task.lot, task.bin, task.left) for task in books.tasks if task.left] == [
        ("L1", "A-9", 2),
        ("L2", "A-99", 2),
    ]
    assert Counter(task.order_id for task in books.tasks for _ in range(task.left + task.picked)) == {"A": 3, "B": 2}
    books.products.put(replace(books.products[MUG], codes=encode([ItemCode("04006381333931")]).decode()))
    with pytest.raises(Refused, match=r"Lot L0 of MUG-BLUE was stopped: Chipped\. Leave it here\."):
        scanned("]C1010400638133393110L0", anna)(books)
    scanned("]C1010400638133393110L1", anna)(books)
    books.lots.put(replace(books.lots[MUG, "L1"], expiry="2020-01-31"))
    with pytest.raises(Refused, match=r"Lot L1 of MUG-BLUE was good until 2020-01-31\. Leave it here\."):
        scanned("]C1010400638133393110L1", anna)(books)
