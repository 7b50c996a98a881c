"""Orders to one address are packed as one job, by one bench, and part again when one of them changes."""

from __future__ import annotations

import httpx
import pytest
from msgspec.structs import replace

from central.desk import asks, facts
from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.cancelling import cancel
from central.orders.changing import readdress
from central.orders.editing import Edit, LineChange, edit
from central.orders.holding import hold
from central.orders.merging import merge, unmerge
from central.orders.rules import By
from central.orders.status import settle
from central.packing.jobs import open_work, take_back
from contract.envelope import Envelope, encode
from contract.keys import JobId, OrderId
from contract.messages import JobFinished, JobOffered, JobReturned, JobSuspended, JobWithdrawn, OpenWork, ParcelClosed
from contract.values import Job, PackedLine
from tests.central.conftest import Central
from tests.central.orders.test_routes import ANY, BODY, PAID
from tests.central.orders.test_routes import shop as stocked
from tests.central.provable import assert_provable
from tests.central.shop import (
    ADDRESS,
    AT,
    HOUSE,
    MUG,
    TEA,
    add_order,
    ask,
    book,
    kinds,
    message,
    parcel,
    quantities,
    shop,
    sscc,
)

__all__ = ["stocked"]
BY = By("anna", AT + 5)
P1, P2, P3 = OrderId("P-1"), OrderId("P-2"), OrderId("P-3")
LYON = replace(ADDRESS, city="Lyon", postcode="69002")


def together(*others: OrderId) -> Books:
    books = shop(("P-1", [(MUG, 2)]), ("P-2", [(TEA, 1), (MUG, 1)]), ("P-3", [(TEA, 2)]))
    merge(books, (P1, P2, *others), BY)
    return books


def offered(books: Books, code: str, station: str = "pack-1") -> Job:
    offer = ask(books, station, code)
    assert isinstance(offer, JobOffered), offer
    return offer.job


def both(number: int = 1, fence: int = 1) -> ParcelClosed:
    contents = (PackedLine(P1, 1, MUG, 2), PackedLine(P2, 1, TEA, 1), PackedLine(P2, 2, MUG, 1))
    return replace(parcel(number, "P-1", fence=fence), contents=contents)


def statuses(books: Books) -> list[str]:
    settle(books, AT)
    return [books.orders[order].status for order in (P1, P2)]


def letters(books: Books) -> list[tuple[str, str, str]]:
    return [
        (each.station, each.item.job, each.item.reason) for each in books.letters if isinstance(each.item, JobWithdrawn)
    ]


@pytest.mark.feature("O14", "P15")
@pytest.mark.parametrize("code", ["P-1", "P-2"])
def test_any_of_their_codes_opens_one_job_of_all(code: str) -> None:
    books = together()
    job = offered(books, code)
    assert (job.job, job.orders, job.fence) == ("P-1", (P1, P2), 1)
    assert [(line.order, line.line, line.sku, line.quantity) for line in job.lines] == [
        (P1, 1, MUG, 2),
        (P2, 1, TEA, 1),
        (P2, 2, MUG, 1),
    ]
    assert [(each.order, each.line) for each in job.instructions] == [(P1, 1), (P2, 1), (P2, 2)]
    assert len({each.instruction for each in job.instructions}) == 3
    assert offered(books, "P-1" if code == "P-2" else "P-2") == job
    assert ask(books, "pack-2", "P-2").reason == "leased"  # type: ignore[union-attr]
    book(books, message(both()), message(JobFinished(JobId(P1), 1, "1002", AT)))
    assert (statuses(books), kinds(books)) == (["packed", "packed"], [])
    assert {row.state for row in books.jobs} == {"idle"}
    assert books.parcels[sscc(1)].order_ids == (P1, P2)
    assert_provable(books)


@pytest.mark.feature("O14")
def test_only_orders_that_may_go_in_one_parcel_are_merged() -> None:
    books = shop(("P-1", [(MUG, 2)]), ("P-2", [(TEA, 1)]))
    add_order(books, "P-3", [(MUG, 1)], ship_to=encode(LYON).decode(), name=LYON.name)
    add_order(books, "P-4", [(MUG, 1)], payment="awaiting")
    add_order(books, "P-5", [(MUG, 1)], service="Colissimo")
    for other, why in (("P-3", "one address"), ("P-4", "unpaid"), ("P-5", "one service"), ("P-1", "two orders")):
        with pytest.raises(Refused, match=why):
            merge(books, (P1, OrderId(other)), BY)
    ask(books, "pack-1", "P-2")
    with pytest.raises(Refused, match="at station pack-1"):
        merge(books, (P1, P2), BY)
    assert not any(order.merged_into for order in books.orders)
    loud = replace(ADDRESS, name=ADDRESS.name.upper(), lines=("12  RUE de la paix",))
    add_order(books, "P-6", [(MUG, 1)], ship_to=encode(loud).decode())
    merge(books, (P1, OrderId("P-6")), BY)
    assert books.orders[OrderId("P-6")].merged_into == P1


@pytest.mark.feature("O14", "P18", "O7")
@pytest.mark.parametrize("way", ["cancel", "edit", "hold", "address"])
def test_a_change_of_one_recalls_all_and_the_others_go_on(way: str) -> None:
    books = together(P3)
    offered(books, "P-3")
    if way == "cancel":
        cancel(books, P2, "she called", BY)
    elif way == "edit":
        edit(books, P2, Edit((LineChange(1, 3),)), BY)
    elif way == "hold":
        hold(books, P2, "wait", BY)
    else:
        readdress(books, P2, LYON, BY)
    assert letters(books) == [("pack-1", P1, "edited")]
    assert ask(books, "pack-2", "P-1").reason == "leased"  # type: ignore[union-attr]
    book(books, message(JobReturned(JobId(P1), 1, "1002", AT, "edited")))
    assert {row.state for row in books.jobs} == {"idle"}
    assert offered(books, "P-3", "pack-2").orders == ((P1, P2, P3) if way == "edit" else (P1, P3))
    if way == "address":
        assert offered(books, "P-2", "pack-1").consignee == LYON
    assert_provable(books)


@pytest.mark.feature("O14", "P18", "R1")
@pytest.mark.parametrize("way", ["cancel", "address"])
def test_a_parcel_of_both_that_an_offline_bench_closes_is_held(way: str) -> None:
    books = together()
    offered(books, "P-1")
    if way == "cancel":
        cancel(books, P2, "she called", BY)
    else:
        readdress(books, P2, LYON, BY)
    book(books, message(both()), message(JobFinished(JobId(P1), 1, "1002", AT)))
    assert kinds(books) == ["void_label" if way == "cancel" else "relabel"]
    assert books.parcels[sscc(1)].held
    assert quantities(books, "P-1") == [(2, 0, 2, 0)]
    assert {row.state for row in books.jobs} == {"idle"}
    assert_provable(books)


@pytest.mark.feature("O14")
def test_a_merge_is_undone_and_each_is_packed_alone() -> None:
    books = together()
    offered(books, "P-1")
    unmerge(books, P2, BY)
    assert letters(books) == [("pack-1", P1, "edited")]
    assert ask(books, "pack-2", "P-2").reason == "leased"  # type: ignore[union-attr]
    book(books, message(JobReturned(JobId(P1), 1, "1002", AT, "edited")))
    assert offered(books, "P-2", "pack-2").orders == (P2,)
    first = offered(books, "P-1", "pack-1")
    assert (first.orders, first.fence) == ((P1,), 2)
    assert [entry.what for entry in books.timeline if entry.subject == "order/P-2"][:2] == [
        "orders_merged",
        "job_leased",
    ]


@pytest.mark.feature("O14", "P17")
def test_an_open_parcel_that_was_put_down_goes_on_with_the_others() -> None:
    books = together(P3)
    offered(books, "P-1")
    in_hand = (PackedLine(P1, 1, MUG, 1), PackedLine(P2, 1, TEA, 1), PackedLine(P3, 1, TEA, 2))
    book(books, message(JobSuspended(JobId(P1), 1, "1002", AT, in_hand)))
    cancel(books, P1, "she called", BY)
    assert [problem.kind for problem in books.problems] == ["take_out"]
    job = offered(books, "P-3", "pack-2")
    assert (job.job, job.orders, job.in_hand) == (P2, (P2, P3), in_hand[1:])
    book(books, message(JobSuspended(JobId(P2), job.fence, "1002", AT, in_hand[1:]), "pack-2"))
    unmerge(books, P3, BY)
    assert [problem.order_id for problem in books.problems] == [P1, P3]
    assert offered(books, "P-2", "pack-2").in_hand == in_hand[1:2]
    assert offered(books, "P-3", "pack-1").in_hand == ()


@pytest.mark.feature("O14", "R3")
def test_a_bench_that_does_not_answer_loses_all_of_them() -> None:
    books = together()
    offered(books, "P-1")
    assert take_back(books, P2, "anna", AT)
    job = offered(books, "P-2", "pack-2")
    assert (job.orders, job.fence) == ((P1, P2), 3)
    book(books, message(both()))
    assert "stale_lease" in kinds(books)
    assert_provable(books)


@pytest.mark.feature("O14", "O6")
def test_what_one_of_them_waits_for_does_not_stop_the_others() -> None:
    books = shop(("P-1", [(MUG, 20)]), ("P-2", [(TEA, 1)]))
    add_order(books, "P-3", [(MUG, 1)])
    merge(books, (P2, P3), BY)
    assert offered(books, "P-2").orders == (P2,)
    assert ask(books, "pack-2", "P-3").reason == "leased"  # type: ignore[union-attr]


@pytest.mark.feature("O14", "P15", "I2")
async def test_a_proposal_is_accepted_by_rest_and_packed_on_a_real_store(
    central: Central,
    stocked: httpx.AsyncClient,
) -> None:
    for number in ("P-1", "P-2", "P-3"):
        await stocked.post("/api/orders", json=PAID | {"order": number})
    await stocked.post("/api/orders/P-3/address", json=BODY["ship_to"] | {"postcode": "75003"}, headers=ANY)
    (proposal,) = (await stocked.get("/api/merges")).json()["items"]
    assert (proposal["orders"], proposal["city"]) == (["P-1", "P-2"], "Paris")
    merged = (await stocked.post("/api/orders/P-2/merge", json={"orders": ["P-1"]})).json()
    assert merged["merged_with"] == ["P-1", "P-2"]
    assert (await stocked.get("/api/merges")).json() == {"items": [], "next": None}
    ask = OpenWork("P-2", "1002")
    keys = asks.keys_of(HOUSE, Envelope("m-1", "pack-1", 1, AT, ask), AT)
    offer = await central.store.transact(keys, lambda books: open_work(books, HOUSE, "pack-1", ask, AT))
    assert isinstance(offer, JobOffered)
    assert (offer.job.job, offer.job.orders, len(offer.job.lines)) == ("P-1", ("P-1", "P-2"), 4)
    recalled = (
        await stocked.patch("/api/orders/P-2", json={"lines": [{"line": 1, "quantity": 1}]}, headers=ANY)
    ).json()
    assert recalled["timeline"][-1]["what"] == "job_withdrawn"
    assert (await stocked.get("/api/orders/P-1")).json()["timeline"][-1]["what"] == "job_withdrawn"
    back = Envelope("m-2", "pack-1", 2, AT, JobReturned(JobId(P1), 1, "1002", AT, "edited"))
    await central.store.transact(facts.keys_of([back]), lambda books: facts.book(books, HOUSE, back, "t", AT))
    parted = (await stocked.post("/api/orders/P-1/unmerge", headers=ANY)).json()
    assert parted["merged_with"] == (await stocked.get("/api/orders/P-2")).json()["merged_with"] == []
    refused = await stocked.post("/api/orders/P-1/merge", json={"orders": ["P-3"]})
    assert (refused.status_code, "one address" in refused.json()["detail"]) == (409, True)
