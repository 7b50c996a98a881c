"""Facts may come in any order, late and twice: the books end the same, and stay provable whatever facts say."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.desk.books import Books
from central.desk.refused import Refused
from central.shipping.rules import mark_shipped
from central.stock.rules import adjust, receive
from central.tracking.rules import record
from contract.envelope import FactEnvelope
from contract.keys import JobId, OrderId
from contract.messages import Fact, JobFinished, JobOpened, JobSuspended, LabelVoided, ShortReported
from contract.values import PackedLine
from tests.central.provable import assert_provable
from tests.central.shop import (
    AT,
    CAUSE,
    LAMP,
    MUG,
    TEA,
    ask,
    book,
    message,
    parcel,
    serve_promises,
    shop,
    sscc,
)

SKUS = (MUG, TEA, LAMP)


@st.composite
def honest_work(draw: st.DrawFn) -> list[FactEnvelope]:
    """What two benches tell of two orders that they pack: parcels, shorts, the end. No piece is told twice."""
    told: list[FactEnvelope] = []
    number = 0
    for order, station in (("P-1", "pack-1"), ("P-2", "pack-2")):
        job = JobId(order)
        told.append(message(JobOpened(job, 1, "1002", AT), station))
        left_of = {}
        for line, sku in enumerate(SKUS, start=1):
            left = 4
            while left and draw(st.booleans()):
                taken = draw(st.integers(1, left))
                left -= taken
                if draw(st.integers(0, 3)):
                    number += 1
                    told.append(message(parcel(number, order, (line, sku, taken), parcel_number=number), station))
                else:
                    fact = ShortReported(job, OrderId(order), line, sku, taken, "missing", "1002", AT)
                    told.append(message(fact, station))
            left_of[sku] = left
        if left_of[MUG] and draw(st.booleans()):
            in_hand = (PackedLine(OrderId(order), 1, MUG, 1),)
            told.append(message(JobSuspended(job, 1, "1002", AT, in_hand, ("x",)), station))
        else:
            told.append(message(JobFinished(job, 1, "1002", AT), station))
    return told


def two_orders() -> Books:
    books = shop(("P-1", [(sku, 4) for sku in SKUS]), ("P-2", [(sku, 4) for sku in SKUS]))
    ask(books, "pack-1", "P-1")
    ask(books, "pack-2", "P-2")
    return books


def end_of(books: Books) -> tuple[object, ...]:
    """What must not depend on the order of arrival."""
    return (
        sorted(((line.order_id, line.line), line) for line in books.lines),
        sorted((level.sku, level) for level in books.levels),
        sorted((job.job_id, job) for job in books.jobs),
        sorted((row.sscc, row.status, row.contents, row.held) for row in books.parcels),
        sorted((order.order_id, order.status) for order in books.orders),
        sorted(problem.kind for problem in books.problems),
        sorted((each.sku, each.source, each.target, each.quantity) for each in books.movements),
    )


@pytest.mark.feature("R2", "K1", "O5")
@settings(max_examples=50)
@given(st.data())
def test_any_order_and_any_repetition_end_in_the_same_books(data: st.DataObject) -> None:
    told = data.draw(honest_work())
    straight = two_orders()
    book(straight, *told)
    mixed = data.draw(st.permutations(told + data.draw(st.lists(st.sampled_from(told), max_size=6))))
    books = two_orders()
    while mixed:
        size = data.draw(st.integers(1, len(mixed)))
        book(books, *mixed[:size])
        mixed = mixed[size:]
    assert end_of(books) == end_of(straight)
    assert_provable(books)


def _parcels() -> st.SearchStrategy[Fact]:
    pieces = st.tuples(st.integers(0, 4), st.sampled_from(SKUS), st.integers(-2, 9))
    return st.builds(
        lambda number, order, contents, fence: parcel(number, order, *contents, fence=fence),
        st.integers(1, 6),
        st.sampled_from(("P-1", "P-2", "P-404")),
        st.lists(pieces, max_size=4),
        st.integers(0, 3),
    )


def _others() -> st.SearchStrategy[Fact]:
    jobs = st.sampled_from((JobId("P-1"), JobId("P-2"), JobId("P-404")))
    return st.one_of(
        st.builds(
            ShortReported,
            job=jobs,
            order=jobs.map(OrderId),
            line=st.integers(0, 4),
            sku=st.sampled_from(SKUS),
            quantity=st.integers(-3, 30),
            kind=st.sampled_from(("missing", "damaged")),
            badge=st.just("1002"),
            at=st.just(AT),
        ),
        st.builds(
            LabelVoided,
            sscc=st.integers(1, 6).map(sscc),
            job=jobs,
            at=st.just(AT),
            badge=st.just("1002"),
            reason=st.just("torn"),
        ),
        st.builds(JobFinished, job=jobs, fence=st.integers(0, 3), badge=st.just("1002"), at=st.just(AT)),
        st.builds(JobSuspended, job=jobs, fence=st.integers(0, 3), badge=st.just("1002"), at=st.just(AT)),
    )


def _of_the_office(data: st.DataObject, books: Books) -> None:
    """Somebody in the office does something; what the rules refuse is refused."""
    number = sscc(data.draw(st.integers(1, 6)))
    sku = data.draw(st.sampled_from(SKUS))
    status = data.draw(st.sampled_from(("shipped", "in_transit", "exception", "delivered", "returned")))
    what = data.draw(st.integers(0, 3))
    with suppress(Refused):
        if what == 0:
            record(books, number, status, at=AT + data.draw(st.integers(0, 9)), now=AT, source="office")  # type: ignore[arg-type]
        elif what == 1:
            mark_shipped(books, number, "anna", AT)
        elif what == 2:
            adjust(books, sku, data.draw(st.integers(0, 30)), CAUSE)
        else:
            receive(books, sku, data.draw(st.integers(1, 9)), CAUSE)


@pytest.mark.feature("R4", "K1", "K2", "O5")
@settings(max_examples=60)
@given(st.data())
def test_the_books_stay_provable_whatever_facts_say(data: st.DataObject) -> None:
    books = two_orders()
    for _ in range(data.draw(st.integers(1, 12))):
        if data.draw(st.booleans()):
            _of_the_office(data, books)
        else:
            station = data.draw(st.sampled_from(("pack-1", "pack-2")))
            outcome = book(books, message(data.draw(st.one_of(_parcels(), _others())), station))
            assert len(outcome.receipts[station]) == 1
            serve_promises(books)
        assert_provable(books)
