"""What may happen to an order, on books in memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.accepting import accept
from central.orders.cancelling import cancel
from central.orders.changing import annotate, readdress
from central.orders.holding import hold, recheck, release
from central.orders.model import Contact, NewLine, NewOrder, Note, Payment
from central.orders.rules import By
from central.orders.status import settle
from central.packing.rows import JobRow
from central.stock import rules as stock
from central.stock.ledger import Cause
from central.stock.model import Product
from central.stock.rows import ProductRow
from contract.keys import JobId, OrderId, Sku
from contract.messages import JobWithdrawn
from contract.values import Address

AT = 1_777_878_720_000
BY = By("office", AT)
MUG, TEA = Sku("MUG-BLUE"), Sku("TEA-100")
PARIS = Address("Élodie Lefèvre", ("12 rue de la Paix",), "75002", "Paris", "FR")
ORDER = OrderId("P-1")
NEW = NewOrder(
    ORDER,
    AT,
    PARIS,
    (NewLine(MUG, 2), NewLine(TEA, 1)),
    contact=Contact("elodie@example.org", "01 42 60 00 00"),
    payment=Payment("card", "ch_1", 3740),
    total=3740,
)


def shelf(**pieces: int) -> Books:
    """Books of a house with two products."""
    books = Books()
    for sku in (MUG, TEA):
        books.products.put(ProductRow.of(Product(sku, sku.title())))
        stock.receive(books, sku, pieces.get(sku.split("-")[0].lower(), 10), Cause("start", "test", AT))
    return books


def status(books: Books) -> str:
    settle(books, AT)
    return books.orders[ORDER].status


def reasons(books: Books) -> list[str]:
    return [reason.code for reason in books.orders[ORDER].reasons]


@pytest.mark.feature("O1", "O5", "K2")
def test_a_good_order_is_open_and_its_stock_is_promised() -> None:
    books = shelf()
    assert accept(books, NEW, BY) == "created"
    assert status(books) == "open"
    assert [(line.sku, line.ordered, line.reserved) for line in books.lines.of(ORDER)] == [(MUG, 2, 2), (TEA, 1, 1)]
    assert (books.level(MUG).reserved, books.level(MUG).available) == (2, 8)
    assert [entry.what for entry in books.timeline] == ["order_received", "order_paid"]


@pytest.mark.feature("O1")
def test_the_same_order_twice_changes_nothing() -> None:
    books = shelf()
    accept(books, NEW, BY)
    before = (books.orders[ORDER], books.level(MUG), len(books.timeline))
    assert accept(books, NEW, BY) == "unchanged"
    assert accept(books, replace(NEW, source="csv"), BY) == "unchanged"
    assert (books.orders[ORDER], books.level(MUG), len(books.timeline)) == before


@pytest.mark.feature("O1")
def test_other_content_under_the_same_number_is_a_conflict() -> None:
    books = shelf()
    accept(books, NEW, BY)
    before = books.orders[ORDER]
    assert accept(books, replace(NEW, lines=(NewLine(MUG, 3),)), BY) == "conflict"
    assert books.orders[ORDER] == before
    assert books.lines[ORDER, 1].ordered == 2


@pytest.mark.feature("O2")
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lines": (NewLine(Sku("NOPE"), 1),)}, "product.NOPE"),
        ({"lines": (NewLine(MUG, 1000),)}, "quantity.1"),
        ({"lines": (NewLine(MUG, 11),)}, "stock.1"),
        ({"ship_to": replace(PARIS, postcode="7500")}, "address.postal_code"),
        ({"ship_to": replace(PARIS, postcode="")}, "address.postal_code"),
        ({"ship_to": replace(PARIS, country="ZZ")}, "address.country_code"),
        ({"contact": Contact(phone="123")}, "contact.phone"),
    ],
)
def test_a_failing_order_is_held_with_its_reason(change: dict[str, object], code: str) -> None:
    books = shelf()
    accept(books, replace(NEW, **change), BY)
    assert status(books) == "held"
    assert code in reasons(books)
    assert all(reason.text and reason.text_fr for reason in books.orders[ORDER].reasons)


@pytest.mark.feature("O3")
def test_the_same_order_paid_or_cancelled_since_is_taken_further() -> None:
    books = shelf()
    unpaid = replace(NEW, payment=None)
    accept(books, unpaid, BY)
    assert accept(books, NEW, BY) == "paid"
    assert accept(books, unpaid, BY) == "unchanged"
    assert accept(books, replace(NEW, cancelled=True), BY) == "cancelled"
    assert accept(books, replace(NEW, cancelled=True), BY) == "unchanged"
    assert status(books) == "cancelled"


@pytest.mark.feature("K2")
def test_cancelling_frees_the_stock_and_recalls_the_bench() -> None:
    books = shelf()
    accept(books, NEW, BY)
    books.jobs.put(JobRow(JobId(ORDER), "pack-1", 3, "leased"))
    cancel(books, ORDER, "customer changed her mind", BY)
    assert status(books) == "cancelled"
    assert books.level(MUG).reserved == 0
    assert [line.cancelled for line in books.lines.of(ORDER)] == [2, 1]
    (letter,) = books.letters
    assert letter.station == "pack-1"
    assert isinstance(letter.item, JobWithdrawn)
    assert (letter.item.fence, letter.item.reason) == (3, "cancelled")
    assert books.jobs[JobId(ORDER)].state == "withdrawn"
    with pytest.raises(Refused, match="is cancelled"):
        hold(books, ORDER, "too late", BY)


def test_an_order_that_left_the_house_cannot_be_cancelled_or_sent_elsewhere() -> None:
    books = shelf()
    accept(books, NEW, BY)
    for line in books.lines.of(ORDER):
        books.lines.put(replace(line, packed=line.ordered, shipped=line.ordered, reserved=0))
    assert status(books) == "shipped"
    with pytest.raises(Refused, match="take it back as a return"):
        cancel(books, ORDER, "too late", BY)
    with pytest.raises(Refused, match="left the house"):
        readdress(books, ORDER, replace(PARIS, city="Lyon"), BY)


def test_an_order_that_left_the_house_short_of_a_line_cannot_be_cancelled() -> None:
    books = shelf()
    accept(books, NEW, BY)
    mugs, tea = books.lines.of(ORDER)
    books.lines.put(replace(mugs, packed=mugs.ordered, shipped=mugs.ordered, reserved=0))
    books.lines.put(replace(tea, cancelled=tea.ordered, reserved=0))
    assert status(books) == "shipped"
    with pytest.raises(Refused, match="take it back as a return"):
        cancel(books, ORDER, "too late", BY)


@pytest.mark.feature("O2", "O6")
def test_a_release_packs_what_there_is_and_the_rest_is_back_ordered() -> None:
    books = shelf(mug=1)
    accept(books, NEW, BY)
    assert reasons(books) == ["stock.1"]
    release(books, ORDER, BY)
    assert status(books) == "open"
    assert [line.back_ordered for line in books.lines.of(ORDER)] == [1, 0]


def test_an_unknown_product_cannot_be_released() -> None:
    books = shelf()
    accept(books, replace(NEW, lines=(NewLine(Sku("NOPE"), 1),)), BY)
    with pytest.raises(Refused, match="no product 'NOPE'"):
        release(books, ORDER, BY)


@pytest.mark.feature("O2", "K2")
def test_goods_that_come_in_release_the_orders_that_waited_for_them() -> None:
    books = shelf(mug=1)
    accept(books, replace(NEW, ship_to=replace(PARIS, postcode="7500")), BY)
    hold(books, ORDER, "call her first", BY)
    stock.receive(books, MUG, 5, Cause("delivery", "test", AT))
    recheck(books, ORDER, BY)
    assert reasons(books) == ["address.postal_code", "by_hand"]
    readdress(books, ORDER, PARIS, BY)
    assert reasons(books) == ["by_hand"]
    release(books, ORDER, BY)
    assert status(books) == "open"
    recheck(books, ORDER, BY)
    assert status(books) == "open"


@pytest.mark.feature("O8")
def test_notes_are_kept_for_their_audience() -> None:
    books = shelf()
    accept(books, NEW, BY)
    annotate(books, ORDER, Note("packer", "Silk paper, please"), BY)
    assert books.orders[ORDER].noted == (Note("packer", "Silk paper, please"),)
    assert (books.timeline[-1].what, books.timeline[-1].by) == ("note_added", "office")
    with pytest.raises(Refused, match="no order 'P-9'"):
        annotate(books, OrderId("P-9"), Note("office", "x"), BY)


@pytest.mark.feature("K1", "K2")
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["accept", "cancel", "release", "receive", "recheck"]), st.integers(1, 6)),
        max_size=20,
    )
)
def test_promises_never_exceed_the_shelf_whatever_is_done(steps: list[tuple[str, int]]) -> None:
    books = shelf(mug=3, tea=3)
    for step, number in steps:
        order = OrderId(f"P-{number}")
        known = order in books.orders
        if step == "accept":
            accept(books, replace(NEW, order=order, lines=(NewLine(MUG, number), NewLine(TEA, 1))), BY)
        elif step == "receive":
            stock.receive(books, MUG, number, Cause("delivery", "test", AT))
        elif known and step == "cancel":
            cancel(books, order, "", BY)
        elif known and step == "recheck":
            recheck(books, order, BY)
        elif known and not books.orders[order].cancelled:
            release(books, order, BY)
    for sku in (MUG, TEA):
        level = books.level(sku)
        assert 0 <= level.reserved <= level.on_hand
        assert level.reserved == sum(line.reserved for line in books.lines if line.sku == sku)
        assert level.on_hand == sum(move.quantity for move in books.movements if move.sku == sku)
