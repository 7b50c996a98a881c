"""Tracking numbers, and parcels that leave."""

from __future__ import annotations

import pytest

from central.desk.books import Books
from central.desk.refused import Refused
from central.shipping.rules import let_go, mark_shipped, set_tracking_number, take_apart
from tests.central.provable import assert_provable
from tests.central.shop import AT, CAUSE, MUG, TEA, add_order, book, message, parcel, shop, sscc

PREFIX = "03401234"


def packed(service: str = "") -> Books:
    books = shop()
    add_order(books, "P-1", [(MUG, 2), (TEA, 1)], service=service)
    book(books, message(parcel(1, "P-1", (1, MUG, 2), (2, TEA, 1))))
    return books


@pytest.mark.feature("S2")
def test_own_label_parcels_are_tracked_by_their_sscc_and_ship_once() -> None:
    books = packed()
    assert (books.parcels[sscc(1)].carrier, books.parcels[sscc(1)].tracking_number) == ("own", sscc(1))
    mark_shipped(books, sscc(1), "anna", AT + 5000)
    mark_shipped(books, sscc(1), "anna", AT + 6000)
    assert [line.shipped for line in books.lines] == [2, 1]
    assert (books.level(MUG).packed, books.level(MUG).on_hand) == (0, 18)
    assert [each.status for each in books.tracking] == ["packed", "shipped"]
    assert_provable(books)


@pytest.mark.feature("S2")
def test_a_manual_carrier_needs_its_number_before_the_parcel_leaves() -> None:
    books = packed("Colissimo")
    assert (books.parcels[sscc(1)].carrier, books.parcels[sscc(1)].tracking_number) == ("manual", "")
    with pytest.raises(Refused, match="tracking number first"):
        mark_shipped(books, sscc(1), "anna", AT)
    set_tracking_number(books, sscc(1), "Colissimo", "6A 1234 5678 901", "anna", AT)
    assert books.parcels[sscc(1)].tracking_number == "6A12345678901"
    mark_shipped(books, sscc(1), "anna", AT + 5000)
    assert books.parcels[sscc(1)].shipped_at == AT + 5000


@pytest.mark.parametrize("number", ["", "abc", "6A-1234-5678", "x" * 41, "６Ａ１２３４５６"])
def test_what_is_no_tracking_number_is_refused(number: str) -> None:
    with pytest.raises(Refused, match="not a tracking number"):
        set_tracking_number(packed("Colissimo"), sscc(1), "Colissimo", number, "anna", AT)


def test_a_held_parcel_stays_until_somebody_lets_it_go() -> None:
    books = shop(("P-1", [(MUG, 1)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 2))))
    with pytest.raises(Refused, match="is held"):
        mark_shipped(books, sscc(1), "anna", AT + 5000)
    let_go(books, sscc(1), "anna", AT)
    mark_shipped(books, sscc(1), "anna", AT + 5000)
    assert [line.shipped for line in books.lines] == [1]
    assert books.level(MUG).packed == 0
    assert_provable(books)


def test_a_parcel_taken_apart_goes_back_to_the_shelf() -> None:
    books = packed()
    take_apart(books, sscc(1), CAUSE, "wrong box")
    take_apart(books, sscc(1), CAUSE, "wrong box")
    assert [(line.packed, line.to_pack) for line in books.lines] == [(0, 2), (0, 1)]
    assert books.level(MUG).on_hand == 20
    with pytest.raises(Refused, match="taken apart"):
        mark_shipped(books, sscc(1), "anna", AT)
    assert_provable(books)


def test_a_parcel_that_left_cannot_be_taken_apart() -> None:
    books = packed()
    mark_shipped(books, sscc(1), "anna", AT + 5000)
    with pytest.raises(Refused, match="left the house"):
        take_apart(books, sscc(1), CAUSE, "wrong box")


def test_a_parcel_that_nobody_knows() -> None:
    with pytest.raises(Refused, match=sscc(9)):
        mark_shipped(packed(), sscc(9), "anna", AT)
