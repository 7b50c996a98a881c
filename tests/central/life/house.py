"""The house of two warehouses in which everything may happen, and how a change is carried out in it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from msgspec.structs import replace

from central.desk.batch import decide as decide_batch
from central.desk.batch import keys_of as keys_of_batch
from central.desk.books import Books, Found, Keys
from central.desk.deliveries import AskCame, FactCame
from central.desk.refused import Refused
from central.orders.commands import keys_to_change
from central.orders.rules import By
from central.policy.standing import Standing
from central.stock.ledger import Cause
from central.stock.model import Product, Warehouse
from central.stock.rows import ProductRow
from central.stock.rules import receive
from central.supply.model import Supplier
from central.supply.rules import keep
from contract.envelope import Envelope
from contract.keys import OrderId, Sku
from contract.messages import Fact, InboxItem, OpenWork
from contract.values import Job
from tests.central.shop import ADDRESS, AT, HOUSE, LAMP, MUG, TEA, sscc

NORTH, SOUTH = "north", "south"
SKUS: Final = (MUG, TEA, LAMP)
"""The lamp may be sold below zero."""
STANDING: Final = Standing(warehouses=(NORTH, SOUTH))
TWO: Final = replace(
    HOUSE, warehouses=(Warehouse(NORTH, "North", ("pack-1", "pack-2")), Warehouse(SOUTH, "South", ("pack-3",)))
)
LYON: Final = replace(ADDRESS, city="Lyon", postcode="69002")
FIRST: Final = tuple(OrderId(f"P-{number}") for number in range(1, 5))
MADE: Final = tuple(OrderId(f"{number}-{part}") for number in FIRST[:2] for part in (2, 3))
"""What splitting and repeating makes."""
ORDERS: Final = FIRST + MADE
COUNTS: Final = tuple(f"C-{number}" for number in range(1, 10))
DELIVERY: Final = "PO-1"
PARCELS: Final = 40

Order = st.sampled_from((*FIRST[:3], *FIRST[:3], *ORDERS))
Line = st.sampled_from((1, 1, 2, 2, 3, 4))
Few = st.integers(0, 4)
Some = st.integers(1, 4)
Bench = st.sampled_from(("pack-1", "pack-2", "pack-3"))
Parcel = st.sampled_from((1, 1, 2, 2, 3, 4))
Skus = st.sampled_from(SKUS)
Site = st.sampled_from((NORTH, SOUTH))
Home = st.sampled_from((ADDRESS, LYON))


class House(RuleBasedStateMachine):
    """What all who act here have; an engine says how a change is carried out and what is true afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.offers: list[tuple[str, Job]] = []
        self.told: list[tuple[str, Fact, str]] = []
        """Facts that were booked, with their station and message."""
        self.numbers = count(1)
        self.messages = count(1)
        self.at = AT

    def carry_out(self, keys: Keys, decide: Callable[[Books], Any]) -> Any:
        """Load, decide and write."""
        raise NotImplementedError

    def whole(self) -> Books:
        """Books that hold everything that ever happened."""
        raise NotImplementedError

    def do(self, keys: Keys, decide: Callable[[Books], Any]) -> Any:
        """What the rules refuse is refused."""
        with suppress(Refused):
            return self.carry_out(keys, decide)
        return None

    def on(self, order: OrderId, decide: Callable[[Books], Any], also: Keys | None = None) -> Any:
        """A command on one order, with what such a command loads."""
        return self.do(keys_to_change(order, also), decide)

    def by(self) -> By:
        self.at += 10
        return By("anna", self.at)

    def cause(self) -> Cause:
        return Cause("test", "anna", self.by().at)

    def book(self, station: str, *facts: Fact) -> None:
        """Book facts that arrived together, by what a batch of the inbox loads."""
        named = [(station, fact, f"message-{next(self.messages)}") for fact in facts]
        self.told += named
        self.deliver(named)

    def deliver(self, named: list[tuple[str, Fact, str]]) -> None:
        came = [FactCame(Envelope(message, station, 1, AT, fact)) for station, fact, message in named]
        tokens = (f"token-{next(self.messages)}" for _ in named)
        at = self.by().at
        self.do(keys_of_batch(TWO, came, at), lambda books: decide_batch(books, TWO, came, tokens, at))

    def ask(self, station: str, code: str) -> InboxItem | None:
        """A bench asks for work."""
        came = AskCame(Envelope(f"ask-{next(self.messages)}", station, 1, AT, OpenWork(code, "1002")))
        at = self.by().at

        def answer(books: Books) -> InboxItem:
            if not books.found and OrderId(code) in books.orders:
                books.found.append(Found(code, "order", OrderId(code)))
            return decide_batch(books, TWO, [came], iter(()), at).answers[0].item

        item: InboxItem | None = self.do(keys_of_batch(TWO, [came], at), answer)
        return item

    def open_house(self) -> None:
        """Three products on two shelves, and a supplier."""

        def fill(books: Books) -> None:
            keep(books, Supplier("faience", "Faïencerie du Port"))
            for sku in SKUS:
                books.products.put(ProductRow.of(Product(sku, sku.title(), mass_g=250, oversell=sku == LAMP)))
                receive(books, sku, 12, Cause("start", "test", AT))

        self.carry_out(Keys(skus=frozenset(SKUS)), fill)


def everything() -> Keys:
    """All rows that may be touched here."""
    orders = frozenset(ORDERS)
    return Keys(
        orders=orders,
        parcels_of=orders,
        payments_of=orders,
        parcels=frozenset(sscc(number) for number in range(1, PARCELS)),
        skus=frozenset(SKUS),
        lots_of=frozenset(SKUS),
        counts=frozenset(COUNTS),
        deliveries=frozenset({DELIVERY}),
    )


def skus_of(*skus: Sku) -> Keys:
    return Keys(skus=frozenset(skus))
