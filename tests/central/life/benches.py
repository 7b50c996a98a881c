"""What benches do and tell: late, twice, in any order, of old leases, and wrong; and what becomes of their parcels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.stateful import rule
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.shipping.rules import let_go, mark_shipped, take_apart
from central.tracking.rules import record
from contract.keys import JobId, OrderId
from contract.messages import (
    Fact,
    JobFinished,
    JobOffered,
    JobReturned,
    JobSuspended,
    LabelVoided,
    ParcelClosed,
    ShortReported,
)
from contract.values import Job, PackedLine
from tests.central.life.house import Bench, House, Order, Parcel
from tests.central.shop import AT, MUG, TEA, parcel, sscc

ENDS: Final = ("finished", "returned", "suspended", "suspended", "missing", "damaged", "part")


class Benches(House):
    """Three benches: two in the north, one in the south."""

    @rule(station=Bench, order=Order)
    def a_bench_asks(self, station: str, order: OrderId) -> None:
        offer = self.ask(station, order)
        if isinstance(offer, JobOffered):
            assert all(line.quantity > 0 for line in offer.job.lines)
            assert offer.job.lines
            self.offers.append((station, offer.job))

    def contents(self, data: st.DataObject, job: Job) -> tuple[PackedLine, ...]:
        return tuple(
            PackedLine(line.order, line.line, line.sku, pieces)
            for line in job.lines
            if (pieces := data.draw(st.integers(0, line.quantity + 1)))
        )

    def closed(self, job: Job, contents: tuple[PackedLine, ...]) -> ParcelClosed:
        return replace(parcel(next(self.numbers), job.job, fence=job.fence), contents=contents)

    @rule(data=st.data())
    def a_bench_closes_a_parcel(self, data: st.DataObject) -> None:
        if self.offers:
            station, job = data.draw(st.sampled_from(self.offers))
            self.book(station, self.closed(job, self.contents(data, job)))

    @rule(data=st.data(), mixed=st.booleans())
    def two_parcels_come_together(self, data: st.DataObject, mixed: bool) -> None:
        """The later one may be told first, and the end of the work before both."""
        if self.offers:
            station, job = data.draw(st.sampled_from(self.offers))
            facts: list[Fact] = [self.closed(job, self.contents(data, job)) for _ in range(2)]
            facts.append(JobFinished(job.job, job.fence, "1002", AT))
            self.book(station, *(reversed(facts) if mixed else facts))

    @rule(data=st.data())
    def a_fact_comes_again(self, data: st.DataObject) -> None:
        """Told twice, it is booked once."""
        if self.told:
            before = counted(self.whole())
            self.deliver([data.draw(st.sampled_from(self.told))])
            assert counted(self.whole()) == before

    @rule(data=st.data())
    def two_boxes_have_one_label(self, data: st.DataObject) -> None:
        """The second parcel of a label is a problem, and not in the stock."""
        parcels = [(station, fact) for station, fact, _ in self.told if isinstance(fact, ParcelClosed)]
        if parcels:
            before = counted(self.whole())
            station, fact = data.draw(st.sampled_from(parcels))
            self.book(station, replace(fact, contents=(PackedLine(OrderId("P-1"), 1, MUG, 3),)))
            assert counted(self.whole())[:2] == before[:2]

    @rule(station=Bench, order=Order, pieces=st.integers(1, 20))
    def a_parcel_comes_that_nobody_asked_for(self, station: str, order: OrderId, pieces: int) -> None:
        """Of an order that may not be known, with what may not be on it."""
        content = (PackedLine(order, 1, TEA, pieces),)
        self.book(station, replace(parcel(next(self.numbers), order, fence=0), contents=content))

    @rule(station=Bench, order=Order, ship=st.booleans())
    def a_bench_packs_it_whole(self, station: str, order: OrderId, ship: bool) -> None:
        offers = len(self.offers)
        self.a_bench_asks(station, order)
        if len(self.offers) == offers:
            return
        job = self.offers[-1][1]
        contents = tuple(PackedLine(line.order, line.line, line.sku, line.quantity) for line in job.lines)
        closed = self.closed(job, contents)
        self.book(station, closed, JobFinished(job.job, job.fence, "1002", AT))
        if ship:
            by = self.by()
            key = closed.sscc
            self.do(Keys(parcels=frozenset({key})), lambda books: mark_shipped(books, key, by.name, by.at))

    @rule(
        data=st.data(),
        how=st.sampled_from(("finished", "returned", "suspended", "suspended", "missing", "damaged", "part")),
    )
    def a_bench_ends(self, data: st.DataObject, how: str) -> None:
        if not self.offers or how == "nothing":
            return
        station, job = data.draw(st.sampled_from(self.offers))
        line = data.draw(st.sampled_from(job.lines))
        at = self.by().at
        fact: Fact
        if how == "finished":
            fact = JobFinished(job.job, job.fence, "1002", at)
        elif how == "returned":
            fact = JobReturned(job.job, job.fence, "1002", at, "edited")
        elif how == "part":
            fact = self.closed(job, (PackedLine(line.order, line.line, line.sku, 1),))
        elif how == "suspended":
            in_hand = (PackedLine(line.order, line.line, line.sku, line.quantity),)
            fact = JobSuspended(job.job, job.fence, "1002", at, in_hand)
        else:
            kind = "damaged" if how == "damaged" else "missing"
            fact = ShortReported(job.job, line.order, line.line, line.sku, line.quantity, kind, "1002", at)
        self.book(station, fact)

    @rule(number=Parcel, way=st.sampled_from(("ship", "apart", "let go", "void", "deliver", "return")))
    def a_parcel_goes_on(self, number: int, way: str) -> None:
        key, by = sscc(number), self.by()
        if way == "void":
            self.book("pack-1", LabelVoided(key, JobId("P-1"), by.at, "1002", "torn"))
            return
        decide: dict[str, Callable[[Books], Any]] = {
            "ship": lambda books: mark_shipped(books, key, "anna", by.at),
            "apart": lambda books: take_apart(books, key, self.cause(), "x"),
            "let go": lambda books: let_go(books, key, "anna", by.at),
            "deliver": lambda books: record(books, key, "delivered", at=by.at, now=by.at, source="office"),
            "return": lambda books: record(books, key, "returned", at=by.at, now=by.at, source="office"),
        }
        self.do(Keys(parcels=frozenset({key})), decide[way])


def counted(books: Books) -> tuple[object, ...]:
    """Pieces and promises wherever they are counted, and what grows when something happens."""
    return (
        sorted(((level.sku, level.warehouse), level) for level in books.levels),
        sorted(((line.order_id, line.line), line) for line in books.lines),
        len(books.movements),
        len(books.problems),
        len(books.timeline),
        sorted((row.sscc, row.status, row.held) for row in books.parcels),
        sorted((row.job_id, row) for row in books.jobs),
    )
