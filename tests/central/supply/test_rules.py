"""Suppliers' deliveries on books in memory: expected, received in parts, too many, too few."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.rules import By
from central.supply.model import Arrival, Expected, ExpectedLine, Supplier
from central.supply.rules import close, expect, keep, receive, receive_as_told
from contract.keys import Sku
from tests.central.provable import assert_provable
from tests.central.shop import AT, LAMP, MUG, TEA, kinds, shop

BY = By("Anna", AT)
NUMBER = "PO-1"
ORDERED = Expected(NUMBER, "faience", (ExpectedLine(MUG, 10), ExpectedLine(TEA, 4)))


def expecting(expected: Expected = ORDERED) -> Books:
    books = shop(shelf=0)
    keep(books, Supplier("faience", "Faïencerie du Port", lead_days=12))
    expect(books, expected, BY)
    return books


def lines(books: Books) -> list[tuple[str, int, int]]:
    return [(line.sku, line.expected, line.received) for line in books.delivery_lines.of(NUMBER)]


@pytest.mark.feature("K6")
def test_a_delivery_comes_in_parts_to_bins_with_lots() -> None:
    books = expecting()
    receive(books, Arrival(MUG, 6, NUMBER, "A1", "L1", "2031-05-00"), BY)
    assert books.deliveries[NUMBER].status == "partly_received"
    receive(books, Arrival(MUG, 4, NUMBER, "A2"), BY)
    receive(books, Arrival(TEA, 4, NUMBER), BY)
    assert books.deliveries[NUMBER].status == "received"
    assert lines(books) == [(MUG, 10, 10), (TEA, 4, 4)]
    assert {(row.bin, row.lot): row.quantity for row in books.holdings} == {("A1", "L1"): 6, ("A2", ""): 4}
    assert books.lots[MUG, "L1"].expiry == "2031-05-31"
    assert {move.reference for move in books.movements} == {"delivery/PO-1"}
    assert kinds(books) == []
    assert_provable(books)


@pytest.mark.feature("K6")
def test_more_than_expected_and_what_nobody_expected_is_booked_and_named() -> None:
    books = expecting()
    receive(books, Arrival(MUG, 12, NUMBER), BY)
    receive(books, Arrival(LAMP, 1, NUMBER), BY)
    assert lines(books) == [(MUG, 10, 12), (TEA, 4, 0), (LAMP, 0, 1)]
    assert [problem.text for problem in books.problems] == [
        "Delivery PO-1: 2 × MUG-BLUE more than expected",
        "Delivery PO-1: 1 × LAMP-3 more than expected",
    ]
    assert books.level(MUG).on_hand == 12


@pytest.mark.feature("K6")
def test_a_delivery_is_closed_with_what_is_missing_and_what_comes_later_is_still_booked() -> None:
    books = expecting()
    receive(books, Arrival(MUG, 7, NUMBER), BY)
    close(books, NUMBER, BY)
    close(books, NUMBER, BY)
    assert books.deliveries[NUMBER].status == "closed"
    assert [problem.text for problem in books.problems] == [
        "Delivery PO-1 of faience was closed without 3 × MUG-BLUE, 4 × TEA-100"
    ]
    receive(books, Arrival(MUG, 3, NUMBER), BY)
    assert (books.deliveries[NUMBER].status, books.level(MUG).on_hand) == ("closed", 10)


@pytest.mark.feature("K6")
def test_a_delivery_of_which_nothing_came_is_cancelled() -> None:
    books = expecting()
    close(books, NUMBER, BY)
    assert (books.deliveries[NUMBER].status, kinds(books)) == ("cancelled", [])
    with pytest.raises(Refused, match="was cancelled"):
        receive(books, Arrival(MUG, 3, NUMBER), BY)


@pytest.mark.feature("K6")
def test_a_delivery_changes_until_something_of_it_has_come() -> None:
    books = expecting()
    before = (books.deliveries[NUMBER], len(books.timeline))
    expect(books, ORDERED, By("Ben", AT + 5))
    assert (books.deliveries[NUMBER], len(books.timeline)) == before
    expect(books, replace(ORDERED, lines=(ExpectedLine(LAMP, 2),)), BY)
    assert lines(books) == [(LAMP, 2, 0), (TEA, 0, 0)]
    receive(books, Arrival(LAMP, 2, NUMBER), BY)
    assert books.deliveries[NUMBER].status == "received"
    with pytest.raises(Refused, match="cannot be changed"):
        expect(books, ORDERED, BY)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (replace(ORDERED, supplier="nobody"), "nobody"),
        (replace(ORDERED, warehouse="west"), "west"),
        (replace(ORDERED, lines=()), "no lines"),
        (replace(ORDERED, lines=(ExpectedLine(Sku("NO-1"), 1),)), "NO-1"),
        (replace(ORDERED, lines=(ExpectedLine(MUG, 0),)), "above zero"),
    ],
)
def test_what_cannot_be_expected(wrong: Expected, complaint: str) -> None:
    books = expecting()
    with pytest.raises(Refused, match=complaint):
        expect(books, replace(wrong, number="PO-2"), BY)
    assert "PO-2" not in books.deliveries


@pytest.mark.feature("K9")
def test_a_product_that_is_kept_by_lot_is_received_with_one() -> None:
    books = expecting()
    books.products.put(replace(books.products[MUG], requires='["lot","expiry","serial"]'))
    arrival = Arrival(MUG, 2, NUMBER)
    for told, missing in (
        (arrival, "say the lot"),
        (replace(arrival, lot="L1"), "say the expiry"),
        (replace(arrival, lot="L1", expiry="2031-01-31", serials=("S1",)), "say the serial"),
        (replace(arrival, lot="L1", expiry="2031-13-31", serials=("S1", "S2")), "not a date"),
        (replace(arrival, lot="L1", expiry="2031-01-31", serials=("S1", "S1")), "one serial number"),
    ):
        with pytest.raises(Refused, match=missing):
            receive(books, told, BY)
    assert books.movements == []
    receive(books, replace(arrival, lot="L1", expiry="2031-01-31", serials=("S1", "S2")), BY)
    assert [(move.quantity, move.lot, move.serial) for move in books.movements] == [(1, "L1", "S1"), (1, "L1", "S2")]


@pytest.mark.feature("P26")
def test_what_a_station_received_is_in_the_house_whatever_it_says() -> None:
    books = expecting()
    receive_as_told(books, Arrival(MUG, 2, "PO-9", "A1"), "pack-1", "main", "1002", AT)
    receive_as_told(books, Arrival(MUG, 3, NUMBER, "A1", "L1", "31/01"), "pack-1", "main", "1002", AT)
    receive_as_told(books, Arrival(Sku("NO-1"), 3), "pack-1", "main", "1002", AT)
    assert books.level(MUG).on_hand == 5
    assert lines(books)[0] == (MUG, 10, 3)
    assert kinds(books) == ["receipt_unclear", "receipt_unclear", "receipt_not_booked"]
    assert_provable(books)
