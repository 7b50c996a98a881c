"""Counts and receipts that stations tell of: booked in any order, late and twice; what cannot be is named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from central.counting.lending import lend
from central.counting.model import Found, Plan, Recount
from central.counting.rules import approve, count_again, is_unsure, plan, record
from central.counting.settings import CountsConfig
from central.desk import asks
from central.desk.books import Books
from central.desk.books import Found as Behind
from central.desk.facts import keys_of
from central.desk.refused import Refused
from central.orders.rules import By
from central.packing.codes import names_of_work
from central.policy.standing import Standing
from central.supply.model import Expected, ExpectedLine, Supplier
from central.supply.rules import expect, keep
from contract.envelope import Envelope, FactEnvelope
from contract.keys import OrderId, Sku
from contract.messages import (
    CountOffered,
    DeliveryEnded,
    DeliveryOffered,
    Fact,
    GoodsDamaged,
    GoodsReceived,
    InboxItem,
    JobOffered,
    OpenWork,
    StockCounted,
    WorkRefused,
)
from contract.values import ArrivedPieces, CountSpot, DueLine, FoundPieces
from tests.central.provable import assert_provable
from tests.central.shop import AT, HOUSE, LAMP, MUG, TEA, add_order, book, kinds, message, shop

BY = By("Anna", AT)
PO, COUNT = "PO-1", "C-1"


def expecting() -> Books:
    """A delivery of 10 mugs and 4 teas is expected, and lamps and teas are to be counted."""
    books = shop(shelf=20)
    keep(books, Supplier("faience", "Faïencerie du Port"))
    expect(books, Expected(PO, "faience", (ExpectedLine(MUG, 10), ExpectedLine(TEA, 4))), BY)
    plan(books, Plan(COUNT, "what lies loose", (LAMP, TEA)), BY)
    return books


def came(*goods: ArrivedPieces, bin_: str = "A1", at: int = AT + 10) -> GoodsReceived:
    return GoodsReceived(PO, bin_, goods, "1002", at)


def counted(*found: tuple[Sku, int], count: str = COUNT, at: int = AT + 20, badge: str = "1002") -> StockCounted:
    return StockCounted(count, "", tuple(FoundPieces(sku, quantity) for sku, quantity in found), badge, at)


@pytest.mark.feature("P26", "K6")
def test_goods_that_a_station_received_are_in_the_stock_where_they_were_put() -> None:
    books = expecting()
    goods = (ArrivedPieces(MUG, 6, "L1", "2031-05-00", (), ("code",)), ArrivedPieces(TEA, 4, serials=("S1", "S2")))
    receipt = book(books, message(came(*goods))).receipts["pack-1"][0]
    assert (receipt.problem, kinds(books)) == ("", [])
    assert {(row.sku, row.bin, row.lot): row.quantity for row in books.holdings} == {
        (MUG, "A1", "L1"): 6,
        (TEA, "A1", ""): 4,
    }
    assert books.lots[MUG, "L1"].expiry == "2031-05-31"
    assert [move.serial for move in books.movements if move.serial] == ["S1", "S2"]
    told = [each for each in books.timeline if each.what == "goods_received"]
    assert [(each.subject, each.station, each.by, each.text) for each in told] == [
        ("delivery/PO-1", "pack-1", "1002", "A1: 6 × MUG-BLUE, 4 × TEA-100")
    ]
    assert_provable(books)


@pytest.mark.feature("P26", "K6")
def test_what_is_wrong_with_a_receipt_is_booked_as_far_as_it_can_be_and_named() -> None:
    books = expecting()
    facts: tuple[Fact, ...] = (
        came(ArrivedPieces(MUG, 12)),
        came(ArrivedPieces(Sku("NO-1"), 1)),
        GoodsReceived("PO-404", "A1", (ArrivedPieces(LAMP, 1, "L9"),), "1002", AT),
        GoodsDamaged(PO, TEA, 1, "1002", AT),
        DeliveryEnded(PO, "1002", AT + 30),
        DeliveryEnded("PO-404", "1002", AT + 30),
    )
    book(books, *(message(fact) for fact in facts))
    assert kinds(books) == [
        "over_delivered",
        "receipt_not_booked",
        "receipt_unclear",
        "arrived_damaged",
        "under_delivered",
        "receipt_unclear",
    ]
    assert (books.level(MUG).on_hand, books.level(LAMP).on_hand, books.level(TEA).on_hand) == (32, 21, 20)
    assert books.deliveries[PO].status == "closed"
    assert books.holdings[LAMP, "main", "A1", "L9"].quantity == 1, "a lot is kept, whatever is wrong with its delivery"
    assert_provable(books)


@pytest.mark.feature("P26", "K6")
def test_goods_that_come_after_the_end_of_their_delivery_keep_their_lot_and_count_on_it() -> None:
    books = expecting()
    book(books, message(DeliveryEnded(PO, "1002", AT + 30)))
    book(books, message(came(ArrivedPieces(MUG, 10, "L1"), ArrivedPieces(TEA, 4))))
    assert books.deliveries[PO].status == "received"
    assert [line.missing for line in books.delivery_lines.of(PO)] == [0, 0]
    assert books.holdings[MUG, "main", "A1", "L1"].quantity == 10


@pytest.mark.feature("P25", "K7")
def test_what_a_station_counted_becomes_the_stock_once_it_is_approved() -> None:
    books = expecting()
    book(books, message(counted((LAMP, 18), (TEA, 20))))
    assert (books.counts[COUNT].status, books.level(LAMP).on_hand) == ("counted", 20)
    approve(books, COUNT, By("Anna", AT + 50))
    assert (books.level(LAMP).on_hand, books.level(TEA).on_hand, kinds(books)) == (18, 20, [])
    told = next(each for each in books.timeline if each.what == "bin_counted")
    assert (told.subject, told.station, told.by, told.text) == (
        "count/C-1",
        "pack-1",
        "1002",
        "18 × LAMP-3, 20 × TEA-100",
    )
    assert_provable(books)


@pytest.mark.feature("P25", "K7")
def test_a_bench_is_lent_what_is_far_off_a_second_time_without_what_should_be_there() -> None:
    books = expecting()
    books.standing = Standing(recount=Recount(5, 10))
    books.counts.put(replace(books.counts[COUNT], blind=False))
    book(books, message(counted((LAMP, 3), (TEA, 20))))
    offer = lend(books, books.counts[COUNT], "main", OpenWork(COUNT, "1003"))
    assert isinstance(offer, CountOffered)
    assert offer.task.spots == (CountSpot(LAMP), CountSpot(TEA, counted=True, expected=20))
    book(books, message(counted((LAMP, 4), (TEA, 20), at=AT + 40, badge="1003"), name="second"))
    lamp, _ = books.count_lines.of(COUNT)
    assert (lamp.counted, lamp.first_counted, is_unsure(books, lamp)) == (4, 3, False)
    assert books.counts[COUNT].status == "counted"
    assert [each.text for each in books.timeline if each.what == "count_due_again"] == ["LAMP-3"]
    assert_provable(books)


@pytest.mark.feature("P25", "K7")
@pytest.mark.parametrize("first", ["1002", "Ben"])
def test_who_counted_first_is_told_that_somebody_else_counts_again(first: str) -> None:
    """He may have counted at a bench, or for the office to type it in."""
    books = expecting()
    books.standing = Standing(recount=Recount(5, 10))
    record(books, COUNT, (Found(LAMP, 3), Found(TEA, 20)), By(first, AT + 20))
    refused = asked(books, COUNT)
    assert isinstance(refused, WorkRefused)
    assert refused.reason == "elsewhere"
    assert "somebody else counts it again" in refused.text
    assert "une autre personne le recompte" in refused.text_fr
    # Offered before the first count was told, he counts all the same: the other person is still to come.
    book(books, message(counted((LAMP, 4), (TEA, 20), at=AT + 40), name="second"))
    lamp, _ = books.count_lines.of(COUNT)
    assert (lamp.counted, lamp.first_counted, books.counts[COUNT].status) == (None, 4, "open")
    assert isinstance(asked(books, COUNT, badge="1003"), CountOffered)
    with pytest.raises(Refused, match="nobody else has counted again"):
        approve(books, COUNT, By("Anna", AT + 50))
    approve(books, COUNT, By("Anna", AT + 50), reason="Nobody else is here")
    assert books.level(LAMP).on_hand == 4
    assert_provable(books)


@pytest.mark.feature("P25", "K7")
def test_in_a_shop_of_one_person_who_counted_first_counts_again() -> None:
    books = expecting()
    books.standing = Standing(recount=CountsConfig(5, 10, "anyone").recount)
    book(books, message(counted((LAMP, 3), (TEA, 20))))
    assert isinstance(asked(books, COUNT), CountOffered)
    with pytest.raises(Refused, match="nobody else has counted again"):
        approve(books, COUNT, By("Anna", AT + 50))
    book(books, message(counted((LAMP, 4), (TEA, 20), at=AT + 40), name="second"))
    lamp, _ = books.count_lines.of(COUNT)
    assert (lamp.counted, lamp.first_counted, is_unsure(books, lamp)) == (4, 3, False)
    approve(books, COUNT, By("Anna", AT + 50))


@pytest.mark.feature("P25", "K7")
def test_a_count_that_comes_after_the_decision_is_a_job_of_its_own() -> None:
    books = expecting()
    book(books, message(counted((LAMP, 20), (TEA, 20))))
    approve(books, COUNT, By("Anna", AT + 50))
    late = counted((LAMP, 17), (TEA, 16), at=AT + 21)
    book(books, message(late, name="late"), message(late, name="late"))
    job = books.counts["C-1-1790000000021"]
    assert job.status == "counted"
    assert [line.counted for line in books.count_lines.of(job.count)] == [17, 16]
    assert keys_of((message(late),)).counts == {COUNT, job.count}
    book(books, message(counted((Sku("NO-1"), 1), (LAMP, -1), at=AT + 60)))
    assert kinds(books) == ["count_not_booked", "count_not_booked"]


def end_of(books: Books) -> tuple[object, ...]:
    """What must not depend on the order of arrival."""
    return (
        sorted((row.sku, row.warehouse, row.bin, row.lot, row.quantity) for row in books.holdings if row.quantity),
        sorted((row.sku, row.shelf) for row in books.levels),
        [(line.sku, line.expected, line.received) for line in books.delivery_lines.of(PO)],
        books.deliveries[PO].status,
        sorted((line.sku, line.bin, line.lot, line.counted, line.counted_at) for line in books.count_lines.of(COUNT)),
        books.counts[COUNT].status,
    )


TOLD: tuple[Fact, ...] = (
    came(ArrivedPieces(MUG, 6, "L1")),
    came(ArrivedPieces(MUG, 5), ArrivedPieces(TEA, 4), bin_="A2"),
    GoodsDamaged(PO, TEA, 1, "1002", AT + 12),
    DeliveryEnded(PO, "1002", AT + 30),
    counted((LAMP, 18), (TEA, 20)),
    counted((LAMP, 19), at=AT + 25),
)


@pytest.mark.feature("P25", "P26")
@settings(max_examples=40)
@given(st.data())
def test_any_order_and_any_repetition_end_in_the_same_stock(data: st.DataObject) -> None:
    told = [message(fact, name=f"fact-{number}") for number, fact in enumerate(TOLD)]
    straight = expecting()
    book(straight, *told)
    mixed: list[FactEnvelope] = list(data.draw(st.permutations([*told, *data.draw(st.lists(st.sampled_from(told)))])))
    books = expecting()
    while mixed:
        size = data.draw(st.integers(1, len(mixed)))
        book(books, *mixed[:size])
        mixed = mixed[size:]
    assert end_of(books) == end_of(straight)
    assert_provable(books)


def asked(books: Books, code: str, station: str = "pack-1", badge: str = "1002") -> InboxItem:
    """What the station is answered, as the store would load it."""
    envelope = Envelope("ask-1", station, 1, AT, OpenWork(code, badge))
    keys = asks.keys_of(HOUSE, envelope, AT + 100)
    assert (keys.work, keys.badges) == (set(names_of_work(code)), {badge})
    (answer,) = asks.answer(books, HOUSE, envelope, AT + 100)
    return answer


@pytest.mark.feature("P25")
@pytest.mark.parametrize("code", ["COUNT-C-1", "count-C-1", "]C0COUNT-C-1", "C-1"])
def test_a_count_is_lent_by_its_code_with_all_that_a_bench_needs(code: str) -> None:
    books = expecting()
    plan(books, Plan("C-2", "seen", (LAMP,), blind=False), BY)
    book(books, message(counted((TEA, 19))))
    offered = asked(books, code)
    assert isinstance(offered, CountOffered)
    assert (offered.task.count, offered.task.what, offered.task.warehouse) == (COUNT, "what lies loose", "main")
    assert offered.task.spots == (CountSpot(LAMP, ""), CountSpot(TEA, "", counted=True))
    assert [(item.sku, item.name, len(item.codes)) for item in offered.task.items] == [
        (LAMP, "Lamp-3", 1),
        (TEA, "Tea-100", 1),
    ]
    seen = asked(books, "C-2")
    assert isinstance(seen, CountOffered)
    assert seen.task.spots == (CountSpot(LAMP, "", expected=20),)
    book(books, message(counted((LAMP, 20))))
    refused = asked(books, code)
    assert isinstance(refused, WorkRefused)
    assert (refused.code, refused.reason) == (code, "over")
    count_again(books, COUNT, [TEA], BY)
    again = asked(books, code)
    assert isinstance(again, CountOffered)
    assert again.task.spots == (CountSpot(LAMP, "", counted=True), CountSpot(TEA, ""))


@pytest.mark.feature("P26")
def test_a_delivery_is_lent_with_what_is_expected_and_the_bins_of_its_goods() -> None:
    books = expecting()
    book(books, message(came(ArrivedPieces(MUG, 6, "L1"))))
    offered = asked(books, "PO-1")
    assert isinstance(offered, DeliveryOffered)
    assert (offered.delivery.supplier, offered.delivery.bins) == ("Faïencerie du Port", ("A1",))
    assert offered.delivery.lines == (DueLine(MUG, 10, 6), DueLine(TEA, 4))
    assert isinstance(asked(books, "DELIVERY-PO-1"), DeliveryOffered)
    for code, reason in (("COUNT-PO-1", "unknown"), ("PO-404", "unknown")):
        refused = asked(books, code)
        assert isinstance(refused, WorkRefused)
        assert refused.reason == reason
    book(books, message(DeliveryEnded(PO, "1002", AT + 30)))
    over = asked(books, "PO-1")
    assert isinstance(over, WorkRefused)
    assert over.reason == "over"


@pytest.mark.feature("P25", "P26")
def test_work_of_another_warehouse_is_refused_and_an_order_comes_before_a_count_of_its_name() -> None:
    books = expecting()
    books.deliveries.put(replace(books.deliveries[PO], warehouse="west"))
    books.counts.put(replace(books.counts[COUNT], warehouse="west"))
    for code in (PO, COUNT):
        refused = asked(books, code)
        assert isinstance(refused, WorkRefused)
        assert refused.reason == "elsewhere"
    books = expecting()
    add_order(books, COUNT, [(LAMP, 1)])
    books.found.append(Behind(COUNT, "order", OrderId(COUNT)))
    assert isinstance(asked(books, COUNT), JobOffered)
    assert isinstance(asked(books, "COUNT-C-1"), CountOffered)
