"""What shops and the office do to orders and money."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.orders import cancelling, changing, editing, holding, merging, repeating, splitting, supplied
from central.orders.accepting import accept
from central.orders.editing import Edit, LineChange
from central.orders.importing import keys_of
from central.orders.model import Contact, NewLine, NewOrder, Payment
from central.orders.rerouting import reroute
from central.packing.jobs import take_back
from central.payments.recording import keys_to_pay
from central.payments.rules import pay, refund
from central.shops.choosing import choose, keys_to_choose
from central.shops.comparing import contested_in
from central.shops.model import ShopOrder, Whose
from central.shops.rows import key_of
from central.shops.rules import follow
from contract.keys import OrderId, Sku
from contract.values import Address
from tests.central.life.house import FIRST, Few, Home, House, Line, Order, Site, Skus, skus_of
from tests.central.shop import ADDRESS, MUG, TEA

Party = st.sampled_from(("shop", "ours"))
Lines = st.lists(st.tuples(Skus, st.integers(1, 3)), min_size=1, max_size=3)


class Office(House):
    """Shops send, customers pay, the office changes its mind."""

    def begin(self) -> None:
        """Three paid orders to one address, so that there is something to do."""
        for order in FIRST[:3]:
            self.a_shop_sends_it(order, [(MUG, 2), (TEA, 2)], True, False, ADDRESS)

    @rule(order=st.sampled_from(FIRST), lines=Lines, paid=st.booleans(), gone=st.just(False), ship_to=Home)
    def a_shop_sends_it(
        self, order: OrderId, lines: list[tuple[Sku, int]], paid: bool, gone: bool, ship_to: Address
    ) -> None:
        bought = tuple(NewLine(sku, pieces, 500) for sku, pieces in lines)
        total = sum(line.quantity * 500 for line in bought)
        payment = Payment("card", "ch", total) if paid else None
        new = NewOrder(order, self.at, ship_to, bought, payment=payment, total=total, cancelled=gone)
        by = self.by()
        self.do(keys_of(new), lambda books: accept(books, new, by))

    @rule(
        order=st.sampled_from(FIRST),
        lines=Lines,
        ship_to=Home,
        service=st.sampled_from(("", "Express")),
        late=st.integers(0, 2),
        chosen=st.none() | Party,
    )
    def its_shop_tells(
        self,
        order: OrderId,
        lines: list[tuple[Sku, int]],
        ship_to: Address,
        service: str,
        late: int,
        chosen: Whose | None,
    ) -> None:
        """By webhook, what it told before once more, and what is older too."""
        bought = tuple(NewLine(sku, pieces, 500) for sku, pieces in lines)
        new = NewOrder(order, self.at, ship_to, bought, total=sum(500 * line.quantity for line in bought))
        new = replace(new, service=service, contact=Contact("zoe@example.org" if service else ""))
        by, told_at, key = self.by(), self.at - late * 1000, key_of("boutique", order)
        keys = Keys.union((keys_of(new), Keys(shop_orders=frozenset({key}))))

        def follow_it(books: Books) -> object:
            known = books.orders.get(order)
            same = replace(new, placed_at=known.placed_at if known is not None else new.placed_at)
            return follow(books, "boutique", ShopOrder(order, told_at, same), by)

        self.do(keys, follow_it)
        if chosen is not None:
            self.somebody_chooses(order, chosen, True)

    @rule(order=st.sampled_from(FIRST), whose=Party, every=st.booleans())
    def somebody_chooses(self, order: OrderId, whose: Whose, every: bool) -> None:
        by = self.by()

        def choose_some(books: Books) -> None:
            contested = contested_in(books.orders[order].reasons) if order in books.orders else ()
            choose(books, order, dict.fromkeys(contested if every else contested[:1], whose), by)

        self.on(order, choose_some, keys_to_choose(order))

    @rule(order=Order)
    def it_is_paid(self, order: OrderId) -> None:
        by, payment = self.by(), Payment("transfer", f"T-{next(self.messages)}")
        self.do(keys_to_pay(order), lambda books: pay(books, order, payment, by))

    @rule(order=Order, amount=st.sampled_from((0, 100, 500)))
    def money_goes_back(self, order: OrderId, amount: int) -> None:
        by, payment = self.by(), Payment("transfer", f"B-{next(self.messages)}", amount)
        self.do(keys_to_pay(order), lambda books: refund(books, order, payment, by))

    @rule(order=Order, line=Line, pieces=Few)
    def a_quantity_changes(self, order: OrderId, line: int, pieces: int) -> None:
        by = self.by()
        self.on(order, lambda books: editing.edit(books, order, Edit((LineChange(line, pieces),)), by))

    @rule(order=Order, sku=Skus, pieces=st.integers(1, 4))
    def a_line_is_added(self, order: OrderId, sku: Sku, pieces: int) -> None:
        by, wish = self.by(), Edit((), (NewLine(sku, pieces, 500),))
        self.on(order, lambda books: editing.edit(books, order, wish, by), skus_of(sku))

    @rule(order=Order, service=st.sampled_from(("", "Colissimo")))
    def the_service_changes(self, order: OrderId, service: str) -> None:
        by = self.by()
        self.on(order, lambda books: editing.edit(books, order, Edit(service=service), by))

    @rule(order=Order)
    def it_is_cancelled(self, order: OrderId) -> None:
        by = self.by()
        self.on(order, lambda books: cancelling.cancel(books, order, "x", by))

    @rule(order=Order, ship_to=Home)
    def the_address_changes(self, order: OrderId, ship_to: Address) -> None:
        by = self.by()
        self.on(order, lambda books: changing.readdress(books, order, ship_to, by))

    @rule(order=Order, phone=st.sampled_from(("", "12", "+33 1 23 45 67 89")))
    def the_phone_changes(self, order: OrderId, phone: str) -> None:
        by = self.by()
        self.on(order, lambda books: changing.recontact(books, order, Contact(phone=phone), by))

    @rule(order=Order, stop=st.booleans())
    def it_is_stopped_or_let_on(self, order: OrderId, stop: bool) -> None:
        by = self.by()
        self.on(
            order,
            lambda books: holding.hold(books, order, "x", by) if stop else holding.release(books, order, by),
        )

    @rule(order=Order)
    def it_is_looked_at_again(self, order: OrderId) -> None:
        """As when goods came that it waits for."""
        by = self.by()
        self.do(
            Keys(orders=frozenset({order})),
            lambda books: holding.recheck(books, order, by) if order in books.orders else None,
        )

    @rule(order=Order, warehouse=Site)
    def it_goes_from_elsewhere(self, order: OrderId, warehouse: str) -> None:
        by = self.by()
        self.on(order, lambda books: reroute(books, order, warehouse, by))

    @rule(order=st.sampled_from(FIRST[:2]), line=Line, pieces=Few)
    def part_of_it_moves(self, order: OrderId, line: int, pieces: int) -> None:
        numbers = splitting.numbers_for(order, "")[:2]
        parts = [LineChange(line, pieces)] if pieces else []
        also = Keys(orders=frozenset(numbers), payments_of=frozenset({order}))
        by = self.by()
        self.on(order, lambda books: splitting.split_off(books, order, numbers, parts, by), also)

    @rule(order=Order, line=Line, pieces=Few)
    def a_line_is_split(self, order: OrderId, line: int, pieces: int) -> None:
        by = self.by()
        self.on(order, lambda books: splitting.split_line(books, order, line, pieces, by))

    @rule(order=st.sampled_from(FIRST[:2]))
    def it_is_repeated(self, order: OrderId) -> None:
        by, number = self.by(), f"{order}-3"
        also = Keys(orders=frozenset({OrderId(number)}))
        self.on(order, lambda books: repeating.repeat(books, order, number, by), also)

    @rule(order=Order, others=st.lists(Order, min_size=1, max_size=2))
    def they_are_merged(self, order: OrderId, others: list[OrderId]) -> None:
        by = self.by()
        self.on(order, lambda books: merging.merge(books, (order, *others), by), Keys(orders=frozenset(others)))

    @rule(order=Order)
    def a_merge_is_undone(self, order: OrderId) -> None:
        by = self.by()
        self.on(order, lambda books: merging.unmerge(books, order, by))

    @rule(order=Order, line=Line, supplier=st.sampled_from(("", "Lampes SA")))
    def a_supplier_sends_it(self, order: OrderId, line: int, supplier: str) -> None:
        by = self.by()
        self.on(order, lambda books: supplied.assign(books, order, line, supplier, by))

    @rule(order=Order, line=Line, stage=st.sampled_from(("ordered", "shipped", "delivered")), pieces=Few)
    def a_supplier_tells(self, order: OrderId, line: int, stage: supplied.Stage, pieces: int) -> None:
        by = self.by()
        self.on(order, lambda books: supplied.tell(books, order, line, stage, pieces, "", by))

    @rule(order=Order)
    def a_bench_is_given_up(self, order: OrderId) -> None:
        by = self.by()
        self.on(order, lambda books: take_back(books, order, "anna", by.at))
