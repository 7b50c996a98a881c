"""Any sequence of what pickers and the office do keeps batches and stock true."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

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
from central.stock.model import Place
from central.stock.rules import receive
from contract.keys import OrderId, Sku
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
    st.sampled_from(("A", "B", "C")).map(
        lambda number: lambda books: cancel(books, OrderId(number), "by phone", By("office", AT))
    ),
)
ends = st.one_of(st.none(), by.map(lambda who: lambda books: rules.stop(books, BATCH, who)))


def with_bins(orders: list[list[tuple[Sku, int]]]) -> Books:
    books = shop(shelf=0)
    for place, sku in enumerate(SKUS):
        for number in range(2):
            receive(books, sku, 3, Cause("start", "test", AT), Place("main", f"A-{place * 5 + number * 9}"))
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
        open_tasks = [task for task in books.tasks if task.left]
        assert (books.batches[BATCH].state == "open") == bool(open_tasks)
        for name in PICKERS:
            assert len({task.bin for task in open_tasks if task.picker == name}) <= 1, "one place at a time"
        totes = [row.tote for row in books.batch_orders if row.tote]
        assert len(totes) == len(set(totes))
