"""What payments make of an order, on books in memory."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.model import Payment
from central.orders.rules import By
from central.orders.status import settle
from central.payments import rules
from central.payments.model import state_of
from contract.keys import OrderId
from tests.central.shop import AT, MUG, add_order, shop

BY = By("office", AT)
ORDER = OrderId("P-1")


def unpaid(total: int = 3740) -> Books:
    books = shop()
    add_order(books, ORDER, [(MUG, 2)], payment="awaiting", payment_method="", total=total)
    settle(books, AT)
    return books


def state(books: Books) -> tuple[str, str]:
    settle(books, AT)
    return books.orders[ORDER].payment, books.orders[ORDER].status


@pytest.mark.feature("O3")
def test_an_unpaid_order_waits_until_all_is_there() -> None:
    books = unpaid()
    assert state(books) == ("awaiting", "awaiting_payment")
    rules.pay(books, ORDER, Payment("cheque", "C-1", 1000), BY)
    assert state(books) == ("partly_paid", "awaiting_payment")
    rules.pay(books, ORDER, Payment("transfer", "T-9"), BY)
    assert state(books) == ("paid", "open")
    paid = books.orders[ORDER]
    assert (paid.payment_method, paid.payment_reference, paid.paid_amount) == ("transfer", "T-9", 3740)
    rules.pay(books, ORDER, Payment("transfer", "T-9"), BY)
    rules.pay(books, ORDER, Payment("cheque", "C-1", 1000), BY)
    assert books.orders[ORDER] == paid
    with pytest.raises(Refused, match=r"paid already \(transfer T-9\)"):
        rules.pay(books, ORDER, Payment("card", "ch_2"), BY)
    assert [(row.number, row.kind, row.amount) for row in books.payments] == [
        (1, "received", 1000),
        (2, "received", 2740),
    ]


@pytest.mark.feature("O3")
def test_too_much_is_kept_on_record_and_somebody_is_told() -> None:
    books = unpaid()
    rules.pay(books, ORDER, Payment("transfer", "T-1"), BY)
    rules.pay(books, ORDER, Payment("transfer", "T-2", 3740), BY)
    assert state(books) == ("overpaid", "open")
    assert [(each.kind, each.text) for each in books.problems] == [
        ("paid_too_much", "Order P-1: 37.40 EUR more than it costs. Give it back.")
    ]
    rules.refund(books, ORDER, Payment("", "R-1", 3740), BY, note="paid twice")
    assert state(books) == ("paid", "open")


@pytest.mark.feature("O3")
def test_money_for_a_cancelled_order_is_not_lost() -> None:
    books = unpaid()
    books.orders.put(replace(books.orders[ORDER], cancelled=True))
    with pytest.raises(Refused, match="is cancelled"):
        rules.pay(books, ORDER, Payment("cheque", "C-1"), BY)
    rules.pay(books, ORDER, Payment("cheque", "C-1", 3740), BY)
    assert state(books) == ("paid", "cancelled")
    assert [each.kind for each in books.problems] == ["paid_cancelled"]


@pytest.mark.feature("O3")
def test_a_refund_gives_back_no_more_than_came() -> None:
    books = unpaid()
    with pytest.raises(Refused, match=r"0\.00 EUR of order P-1 are here"):
        rules.refund(books, ORDER, Payment("", "R-1"), BY)
    rules.pay(books, ORDER, Payment("card", "ch_1"), BY)
    rules.refund(books, ORDER, Payment("", "R-1", 740), BY, note="a chipped mug")
    assert state(books) == ("partly_refunded", "open")
    with pytest.raises(Refused, match=r"30\.01 cannot be given back: 30\.00 EUR"):
        rules.refund(books, ORDER, Payment("", "R-2", 3001), BY)
    rules.refund(books, ORDER, Payment("", "R-3"), BY)
    assert state(books) == ("refunded", "awaiting_payment")
    assert [entry.text for entry in books.timeline if entry.what == "payment_refunded"] == [
        "7.40 EUR, card R-1: a chipped mug",
        "30.00 EUR, card R-3",
    ]


def test_another_total_gives_another_state() -> None:
    books = unpaid()
    rules.pay(books, ORDER, Payment("card", "ch_1"), BY)
    books.orders.put(replace(books.orders[ORDER], total=5000))
    assert state(books) == ("partly_paid", "awaiting_payment")
    books.orders.put(replace(books.orders[ORDER], total=3000))
    assert state(books) == ("overpaid", "open")


MOVES = st.lists(st.tuples(st.sampled_from(["pay", "refund"]), st.integers(0, 5), st.integers(0, 4000)), max_size=12)


@given(st.integers(0, 5000), MOVES)
def test_the_sums_are_those_of_the_payments(total: int, moves: list[tuple[str, int, int]]) -> None:
    books = unpaid(total)
    for move, reference, amount in moves:
        act = rules.pay if move == "pay" else rules.refund
        before = books.orders[ORDER], list(books.payments)
        try:
            act(books, ORDER, Payment("card", f"{move}-{reference}", amount), BY)
        except Refused:
            assert (books.orders[ORDER], list(books.payments)) == before
    order = books.orders[ORDER]
    assert order.paid_amount == sum(row.amount for row in books.payments if row.kind == "received")
    assert order.refunded_amount == sum(row.amount for row in books.payments if row.kind == "refunded")
    assert 0 <= order.refunded_amount <= order.paid_amount
    came = any(row.kind == "received" for row in books.payments)
    assert order.payment == state_of(total, order.paid_amount, order.refunded_amount, any_came=came)
    references = [(row.kind, row.reference, row.amount) for row in books.payments]
    assert len(references) == len(set(references))
