"""Money that banks and cards tell of: whose it is, once, in any order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.accepting import accept
from central.orders.editing import LineChange
from central.orders.model import NewLine, NewOrder, Payment
from central.orders.rules import By
from central.orders.splitting import numbers_for, split_off
from central.orders.status import settle
from central.payments import incoming, rules
from central.payments.matching import Matcher, Owing
from central.payments.rows import IncomingRow
from contract.keys import OrderId
from tests.central.shop import ADDRESS, AT, MUG, kinds, shop

BY = By("stripe", AT)
ORDER = OrderId("P-1001")
NEW = NewOrder(ORDER, AT, ADDRESS, (NewLine(MUG, 2),), total=3740)
PAID = IncomingRow("stripe-pi_1", "received", 3740, "EUR", "card", "pi_1", "ch_1", "P-1001", AT)
BANK = IncomingRow("bank-1", "received", 3740, "EUR", "transfer", "04/05/2026 1", "VIR LEFEVRE", "", AT)


def back(so_far: int) -> IncomingRow:
    return IncomingRow(f"stripe-ch_1-{so_far}", "refunded", so_far, "EUR", "card", "ch_1", "", "P-1001", AT)


def state(books: Books) -> tuple[str, int, int]:
    settle(books, AT)
    order = books.orders[ORDER]
    return order.payment, order.paid_amount, order.refunded_amount


@pytest.mark.feature("O3")
def test_a_card_payment_is_booked_once() -> None:
    books = shop()
    accept(books, NEW, BY)
    assert incoming.take(books, PAID, BY) == "booked"
    assert incoming.take(books, PAID, BY) == "known"
    assert state(books) == ("paid", 3740, 0)


@pytest.mark.feature("O3")
def test_a_card_payment_before_its_order_waits_for_it() -> None:
    books = shop()
    assert incoming.take(books, PAID, BY) == "waiting"
    assert incoming.take(books, back(500), BY) == "waiting"
    accept(books, NEW, BY)
    assert state(books) == ("partly_refunded", 3740, 500)


@pytest.mark.feature("O3")
def test_money_in_another_currency_waits_for_a_person() -> None:
    books = shop()
    assert incoming.take(books, replace(PAID, currency="USD"), BY) == "waiting"
    accept(books, NEW, BY)
    incoming.take(books, replace(PAID, key="stripe-pi_9", currency="USD"), BY)
    assert state(books) == ("awaiting", 0, 0)


@pytest.mark.feature("O3")
def test_the_shop_and_the_card_tell_of_the_same_money() -> None:
    for reference in ("", "pi_1", "ch_1"):
        told = Payment("card", reference, 3740)
        books, other = shop(), shop()
        accept(books, replace(NEW, payment=told), BY)
        incoming.take(books, PAID, BY)
        accept(other, NEW, BY)
        incoming.take(other, PAID, BY)
        rules.catch_up(other, ORDER, told, None, BY)
        assert state(books) == state(other) == ("paid", 3740, 0)
    incoming.take(books, replace(PAID, key="stripe-pi_2", reference="pi_2", label="ch_2"), BY)
    assert state(books) == ("overpaid", 7480, 0)
    assert kinds(books) == ["paid_too_much"]


@pytest.mark.feature("O3")
def test_the_shop_and_the_card_tell_of_the_same_refund() -> None:
    told, refund = Payment("card", "", 3740), Payment("card", "re_1", 500)
    for shop_first in (True, False):
        books = shop()
        accept(books, NEW, BY)
        incoming.take(books, PAID, BY)
        if shop_first:
            rules.catch_up(books, ORDER, told, refund, BY)
        incoming.take(books, back(500), BY)
        rules.catch_up(books, ORDER, told, refund, BY)
        assert state(books) == ("partly_refunded", 3740, 500)
        incoming.take(books, back(700), BY)
        assert state(books) == ("partly_refunded", 3740, 700)


@pytest.mark.feature("O3", "O6")
def test_what_a_card_gives_back_is_on_record_although_as_much_went_to_an_order_that_was_split_off() -> None:
    books = shop()
    accept(books, replace(NEW, lines=(NewLine(MUG, 2, 1000),)), BY)
    incoming.take(books, PAID, BY)
    split_off(books, ORDER, numbers_for(ORDER, ""), (LineChange(1, 1),), BY)
    assert state(books) == ("paid", 3740, 1000)
    assert incoming.take(books, back(1000), BY) == "booked"
    assert state(books) == ("partly_refunded", 3740, 2000)


@pytest.mark.feature("O3")
@given(st.permutations([PAID, back(500), back(1200), back(3740)]), st.booleans())
def test_refunds_of_a_card_tell_sums_in_any_order(events: list[IncomingRow], order_first: bool) -> None:
    books = shop()
    if order_first:
        accept(books, NEW, BY)
    for each in [*events, *events]:
        incoming.take(books, each, BY)
    if not order_first:
        accept(books, NEW, BY)
    assert state(books) == ("refunded", 3740, 3740)


@pytest.mark.feature("O3")
def test_a_person_says_whose_money_it_is() -> None:
    books = shop()
    accept(books, NEW, BY)
    incoming.take(books, BANK, BY)
    incoming.book(books, "bank-1", ORDER, BY)
    incoming.book(books, "bank-1", ORDER, BY)
    assert state(books) == ("paid", 3740, 0)
    with pytest.raises(Refused, match="dealt with already"):
        incoming.dismiss(books, "bank-1", BY)
    incoming.take(books, replace(BANK, key="bank-2", currency="CHF"), BY)
    with pytest.raises(Refused, match="It is in CHF"):
        incoming.book(books, "bank-2", ORDER, BY)
    incoming.dismiss(books, "bank-2", BY)
    with pytest.raises(Refused, match="dealt with already"):
        incoming.book(books, "bank-2", ORDER, BY)


OWING = [
    Owing(OrderId("P-1001"), "Élodie Lefèvre", "EUR", 3740),
    Owing(OrderId("P-1002"), "Jürgen Groß", "EUR", 3740),
    Owing(OrderId("#1042"), "Anna Lefèvre", "EUR", 1200),
    Owing(OrderId("7"), "Paul Petit", "EUR", 700),
]


@pytest.mark.feature("O3")
@pytest.mark.parametrize(
    ("label", "amount", "found"),
    [
        ("VIR INST M LEFEVRE E P-1001", 3740, [("P-1001", ("number", "amount", "name"), True)]),
        ("VIREMENT P 1001 MERCI", 3740, [("P-1001", ("number", "amount"), True)]),
        ("VIR COMMANDE 1042", 999, [("#1042", ("number",), False)]),
        ("VIR SEPA ELODIE LEFÈVRE", 3740, [("P-1001", ("amount", "name"), False)]),
        ("VIR SEPA DUPONT", 3740, []),
        ("VIR SEPA LEFEVRE", 4000, []),
        ("VIR 7 MAI", 700, []),
        ("VIR P-10010", 10, []),
    ],
)
def test_proposals_say_why(label: str, amount: int, found: list[tuple[str, tuple[str, ...], bool]]) -> None:
    proposals = Matcher(OWING).proposals(label, amount, "EUR")
    assert [(each.order, each.because, each.sure) for each in proposals] == found
    assert Matcher(OWING).proposals(label, amount, "USD") == ()
