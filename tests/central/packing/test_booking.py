"""A closed parcel is booked whatever it says; what is wrong with it has a name and consequences."""

from __future__ import annotations

from typing import Literal

import pytest
from msgspec.structs import replace

from central.orders.cancelling import cancel
from central.orders.rules import By
from central.shipping.rules import mark_shipped
from central.stock.rows import LotRow
from contract.keys import JobId, OrderId, Sku
from contract.messages import LabelVoided, ParcelClosed, ShortReported
from contract.values import Override, PackedLine, Trace
from tests.central.provable import assert_provable
from tests.central.shop import (
    AT,
    HOUSE,
    LAMP,
    MUG,
    TEA,
    ask,
    book,
    kinds,
    message,
    parcel,
    quantities,
    serve_promises,
    shop,
    sscc,
)

ORDER = OrderId("P-1")


@pytest.mark.feature("O5", "O6", "K1", "K2", "P15")
def test_parcels_move_quantities_and_stock() -> None:
    books = shop(("P-1", [(MUG, 3), (TEA, 1)]))
    ask(books, "pack-1", "P-1")
    outcome = book(books, message(parcel(1, "P-1", (1, MUG, 2))))
    assert outcome.receipts["pack-1"][0].problem == ""
    assert quantities(books, "P-1") == [(3, 1, 2, 0), (1, 1, 0, 0)]
    assert books.orders[ORDER].status == "partly_packed"
    assert (books.level(MUG).on_hand, books.level(MUG).packed, books.level(MUG).reserved) == (18, 2, 1)
    book(books, message(parcel(2, "P-1", (1, MUG, 1), (2, TEA, 1), parcel_number=2)))
    assert books.orders[ORDER].status == "packed"
    closed = books.parcels[sscc(2)]
    assert (closed.status, closed.tracking_number, closed.held) == ("packed", sscc(2), "")
    assert closed.token != books.parcels[sscc(1)].token
    assert [each.status for each in books.tracking] == ["packed", "packed"]
    assert_provable(books)


@pytest.mark.feature("R2")
def test_a_repeat_gets_the_same_receipt_and_changes_nothing() -> None:
    books = shop(("P-1", [(MUG, 1)]))
    wrong = message(parcel(1, "P-1", (1, MUG, 2)))
    first = book(books, wrong)
    before = (len(books.movements), len(books.problems), books.parcels[sscc(1)])
    assert book(books, wrong).receipts == first.receipts
    assert first.receipts["pack-1"][0].problem
    assert (len(books.movements), len(books.problems), books.parcels[sscc(1)]) == before


def test_the_same_parcel_in_another_message_changes_nothing() -> None:
    books = shop(("P-1", [(MUG, 1)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 1))), message(parcel(1, "P-1", (1, MUG, 1))))
    assert kinds(books) == []
    assert quantities(books, "P-1") == [(1, 0, 1, 0)]


def test_a_parcel_with_nothing_in_it_is_taken_down_once() -> None:
    books = shop(("P-1", [(MUG, 1)]))
    book(books, message(parcel(1, "P-1")), message(parcel(1, "P-1")))
    assert (books.parcels[sscc(1)].status, books.parcels[sscc(1)].events, len(books.tracking)) == ("packed", 1, 1)
    assert kinds(books) == []


@pytest.mark.feature("S1")
def test_one_sscc_on_two_parcels_is_a_problem_that_holds_the_first() -> None:
    books = shop(("P-1", [(MUG, 1)]), ("P-2", [(TEA, 1)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 1))))
    outcome = book(books, message(parcel(1, "P-2", (1, TEA, 1)), "pack-2"))
    assert kinds(books) == ["sscc_twice"]
    assert "pack-2" in books.problems[0].text
    assert sscc(1) in books.parcels[sscc(1)].held
    assert "SSCC" in outcome.receipts["pack-2"][0].problem
    assert quantities(books, "P-2") == [(1, 1, 0, 0)]


@pytest.mark.parametrize(
    ("fact", "problem"),
    [
        (parcel(1, "P-1", (1, MUG, 5)), "more_than_ordered"),
        (parcel(1, "P-1", (1, TEA, 1)), "not_on_order"),
        (parcel(1, "P-1", (9, MUG, 1)), "not_on_order"),
        (parcel(1, "P-77", (1, MUG, 1)), "unknown_order"),
        (replace(parcel(1, "P-1", (1, MUG, 2)), weighing=None), "not_weighed"),
    ],
)
def test_what_is_wrong_is_booked_named_and_told(fact: ParcelClosed, problem: str) -> None:
    books = shop(("P-1", [(MUG, 2)]))
    outcome = book(books, message(fact))
    assert kinds(books) == [problem]
    assert (books.problems[0].station, books.problems[0].badge, books.problems[0].sscc) == ("pack-1", "1002", sscc(1))
    # Badge 1002 reads English.
    assert outcome.receipts["pack-1"][0].problem == books.problems[0].text
    assert bool(books.parcels[sscc(1)].held) == (problem != "not_weighed")
    assert sum(each.quantity for each in books.movements if each.target == "packed") == sum(
        each.quantity for each in fact.contents
    )
    assert_provable(books)


def test_a_parcel_that_a_lead_let_pass_without_a_scale_is_no_problem() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    passed = (Override("scale", "1001", "scale is broken"),)
    book(books, message(replace(parcel(1, "P-1", (1, MUG, 2)), weighing=None, overrides=passed)))
    assert kinds(books) == []


@pytest.mark.feature("P18")
def test_a_parcel_of_an_order_cancelled_meanwhile_is_held_and_its_label_voided() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    cancel(books, ORDER, "customer changed his mind", By("anna", AT))
    outcome = book(books, message(parcel(1, "P-1", (1, MUG, 2))))
    assert kinds(books) == ["void_label"], "that nothing is wanted any more follows from it"
    assert books.parcels[sscc(1)].held
    assert "cancelled" in outcome.receipts["pack-1"][0].problem
    assert (books.level(MUG).on_hand, books.level(MUG).packed) == (18, 2)
    book(books, message(LabelVoided(sscc(1), JobId("P-1"), AT, "1002", "order cancelled")))
    assert books.parcels[sscc(1)].status == "voided"
    assert (books.level(MUG).on_hand, books.level(MUG).packed) == (20, 0)
    assert_provable(books)


def test_a_line_told_in_parts_is_counted_once() -> None:
    books = shop(("P-1", [(MUG, 3)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 1), (1, MUG, 2))))
    assert quantities(books, "P-1") == [(3, 0, 3, 0)]
    assert [(piece.quantity, piece.counted) for piece in books.parcel_lines] == [(3, 3)]


@pytest.mark.feature("K2")
def test_pieces_that_the_books_did_not_have_are_found_and_named() -> None:
    books = shop(("P-1", [(MUG, 2)]), shelf=0)
    book(books, message(parcel(1, "P-1", (1, MUG, 2))))
    assert kinds(books) == ["stock_found"]
    assert [(each.reason, each.quantity) for each in books.movements] == [("found", 2), ("packed", 2)]
    assert_provable(books)


@pytest.mark.feature("K2")
def test_taking_what_was_promised_to_others_is_named_and_their_promise_is_taken_back() -> None:
    books = shop(("P-1", [(LAMP, 20)]), ("P-2", [(LAMP, 2)]))
    book(books, message(parcel(1, "P-2", (1, LAMP, 2))))
    assert kinds(books) == ["over_promised"]
    assert LAMP in books.freed()
    assert_provable(books, {LAMP})
    serve_promises(books)
    assert quantities(books, "P-1") == [(20, 18, 0, 0)]
    assert_provable(books)


def short(quantity: int, sku: Sku = MUG) -> ShortReported:
    return ShortReported(JobId("P-1"), ORDER, 1, sku, quantity, "missing", "1002", AT)


@pytest.mark.feature("P16", "K2", "O6")
def test_short_pieces_leave_the_stock_and_are_back_ordered() -> None:
    books = shop(("P-1", [(MUG, 3)]))
    book(books, message(short(2)), message(parcel(1, "P-1", (1, MUG, 1))))
    assert quantities(books, "P-1") == [(3, 0, 1, 0)]
    assert books.lines[ORDER, 1].back_ordered == 2
    assert (books.level(MUG).on_hand, books.level(MUG).reserved) == (17, 0)
    assert books.orders[ORDER].status == "partly_packed"
    assert [(each.reason, each.quantity) for each in books.movements if each.target == ""] == [("missing", 2)]
    assert_provable(books)


@pytest.mark.feature("P16", "K2")
def test_instead_of_a_damaged_piece_another_is_promised_while_there_is_one() -> None:
    books = shop(("P-1", [(MUG, 3)]), shelf=4)
    book(books, message(replace(short(1), kind="damaged")))
    assert quantities(books, "P-1") == [(3, 3, 0, 0)]
    book(books, message(replace(short(1), kind="damaged")))
    assert quantities(books, "P-1") == [(3, 2, 0, 0)]
    assert [problem.text.rpartition(": ")[2] for problem in books.problems] == [
        "another is promised instead",
        "back-ordered",
    ]
    assert_provable(books)


@pytest.mark.feature("P16", "O6")
def test_short_pieces_are_cancelled_when_the_house_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.central.shop.HOUSE", replace(HOUSE, short_policy="cancel"))
    books = shop(("P-1", [(MUG, 3)]))
    book(books, message(short(1)), message(short(1)), message(parcel(1, "P-1", (1, MUG, 1))))
    assert quantities(books, "P-1") == [(3, 0, 1, 2)]
    assert books.orders[ORDER].status == "packed"
    assert_provable(books)


@pytest.mark.feature("P16", "K2", "O6")
@pytest.mark.parametrize(("policy", "cancelled"), [("back_order", 0), ("cancel", 1)])
def test_a_short_of_more_than_is_left_to_pack_counts_what_is_left(
    monkeypatch: pytest.MonkeyPatch, policy: Literal["back_order", "cancel"], cancelled: int
) -> None:
    monkeypatch.setattr("tests.central.shop.HOUSE", replace(HOUSE, short_policy=policy))
    books = shop(("P-1", [(MUG, 3)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 2))), message(short(3)))
    assert quantities(books, "P-1") == [(3, 0, 2, cancelled)]
    assert [(each.reason, each.quantity) for each in books.movements if each.target == ""] == [("missing", 1)]
    assert (books.level(MUG).on_hand, books.level(MUG).packed) == (17, 2)
    assert_provable(books)


@pytest.mark.feature("P16", "K2")
def test_a_cancelled_short_promises_nothing_to_pieces_that_wait_for_stock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.central.shop.HOUSE", replace(HOUSE, short_policy="cancel"))
    books = shop(("P-1", [(MUG, 5)]), shelf=2)
    book(books, message(short(1)))
    assert quantities(books, "P-1") == [(5, 1, 0, 1)]
    assert (books.level(MUG).on_hand, books.level(MUG).reserved) == (1, 1)
    assert_provable(books)


@pytest.mark.parametrize("fact", [short(1, TEA), replace(short(1), line=4), replace(short(1), order=OrderId("P-9"))])
def test_a_short_that_fits_no_line_asks_for_a_count(fact: ShortReported) -> None:
    books = shop(("P-1", [(MUG, 3)]))
    book(books, message(fact))
    assert kinds(books) == ["count_needed"]
    assert quantities(books, "P-1") == [(3, 3, 0, 0)]


@pytest.mark.feature("K2")
def test_a_short_never_takes_what_others_were_promised() -> None:
    books = shop(("P-1", [(LAMP, 20)]), ("P-2", [(LAMP, 2)]))
    book(books, message(ShortReported(JobId("P-2"), OrderId("P-2"), 1, LAMP, 2, "damaged", "1002", AT)))
    assert "count_needed" in kinds(books)
    assert books.level(LAMP).on_hand == 20
    assert_provable(books)


def test_a_label_voided_before_its_parcel_is_told_stays_void() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    void = message(LabelVoided(sscc(1), JobId("P-1"), AT, "1002", "torn"))
    closed = message(parcel(1, "P-1", (1, MUG, 2)))
    book(books, void)
    label = books.parcels[sscc(1)]
    assert label.status == "voided"
    book(books, closed)
    assert (books.parcels[sscc(1)].status, quantities(books, "P-1")) == ("voided", [(2, 2, 0, 0)])
    told = books.parcels[sscc(1)]
    assert told.packed_lines == (PackedLine(ORDER, 1, MUG, 2),)
    assert (told.status_at, told.events, told.token) == (AT, 2, label.token)
    assert (books.level(MUG).on_hand, books.level(MUG).packed) == (20, 0)
    again = book(books, message(closed.body, name="told in another message"))
    assert [receipt.problem for receipt in again.receipts["pack-1"]] == [""]
    assert (books.parcels[sscc(1)], len(books.tracking)) == (told, 2)
    # Another box with the void label is one label on two parcels.
    book(books, message(parcel(1, "P-1", (1, MUG, 1))))
    assert kinds(books) == ["sscc_twice"]
    assert quantities(books, "P-1") == [(2, 2, 0, 0)]
    assert_provable(books)


def with_serials(number: int, order: str, *serials: str) -> ParcelClosed:
    told = parcel(number, order, (1, MUG, len(serials)), fence=0)
    traces = tuple(Trace(1, "L-7", serial, "2029-11-30") for serial in serials)
    return replace(told, contents=(replace(told.contents[0], traces=traces),))


@pytest.mark.feature("S1")
def test_one_label_on_the_parcel_of_another_job_is_told_and_what_has_left_is_not_held() -> None:
    books = shop(("P-1", [(MUG, 1)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 1))))
    mark_shipped(books, sscc(1), "anna", AT)
    book(books, message(replace(parcel(1, "P-1", (1, MUG, 1)), job=JobId("P-9")), "pack-2"))
    assert kinds(books) == ["sscc_twice"]
    assert books.parcels[sscc(1)].held == ""


@pytest.mark.feature("P6")
def test_a_serial_number_in_two_parcels_is_a_problem_and_the_second_stays() -> None:
    books = shop(("P-1", [(MUG, 2)]), ("P-2", [(MUG, 2)]))
    book(books, message(with_serials(1, "P-1", "A", "B")))
    assert kinds(books) == []
    outcome = book(books, message(with_serials(2, "P-2", "C", "A")))
    assert outcome.receipts["pack-1"][0].problem
    assert kinds(books) == ["serial_twice"]
    assert books.parcels[sscc(2)].held
    assert not books.parcels[sscc(1)].held
    assert sorted(row.serial for row in books.traces) == ["A", "A", "B", "C"]


@pytest.mark.feature("P6")
def test_a_line_that_is_told_in_two_parts_keeps_the_numbers_of_both() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    (both,) = (closed := with_serials(1, "P-1", "A", "B")).contents
    parts = tuple(replace(both, quantity=1, traces=(trace,)) for trace in both.traces)
    book(books, message(replace(closed, contents=parts)))
    assert quantities(books, "P-1") == [(2, 0, 2, 0)]
    assert sorted(row.serial for row in books.traces) == ["A", "B"]


@pytest.mark.feature("P6")
@pytest.mark.parametrize("voided", [False, True])
def test_one_serial_number_twice_in_a_parcel_is_a_problem_unless_it_was_taken_apart(voided: bool) -> None:
    books = shop(("P-1", [(MUG, 4)]))
    if voided:
        book(books, message(LabelVoided(sscc(1), JobId("P-1"), AT, "1002", "recalled")))
    book(books, message(with_serials(1, "P-1", "A", "A")))
    assert kinds(books) == ([] if voided else ["serial_twice"])
    book(books, message(with_serials(2, "P-1", "B", "")))
    assert kinds(books) == ([] if voided else ["serial_twice"])


@pytest.mark.feature("P6")
def test_a_parcel_that_was_taken_apart_frees_its_serial_numbers() -> None:
    books = shop(("P-1", [(MUG, 1)]))
    book(books, message(with_serials(1, "P-1", "A")))
    book(books, message(LabelVoided(sscc(1), JobId("P-1"), AT, "1002", "recalled")))
    assert book(books, message(with_serials(2, "P-1", "A"))).receipts["pack-1"][0].problem == ""


@pytest.mark.feature("K9")
@pytest.mark.parametrize("stopped", ["Chipped", ""])
def test_a_parcel_with_pieces_of_a_stopped_lot_stays_here(stopped: str) -> None:
    books = shop(("P-1", [(MUG, 1)]))
    books.lots.fill([LotRow(MUG, "L-7", "2029-11-30", stopped), LotRow(TEA, "L-7", "", "Damp")])
    outcome = book(books, message(with_serials(1, "P-1", "A")))
    assert kinds(books) == (["stopped_lot"] if stopped else [])
    assert bool(books.parcels[sscc(1)].held) == bool(stopped)
    assert ("L-7" in outcome.receipts["pack-1"][0].problem) == bool(stopped)
    assert quantities(books, "P-1") == [(1, 0, 1, 0)]


@pytest.mark.feature("S1")
def test_a_parcel_that_is_held_already_keeps_its_reason_when_its_label_comes_twice() -> None:
    books = shop(("P-1", [(MUG, 1)]), ("P-2", [(TEA, 1)]))
    book(books, message(parcel(1, "P-1", (1, MUG, 2))))
    before = books.parcels[sscc(1)].held
    book(books, message(parcel(1, "P-2", (1, TEA, 1)), "pack-2"))
    assert kinds(books) == ["more_than_ordered", "sscc_twice"]
    assert before
    assert books.parcels[sscc(1)].held == before
