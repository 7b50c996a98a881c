"""Tracking events: late, early, twice; quantities follow, and each piece is counted once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.status import settle
from central.tracking.rules import record
from central.tracking.vocabulary import Status
from contract.keys import OrderId
from tests.central.provable import assert_provable
from tests.central.shop import AT, MUG, TEA, book, message, parcel, shop, sscc

NOW = AT + 10_000_000


def packed() -> Books:
    books = shop(("P-1", [(MUG, 2), (TEA, 1)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 2))), message(parcel(2, "P-1", (2, TEA, 1), parcel_number=2)))
    return books


def tell(books: Books, number: int, status: Status, at: int) -> None:
    record(books, sscc(number), status, at=at, now=NOW, source="office", by="anna")
    settle(books, NOW)


@pytest.mark.feature("S5", "O5")
def test_the_order_follows_its_parcels() -> None:
    books = packed()
    statuses = []
    for number, status in ((1, "shipped"), (2, "in_transit"), (1, "delivered"), (2, "delivered")):
        tell(books, number, status, AT + 1000 + number)  # type: ignore[arg-type]
        statuses.append(books.orders[OrderId("P-1")].status)
    assert statuses == ["partly_shipped", "shipped", "shipped", "delivered"]
    assert [(line.shipped, line.delivered) for line in books.lines] == [(2, 2), (1, 1)]


@pytest.mark.feature("S5")
def test_the_newest_event_shows_whenever_it_is_told() -> None:
    books = packed()
    tell(books, 1, "delivered", AT + 9000)
    tell(books, 1, "in_transit", AT + 5000)
    tell(books, 1, "in_transit", AT + 5000)
    parcel_now = books.parcels[sscc(1)]
    assert (parcel_now.status, parcel_now.status_at) == ("delivered", AT + 9000)
    events = [(each.number, each.status) for each in books.tracking if each.sscc == sscc(1)]
    assert events[:3] == [(1, "packed"), (2, "delivered"), (3, "in_transit")]


@pytest.mark.feature("S5")
@given(st.lists(st.tuples(st.sampled_from(("shipped", "in_transit", "delivered", "returned")), st.integers(1, 99))))
def test_any_events_count_each_piece_once(events: list[tuple[Status, int]]) -> None:
    books = packed()
    for status, moment in events:
        tell(books, 1, status, AT + moment)
    told = {status for status, _ in events}
    line = books.lines[OrderId("P-1"), 1]
    assert line.shipped == (2 if told else 0)
    assert line.delivered == (2 if "delivered" in told else 0)
    assert line.returned == (2 if "returned" in told else 0)
    assert_provable(books)


@pytest.mark.parametrize(
    ("number", "status", "at", "complaint"),
    [
        (9, "shipped", AT, "parcel"),
        (1, "packed", AT, "stations alone"),
        (1, "voided", AT, "stations alone"),
        (1, "shipped", NOW + 7_200_000, "future"),
    ],
)
def test_what_cannot_be_true_is_refused(number: int, status: Status, at: int, complaint: str) -> None:
    with pytest.raises(Refused, match=complaint):
        tell(packed(), number, status, at)
