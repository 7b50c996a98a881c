"""Stock on books in memory: nothing is promised twice, nothing goes below zero, everything is a movement."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.outgoing import outgoing
from central.desk.refused import Refused
from central.stock.lowness import tell_low
from central.stock.model import MAIN, Place
from central.stock.rules import adjust, receive, reserve, unreserve
from contract.envelope import read_news
from contract.keys import OrderId, Sku
from contract.messages import StockNews
from contract.values import StockLevel
from tests.central.provable import assert_provable
from tests.central.shop import AT, CAUSE, LAMP, MUG, add_order, book, kinds, message, parcel, shop


@pytest.mark.feature("K1")
def test_receipts_and_counts_are_movements() -> None:
    books = shop(shelf=5)
    receive(books, MUG, 7, CAUSE)
    adjust(books, MUG, 10, CAUSE)
    adjust(books, MUG, 11, CAUSE)
    adjust(books, MUG, 11, CAUSE)
    moves = [(each.source, each.target, each.quantity, each.reason) for each in books.movements if each.sku == MUG]
    assert moves == [
        ("", "shelf", 5, "received"),
        ("", "shelf", 7, "received"),
        ("shelf", "", 2, "counted"),
        ("", "shelf", 1, "counted"),
    ]
    assert_provable(books)


@pytest.mark.feature("K1")
def test_each_serial_number_is_on_the_ledger_although_its_piece_was_packed_before_it_was_booked() -> None:
    books = shop(shelf=0)
    books.products.put(replace(books.products[LAMP], oversell=True))
    add_order(books, "P-1", [(LAMP, 2)])
    book(books, message(parcel(1, "P-1", (1, LAMP, 2))))
    receive(books, LAMP, 4, CAUSE, Place(MAIN, "A-1"), serials=("S-1", "S-2", "S-3"))
    came = [(each.serial, each.target_bin, each.quantity) for each in books.movements if each.reason == "received"]
    assert came == [("S-3", "", 1), ("", "", 1), ("S-1", "A-1", 1), ("S-2", "A-1", 1)]
    assert_provable(books)


@pytest.mark.feature("K2")
def test_orders_get_what_is_free_and_give_it_back() -> None:
    books = shop(("P-1", [(MUG, 15)]), ("P-2", [(MUG, 15)]))
    assert [line.reserved for line in books.lines] == [15, 5]
    assert reserve(books, OrderId("P-2"), AT) == 10
    unreserve(books, OrderId("P-1"))
    assert reserve(books, OrderId("P-2"), AT) == 0
    assert books.level(MUG).available == 5
    assert_provable(books)


@pytest.mark.feature("K2")
def test_only_products_that_may_be_oversold_are_promised_below_zero() -> None:
    books = shop(shelf=1)
    books.products.put(replace(books.products[LAMP], oversell=True))
    add_order(books, "P-1", [(MUG, 3), (LAMP, 3)])
    assert [line.reserved for line in books.lines.of(OrderId("P-1"))] == [1, 3]
    assert books.level(LAMP).available == -2


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda books: receive(books, MUG, 0, CAUSE), "above zero"),
        (lambda books: receive(books, MUG, -4, CAUSE), "above zero"),
        (lambda books: receive(books, Sku("NO-1"), 4, CAUSE), "NO-1"),
        (lambda books: adjust(books, MUG, -1, CAUSE), "zero or more"),
        (lambda books: adjust(books, Sku("NO-1"), 1, CAUSE), "NO-1"),
        (lambda books: adjust(books, MUG, 2, CAUSE), "3 are promised"),
    ],
)
def test_refusals_change_nothing(change: object, complaint: str) -> None:
    books = shop(("P-1", [(MUG, 3)]))
    before = (list(books.movements), books.level(MUG))
    with pytest.raises(Refused, match=complaint):
        change(books)  # type: ignore[operator]
    assert (list(books.movements), books.level(MUG)) == before


@pytest.mark.feature("K3")
def test_the_reorder_point_is_named_once_when_it_is_crossed() -> None:
    books = shop()
    books.products.put(replace(books.products[MUG], reorder_point=5))

    def raised() -> list[str]:
        """What the transaction so far raised; the next one begins."""
        tell_low(books, AT)
        books.levels.changed.clear()
        return kinds(books)

    raised()
    add_order(books, "P-1", [(MUG, 14)])
    assert raised() == []
    add_order(books, "P-2", [(MUG, 1)])
    assert raised() == ["low_stock"]
    assert "5 left" in books.problems[0].text
    add_order(books, "P-3", [(MUG, 1)])
    # A promise that becomes a parcel goes back and out again, and leaves as much.
    book(books, message(parcel(1, "P-2", (1, MUG, 1))))
    assert raised() == ["low_stock"]


@pytest.mark.feature("K3")
def test_the_safety_stock_is_a_problem_of_its_own_once() -> None:
    books = shop()
    books.products.put(replace(books.products[MUG], reorder_point=8, safety_stock=4))
    books.levels.changed.clear()
    for number, (pieces, expected) in enumerate([(12, ["low_stock"]), (4, []), (1, ["below_safety_stock"]), (1, [])]):
        add_order(books, f"P-{number}", [(MUG, pieces)])
        books.problems.clear()
        tell_low(books, AT)
        assert kinds(books) == expected, pieces
        books.levels.changed.clear()


@pytest.mark.feature("K3")
def test_each_level_that_changed_is_news_once() -> None:
    books = Books()
    shopped = shop(("P-1", [(MUG, 3), (MUG, 1)]))
    books.levels.fill(shopped.levels)
    receive(shopped, MUG, 1, CAUSE)
    news = outgoing(shopped, "lyon", AT).news
    stock = [row for row in news if "/news/stock/MUG-BLUE" in row.topic]
    assert len(stock) == 1
    assert stock[0].retain
    envelope = f'{{"message_id":"x","station":"central","sequence":1,"recorded_at":1,"body":{stock[0].body}}}'
    body = read_news(envelope.encode()).body
    assert isinstance(body, StockNews)
    assert body.level == StockLevel(21, 4, 17, 0)
