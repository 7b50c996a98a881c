"""Pieces that change their place, lots that are stopped, and where pickers are sent: on books in memory."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from central.desk.books import Books, Found
from central.desk.refused import Refused
from central.orders.merging import merge
from central.orders.rerouting import reroute
from central.orders.rules import By
from central.packing.jobs import open_work
from central.stock.ledger import free, take
from central.stock.lots import resume, stop
from central.stock.model import Lot, Place
from central.stock.rules import receive, reserve
from central.stock.transfers import set_pick_bin, transfer
from contract.keys import JobId, OrderId, Sku
from contract.messages import JobOffered, JobSuspended, OpenWork
from contract.values import PackedLine
from tests.central.provable import assert_provable
from tests.central.shop import AT, CAUSE, MUG, add_order, book, kinds, message
from tests.central.stock.test_warehouses import NORTH, SOUTH, TWO, spots, stocked

BY = By("Anna", AT)
ORDER = OrderId("P-1")


@pytest.mark.feature("K5")
def test_pieces_go_between_bins_and_warehouses_with_their_lot() -> None:
    books = stocked()
    receive(books, MUG, 9, CAUSE, Place(NORTH, "A1"), Lot("L1", "2031-01-31"))
    transfer(books, MUG, 4, Place(NORTH, "A1"), Place(NORTH, "B2"), CAUSE, "L1")
    set_pick_bin(books, MUG, Place(SOUTH, "S1"), BY)
    transfer(books, MUG, 3, Place(NORTH, "B2"), Place(SOUTH), CAUSE, "L1")
    assert spots(books, MUG, NORTH) == {("A1", "L1"): 5, ("B2", "L1"): 1}
    assert spots(books, MUG, SOUTH) == {("S1", "L1"): 3}
    assert (books.level_at(MUG, NORTH).shelf, books.level_at(MUG, SOUTH).shelf, books.level(MUG).on_hand) == (6, 3, 9)


@pytest.mark.feature("K5")
def test_what_is_not_there_or_is_promised_cannot_go() -> None:
    books = stocked(north={MUG: 5})
    add_order(books, "P-1", [(MUG, 4)])
    before = len(books.movements)
    for complaint, quantity, source, target in (
        ("5 are in north", 6, Place(NORTH), Place(SOUTH)),
        ("0 are in north A1", 1, Place(NORTH, "A1"), Place(SOUTH)),
        ("1 in north are not promised", 2, Place(NORTH), Place(SOUTH)),
        ("above zero", 0, Place(NORTH), Place(SOUTH)),
        ("warehouse 'west'", 1, Place(NORTH), Place("west")),
        ("warehouse 'west'", 1, Place("west"), Place(NORTH)),
    ):
        with pytest.raises(Refused, match=complaint):
            transfer(books, MUG, quantity, source, target, CAUSE)
    with pytest.raises(Refused, match="NO-1"):
        transfer(books, Sku("NO-1"), 1, Place(NORTH), Place(SOUTH), CAUSE)
    assert len(books.movements) == before
    transfer(books, MUG, 4, Place(NORTH), Place(NORTH, "A1"), CAUSE)
    assert spots(books, MUG, NORTH) == {("A1", ""): 4}


@pytest.mark.feature("K5")
def test_an_order_is_sent_from_elsewhere_by_hand_and_stays_there() -> None:
    books = stocked(north={MUG: 5}, south={MUG: 1})
    add_order(books, "P-1", [(MUG, 4)])
    version = books.orders[ORDER].version
    reroute(books, ORDER, SOUTH, BY)
    assert (books.orders[ORDER].warehouse, books.orders[ORDER].version) == (SOUTH, version + 1)
    assert (books.level_at(MUG, NORTH).reserved, books.level_at(MUG, SOUTH).reserved) == (0, 1)
    transfer(books, MUG, 3, Place(NORTH), Place(SOUTH), CAUSE)
    assert reserve(books, ORDER, AT) == 0
    assert books.orders[ORDER].warehouse == SOUTH
    with pytest.raises(Refused, match="warehouse 'west'"):
        reroute(books, ORDER, "west", BY)


@pytest.mark.feature("K5", "O14", "P17")
def test_what_goes_from_elsewhere_leaves_its_open_parcel_and_the_orders_it_was_merged_with() -> None:
    books = stocked(north={MUG: 5}, south={MUG: 5})
    for number in ("P-1", "P-2"):
        add_order(books, number, [(MUG, 2)])
    merge(books, (ORDER, OrderId("P-2")), BY)
    ask(books, "pack-1", "P-1")
    in_hand = (PackedLine(OrderId("P-2"), 1, MUG, 2, ("a", "b")),)
    book(books, message(JobSuspended(JobId("P-1"), 1, "1002", AT, in_hand)), house=TWO)
    reroute(books, OrderId("P-2"), SOUTH, BY)
    assert kinds(books) == ["take_out"]
    assert [(order.order_id, order.warehouse, order.merged_into) for order in books.orders] == [
        ("P-1", NORTH, ""),
        ("P-2", SOUTH, ""),
    ]
    assert books.jobs[JobId("P-1")].pieces == ()
    assert_provable(books)


@pytest.mark.feature("K5", "P17")
def test_an_open_parcel_stays_in_the_warehouse_where_it_was_put_down() -> None:
    books = stocked(north={MUG: 5}, south={MUG: 5})
    add_order(books, "P-1", [(MUG, 2)])
    ask(books, "pack-1", "P-1")
    in_hand = (PackedLine(ORDER, 1, MUG, 2, ("a", "b")),)
    book(books, message(JobSuspended(JobId("P-1"), 1, "1002", AT, in_hand)), house=TWO)
    reroute(books, ORDER, SOUTH, BY)
    assert (kinds(books), books.jobs[JobId("P-1")].pieces) == (["take_out"], ())


@pytest.mark.feature("K5", "P17", "P18")
def test_what_was_put_down_in_a_warehouse_that_the_order_had_left_comes_out_there() -> None:
    books = stocked(north={MUG: 5}, south={MUG: 5})
    add_order(books, "P-1", [(MUG, 2)])
    ask(books, "pack-1", "P-1")
    reroute(books, ORDER, SOUTH, BY)
    in_hand = (PackedLine(ORDER, 1, MUG, 2, ("a", "b")),)
    book(books, message(JobSuspended(JobId("P-1"), 1, "1002", AT, in_hand)), house=TWO)
    assert (kinds(books), books.jobs[JobId("P-1")].pieces) == (["take_out"], ())
    assert (books.level_at(MUG, NORTH).reserved, books.level_at(MUG, SOUTH).reserved) == (0, 2)
    assert_provable(books)


def ask(books: Books, station: str, code: str) -> None:
    """A bench is given the order."""
    books.found.append(Found(code, "order", OrderId(code)))
    assert isinstance(open_work(books, TWO, station, OpenWork(code, "1002"), AT), JobOffered)


@pytest.mark.feature("K9")
def test_a_stopped_lot_is_not_promised_until_it_goes_on() -> None:
    books = stocked()
    receive(books, MUG, 4, CAUSE, Place(NORTH), Lot("L1"))
    stop(books, MUG, "L1", "Chipped rims", BY)
    add_order(books, "P-1", [(MUG, 4)])
    assert [line.reserved for line in books.lines] == [0]
    resume(books, MUG, "L1", BY)
    assert reserve(books, ORDER, AT) == 0
    for wrong in (lambda: stop(books, MUG, "L9", "x", BY), lambda: resume(books, MUG, "L9", BY)):
        with pytest.raises(Refused, match="lot 'L9'"):
            wrong()


@pytest.mark.feature("K9")
def test_what_was_promised_of_a_lot_is_taken_back_when_it_is_stopped() -> None:
    books = stocked(north={MUG: 3}, south={MUG: 2})
    receive(books, MUG, 4, CAUSE, Place(NORTH, "A1"), Lot("L1"))
    for number, at in (("P-1", AT), ("P-2", AT + 1), ("P-3", AT + 2)):
        add_order(books, number, [(MUG, 2)])
        books.orders.put(replace(books.orders[OrderId(number)], placed_at=at))
    stop(books, MUG, "L1", "Chipped rims", BY)
    assert {line.order_id: line.reserved for line in books.lines} == {"P-1": 2, "P-2": 1, "P-3": 0}
    (problem,) = (each for each in books.problems if each.kind == "lot_stopped")
    assert "3 of it were promised; these orders wait for stock again: P-2, P-3." in problem.text
    assert MUG in books.freed()
    assert reserve(books, OrderId("P-3"), AT) == 0
    assert books.orders[OrderId("P-3")].warehouse == SOUTH
    assert (free(books, MUG, NORTH, AT), free(books, MUG, SOUTH, AT)) == (0, 0)


@pytest.mark.feature("K9")
def test_pickers_are_sent_to_what_expires_first_unless_there_is_a_pick_bin() -> None:
    books = stocked()
    for lot, day in (("LATE", "2033-01-31"), ("SOON", "2031-01-31"), ("GONE", "2020-01-31")):
        receive(books, MUG, 3, CAUSE, Place(NORTH, f"BIN-{lot}"), Lot(lot, day))
    level = books.level_at(MUG, NORTH)
    assert list(take(books, level, 5, AT)) == [("BIN-SOON", "SOON", 3), ("BIN-LATE", "LATE", 2)]
    level = replace(level, pick_bin="BIN-LATE")
    assert list(take(books, level, 4, AT)) == [("BIN-LATE", "LATE", 3), ("BIN-SOON", "SOON", 1)]
