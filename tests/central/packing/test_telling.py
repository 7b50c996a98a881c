"""What benches hear of the orders that they have, when something happens to these elsewhere; pure."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from central.desk.books import Books
from central.orders.cancelling import cancel
from central.orders.rules import By
from central.packing.jobs import opened, withdraw
from central.packing.telling import lot_stopped
from central.stock.ledger import Cause
from central.stock.promises import keep_promises
from central.stock.rules import take_out
from contract.keys import JobId, OrderId
from contract.messages import JobOpened, JobWithdrawn, MessageToPacker
from tests.central.packing.test_ahead import lend, queued
from tests.central.shop import AT, MUG, TEA

ONE = OrderId("1")
BY = By("Anna", AT)


def at_the_bench(*, begun: bool) -> Books:
    """The bench has the only order, which is promised the last mug."""
    books = queued("1")
    take_out(books, books.level_at(MUG, "main"), 19, "missing", Cause("test", "", AT))
    lend(books)
    if begun:
        opened(books, "pack-1", JobOpened(JobId("1"), 1, "1001", AT))
    books.letters.clear()
    return books


def lose_the_mug(books: Books) -> None:
    take_out(books, books.level_at(MUG, "main"), 1, "missing", Cause("test", "", AT))
    assert keep_promises(books, MUG, "main", BY) == 0
    assert books.lines[ONE, 1].reserved == 0


@pytest.mark.feature("K2", "R1")
def test_an_unopened_order_that_loses_its_goods_is_asked_back_with_the_reason() -> None:
    books = at_the_bench(begun=False)
    lose_the_mug(books)
    (letter,) = books.letters
    assert isinstance(letter.item, JobWithdrawn)
    assert (letter.station, letter.item.job, letter.item.reason) == ("pack-1", "1", "expired")
    assert letter.item.text.startswith("Order 1 lacks 1 × MUG-BLUE by now")
    assert letter.item.text_fr.startswith("Il manque désormais 1 × MUG-BLUE à la commande 1")
    assert books.jobs[JobId("1")].state == "wanted"


@pytest.mark.feature("K2", "R1")
def test_who_packs_an_order_that_loses_its_goods_is_told_and_keeps_it() -> None:
    books = at_the_bench(begun=True)
    lose_the_mug(books)
    (letter,) = books.letters
    assert isinstance(letter.item, MessageToPacker)
    assert letter.station == "pack-1"
    assert letter.item.text.startswith("Order 1: 1 × MUG-BLUE are promised to it no more")
    assert "MANQUANT" in letter.item.text_fr
    assert books.jobs[JobId("1")].state == "leased"


def test_nobody_is_told_of_an_order_that_no_bench_has_or_that_is_withdrawn_anyhow() -> None:
    books = at_the_bench(begun=True)
    books.jobs.put(replace(books.jobs[JobId("1")], state="suspended"))
    lose_the_mug(books)
    other = at_the_bench(begun=False)
    withdraw(other, ONE, "edited", AT)
    other.letters.clear()
    lose_the_mug(other)
    assert books.letters == other.letters == []


@pytest.mark.feature("P18", "R1")
@pytest.mark.parametrize(
    ("begun", "told"),
    [(False, "Order 1 was cancelled. Put back what was fetched for it."), (True, "Stop: order 1 was cancelled.")],
)
def test_a_cancelled_order_is_withdrawn_in_words_that_fit(begun: bool, told: str) -> None:
    books = at_the_bench(begun=begun)
    cancel(books, ONE, "changed his mind", BY)
    (letter,) = books.letters
    assert isinstance(letter.item, JobWithdrawn)
    assert letter.item.text.startswith(told)


@pytest.mark.feature("K9")
def test_a_stopped_lot_is_told_once_to_each_bench_that_may_pack_of_it() -> None:
    books = queued("1", "2", "3", at_work=("pack-1", "pack-2", "pack-3"))
    lend(books, most=1)
    lend(books, "pack-2")
    opened(books, "pack-1", JobOpened(JobId("1"), 1, "1001", AT))
    books.letters.clear()
    lot_stopped(books, MUG, "L1", "Chipped")
    assert [each.station for each in books.letters] == ["pack-1", "pack-2"]
    for each in books.letters:
        assert isinstance(each.item, MessageToPacker)
        assert each.item.text.startswith("Lot L1 of MUG-BLUE was stopped: Chipped.")
    books.letters.clear()
    lot_stopped(books, TEA, "L1", "Damp")
    assert books.letters == []
