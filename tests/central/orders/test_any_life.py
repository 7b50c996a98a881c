"""Whatever people, shops and benches do to orders, in any order: the books stay provable, in memory and on SQLite."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from msgspec.structs import replace

from central.desk import asks, facts
from central.desk.books import Books, Found, Keys
from central.desk.refused import Refused
from central.orders import cancelling, changing, editing, holding, merging, repeating, splitting, supplied
from central.orders.accepting import accept
from central.orders.editing import Edit, LineChange
from central.orders.merging import destination
from central.orders.model import NewLine, NewOrder, Payment
from central.orders.rules import By
from central.orders.status import settle
from central.packing.jobs import open_work, take_back
from central.payments.rules import pay
from central.shipping.rules import let_go, mark_shipped, take_apart
from central.stock.rules import Cause, adjust, receive
from central.store.sqlite import SqliteStore
from central.tracking.rules import record
from contract.envelope import Envelope
from contract.keys import JobId, OrderId, Sku
from contract.messages import (
    Fact,
    JobFinished,
    JobOffered,
    JobReturned,
    JobSuspended,
    LabelVoided,
    OpenWork,
    ShortReported,
)
from contract.values import Address, Job, PackedLine
from tests.central.shop import ADDRESS, AT, HOUSE, LAMP, MUG, TEA, assert_provable, message, parcel, shop, sscc

BY = By("anna", AT)
CAUSE = Cause("test", "anna", AT)
SKUS = (MUG, TEA, LAMP)
LYON = replace(ADDRESS, city="Lyon", postcode="69002")
FIRST = tuple(OrderId(f"P-{number}") for number in range(1, 5))
MADE = tuple(OrderId(f"{number}-{part}") for number in FIRST[:2] for part in (2, 3))
ORDERS = FIRST + MADE
Lines = st.lists(st.tuples(st.sampled_from(SKUS), st.integers(1, 3)), min_size=1, max_size=3)
Order = st.sampled_from((*FIRST[:3], *FIRST[:3], *ORDERS))
Line = st.sampled_from((1, 1, 2, 2, 3, 4))
Few = st.integers(0, 4)
Bench = st.sampled_from(("pack-1", "pack-2"))
Parcel = st.sampled_from((1, 1, 2, 2, 3, 4))


class Life(RuleBasedStateMachine):
    """People, a shop and two benches at work; each engine says how a change is carried out."""

    def __init__(self) -> None:
        super().__init__()
        self.offers: list[tuple[str, Job]] = []
        self.numbers = count(1)
        self.told = count(1)

    def carry_out(self, keys: Keys, decide: Callable[[Books], Any]) -> Any:
        """Load, decide and write."""
        raise NotImplementedError

    def do(self, keys: Keys, decide: Callable[[Books], Any]) -> Any:
        """What the rules refuse is refused."""
        with suppress(Refused):
            return self.carry_out(keys, decide)
        return None

    def on(self, order: OrderId, decide: Callable[[Books], Any], *others: OrderId) -> Any:
        named = frozenset({order, *others})
        keys = Keys(orders=named, parcels_of=frozenset({order}), payments_of=named, skus=frozenset(SKUS))
        return self.do(keys, decide)

    def book(self, fact: Fact, station: str) -> None:
        envelope = message(fact, station)
        token = f"token-{next(self.told)}"
        self.do(facts.keys_of([envelope]), lambda books: facts.book(books, HOUSE, envelope, token, AT))

    def begin(self) -> None:
        """Three paid orders to one address, so that there is something to do."""
        for order in FIRST[:3]:
            self.a_shop_sends_it(order, [(MUG, 2), (TEA, 2)], True, ADDRESS)

    # --- the shop and the office

    @rule(order=st.sampled_from(FIRST), lines=Lines, paid=st.booleans(), ship_to=st.sampled_from((ADDRESS, LYON)))
    def a_shop_sends_it(self, order: OrderId, lines: list[tuple[Sku, int]], paid: bool, ship_to: Address) -> None:
        bought = tuple(NewLine(sku, pieces, 500) for sku, pieces in lines)
        total = sum(line.quantity * 500 for line in bought)
        payment = Payment("card", "ch", total) if paid else None
        new = NewOrder(order, AT, ship_to, bought, payment=payment, total=total)
        self.on(order, lambda books: accept(books, new, BY))

    @rule(order=Order)
    def it_is_paid(self, order: OrderId) -> None:
        self.on(order, lambda books: pay(books, order, Payment("transfer", f"T-{next(self.told)}"), BY))

    @rule(order=Order, line=Line, pieces=Few)
    def a_quantity_changes(self, order: OrderId, line: int, pieces: int) -> None:
        self.on(order, lambda books: editing.edit(books, order, Edit((LineChange(line, pieces),)), BY))

    @rule(order=Order, sku=st.sampled_from(SKUS), pieces=st.integers(1, 4))
    def a_line_is_added(self, order: OrderId, sku: Sku, pieces: int) -> None:
        self.on(order, lambda books: editing.edit(books, order, Edit((), (NewLine(sku, pieces, 500),)), BY))

    @rule(order=Order, service=st.sampled_from(("", "Colissimo")))
    def the_service_changes(self, order: OrderId, service: str) -> None:
        self.on(order, lambda books: editing.edit(books, order, Edit(service=service), BY))

    @rule(order=Order)
    def it_is_cancelled(self, order: OrderId) -> None:
        self.on(order, lambda books: cancelling.cancel(books, order, "x", BY))

    @rule(order=Order, ship_to=st.sampled_from((ADDRESS, LYON)))
    def the_address_changes(self, order: OrderId, ship_to: Address) -> None:
        self.on(order, lambda books: changing.readdress(books, order, ship_to, BY))

    @rule(order=Order, stop=st.booleans())
    def it_is_stopped_or_let_on(self, order: OrderId, stop: bool) -> None:
        self.on(
            order,
            lambda books: holding.hold(books, order, "x", BY) if stop else holding.release(books, order, BY),
        )

    @rule(order=st.sampled_from(FIRST[:2]), line=Line, pieces=Few)
    def part_of_it_moves(self, order: OrderId, line: int, pieces: int) -> None:
        numbers = splitting.numbers_for(order, "")[:2]
        parts = [LineChange(line, pieces)] if pieces else []
        self.on(order, lambda books: splitting.split_off(books, order, numbers, parts, BY), *numbers)

    @rule(order=Order, line=Line, pieces=Few)
    def a_line_is_split(self, order: OrderId, line: int, pieces: int) -> None:
        self.on(order, lambda books: splitting.split_line(books, order, line, pieces, BY))

    @rule(order=st.sampled_from(FIRST[:2]))
    def it_is_repeated(self, order: OrderId) -> None:
        number = f"{order}-3"
        self.on(order, lambda books: repeating.repeat(books, order, number, BY), OrderId(number))

    @rule(order=Order, others=st.lists(Order, min_size=1, max_size=2))
    def they_are_merged(self, order: OrderId, others: list[OrderId]) -> None:
        self.on(order, lambda books: merging.merge(books, (order, *others), BY), *others)

    @rule(order=Order)
    def a_merge_is_undone(self, order: OrderId) -> None:
        self.on(order, lambda books: merging.unmerge(books, order, BY))

    @rule(order=Order, line=Line, supplier=st.sampled_from(("", "Lampes SA")))
    def a_supplier_sends_it(self, order: OrderId, line: int, supplier: str) -> None:
        self.on(order, lambda books: supplied.assign(books, order, line, supplier, BY))

    @rule(order=Order, line=Line, stage=st.sampled_from(("ordered", "shipped", "delivered")), pieces=Few)
    def a_supplier_tells(self, order: OrderId, line: int, stage: supplied.Stage, pieces: int) -> None:
        self.on(order, lambda books: supplied.tell(books, order, line, stage, pieces, "", BY))

    @rule(sku=st.sampled_from(SKUS), pieces=st.integers(1, 6))
    def goods_come(self, sku: Sku, pieces: int) -> None:
        self.do(Keys(skus=frozenset({sku})), lambda books: receive(books, sku, pieces, CAUSE))

    @rule(sku=st.sampled_from(SKUS), pieces=st.integers(0, 12))
    def the_shelf_is_counted(self, sku: Sku, pieces: int) -> None:
        self.do(Keys(skus=frozenset({sku})), lambda books: adjust(books, sku, pieces, CAUSE))

    @rule(order=Order)
    def a_bench_is_given_up(self, order: OrderId) -> None:
        self.on(order, lambda books: take_back(books, order, "anna", AT))

    # --- benches, whose facts may be late, of old leases, and wrong

    @rule(station=Bench, order=Order)
    def a_bench_asks(self, station: str, order: OrderId) -> None:
        ask = OpenWork(order, "1002")
        keys = asks.keys_of(HOUSE, Envelope("ask", station, 1, AT, ask))

        def answer(books: Books) -> object:
            if not books.found and order in books.orders:
                books.found.append(Found(order, "order", order))
            return open_work(books, HOUSE, station, ask, AT)

        offer = self.do(keys, answer)
        if isinstance(offer, JobOffered):
            assert all(line.quantity > 0 for line in offer.job.lines)
            self.offers.append((station, offer.job))

    @rule(data=st.data())
    def a_bench_closes_a_parcel(self, data: st.DataObject) -> None:
        if not self.offers:
            return
        station, job = data.draw(st.sampled_from(self.offers))
        contents = tuple(
            PackedLine(line.order, line.line, line.sku, pieces)
            for line in job.lines
            if (pieces := data.draw(st.integers(0, line.quantity + 1)))
        )
        closed = replace(parcel(next(self.numbers), job.job, fence=job.fence), contents=contents)
        self.book(closed, station)

    @rule(station=Bench, order=Order, ship=st.booleans())
    def a_bench_packs_it_whole(self, station: str, order: OrderId, ship: bool) -> None:
        offers = len(self.offers)
        self.a_bench_asks(station, order)
        if len(self.offers) == offers:
            return
        job = self.offers[-1][1]
        number = next(self.numbers)
        contents = tuple(PackedLine(line.order, line.line, line.sku, line.quantity) for line in job.lines)
        self.book(replace(parcel(number, job.job, fence=job.fence), contents=contents), station)
        self.book(JobFinished(job.job, job.fence, "1002", AT), station)
        if ship:
            key = sscc(number)
            self.do(Keys(parcels=frozenset({key})), lambda books: mark_shipped(books, key, "anna", AT))

    @rule(data=st.data(), how=st.sampled_from(("finished", "returned", "suspended", "short")))
    def a_bench_ends(self, data: st.DataObject, how: str) -> None:
        if not self.offers:
            return
        station, job = data.draw(st.sampled_from(self.offers))
        line = data.draw(st.sampled_from(job.lines))
        fact: Fact
        if how == "finished":
            fact = JobFinished(job.job, job.fence, "1002", AT)
        elif how == "returned":
            fact = JobReturned(job.job, job.fence, "1002", AT, "edited")
        elif how == "suspended":
            in_hand = (PackedLine(line.order, line.line, line.sku, line.quantity),)
            fact = JobSuspended(job.job, job.fence, "1002", AT, in_hand)
        else:
            fact = ShortReported(job.job, line.order, line.line, line.sku, line.quantity, "missing", "1002", AT)
        self.book(fact, station)

    @rule(number=Parcel, way=st.sampled_from(("ship", "apart", "let go", "void", "deliver", "return")))
    def a_parcel_goes_on(self, number: int, way: str) -> None:
        key = sscc(number)
        if way == "void":
            self.book(LabelVoided(key, JobId("P-1"), AT, "1002", "torn"), "pack-1")
            return
        decide: dict[str, Callable[[Books], Any]] = {
            "ship": lambda books: mark_shipped(books, key, "anna", AT),
            "apart": lambda books: take_apart(books, key, CAUSE, "x"),
            "let go": lambda books: let_go(books, key, "anna", AT),
            "deliver": lambda books: record(books, key, "delivered", at=AT, now=AT, source="office"),
            "return": lambda books: record(books, key, "returned", at=AT, now=AT, source="office"),
        }
        self.do(Keys(parcels=frozenset({key})), decide[way])


def assert_merges_hold(books: Books) -> None:
    """Orders that are packed together go to one place, and never one alone."""
    groups: dict[str, list[tuple[str, ...]]] = {}
    for order in books.orders:
        if order.merged_into:
            assert not order.cancelled
            groups.setdefault(order.merged_into, []).append(destination(order.address, order.service, order.warehouse))
    for first, places in groups.items():
        assert len(places) > 1, first
        assert len(set(places)) == 1, first
        assert books.orders[OrderId(first)].merged_into == first


class InMemory(Life):
    """The pure rules on one set of books; what they refuse must not have changed anything."""

    def __init__(self) -> None:
        super().__init__()
        self.books = shop(shelf=12)
        self.begin()

    def carry_out(self, keys: Keys, decide: Callable[[Books], Any]) -> Any:
        before = self.state()
        self.books.found = []
        try:
            answer = decide(self.books)
        except Refused:
            assert self.state() == before
            raise
        settle(self.books, AT)
        return answer

    def state(self) -> list[object]:
        books = self.books
        tables = (books.orders, books.lines, books.jobs, books.levels, books.parcels, books.parcel_lines)
        return [{id(row): row for row in table} for table in tables] + [len(books.movements), len(books.problems)]

    @invariant()
    def provable(self) -> None:
        assert_provable(self.books)
        assert_merges_hold(self.books)
        for parcel_row in self.books.parcels:
            pieces = self.books.pieces_in(parcel_row)
            assert all(0 <= piece.counted <= piece.quantity for piece in pieces)


class OnSqlite(Life):
    """The same on a database: what a rule touches without naming it is not loaded, and shows here."""

    @initialize()
    def open(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.runner = asyncio.Runner()
        self.store = SqliteStore(Path(self.folder.name) / "central.db", "lyon", clock=lambda: AT)
        self.runner.run(self.store.__aenter__())
        products = shop(shelf=0).products

        def stock_up(books: Books) -> None:
            for product in products:
                books.products.put(product)
                receive(books, product.sku, 12, CAUSE)

        self.carry_out(Keys(skus=frozenset(SKUS)), stock_up)
        self.begin()

    def carry_out(self, keys: Keys, decide: Callable[[Books], Any]) -> Any:
        return self.runner.run(self.store.transact(keys, decide))

    @invariant()
    def provable(self) -> None:
        if not hasattr(self, "store"):
            return
        assert self.runner.run(self.store.read("stock.audit_levels")) == []
        self.carry_out(Keys(orders=frozenset(ORDERS), skus=frozenset(SKUS)), self.look)

    def look(self, books: Books) -> None:
        """What is stored; the movements and problems are in the audit."""
        assert_merges_hold(books)
        for line in books.lines:
            assert line.delivered <= line.shipped <= line.packed <= line.ordered - line.cancelled, line
            assert 0 <= line.returned <= line.shipped
            assert 0 <= line.reserved <= line.to_pack, line
        for level in books.levels:
            assert level.shelf >= 0
            assert level.packed >= 0

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.runner.run(self.store.__aexit__(None, None, None))
            self.runner.close()
            self.folder.cleanup()


@pytest.mark.feature("O5", "O6", "O7", "O14", "O17", "K1", "K2", "R4")
@pytest.mark.parametrize(("life", "examples", "steps"), [(InMemory, 60, 40), (OnSqlite, 8, 30)])
def test_any_life_keeps_the_books_provable(life: type[Life], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
