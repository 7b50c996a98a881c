"""Any sequence of what people and stations do keeps the stock provable: on the pure rules, and on the real store."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from central.counting import rules as counting
from central.counting.model import Found, Plan
from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.orders.cancelling import cancel
from central.orders.holding import recheck
from central.orders.rerouting import reroute
from central.orders.rules import By
from central.orders.serving import serve_waiting
from central.packing.booking import close_parcel, report_short, void_label
from central.policy.standing import Standing
from central.shipping.rules import mark_shipped
from central.stock import lots, rules, transfers
from central.stock.ledger import Cause
from central.stock.model import Lot, Place, Product, Warehouse
from central.stock.rows import ProductRow
from central.store.sqlite import SqliteStore
from contract.keys import JobId, OrderId, Sku
from contract.messages import LabelVoided, ParcelClosed, ShortReported
from contract.values import PackedLine, Trace, Weighing
from tests.central.provable import over_promised
from tests.central.shop import AT, HOUSE, LAMP, MUG, TEA, add_order, serve_promises, sscc

NORTH, SOUTH = "north", "south"
SKUS = (MUG, TEA, LAMP)
STANDING = Standing(warehouses=(NORTH, SOUTH))
TWO = replace(HOUSE, warehouses=(Warehouse(NORTH, "North", ("pack-1",)), Warehouse(SOUTH, "South", ("pack-2",))))
LOTS = {"": "", "L1": "2040-01-31", "L2": "2041-01-31", "OLD": "2020-01-31"}

skus = st.sampled_from(SKUS)
few = st.integers(1, 4)
which = st.integers(0, 60)
places = st.builds(Place, st.sampled_from((NORTH, SOUTH)), st.sampled_from(("", "A1", "B1")))
lot_names = st.sampled_from(tuple(LOTS))
stations = st.sampled_from(("pack-1", "pack-2"))


class Shop(RuleBasedStateMachine):
    """What may happen, in any order. The lamp may be oversold."""

    def __init__(self) -> None:
        super().__init__()
        self.orders: list[OrderId] = []
        self.parcels: list[int] = []
        self.counts: list[str] = []
        self.at = AT

    def do(self, decide: Callable[[Books], object]) -> None:
        raise NotImplementedError

    def attempt(self, decide: Callable[[Books], object]) -> None:
        """A request that the rules may refuse."""
        with suppress(Refused):
            self.do(decide)

    def now(self) -> By:
        self.at += 10
        return By("Anna", self.at)

    def cause(self) -> Cause:
        return Cause("x", "Anna", self.now().at)

    @initialize()
    def open_shop(self) -> None:
        def fill(books: Books) -> None:
            for sku in SKUS:
                books.products.put(ProductRow.of(Product(sku, sku.title(), oversell=sku == LAMP)))

        self.do(fill)

    @rule(sku=skus, quantity=st.integers(1, 9), place=places, lot=lot_names)
    def receive(self, sku: str, quantity: int, place: Place, lot: str) -> None:
        cause = self.cause()
        self.do(lambda books: rules.receive(books, sku, quantity, cause, place, Lot(lot, LOTS[lot])))

    @rule(lines=st.lists(st.tuples(skus, few), min_size=1, max_size=3))
    def order(self, lines: list[tuple[str, int]]) -> None:
        number = f"P-{len(self.orders) + 1}"
        self.do(lambda books: add_order(books, number, lines))
        self.orders.append(OrderId(number))

    @rule(pick=which, station=stations, lot=lot_names, late=st.booleans(), extra=st.integers(0, 1), wanted=few)
    def pack(self, pick: int, station: str, lot: str, late: bool, extra: int, wanted: int) -> None:
        if not self.orders:
            return
        order = self.orders[pick % len(self.orders)]
        number = len(self.parcels) + 1
        at = self.now().at - (1000 if late else 0)

        def close(books: Books) -> None:
            lines = books.lines.of(order)
            line = lines[pick % len(lines)]
            pieces = min(wanted, max(1, line.to_pack)) + extra
            traces = (Trace(pieces, lot, "", LOTS[lot]),) if lot else ()
            content = PackedLine(order, line.line, line.sku, pieces, traces=traces)
            weighing = Weighing(500, at, "scale", "raw")
            fact = ParcelClosed(sscc(number), JobId(order), 0, 1, (content,), weighing, "1002", at, at)
            close_parcel(books, TWO, station, fact, f"token-{number}", at)

        self.do(close)
        self.parcels.append(number)

    @rule(pick=which, station=stations, kind=st.sampled_from(("missing", "damaged")), quantity=few)
    def short(self, pick: int, station: str, kind: str, quantity: int) -> None:
        if self.orders:
            order = self.orders[pick % len(self.orders)]
            at = self.now().at

            def report(books: Books) -> None:
                line = books.lines.of(order)[0]
                fact = ShortReported(JobId(order), order, line.line, line.sku, quantity, kind, "1002", at)  # type: ignore[arg-type]
                report_short(books, TWO, station, fact)

            self.do(report)

    @rule(pick=which, shipped=st.booleans())
    def end_parcel(self, pick: int, shipped: bool) -> None:
        if self.parcels:
            key = sscc(self.parcels[pick % len(self.parcels)])
            at = self.now().at
            if shipped:
                self.attempt(lambda books: mark_shipped(books, key, "Anna", at))
            else:
                fact = LabelVoided(key, JobId("P-1"), reason="wrong box", badge="1002", at=at)
                self.attempt(lambda books: void_label(books, "pack-1", fact, "token-v", at))

    @rule(pick=which, what=st.sampled_from(("cancel", "recheck", NORTH, SOUTH)))
    def change_order(self, pick: int, what: str) -> None:
        if self.orders:
            order, by = self.orders[pick % len(self.orders)], self.now()
            if what == "cancel":
                self.attempt(lambda books: cancel(books, order, "changed my mind", by))
            elif what == "recheck":
                self.do(lambda books: recheck(books, order, by))
            else:
                self.attempt(lambda books: reroute(books, order, what, by))

    @rule(sku=skus, quantity=few, source=places, goal=places, lot=lot_names)
    def transfer(self, sku: str, quantity: int, source: Place, goal: Place, lot: str) -> None:
        cause = self.cause()
        self.attempt(lambda books: transfers.transfer(books, sku, quantity, source, goal, cause, lot))

    @rule(sku=skus, place=places, lot=lot_names, stopped=st.booleans())
    def keep_apart(self, sku: str, place: Place, lot: str, stopped: bool) -> None:
        by = self.now()
        self.do(lambda books: transfers.set_pick_bin(books, sku, place, by))
        self.attempt(
            lambda books: lots.stop(books, sku, lot, "why", by) if stopped else lots.resume(books, sku, lot, by)
        )

    @rule(sku=skus, on_hand=st.integers(0, 9), place=places)
    def adjust(self, sku: str, on_hand: int, place: Place) -> None:
        cause = self.cause()
        self.attempt(lambda books: rules.adjust(books, sku, on_hand, cause, place.warehouse))

    @rule(wanted=st.lists(skus, min_size=1, max_size=2), place=places)
    def plan_count(self, wanted: list[str], place: Place) -> None:
        count = f"C-{len(self.counts) + 1}"
        by = self.now()
        self.counts.append(count)
        self.attempt(lambda books: counting.plan(books, Plan(count, "x", tuple(wanted), place.warehouse), by))

    @rule(pick=which, off=st.integers(-3, 3))
    def count(self, pick: int, off: int) -> None:
        if self.counts:
            count, by = self.counts[pick % len(self.counts)], self.now()

            def record(books: Books) -> None:
                job = counting.known(books, count)
                found = [
                    Found(line.sku, max(0, counting.expected_of(books, job, line) + off), line.bin, line.lot)
                    for line in books.count_lines.of(count)
                ]
                counting.record(books, count, found, by)

            self.attempt(record)

    @rule(pick=which, approved=st.booleans())
    def decide_count(self, pick: int, approved: bool) -> None:
        if self.counts:
            count, by = self.counts[pick % len(self.counts)], self.now()
            decide = counting.approve if approved else counting.reject
            self.attempt(lambda books: decide(books, count, by))


def check(books: Books) -> None:
    """Quantities that may never be, in books that hold everything."""
    for level in books.levels:
        over = books.products[level.sku].oversell
        assert over or level.shelf >= 0, level
        assert level.packed >= 0, level
        assert level.reserved >= 0, level
    for row in books.holdings:
        assert row.quantity >= 0, row
    for line in books.lines:
        assert 0 <= line.shipped <= line.packed <= line.ordered - line.cancelled, line
        assert 0 <= line.reserved <= line.to_pack, line


class OnBooks(Shop):
    """The rules alone, on books that hold everything. What was refused is forgotten by making the change on a copy."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Books(STANDING)

    def do(self, decide: Callable[[Books], object]) -> None:
        decide(self.books)
        serve_promises(self.books, self.at)

    def attempt(self, decide: Callable[[Books], object]) -> None:
        before = _copy(self.books)
        try:
            decide(self.books)
        except Refused:
            self.books = before
        serve_promises(self.books, self.at)

    @invariant()
    def is_provable(self) -> None:
        books = self.books
        check(books)
        shelves: Counter[tuple[str, str]] = Counter()
        spots: Counter[tuple[str, str, str, str]] = Counter()
        for each in books.movements:
            for place, bin_, sign in ((each.source, each.source_bin, -1), (each.target, each.target_bin, 1)):
                if place == "shelf":
                    shelves[each.sku, each.warehouse] += sign * each.quantity
                    spots[each.sku, each.warehouse, bin_, each.lot] += sign * each.quantity
        promised: Counter[tuple[str, str]] = Counter()
        for line in books.lines:
            promised[line.sku, books.orders[line.order_id].warehouse] += line.reserved
        for level in books.levels:
            assert level.shelf == shelves[level.sku, level.warehouse]
            assert level.reserved == promised[level.sku, level.warehouse]
        assert over_promised(books) == set()
        for row in books.holdings:
            assert row.quantity == spots[row.sku, row.warehouse, row.bin, row.lot]


def _copy(books: Books) -> Books:
    made = Books(books.standing)
    for name in Books.__slots__:
        rows = getattr(books, name)
        if hasattr(rows, "fill"):
            getattr(made, name).fill(list(rows))
        elif isinstance(rows, list):
            setattr(made, name, list(rows))
    return made


class OnTheStore(Shop):
    """The same on a real database: each rule is a transaction, and the audit finds nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="packline-stock-"))
        self.runner = asyncio.Runner()
        self.store = SqliteStore(self.folder / "central.db", "lyon", standing=STANDING, clock=lambda: self.at)
        self.runner.run(self.store.__aenter__())

    def teardown(self) -> None:
        self.serve_marks()
        self.runner.run(self.store.__aexit__(None, None, None))
        self.runner.close()
        shutil.rmtree(self.folder)

    def do(self, decide: Callable[[Books], object]) -> None:
        counts = frozenset(self.counts)
        keys = Keys(
            orders=frozenset(self.orders),
            skus=frozenset(SKUS),
            lots_of=frozenset(SKUS),
            parcels=frozenset(sscc(number) for number in self.parcels),
            counts=counts,
            counts_to_decide=counts,
        )
        self.runner.run(self.store.transact(keys, decide))

    @invariant()
    def is_provable(self) -> None:
        for audit in ("stock.audit_levels", "stock.audit_holdings"):
            assert self.runner.run(self.store.read(audit)) == []
        self.do(check)
        if over := self.over_promised():
            assert over <= {row["sku"] for row in self.runner.run(self.store.read("orders.freed"))}
            self.serve_marks()

    def over_promised(self) -> set[Sku]:
        found: set[Sku] = set()
        self.do(lambda books: found.update(over_promised(books)))
        return found

    @rule()
    def serve_marks(self) -> None:
        """Then all promises lie on the shelves again."""
        self.runner.run(serve_waiting(self.store, lambda: self.at))
        assert self.over_promised() == set()


bounded = settings(deadline=None, suppress_health_check=list(HealthCheck))
OnBooks.TestCase.settings = settings(bounded, max_examples=25, stateful_step_count=30)
OnTheStore.TestCase.settings = settings(bounded, max_examples=5, stateful_step_count=25)


@pytest.mark.feature("K1", "K2", "K5", "K7")
class TestOnBooks(OnBooks.TestCase):  # type: ignore[name-defined,misc]
    pass


@pytest.mark.feature("K1", "K2", "K5", "K7")
class TestOnTheStore(OnTheStore.TestCase):  # type: ignore[name-defined,misc]
    pass
