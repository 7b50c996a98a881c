"""An order changes while a bench packs it: the bench is told over the wire, and what it answers, or tells too late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.orders.cancelling import cancel
from central.orders.changing import readdress
from central.orders.editing import Edit, LineChange, edit
from central.orders.merging import merge
from central.orders.rules import By
from central.packing.jobs import take_back
from contract.keys import JobId, OrderId
from contract.messages import (
    JobOffered,
    JobReturned,
    JobSuspended,
    JobWithdrawn,
    LabelVoided,
    OpenWork,
    WorkRefused,
)
from contract.values import PackedLine
from tests.central.desk.test_inbox import Desk, desk
from tests.central.shop import ADDRESS, AT, MUG, TEA, parcel, sscc

__all__ = ["desk"]
BY = By("anna", AT)
P1, P2 = OrderId("P-1"), OrderId("P-2")
LYON = replace(ADDRESS, city="Lyon", postcode="69002")
Decide = Callable[[Books], Any]
CHANGES: dict[str, Decide] = {
    "cancelled": lambda books: cancel(books, P1, "she called", BY),
    "readdressed": lambda books: readdress(books, P1, LYON, BY),
    "fewer": lambda books: edit(books, P1, Edit((LineChange(1, 1),)), BY),
}


async def office(desk: Desk, decide: Decide) -> None:
    """As the pages and the REST routes do it."""
    await desk.store.transact(Keys(orders=frozenset({P1, P2}), parcels_of=frozenset({P1})), decide)
    desk.central.relay.wake()


async def on_shelf(desk: Desk) -> list[tuple[int, int, int]]:
    rows = [(await desk.rows("stock.one", sku, "2026-01-01"))[0] for sku in (MUG, TEA)]
    return [(row["shelf"], row["packed"], row["reserved"]) for row in rows]  # type: ignore[misc]


async def problems(desk: Desk) -> list[object]:
    return [row["kind"] for row in await desk.rows("tracking.problems_of", "P-1")]


@pytest.mark.feature("P18", "O7")
@pytest.mark.parametrize("way", CHANGES)
async def test_the_bench_stops_and_gives_back_what_it_had(desk: Desk, way: str) -> None:
    offer = await desk.bench.ask(OpenWork("P-1", "1002"))
    assert isinstance(offer, JobOffered)
    await office(desk, CHANGES[way])
    told = await desk.bench.item(JobWithdrawn)
    assert (told.job, told.fence) == (P1, 1)
    assert told.text != told.text_fr
    await desk.bench.tell(
        LabelVoided(sscc(1), told.job, AT, "1002", told.reason),
        JobReturned(told.job, told.fence, "1002", AT, told.reason),
    )
    again = await desk.bench.ask(OpenWork("P-1", "1002"), b"ask-2")
    if way == "cancelled":
        assert isinstance(again, WorkRefused)
        assert await on_shelf(desk) == [(20, 0, 1), (20, 0, 0)]
    else:
        assert isinstance(again, JobOffered)
        assert (again.job.fence, again.job.consignee == LYON) == (2, way == "readdressed")
    assert await desk.rows("stock.audit_levels") == []


@pytest.mark.feature("P18", "O7", "R1")
@pytest.mark.parametrize(
    ("way", "problem"), [("cancelled", "void_label"), ("readdressed", "relabel"), ("fewer", "more_than_ordered")]
)
async def test_what_an_offline_bench_closed_meanwhile_is_held_when_it_is_told(
    desk: Desk, way: str, problem: str
) -> None:
    await desk.bench.ask(OpenWork("P-1", "1002"))
    await office(desk, CHANGES[way])
    (receipt,) = await desk.bench.tell(parcel(1, "P-1", (1, MUG, 2), (2, TEA, 1)))
    assert receipt.problem
    assert problem in await problems(desk)
    assert (await desk.rows("shipping.one", sscc(1)))[0]["held"]
    assert await on_shelf(desk) == [(18, 2, 1), (19, 1, 0)]
    assert await desk.rows("stock.audit_levels") == []


@pytest.mark.feature("P18", "O14", "P15")
async def test_one_of_several_orders_in_a_parcel_recalls_them_all(desk: Desk) -> None:
    await office(desk, lambda books: merge(books, (P1, P2), BY))
    offer = await desk.bench.ask(OpenWork("P-2", "1002"))
    assert isinstance(offer, JobOffered)
    assert (offer.job.job, offer.job.orders) == (JobId("P-1"), (P1, P2))
    await office(desk, lambda books: cancel(books, P2, "she called", BY))
    told = await desk.bench.item(JobWithdrawn)
    assert (told.job, told.reason) == (P1, "edited")
    contents = (PackedLine(P1, 1, MUG, 2), PackedLine(P1, 2, TEA, 1), PackedLine(P2, 1, MUG, 1))
    (receipt,) = await desk.bench.tell(replace(parcel(1, "P-1"), contents=contents))
    assert "P-2" in receipt.problem
    assert await on_shelf(desk) == [(17, 3, 0), (19, 1, 0)]
    assert await desk.rows("stock.audit_levels") == []


PUT_DOWN_LATE: dict[str, tuple[Decide, list[str]]] = {
    "cancelled": (lambda books: cancel(books, P1, "she called", BY), ["2 × MUG-BLUE", "1 × TEA-100"]),
    "a line gone": (lambda books: edit(books, P1, Edit((LineChange(2, 0),)), BY), ["1 × TEA-100"]),
    "fewer": (lambda books: edit(books, P1, Edit((LineChange(1, 1),)), BY), ["1 × MUG-BLUE"]),
    "taken back": (lambda books: take_back(books, P1, "anna", AT), ["2 × MUG-BLUE", "1 × TEA-100"]),
}


@pytest.mark.feature("P17", "P18", "O7", "K2")
@pytest.mark.parametrize("way", PUT_DOWN_LATE)
async def test_what_an_offline_bench_put_down_meanwhile_must_come_out_when_it_is_told(desk: Desk, way: str) -> None:
    """The bench tells first that it put the parcel down, and then answers the withdrawal that it finds waiting."""
    await desk.bench.ask(OpenWork("P-1", "1002"))
    change, out = PUT_DOWN_LATE[way]
    await office(desk, change)
    before = await on_shelf(desk)
    in_hand = (PackedLine(P1, 1, MUG, 2, ("a", "b")), PackedLine(P1, 2, TEA, 1, ("c",)))
    await desk.bench.tell(JobSuspended(JobId(P1), 1, "1002", AT, in_hand))
    await desk.bench.tell(JobReturned(JobId(P1), 1, "", AT, way))
    told = [row["text"] for row in await desk.rows("tracking.problems_of", "P-1") if row["kind"] == "take_out"]
    assert sorted(str(text).partition(" has ")[2].partition(" that ")[0] for text in told) == sorted(out)
    assert await on_shelf(desk) == before
    assert [(shelf, packed) for shelf, packed, _ in before] == [(20, 0), (20, 0)]
    assert await desk.rows("stock.audit_levels") == []
    again = await desk.bench.ask(OpenWork("P-1", "1002"), b"ask-2")
    if way == "cancelled":
        assert isinstance(again, WorkRefused)
    else:
        assert isinstance(again, JobOffered)
        stays = {"a line gone": in_hand[:1], "fewer": (PackedLine(P1, 1, MUG, 1, ("a",)), in_hand[1])}
        assert again.job.in_hand == stays.get(way, ())


@pytest.mark.feature("P17", "P18", "O14")
async def test_what_was_put_down_of_orders_that_go_apart_meanwhile_must_come_out(desk: Desk) -> None:
    await office(desk, lambda books: merge(books, (P1, P2), BY))
    await desk.bench.ask(OpenWork("P-1", "1002"))
    await office(desk, lambda books: cancel(books, P1, "she called", BY))
    in_hand = (PackedLine(P1, 1, MUG, 1, ("a",)), PackedLine(P2, 1, MUG, 1, ("b",)))
    await desk.bench.tell(JobSuspended(JobId(P1), 1, "1002", AT, in_hand))
    of_second = [row["text"] for row in await desk.rows("tracking.problems_of", "P-2")]
    assert ["take_out" in await problems(desk), len(of_second)] == [True, 1]
    assert "order P-1, put down at pack-1, has 1 × MUG-BLUE that order P-2" in str(of_second[0])
    offer = await desk.bench.ask(OpenWork("P-2", "1002"), b"ask-2")
    assert isinstance(offer, JobOffered)
    assert (offer.job.job, offer.job.in_hand) == (P2, ())
