"""Leases: one packer per job, whoever asks, however often."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from central.desk.books import Books, Found
from central.orders.cancelling import cancel
from central.orders.editing import Edit, LineChange, edit
from central.orders.merging import leave, merge
from central.orders.model import Complaint
from central.orders.rules import By
from central.packing.codes import spellings
from central.packing.jobs import open_work, take_back, withdraw
from contract.envelope import encode
from contract.keys import JobId, OrderId
from contract.messages import (
    JobFinished,
    JobOffered,
    JobOpened,
    JobReturned,
    JobSuspended,
    JobWithdrawn,
    OpenWork,
    WorkRefused,
)
from contract.values import PackedLine
from tests.central.provable import assert_provable
from tests.central.shop import AT, HOUSE, LAMP, MUG, TEA, add_order, ask, book, kinds, message, parcel, shop, sscc

JOB = JobId("P-1")
P1, P2, P3 = OrderId("P-1"), OrderId("P-2"), OrderId("P-3")
BY = By("anna", AT)


@pytest.mark.feature("R3")
def test_the_same_station_gets_the_same_lease_and_another_is_refused() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    first = ask(books, "pack-1", "P-1")
    assert isinstance(first, JobOffered)
    assert ask(books, "pack-1", "P-1") == first
    other = ask(books, "pack-2", "P-1")
    assert isinstance(other, WorkRefused)
    assert other.reason == "leased"
    assert "pack-1" in other.text
    assert "pack-1" in other.text_fr


@pytest.mark.feature("P2")
def test_a_pick_list_opens_its_orders_one_after_the_other() -> None:
    """Two benches that scan the same list never get the same order."""
    books = shop(("P-1", [(MUG, 1)]), ("P-2", [(MUG, 1)]))
    books.found = [Found("PICK-1", "pick_list", OrderId(number)) for number in ("P-1", "P-2")]
    offers = [open_work(books, HOUSE, station, OpenWork("PICK-1", "1001"), AT) for station in ("pack-1", "pack-2")]
    assert [offer.job.job for offer in offers if isinstance(offer, JobOffered)] == ["P-1", "P-2"]
    none_left = open_work(books, HOUSE, "pack-3", OpenWork("PICK-1", "1001"), AT)
    assert isinstance(none_left, WorkRefused)
    assert none_left.reason == "leased"


@pytest.mark.feature("P2")
def test_a_job_has_all_that_the_bench_needs() -> None:
    books = shop()
    note = encode([{"audience": "packer", "text": "Two layers."}, {"audience": "office", "text": "VIP"}]).decode()
    add_order(books, "P-1", [(MUG, 2), (LAMP, 1)], gift_note="Bon anniversaire", notes=note, service="colissimo")
    offer = ask(books, "pack-1", "P-1")
    assert isinstance(offer, JobOffered)
    job = offer.job
    assert [(line.sku, line.quantity) for line in job.lines] == [(MUG, 2), (LAMP, 1)]
    assert job.service.carrier == "manual"
    assert [(each.kind, each.text) for each in job.instructions][:2] == [
        ("instruction", "Two layers."),
        ("gift_note", "Bon anniversaire"),
    ]
    assert [each.line for each in job.instructions if each.scope == "item"] == [1, 2]


@pytest.mark.feature("P2")
@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"held": encode([Complaint("address", "No such postcode.", "Code postal inconnu.")]).decode()}, "held"),
        ({"payment": "awaiting", "payment_method": ""}, "unpaid"),
        ({"cancelled": True}, "cancelled"),
    ],
)
def test_refusals_name_their_reason_in_both_languages(fields: dict[str, object], reason: str) -> None:
    books = shop()
    add_order(books, "P-1", [(MUG, 1)], **fields)
    refused = ask(books, "pack-1", "P-1")
    assert isinstance(refused, WorkRefused)
    assert refused.reason == reason
    assert "P-1" in refused.text
    assert refused.text != refused.text_fr
    assert JOB not in books.jobs


@pytest.mark.feature("P2")
def test_unknown_codes_finished_orders_and_empty_shelves_are_refused() -> None:
    books = shop(("P-1", [(MUG, 1)]), ("P-2", [(TEA, 25)]), shelf=1)
    assert ask(books, "pack-1", "nonsense").reason == "unknown"  # type: ignore[union-attr]
    book(books, message(parcel(1, "P-1", (1, MUG, 1))))
    assert ask(books, "pack-1", "P-1").reason == "packed"  # type: ignore[union-attr]
    partial = ask(books, "pack-1", "P-2")
    assert isinstance(partial, JobOffered)
    assert partial.job.lines[0].quantity == 1
    add_order(books, "P-3", [(TEA, 1)])
    empty = ask(books, "pack-1", "P-3")
    assert isinstance(empty, WorkRefused)
    assert empty.reason == "out_of_stock"
    assert TEA in empty.text


@pytest.mark.feature("P2")
def test_a_product_opens_the_first_order_that_is_free() -> None:
    books = shop(("P-1", [(MUG, 1)]), ("P-2", [(MUG, 1)]))
    ask(books, "pack-9", "P-1")
    code = "03401234000088"
    books.found = [Found(code, "product", OrderId("P-1")), Found(code, "product", OrderId("P-2"))]
    offer = open_work(books, HOUSE, "pack-1", OpenWork(code), AT)
    assert isinstance(offer, JobOffered)
    assert offer.job.job == "P-2"


@pytest.mark.parametrize(
    ("scanned", "meant"),
    [
        ("]C100034012340000000018", "034012340000000018"),
        ("(00) 034012340000000018", "034012340000000018"),
        ("4006381333931", "04006381333931"),
        ("p-1", "P-1"),
        (" P-1 ", "P-1"),
    ],
)
def test_spellings(scanned: str, meant: str) -> None:
    assert meant in spellings(scanned)


@pytest.mark.feature("P17", "R3")
def test_a_suspended_job_goes_on_elsewhere_with_what_was_in_hand() -> None:
    books = shop(("P-1", [(MUG, 2), (TEA, 1)]))
    ask(books, "pack-1", "P-1")
    in_hand = (PackedLine(OrderId("P-1"), 1, MUG, 1, ("scan",)),)
    book(books, message(JobSuspended(JOB, 1, "1002", AT, in_hand, ("gift-note",))))
    offer = ask(books, "pack-2", "P-1")
    assert isinstance(offer, JobOffered)
    assert (offer.job.fence, offer.job.in_hand, offer.job.confirmed) == (2, in_hand, ("gift-note",))
    book(books, message(parcel(1, "P-1", (1, MUG, 2), fence=2), "pack-2"))
    again = ask(books, "pack-2", "P-1")
    assert isinstance(again, JobOffered)
    assert (again.job.in_hand, again.job.parcels_closed) == ((), 1)
    assert [(line.sku, line.quantity) for line in again.job.lines] == [(TEA, 1)]


@pytest.mark.feature("R3")
def test_a_stale_station_is_told_and_its_parcel_still_counts() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    take_back(books, OrderId("P-1"), "anna", AT)
    ask(books, "pack-2", "P-1")
    books.letters.clear()
    outcome = book(books, message(parcel(1, "P-1", (1, MUG, 2), fence=1)))
    (letter,) = books.letters
    assert letter.station == "pack-1"
    assert isinstance(letter.item, JobWithdrawn)
    assert (letter.item.reason, letter.item.fence) == ("stale", 1)
    assert "pack-2" in outcome.receipts["pack-1"][0].problem
    assert kinds(books) == ["stale_lease"]
    assert books.lines[OrderId("P-1"), 1].packed == 2
    assert books.parcels[sscc(1)].held == ""


@pytest.mark.feature("R3")
def test_a_lease_taken_back_after_a_restoration_is_older_than_none_that_was_lost() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    books.standing = replace(books.standing, restored_at=AT)
    take_back(books, P1, "anna", AT)
    assert books.jobs[JOB].fence == AT + 1


@pytest.mark.feature("R3")
def test_a_stale_station_is_told_when_it_opens() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    take_back(books, OrderId("P-1"), "anna", AT)
    books.letters.clear()
    book(books, message(JobOpened(JOB, 1, "1002", AT)))
    assert [type(letter.item) for letter in books.letters] == [JobWithdrawn]


@pytest.mark.feature("P18")
def test_a_withdrawn_job_waits_for_its_station() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    assert withdraw(books, OrderId("P-1"), "edited", AT)
    assert not withdraw(books, OrderId("P-1"), "edited", AT)
    (letter,) = books.letters
    assert isinstance(letter.item, JobWithdrawn)
    assert (letter.item.job, letter.item.fence, letter.item.reason) == (JOB, 1, "edited")
    assert ask(books, "pack-2", "P-1").reason == "leased"  # type: ignore[union-attr]
    book(books, message(JobReturned(JOB, 1, "1002", AT, "edited")))
    offer = ask(books, "pack-2", "P-1")
    assert isinstance(offer, JobOffered)
    assert offer.job.fence == 2


def test_a_job_whose_goods_went_back_to_the_shelf_begins_anew() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    in_hand = (PackedLine(OrderId("P-1"), 1, MUG, 1),)
    book(books, message(JobSuspended(JOB, 1, "1002", AT, in_hand, ("gift-note",))))
    ask(books, "pack-1", "P-1")
    book(books, message(JobReturned(JOB, 2, "1002", AT, "edited")))
    offer = ask(books, "pack-2", "P-1")
    assert isinstance(offer, JobOffered)
    assert (offer.job.in_hand, offer.job.confirmed) == ((), ())


@pytest.mark.feature("P17", "P18", "O7")
@pytest.mark.parametrize(
    ("change", "out", "stays"),
    [
        (lambda books: cancel(books, P1, "she called", BY), ["2 × MUG-BLUE", "1 × TEA-100"], []),
        (lambda books: edit(books, P1, Edit((LineChange(2, 0),)), BY), ["1 × TEA-100"], [(1, 2)]),
        (lambda books: edit(books, P1, Edit((LineChange(1, 1),)), BY), ["1 × MUG-BLUE"], [(1, 1), (2, 1)]),
        (lambda books: take_back(books, P1, "anna", AT), ["2 × MUG-BLUE", "1 × TEA-100"], []),
        (lambda books: None, [], [(1, 2), (2, 1)]),
    ],
    ids=["cancelled", "a line gone", "fewer", "taken back", "as it was"],
)
def test_what_was_put_down_before_the_bench_heard_of_a_change_comes_out(
    change: Callable[[Books], object], out: list[str], stays: list[tuple[int, int]]
) -> None:
    books = shop(("P-1", [(MUG, 2), (TEA, 1)]))
    ask(books, "pack-1", "P-1")
    change(books)
    in_hand = (PackedLine(P1, 1, MUG, 2, ("a", "b")), PackedLine(P1, 2, TEA, 1, ("c",)))
    # The bench answers the withdrawal that it finds waiting, although it has put the order down.
    book(books, message(JobSuspended(JOB, 1, "1002", AT, in_hand)), message(JobReturned(JOB, 1, "", AT, "edited")))
    assert [(problem.kind, problem.order_id, problem.station) for problem in books.problems] == [
        ("take_out", "P-1", "pack-1")
    ] * len(out)
    assert [problem.text.partition(" has ")[2].partition(" that ")[0] for problem in books.problems] == out
    assert [(piece.line, piece.quantity) for piece in books.jobs[JOB].pieces] == stays
    assert (books.level(MUG).on_hand, books.level(TEA).on_hand) == (20, 20)
    assert_provable(books)
    offer = ask(books, "pack-2", "P-1")
    if isinstance(offer, JobOffered):
        assert [(piece.line, piece.quantity) for piece in offer.job.in_hand] == stays


@pytest.mark.feature("P17", "O14")
def test_orders_that_went_apart_before_the_bench_put_them_down_wait_each_for_its_own_bench() -> None:
    books = shop(("P-1", [(MUG, 1)]), ("P-2", [(MUG, 1)]), ("P-3", [(TEA, 1)]))
    merge(books, (P1, P2, P3), BY)
    ask(books, "pack-1", "P-1")
    leave(books, P3, BY)
    in_hand = (PackedLine(P1, 1, MUG, 1), PackedLine(P2, 1, MUG, 1), PackedLine(P3, 1, TEA, 1))
    book(books, message(JobSuspended(JOB, 1, "1002", AT, in_hand)))
    assert [(problem.kind, problem.order_id) for problem in books.problems] == [("take_out", P3)]
    assert [books.jobs[JobId(order)].state for order in (P1, P2, P3)] == ["suspended", "suspended", "idle"]
    assert_provable(books)
    alone = ask(books, "pack-2", "P-3")
    assert isinstance(alone, JobOffered)
    assert (alone.job.orders, alone.job.in_hand) == ((P3,), ())
    others = ask(books, "pack-3", "P-2")
    assert isinstance(others, JobOffered)
    assert (others.job.orders, others.job.in_hand) == ((P1, P2), in_hand[:2])


@pytest.mark.feature("R3")
def test_an_end_of_an_old_lease_does_not_end_the_new_one() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    book(books, message(JobFinished(JOB, 1, "1002", AT)))
    ask(books, "pack-2", "P-1")
    book(books, message(JobFinished(JOB, 1, "1002", AT)), message(JobReturned(JOB, 1, "1002", AT, "late")))
    assert books.jobs[JOB] == replace(books.jobs[JOB], state="leased", station="pack-2", fence=2)


def test_a_job_that_was_put_down_and_taken_up_again_can_be_finished() -> None:
    books = shop(("P-1", [(MUG, 2)]))
    ask(books, "pack-1", "P-1")
    suspended = message(JobSuspended(JOB, 1, "1002", AT, (PackedLine(OrderId("P-1"), 1, MUG, 1),)))
    book(books, suspended, message(JobFinished(JOB, 1, "1002", AT)))
    assert (books.jobs[JOB].state, books.jobs[JOB].in_hand) == ("idle", "[]")
