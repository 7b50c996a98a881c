"""Counts on books in memory: the stock becomes what was found, whatever moved meanwhile."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.counting.model import Found, Plan, Recount
from central.counting.rules import approve, count_again, expected_of, is_unsure, plan, record, record_as_told, reject
from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.rules import By
from central.people.rows import AccountRow
from central.policy.standing import Standing
from central.stock.ledger import Cause
from central.stock.model import Lot, Place
from central.stock.rules import pack, receive
from contract.keys import Sku
from tests.central.provable import assert_ledger, assert_promises
from tests.central.shop import AT, CAUSE, LAMP, MUG, TEA, add_order, kinds, quantities, shop

LEAD = By("Anna", AT + 100)
COUNT = "C-1"
MAIN = "main"


def counted(books: Books, *found: Found, at: int = AT + 10) -> None:
    plan(books, Plan(COUNT, "mugs", (MUG,)), By("Anna", AT))
    record(books, COUNT, found, By("1002", at))


@pytest.mark.feature("K7")
def test_a_count_changes_nothing_until_it_is_approved() -> None:
    books = shop()
    counted(books, Found(MUG, 17))
    assert (books.counts[COUNT].status, books.level(MUG).on_hand) == ("counted", 20)
    approve(books, COUNT, LEAD)
    approve(books, COUNT, LEAD)
    (line,) = books.count_lines.of(COUNT)
    assert (books.level(MUG).on_hand, line.expected, books.counts[COUNT].decided_by) == (17, 20, "Anna")
    assert [each.quantity for each in books.movements if each.reason == "counted"] == [3]
    assert_ledger(books)
    assert_promises(books)


@pytest.mark.feature("K7")
def test_nobody_approves_what_he_counted_himself() -> None:
    books = shop()
    counted(books, Found(MUG, 17))
    books.accounts.put(AccountRow("ben", "Ben", badge="1002"))
    books.accounts.put(AccountRow("anna", "Anna"))
    with pytest.raises(Refused, match="1 lines of count C-1 yourself"):
        approve(books, COUNT, By("Ben", AT + 100), "ben")
    assert (books.counts[COUNT].status, books.level(MUG).on_hand) == ("counted", 20)
    approve(books, COUNT, LEAD, "anna")
    assert books.level(MUG).on_hand == 17


@pytest.mark.feature("K7")
def test_a_rejected_count_leaves_the_stock_and_a_product_can_be_counted_again() -> None:
    books = shop()
    counted(books, Found(MUG, 2))
    count_again(books, COUNT, (MUG,), LEAD)
    assert books.counts[COUNT].status == "open"
    with pytest.raises(Refused, match="once all is counted"):
        approve(books, COUNT, LEAD)
    record(books, COUNT, (Found(MUG, 19),), By("1002", AT + 20))
    reject(books, COUNT, LEAD)
    assert books.level(MUG).on_hand == 20
    for late in (lambda: approve(books, COUNT, LEAD), lambda: record(books, COUNT, (Found(MUG, 1),), LEAD)):
        with pytest.raises(Refused, match=r"decided on already|not complete"):
            late()


@pytest.mark.feature("K7")
@settings(max_examples=60, deadline=None)
@given(
    before=st.lists(st.integers(1, 3), max_size=4),
    after=st.lists(st.integers(1, 3), max_size=4),
    told_late=st.lists(st.integers(1, 3), max_size=3),
    lost=st.integers(0, 4),
    received=st.integers(0, 5),
)
def test_what_moves_around_the_moment_of_counting_is_no_difference(
    before: list[int], after: list[int], told_late: list[int], lost: int, received: int
) -> None:
    """`told_late` was packed before the count and is booked after it."""
    books = shop(shelf=60)
    plan(books, Plan(COUNT, "mugs", (MUG,)), By("Anna", AT))
    for quantity in before:
        pack(books, MUG, quantity, Cause("x", "1001", AT + 5), MAIN)
    on_shelf = 60 - sum(before) - sum(told_late) - lost
    record(books, COUNT, (Found(MUG, on_shelf),), By("1002", AT + 10))
    for at, quantities_ in ((AT + 20, after), (AT + 6, told_late)):
        for quantity in quantities_:
            pack(books, MUG, quantity, Cause("x", "1001", at), MAIN)
    if received:
        receive(books, MUG, received, Cause("x", "1001", AT + 30))
    (line,) = books.count_lines.of(COUNT)
    assert expected_of(books, books.counts[COUNT], line) - on_shelf == lost
    approve(books, COUNT, LEAD)
    assert books.level(MUG).on_hand == on_shelf - sum(after) + received
    assert_ledger(books)
    assert_promises(books)


@pytest.mark.feature("K7")
def test_bins_and_lots_are_counted_apart_and_what_nobody_expected_is_found() -> None:
    books = shop(shelf=0)
    receive(books, MUG, 5, CAUSE, Place(MAIN, "A1"), Lot("L1", "2031-01-31"))
    receive(books, MUG, 4, CAUSE, Place(MAIN, "B1"))
    plan(books, Plan(COUNT, "bin A1", (MUG, TEA), bins=("A1",)), By("Anna", AT))
    assert [(line.bin, line.lot) for line in books.count_lines.of(COUNT)] == [("A1", "L1")]
    found = (Found(MUG, 3, "A1", "L1"), Found(MUG, 2, "A1", "L2", "2032-01-31"), Found(TEA, 6, "A1"))
    record(books, COUNT, found, By("1002", AT + 10))
    approve(books, COUNT, LEAD)
    held = {(row.sku, row.bin, row.lot): row.quantity for row in books.holdings if row.quantity}
    assert held == {
        (MUG, "A1", "L1"): 3,
        (MUG, "A1", "L2"): 2,
        (MUG, "B1", ""): 4,
        (TEA, "A1", ""): 6,
    }
    assert books.lots[MUG, "L2"].expiry == "2032-01-31"
    assert_ledger(books)
    assert_promises(books)


@pytest.mark.feature("K2", "K7")
def test_promises_for_which_nothing_is_left_are_taken_back_from_the_newest_order() -> None:
    books = shop(("P-1", [(MUG, 10)]), ("P-2", [(MUG, 10)]))
    books.orders.put(replace(next(row for row in books.orders if row.order_id == "P-1"), placed_at=AT - 5))
    counted(books, Found(MUG, 14))
    approve(books, COUNT, LEAD)
    assert (quantities(books, "P-1"), quantities(books, "P-2")) == ([(10, 10, 0, 0)], [(10, 4, 0, 0)])
    assert_ledger(books)
    assert_promises(books)


def test_a_count_is_of_what_there_is() -> None:
    books = shop()
    for wanted, complaint in (
        (Plan(COUNT, "x", (Sku("NO-1"),)), "NO-1"),
        (Plan(COUNT, "x", (MUG,), warehouse="west"), "west"),
        (Plan(COUNT, "x", (MUG,), bins=("Z9",)), "nothing to count"),
    ):
        with pytest.raises(Refused, match=complaint):
            plan(books, wanted, LEAD)
    assert list(books.counts) == []


@pytest.mark.feature("P25")
def test_what_a_station_counts_is_never_lost() -> None:
    books = shop()
    record_as_told(books, "", Found(MUG, 18), "pack-1", MAIN, "1002", AT + 10)
    (job,) = books.counts
    assert (job.status, job.warehouse) == ("counted", MAIN)
    reject(books, job.count, LEAD)
    record_as_told(books, job.count, Found(LAMP, 18), "pack-1", MAIN, "1002", AT + 20)
    assert [row.status for row in books.counts] == ["rejected", "counted"]
    record_as_told(books, "", Found(Sku("NO-1"), 3), "pack-1", MAIN, "1002", AT + 30)
    assert kinds(books) == ["count_not_booked"]


@pytest.mark.feature("P25")
def test_a_station_that_tells_late_does_not_overwrite_a_newer_look() -> None:
    books = shop()
    plan(books, Plan(COUNT, "all", (MUG, TEA)), By("Anna", AT))
    record_as_told(books, COUNT, Found(MUG, 18), "pack-1", MAIN, "1002", AT + 30)
    record_as_told(books, COUNT, Found(MUG, 11), "pack-2", MAIN, "1001", AT + 20)
    counted_ = {line.sku: line.counted for line in books.count_lines.of(COUNT)}
    assert counted_ == {MUG: 18, TEA: None}
    add_order(books, "P-9", [(MUG, 1)])


def doubtful(books: Books, *found: Found) -> None:
    """Twenty mugs and a tea, of which anything above 5 pieces and 20 % is counted again."""
    books.standing = Standing(recount=Recount(5, 20))
    plan(books, Plan(COUNT, "mugs and tea", (MUG, TEA)), By("Anna", AT))
    record(books, COUNT, found, By("1002", AT + 10))


@pytest.mark.feature("K7")
@given(pieces=st.integers(0, 50), percent=st.integers(0, 200), expected=st.integers(0, 500), off=st.integers(-500, 500))
def test_both_limits_must_be_passed(pieces: int, percent: int, expected: int, off: int) -> None:
    recount = Recount(pieces, percent)
    wanted = recount.wants(expected, expected + off)
    assert wanted == (pieces > 0 and abs(off) > pieces and abs(off) > expected * percent / 100)
    assert not Recount(0, 0).wants(expected, expected + off)


@pytest.mark.feature("K7")
def test_what_is_far_off_is_due_again_once_all_is_counted_and_the_second_count_stands() -> None:
    books = shop()
    there = books.level(TEA).on_hand
    doubtful(books, Found(MUG, 2))
    assert [is_unsure(books, line) for line in books.count_lines.of(COUNT)] == [False, False]
    record(books, COUNT, (Found(TEA, there - 1),), By("1002", AT + 11))
    lines = {line.sku: line for line in books.count_lines.of(COUNT)}
    assert (lines[MUG].counted, lines[MUG].first_counted, lines[MUG].first_by) == (None, 2, "1002")
    assert (lines[TEA].counted, lines[TEA].first_counted) == (there - 1, None)
    assert books.counts[COUNT].status == "open"
    record(books, COUNT, (Found(MUG, 2),), By("1002", AT + 10))
    assert books.counts[COUNT].status == "open", "the same look told twice is no second one"
    record(books, COUNT, (Found(MUG, 3),), By("1003", AT + 20))
    assert books.counts[COUNT].status == "counted"
    approve(books, COUNT, LEAD)
    assert (books.level(MUG).on_hand, books.level(TEA).on_hand) == (3, there - 1)
    assert_ledger(books)
    assert_promises(books)


@pytest.mark.feature("K7")
def test_approval_without_another_persons_second_count_asks_for_a_reason() -> None:
    for again in ((), (Found(MUG, 2),)):
        books = shop()
        doubtful(books, Found(MUG, 2), Found(TEA, books.level(TEA).on_hand))
        for found in again:
            record(books, COUNT, (found,), By("1002", AT + 20))
        with pytest.raises(Refused, match="nobody else has counted again") as refused:
            approve(books, COUNT, LEAD)
        assert refused.value.field == "reason"
        approve(books, COUNT, LEAD, reason="A pallet was sold")
        assert (books.level(MUG).on_hand, books.counts[COUNT].status) == (2, "approved")
        assert [note.text for note in books.timeline if note.what == "count_approved"] == ["A pallet was sold"]
        assert_ledger(books)


@pytest.mark.feature("K7")
def test_who_counted_first_still_approves_nothing() -> None:
    books = shop()
    doubtful(books, Found(MUG, 2), Found(TEA, books.level(TEA).on_hand))
    books.accounts.put(AccountRow("ben", "Ben", badge="1002"))
    with pytest.raises(Refused, match="2 lines of count C-1 yourself"):
        approve(books, COUNT, By("Ben", AT + 100), "ben", "I am sure")
    count_again(books, COUNT, (MUG,), LEAD)
    (mug,) = (line for line in books.count_lines.of(COUNT) if line.sku == MUG)
    assert (mug.first_counted, mug.counted) == (None, None)
