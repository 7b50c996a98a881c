"""What happens to the shelves of both warehouses."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from central.counting import rules as counting
from central.counting.model import Plan
from central.desk.books import Keys
from central.stock.model import Place
from central.stock.rules import adjust, receive
from central.stock.transfers import transfer
from central.supply.commands import keys_to_expect
from central.supply.model import Expected, ExpectedLine
from central.supply.rules import expect
from contract.keys import Sku
from contract.messages import GoodsReceived, StockCounted
from contract.values import ArrivedPieces, FoundPieces
from tests.central.life.house import (
    COUNTS,
    DELIVERY,
    NORTH,
    ORDERS,
    SKUS,
    SOUTH,
    Bench,
    House,
    Site,
    Skus,
    Some,
    skus_of,
)

Count = st.sampled_from(COUNTS[:2])


class Shelves(House):
    """Goods come, go from one warehouse to the other, and are counted."""

    @rule(sku=Skus, pieces=st.integers(1, 6), warehouse=Site)
    def goods_come(self, sku: Sku, pieces: int, warehouse: str) -> None:
        cause = self.cause()
        self.do(skus_of(sku), lambda books: receive(books, sku, pieces, cause, Place(warehouse)))

    @rule(sku=Skus, pieces=st.integers(1, 8), south=st.booleans())
    def pieces_go_to_the_other_warehouse(self, sku: Sku, pieces: int, south: bool) -> None:
        source, target = (NORTH, SOUTH) if south else (SOUTH, NORTH)
        cause = self.cause()
        self.do(
            Keys(skus=frozenset({sku}), lots_of=frozenset({sku})),
            lambda books: transfer(books, sku, pieces, Place(source), Place(target), cause),
        )

    @rule(sku=Skus, pieces=st.integers(0, 12), warehouse=Site)
    def the_shelf_is_counted(self, sku: Sku, pieces: int, warehouse: str) -> None:
        cause = self.cause()
        self.do(skus_of(sku), lambda books: adjust(books, sku, pieces, cause, warehouse))

    @rule(station=Bench, sku=Skus, pieces=Some)
    def a_delivery_is_unpacked(self, station: str, sku: Sku, pieces: int) -> None:
        by, expected = self.by(), Expected(DELIVERY, "faience", (ExpectedLine(SKUS[0], 4),), NORTH)
        self.do(keys_to_expect(expected), lambda books: expect(books, expected, by))
        self.book(station, GoodsReceived(DELIVERY, "A1", (ArrivedPieces(sku, pieces),), "1002", by.at))

    @rule(count=Count, skus=st.lists(Skus, min_size=1, max_size=2, unique=True), warehouse=Site)
    def a_count_is_planned(self, count: str, skus: list[Sku], warehouse: str) -> None:
        by = self.by()
        keys = Keys(counts=frozenset({count}), skus=frozenset(skus))
        self.do(keys, lambda books: counting.plan(books, Plan(count, "x", tuple(skus), warehouse), by))

    @rule(station=Bench, count=Count, pieces=st.integers(0, 14), late=st.booleans())
    def a_bench_counts(self, station: str, count: str, pieces: int, late: bool) -> None:
        """What was counted some time ago may be told only now."""
        at = self.by().at - (45 if late else 0)
        for line in self.whole().count_lines.of(count):
            found = (FoundPieces(line.sku, pieces, line.lot),)
            self.book(station, StockCounted(count, line.bin, found, "1002", at))

    @rule(count=Count, yes=st.booleans())
    def a_count_is_decided(self, count: str, yes: bool) -> None:
        by = self.by()
        # A page finds the orders that are promised what was not found; here it may be any.
        orders = frozenset(ORDERS) if yes else frozenset()
        keys = Keys(counts=frozenset({count}), counts_to_decide=frozenset({count}), orders=orders)
        rule = counting.approve if yes else counting.reject
        self.do(keys, lambda books: rule(books, count, by))

    @rule(number=st.integers(1, 9), sku=Skus, warehouse=Site, pieces=st.integers(0, 14))
    def a_shelf_is_counted_with_four_eyes(self, number: int, sku: Sku, warehouse: str, pieces: int) -> None:
        """Planned, counted at a bench, and approved while benches go on."""
        count = f"C-{number}"
        self.a_count_is_planned(count, [sku], warehouse)
        self.a_bench_counts("pack-1", count, pieces, late=False)
        self.a_count_is_decided(count, yes=True)
