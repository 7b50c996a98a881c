"""Rules look again at an order that is not what it was; and the papers that benches print at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from central.desk import batch
from central.desk.books import Books, Keys
from central.desk.deliveries import AskCame
from central.orders import changing, editing
from central.orders.accepting import accept
from central.orders.commands import keys_to_change
from central.orders.editing import Edit, LineChange
from central.orders.holding import release
from central.orders.importing import keys_of
from central.orders.model import Contact, NewLine, NewOrder, Note, Payment
from central.orders.rows import OrderRow
from central.orders.rules import By
from central.orders.urgency import prioritise
from central.payments.recording import keys_to_pay
from central.payments.rules import pay, refund
from central.policy.model import Known
from central.policy.reading import read_rules
from central.policy.standing import Standing
from central.stock.ledger import Cause
from central.stock.model import Product
from central.stock.rows import ProductRow
from central.stock.rules import keep, receive
from central.store.sqlite import SqliteStore
from contract.envelope import Envelope, Reader
from contract.keys import OrderId
from contract.messages import InboxItem, JobWithdrawn, OpenWork, PrintDocument
from contract.papers import OfficePaper, PackingSlip, PickList
from contract.values import Address
from tests.central.policy.test_documents import told
from tests.central.shop import ADDRESS, AT, HOUSE, LAMP, MUG, parcel, sscc

pytestmark = pytest.mark.feature("O16", "O7")
BY = By("anna", AT)
P1 = OrderId("P-1")
RULES = read_rules(
    """
apply = "all"
[[rules]]
name = "Many"
when.pieces_from = 5
then.service = "Colissimo"
then.note = "Two boxes."
then.priority = "express"
[[rules]]
name = "Not paid"
when.paid = false
then.hold = "Wait for the money."
[[rules]]
name = "Abroad"
when.country_not = ["FR"]
then.hold = "Look at the customs papers."
then.release = ["contact"]
[[rules]]
name = "First"
when.earlier_orders_below = 1
then.documents = ["pick_list", "slip"]
""",
    "rules.toml",
    Known(),
)
_item: Reader[InboxItem] = Reader(InboxItem, "letter")


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """An order of two mugs that is not paid, of a customer who never ordered before."""
    async with SqliteStore(tmp_path / "central.db", "lyon", Standing(rules=RULES), clock=lambda: AT) as opened:
        new = NewOrder(P1, AT, ADDRESS, (NewLine(MUG, 2, 500),), Contact("e@example.org"), total=1000, service="Std")

        def fill(books: Books) -> None:
            for sku in (MUG, LAMP):
                keep(books, ProductRow.of(Product(sku, sku.title(), mass_g=100)))
                receive(books, sku, 20, Cause("", "anna", AT))
            accept(books, new, BY)

        await opened.transact(Keys.union((keys_of(new), Keys(skus=frozenset({LAMP})))), fill)
        yield opened


async def do(store: SqliteStore, decide: Callable[[Books], object]) -> OrderRow:
    keys = Keys.union((keys_to_change(P1), keys_to_pay(P1)))

    def then(books: Books) -> OrderRow:
        decide(books)
        return books.orders[P1]

    return await store.transact(keys, then)


async def paid(store: SqliteStore) -> OrderRow:
    return await do(store, lambda books: pay(books, P1, Payment("cheque", "7"), BY))


def pieces(wanted: int) -> Callable[[Books], None]:
    return lambda books: editing.edit(books, P1, Edit((LineChange(1, wanted),)), BY)


def holds(order: OrderRow) -> list[str]:
    return [reason.code for reason in order.reasons]


async def letters(store: SqliteStore) -> list[InboxItem]:
    rows = await store.read("desk.unsent", (0, 500))
    return [_item(row["body"].encode()) for row in rows if row["topic"].endswith("/inbox")]


async def papers(store: SqliteStore) -> list[OfficePaper]:
    return [item.document for item in await letters(store) if isinstance(item, PrintDocument)]


async def opened(store: SqliteStore) -> None:
    ask = AskCame(Envelope("ask", "pack-1", 1, AT, OpenWork("P-1", "1002")))
    await store.transact(batch.keys_of(HOUSE, [ask], AT), lambda books: batch.decide(books, HOUSE, [ask], iter(()), AT))


async def test_money_ends_what_waits_for_it_and_its_way_back_begins_it_again(store: SqliteStore) -> None:
    assert holds(await do(store, lambda books: None)) == ["rule.Not paid"]
    order = await paid(store)
    assert (holds(order), order.actions.rules) == ([], ("First",))
    order = await do(store, lambda books: refund(books, P1, Payment("cheque", "8"), BY))
    assert holds(order) == ["rule.Not paid"]
    told_of = [(row["what"], row["text"]) for row in await store.read("tracking.timeline_of", ("order/P-1",))]
    assert ("rule_ended", "Not paid") in told_of


async def test_an_edit_changes_service_note_and_priority_and_its_undoing_takes_them_back(store: SqliteStore) -> None:
    await paid(store)
    await opened(store)
    order = await do(store, pieces(6))
    assert (order.service, order.priority, order.priority_reason) == ("Colissimo", 1, "Many, Not paid, First")
    assert order.noted == (Note("packer", "Two boxes."),)
    assert any(isinstance(item, JobWithdrawn) for item in await letters(store))
    order = await do(store, pieces(2))
    assert (order.service, order.priority, order.priority_reason, order.noted) == ("Std", 0, "", ())


async def test_a_packed_parcel_of_the_old_service_is_held(store: SqliteStore) -> None:
    await paid(store)
    await told(store, parcel(1, "P-1", (1, MUG, 1)))
    await do(store, pieces(6))
    (held,) = await store.transact(keys_to_change(P1), lambda books: [row.held for row in books.parcels])
    assert "another service" in held


async def test_what_a_person_decided_stays(store: SqliteStore) -> None:
    await do(store, lambda books: release(books, P1, BY))
    await do(store, lambda books: prioritise(books, P1, "vip", "my aunt", BY))
    order = await do(store, lambda books: editing.edit(books, P1, Edit(service="Chrono"), BY))
    order = await do(store, pieces(6))
    assert (order.service, order.priority, order.priority_reason) == ("Chrono", 2, "my aunt")
    assert holds(order) == []


async def test_a_new_address_is_looked_at(store: SqliteStore) -> None:
    await paid(store)
    await do(store, lambda books: changing.recontact(books, P1, Contact("e@example.org", "12"), BY))
    brussels = Address("A", ("1 rue Neuve",), "1000", "Bruxelles", "BE")
    order = await do(store, lambda books: changing.readdress(books, P1, brussels, BY))
    assert holds(order) == ["rule.Abroad"]
    order = await do(store, lambda books: changing.readdress(books, P1, ADDRESS, BY))
    assert holds(order) == ["contact.phone"]


async def test_a_bench_prints_the_list_when_it_is_given_the_order_and_a_slip_with_each_parcel(
    store: SqliteStore,
) -> None:
    await paid(store)
    for _ in range(2):
        await opened(store)
    (listed,) = await papers(store)
    assert isinstance(listed, PickList)
    assert [(line.sku, line.quantity) for line in listed.lines] == [(MUG, 2)]
    first = parcel(1, "P-1", (1, MUG, 1))
    for _ in range(2):
        await told(store, first)
    await told(store, parcel(2, "P-1", (1, MUG, 1), parcel_number=2))
    slips = [paper for paper in await papers(store) if isinstance(paper, PackingSlip)]
    assert [slip.sscc for slip in slips] == [sscc(1), sscc(2)]


async def test_an_order_that_is_packed_whole_is_left_alone(store: SqliteStore) -> None:
    await paid(store)
    await told(store, parcel(1, "P-1", (1, MUG, 2)))
    order = await do(store, lambda books: refund(books, P1, Payment("cheque", "8"), BY))
    assert (holds(order), order.status) == ([], "packed")


async def test_a_customer_of_before_is_still_one_of_before(store: SqliteStore) -> None:
    new = NewOrder(OrderId("P-2"), AT, ADDRESS, (NewLine(MUG, 1),), Contact("e@example.org"))
    await store.transact(keys_of(new), lambda books: accept(books, new, BY))
    keys = keys_to_pay(OrderId("P-2"))

    def decide(books: Books) -> OrderRow:
        pay(books, OrderId("P-2"), Payment("cheque", "9"), BY)
        return books.orders[OrderId("P-2")]

    order = await store.transact(keys, decide)
    assert replace(order.actions, earlier_orders=0).rules == ()
    assert order.actions.earlier_orders == 1
