"""An order is edited, sent elsewhere or cancelled at every stage; stock, bench, label and money follow."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.cancelling import cancel
from central.orders.changing import readdress
from central.orders.editing import Edit, LineChange, edit
from central.orders.model import NewLine
from central.orders.rules import By
from central.orders.status import settle
from central.shipping.rules import let_go, mark_shipped, take_apart
from central.stock.rules import Cause
from contract.keys import JobId, OrderId
from contract.messages import JobReturned, JobSuspended, JobWithdrawn
from contract.values import PackedLine
from tests.central.provable import assert_provable
from tests.central.shop import (
    ADDRESS,
    AT,
    LAMP,
    MUG,
    TEA,
    ask,
    book,
    kinds,
    message,
    parcel,
    quantities,
    shop,
    sscc,
)

BY = By("anna", AT + 5)
P1 = OrderId("P-1")
LYON = replace(ADDRESS, city="Lyon", postcode="69002")


def of(books: Books) -> str:
    settle(books, AT)
    return books.orders[P1].status


def priced(books: Books, price: int = 500) -> Books:
    """Its lines cost something, and it was paid by card."""
    for line in books.lines.of(P1):
        books.lines.put(replace(line, unit_price=price))
    total = sum(line.ordered * price for line in books.lines.of(P1))
    order = books.orders[P1]
    books.orders.put(replace(order, total=total, paid_amount=total, payment_method="card", payment_reference="ch_1"))
    return books


def recalled(books: Books) -> list[tuple[str, str]]:
    return [(each.station, each.item.reason) for each in books.letters if isinstance(each.item, JobWithdrawn)]


@pytest.mark.feature("O7", "K2")
def test_lines_are_added_changed_and_taken_off_and_stock_follows() -> None:
    books = priced(shop(("P-1", [(MUG, 2), (TEA, 3)])))
    seen = books.orders[P1].version
    wish = Edit((LineChange(1, 5), LineChange(2, 0)), (NewLine(LAMP, 1, 2000),), "Colissimo", "Bonne fête")
    edit(books, P1, wish, BY)
    order = books.orders[P1]
    assert quantities(books, "P-1") == [(5, 5, 0, 0), (3, 0, 0, 3), (1, 1, 0, 0)]
    assert (order.service, order.gift_note, order.total) == ("Colissimo", "Bonne fête", 2500 + 1500 - 1500 + 2000)
    assert order.version > seen
    assert kinds(books) == ["payment_due"]
    assert books.timeline[-2].text == "MUG-BLUE 2 → 5; TEA-100 3 → 0; LAMP-3 + 1; service Colissimo; gift note"
    before = (order, len(books.timeline))
    edit(books, P1, replace(wish, added=()), BY)
    assert (books.orders[P1], len(books.timeline)) == before
    assert_provable(books)


@pytest.mark.feature("O7", "O2")
def test_more_than_there_is_holds_the_order_until_there_is_enough() -> None:
    books = shop(("P-1", [(MUG, 2)]), shelf=4)
    edit(books, P1, Edit((LineChange(1, 9),)), BY)
    assert of(books) == "held"
    assert [reason.code for reason in books.orders[P1].reasons] == ["stock.1"]
    edit(books, P1, Edit((LineChange(1, 4),)), BY)
    assert of(books) == "open"
    edit(books, P1, Edit((), (NewLine(OrderId("NOPE"), 1),)), BY)  # type: ignore[arg-type]
    assert [reason.code for reason in books.orders[P1].reasons] == ["product.NOPE"]


@pytest.mark.feature("O7")
@pytest.mark.parametrize(
    ("wish", "why"),
    [
        (Edit((LineChange(7, 1),)), "no line 7"),
        (Edit((LineChange(1, 0),)), "cancel it instead"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(wish: Edit, why: str) -> None:
    books = shop(("P-1", [(MUG, 2)]))
    with pytest.raises(Refused, match=why):
        edit(books, P1, wish, BY)
    assert quantities(books, "P-1") == [(2, 2, 0, 0)]


@pytest.mark.feature("O7", "P18")
@pytest.mark.parametrize("way", ["edit", "address", "cancel"])
def test_a_bench_that_packs_it_is_told_and_answers(way: str) -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    if way == "edit":
        edit(books, P1, Edit((LineChange(1, 3),)), BY)
    elif way == "address":
        readdress(books, P1, LYON, BY)
    else:
        cancel(books, P1, "she called", BY)
    assert recalled(books) == [("pack-1", "cancelled" if way == "cancel" else "edited")]
    assert ask(books, "pack-2", "P-1").reason == ("cancelled" if way == "cancel" else "leased")  # type: ignore[union-attr]
    book(books, message(JobReturned(JobId(P1), 1, "1002", AT, "edited")))
    if way != "cancel":
        offer = ask(books, "pack-2", "P-1")
        assert offer.job.fence == 2  # type: ignore[union-attr]
        assert offer.job.consignee == (LYON if way == "address" else ADDRESS)  # type: ignore[union-attr]


@pytest.mark.feature("O7", "P18", "R1")
def test_a_parcel_that_an_offline_bench_closed_after_the_cancellation_is_held() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    cancel(books, P1, "she called", BY)
    outcome = book(books, message(parcel(1, "P-1", (1, MUG, 2))), message(JobReturned(JobId(P1), 1, "1002", AT, "x")))
    assert "void its label" in outcome.receipts["pack-1"][0].problem
    assert kinds(books) == ["void_label"]
    assert books.parcels[sscc(1)].held
    with pytest.raises(Refused, match="is held"):
        mark_shipped(books, sscc(1), "anna", AT)
    assert (books.level(MUG).on_hand, books.level(MUG).packed) == (18, 2)
    take_apart(books, sscc(1), Cause("x", "anna", AT), "cancelled")
    assert (books.level(MUG).on_hand, books.level(MUG).packed, books.level(MUG).reserved) == (20, 0, 0)
    assert (of(books), books.mended[0][0]) == ("cancelled", sscc(1))
    assert_provable(books)


@pytest.mark.feature("O7", "P18", "R1")
@pytest.mark.parametrize("told_before", [True, False])
def test_a_label_with_an_old_address_never_leaves_whenever_its_parcel_is_told(told_before: bool) -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    closed = message(parcel(1, "P-1", (1, MUG, 2)))
    if told_before:
        book(books, closed)
    readdress(books, P1, LYON, BY)
    if not told_before:
        book(books, closed)
    assert kinds(books) == ["relabel"]
    assert books.parcels[sscc(1)].held
    take_apart(books, sscc(1), Cause("x", "anna", AT), "address")
    book(books, message(JobReturned(JobId(P1), 1, "1002", AT, "edited")))
    offer = ask(books, "pack-1", "P-1")
    assert (offer.job.consignee, offer.job.fence) == (LYON, 2)  # type: ignore[union-attr]
    book(books, message(parcel(2, "P-1", (1, MUG, 2), fence=2)))
    assert not books.parcels[sscc(2)].held
    assert of(books) == "packed"
    assert_provable(books)


@pytest.mark.feature("O7")
def test_fewer_than_are_packed_holds_the_parcel_and_says_what_must_come_out() -> None:
    books = priced(shop(("P-1", [(MUG, 4), (TEA, 1)])))
    book(books, message(parcel(1, "P-1", (1, MUG, 3))))
    edit(books, P1, Edit((LineChange(1, 2),)), BY)
    assert kinds(books) == ["more_than_ordered", "refund_due"]
    assert "1 × MUG-BLUE more than order P-1 wants" in books.parcels[sscc(1)].held
    assert "pay 10.00 EUR back" in books.problems[-1].text
    assert quantities(books, "P-1") == [(4, 0, 2, 2), (1, 1, 0, 0)]
    assert_provable(books)
    take_apart(books, sscc(1), Cause("x", "anna", AT), "one too many")
    assert quantities(books, "P-1")[0] == (4, 0, 0, 2)
    assert (books.level(MUG).on_hand, books.level(MUG).packed) == (20, 0)


@pytest.mark.feature("O7")
def test_pieces_too_many_in_a_parcel_count_again_when_more_are_wanted() -> None:
    books = shop(("P-1", [(MUG, 3)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 3))))
    edit(books, P1, Edit((LineChange(1, 1),)), BY)
    edit(books, P1, Edit((LineChange(1, 4),)), BY)
    assert quantities(books, "P-1") == [(6, 1, 3, 2)]
    let_go(books, sscc(1), "anna", AT)
    mark_shipped(books, sscc(1), "anna", AT)
    assert of(books) == "partly_shipped"
    assert_provable(books)


@pytest.mark.feature("O7")
def test_a_label_with_an_old_service_never_leaves() -> None:
    books = shop(("P-1", [(MUG, 1)]))
    ask(books, "pack-1", "P-1")
    book(books, message(parcel(1, "P-1", (1, MUG, 1))))
    edit(books, P1, Edit(service="Colissimo"), BY)
    assert kinds(books) == ["relabel"]
    assert "another service" in books.parcels[sscc(1)].held


@pytest.mark.feature("O7")
def test_what_left_the_house_stays_and_the_rest_is_cancelled_with_its_refund() -> None:
    books = priced(shop(("P-1", [(MUG, 2), (TEA, 3)])))
    book(books, message(parcel(1, "P-1", (1, MUG, 2), (2, TEA, 1))))
    mark_shipped(books, sscc(1), "anna", AT)
    with pytest.raises(Refused, match="2 have left the house"):
        edit(books, P1, Edit((LineChange(1, 1),)), BY)
    edit(books, P1, Edit((LineChange(2, 2),)), BY)
    cancel(books, P1, "she called", BY)
    assert quantities(books, "P-1") == [(2, 0, 2, 0), (3, 0, 1, 2)]
    assert of(books) == "shipped"
    assert [problem.text for problem in books.problems] == ["Order P-1, paid by card ch_1: pay 5.00 EUR back."] * 2
    with pytest.raises(Refused, match="is cancelled"):
        edit(books, P1, Edit((LineChange(2, 3),)), BY)
    assert_provable(books)


@pytest.mark.feature("O7")
def test_an_unpaid_order_owes_nobody_anything() -> None:
    books = priced(shop(("P-1", [(MUG, 2)])))
    books.orders.put(replace(books.orders[P1], payment="awaiting", paid_amount=0))
    edit(books, P1, Edit((LineChange(1, 1),)), BY)
    cancel(books, P1, "never paid", BY)
    assert kinds(books) == []
    assert (of(books), books.level(MUG).reserved) == ("cancelled", 0)


@pytest.mark.feature("O7", "P17")
def test_what_was_put_down_and_is_not_wanted_any_more_comes_out() -> None:
    books = shop(("P-1", [(MUG, 3), (TEA, 1)]))
    ask(books, "pack-1", "P-1")
    in_hand = (PackedLine(P1, 1, MUG, 2, ("a", "b")), PackedLine(P1, 1, MUG, 1, ("c",)), PackedLine(P1, 2, TEA, 1))
    book(books, message(JobSuspended(JobId(P1), 1, "1002", AT, in_hand)))
    edit(books, P1, Edit((LineChange(1, 2),)), BY)
    offer = ask(books, "pack-2", "P-1")
    assert offer.job.in_hand == (in_hand[0], in_hand[2])  # type: ignore[union-attr]
    assert [problem.kind for problem in books.problems] == ["take_out"]
    assert "has 1 × MUG-BLUE" in books.problems[0].text


@pytest.mark.feature("O7")
def test_a_cancelled_parcel_that_leaves_after_all_is_counted() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 1))))
    cancel(books, P1, "she called", BY)
    let_go(books, sscc(1), "anna", AT)
    mark_shipped(books, sscc(1), "anna", AT)
    assert (of(books), quantities(books, "P-1")) == ("shipped", [(2, 0, 1, 1)])
    assert_provable(books)


@pytest.mark.feature("O7", "P17")
def test_a_cancelled_order_leaves_nothing_in_an_open_parcel() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    in_hand = (PackedLine(P1, 1, MUG, 2, ("a", "b")),)
    book(books, message(JobSuspended(JobId(P1), 1, "1002", AT, in_hand)))
    cancel(books, P1, "she called", BY)
    assert (kinds(books), books.jobs[JobId(P1)].pieces) == (["take_out"], ())


@pytest.mark.feature("O7")
def test_an_order_that_has_left_is_not_edited() -> None:
    books = priced(shop(("P-1", [(MUG, 2)])))
    book(books, message(parcel(1, "P-1", (1, MUG, 2))))
    mark_shipped(books, sscc(1), "anna", AT)
    with pytest.raises(Refused, match="has left the house already"):
        edit(books, P1, Edit((), (NewLine(TEA, 1, 500),)), BY)


@pytest.mark.feature("O7")
def test_what_left_beyond_the_order_is_not_packed_again_when_more_is_wanted() -> None:
    books = priced(shop(("P-1", [(MUG, 2), (TEA, 1)])))
    book(books, message(parcel(1, "P-1", (1, MUG, 3))))
    let_go(books, sscc(1), "anna", AT)
    mark_shipped(books, sscc(1), "anna", AT)
    edit(books, P1, Edit((LineChange(1, 3),)), BY)
    assert quantities(books, "P-1")[0] == (3, 1, 2, 0)
    assert_provable(books)
