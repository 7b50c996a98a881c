"""Several warehouses and bins: one order goes from one warehouse, and pieces are taken where the rule says."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from central.desk.books import Books, Found
from central.desk.refused import Refused
from central.orders import holding
from central.orders.rules import By
from central.packing.jobs import open_work
from central.policy.standing import Standing
from central.stock.ledger import sellable
from central.stock.model import Lot, Place, Product, Warehouse
from central.stock.rows import ProductRow
from central.stock.rules import adjust, pack, receive, reserve, unpack
from contract.keys import OrderId, Sku
from contract.messages import JobOffered, OpenWork, WorkRefused
from contract.values import PackedLine, StockLevel, Trace
from tests.central.provable import assert_promises
from tests.central.shop import AT, CAUSE, HOUSE, LAMP, MUG, TEA, add_order, book, kinds, message, parcel

NORTH, SOUTH = "north", "south"
TWO = replace(HOUSE, warehouses=(Warehouse(NORTH, "North", ("pack-1",)), Warehouse(SOUTH, "South", ("pack-9",))))
ORDER = OrderId("P-1")


def stocked(**pieces: dict[Sku, int]) -> Books:
    """Books of two warehouses with these pieces."""
    books = Books(Standing((NORTH, SOUTH)))
    for sku in (MUG, TEA, LAMP):
        books.products.put(ProductRow.of(Product(sku, sku.title())))
    for warehouse, held in pieces.items():
        for sku, quantity in held.items():
            receive(books, sku, quantity, CAUSE, Place(warehouse))
    return books


def spots(books: Books, sku: Sku, warehouse: str) -> dict[tuple[str, str], int]:
    return {(row.bin, row.lot): row.quantity for row in books.holdings.of((sku, warehouse)) if row.quantity}


@pytest.mark.feature("K5")
@pytest.mark.parametrize(
    ("north", "south", "expected"),
    [
        ({MUG: 5, TEA: 5}, {MUG: 5, TEA: 5}, NORTH),
        ({MUG: 5, TEA: 1}, {MUG: 5, TEA: 5}, SOUTH),
        ({MUG: 1, TEA: 2}, {MUG: 2}, NORTH),
        ({MUG: 1}, {MUG: 2}, SOUTH),
        ({}, {}, NORTH),
    ],
)
def test_an_order_goes_to_the_first_that_has_all_else_to_the_one_with_most(
    north: dict[Sku, int], south: dict[Sku, int], expected: str
) -> None:
    books = stocked(north=north, south=south)
    add_order(books, "P-1", [(MUG, 2), (TEA, 2)])
    assert books.orders[ORDER].warehouse == expected
    assert sum(line.reserved for line in books.lines) == books.level_at(MUG, expected).reserved + (
        books.level_at(TEA, expected).reserved
    )


@pytest.mark.feature("K5")
def test_an_order_without_anything_yet_is_routed_again_and_one_with_a_promise_stays() -> None:
    books = stocked()
    add_order(books, "P-1", [(MUG, 2)])
    receive(books, MUG, 1, CAUSE, Place(SOUTH))
    assert reserve(books, ORDER, AT) == 1
    assert books.orders[ORDER].warehouse == SOUTH
    receive(books, MUG, 9, CAUSE, Place(NORTH))
    assert reserve(books, ORDER, AT) == 1
    assert books.orders[ORDER].warehouse == SOUTH


@pytest.mark.feature("K5", "O2")
@pytest.mark.parametrize("look", [holding.release, holding.recheck])
def test_a_held_order_keeps_the_warehouse_to_which_it_is_routed_when_it_is_looked_at_again(
    look: Callable[[Books, OrderId, By], None],
) -> None:
    books = stocked()
    add_order(books, "P-1", [(MUG, 2)], held='[{"code":"stock.1","text":"x","text_fr":"x"}]')
    receive(books, MUG, 2, CAUSE, Place(SOUTH))
    look(books, ORDER, By("anna", AT))
    order = books.orders[ORDER]
    assert (order.warehouse, order.is_held) == (SOUTH, False)
    assert books.level_at(MUG, SOUTH).reserved == 2
    assert_promises(books)


@pytest.mark.feature("K5")
def test_a_station_opens_the_orders_of_its_own_warehouse_and_packs_from_its_own_shelf() -> None:
    books = stocked(south={MUG: 5}, north={TEA: 1})
    add_order(books, "P-1", [(MUG, 2)])
    books.found.append(Found("P-1", "order", ORDER))
    refused = open_work(books, TWO, "pack-1", OpenWork("P-1", "1001"), AT)
    assert isinstance(refused, WorkRefused)
    assert (refused.reason, SOUTH in refused.text) == ("elsewhere", True)
    assert isinstance(open_work(books, TWO, "pack-9", OpenWork("P-1", "1001"), AT), JobOffered)
    book(books, message(parcel(1, "P-1", (1, MUG, 2)), station="pack-9"), house=TWO)
    assert (books.level_at(MUG, SOUTH).shelf, books.level_at(MUG, SOUTH).packed) == (3, 2)
    assert (books.level_at(MUG, NORTH), books.level(MUG).reserved) == (books.level_at(MUG, NORTH), 0)


@pytest.mark.feature("K5")
def test_pieces_are_taken_from_the_pick_bin_then_what_expires_first_then_the_fullest() -> None:
    books = stocked()
    for bin_, lot, pieces in (("A1", Lot(), 4), ("B1", Lot(), 9), ("C1", Lot.of("L2", "2030-02-00"), 3),
                              ("C2", Lot("L1", "2030-01-31"), 2)):  # fmt: skip
        receive(books, MUG, pieces, CAUSE, Place(NORTH, bin_), lot)
    books.levels.put(replace(books.level_at(MUG, NORTH), pick_bin="A1"))
    for quantity in (5, 2, 3):
        pack(books, MUG, quantity, CAUSE, NORTH)
    packed = [(each.source_bin, each.lot, each.quantity) for each in books.movements if each.reason == "packed"]
    assert packed == [("A1", "", 4), ("C2", "L1", 1), ("C2", "L1", 1), ("C1", "L2", 1), ("C1", "L2", 2), ("B1", "", 1)]
    unpack(books, MUG, 3, CAUSE, NORTH, {"L1": 1})
    assert spots(books, MUG, NORTH) == {("B1", ""): 8, ("A1", "L1"): 1, ("A1", ""): 2}


@pytest.mark.feature("K9")
def test_what_is_past_its_date_or_stopped_is_not_promised() -> None:
    books = stocked()
    receive(books, MUG, 4, CAUSE, Place(NORTH), Lot("OLD", "2020-01-31"))
    receive(books, MUG, 3, CAUSE, Place(NORTH), Lot("NEW", "2040-01-31"))
    add_order(books, "P-1", [(MUG, 5)])
    assert [line.reserved for line in books.lines] == [3]
    assert sellable(books, MUG, AT) == StockLevel(7, 3, 0, 0)
    with pytest.raises(Refused, match="expires on 2020-01-31"):
        receive(books, MUG, 1, CAUSE, Place(NORTH), Lot("OLD", "2021-01-31"))


@pytest.mark.feature("K9")
def test_the_lot_that_the_packer_told_is_the_one_that_leaves_the_shelf() -> None:
    books = stocked()
    receive(books, MUG, 4, CAUSE, Place(NORTH, "A1"), Lot("L1", "2030-01-31"))
    receive(books, MUG, 4, CAUSE, Place(NORTH, "A1"), Lot("L2", "2031-01-31"))
    add_order(books, "P-1", [(MUG, 3)])
    closed = parcel(1, "P-1", (1, MUG, 3))
    traced = PackedLine(ORDER, 1, MUG, 3, traces=(Trace(2, "L2"), Trace(1, "L1")))
    book(books, message(replace(closed, contents=(traced,))), house=TWO)
    assert spots(books, MUG, NORTH) == {("A1", "L1"): 3, ("A1", "L2"): 2}
    assert kinds(books) == []
    add_order(books, "P-2", [(MUG, 3)])
    traced = PackedLine(OrderId("P-2"), 1, MUG, 3, traces=(Trace(3, "L2"),))
    book(books, message(replace(parcel(2, "P-2"), contents=(traced,))), house=TWO)
    assert kinds(books) == ["lot_differs"]
    assert spots(books, MUG, NORTH) == {("A1", "L1"): 2}


@pytest.mark.feature("K5")
def test_goods_that_were_packed_before_they_were_booked_have_left_their_bin_already() -> None:
    books = stocked()
    books.products.put(replace(books.products[MUG], oversell=True))
    pack(books, MUG, 2, CAUSE, NORTH)
    receive(books, MUG, 10, CAUSE, Place(NORTH, "A1"))
    assert books.level_at(MUG, NORTH).shelf == 8
    assert spots(books, MUG, NORTH) == {("A1", ""): 8}


@pytest.mark.feature("K5")
def test_a_place_that_is_not_there_is_refused() -> None:
    books = stocked()
    with pytest.raises(Refused, match="warehouse 'west'"):
        receive(books, MUG, 1, CAUSE, Place("west"))
    with pytest.raises(Refused, match="warehouse 'west'"):
        adjust(books, MUG, 1, CAUSE, "west")
    assert books.movements == []
