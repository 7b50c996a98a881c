"""The house in memory, where the rules work on one set of books, and on a real database, one transaction a change."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from central.audit import compare
from central.desk.books import Books, Keys
from central.desk.refused import Refused
from central.orders.serving import serve_waiting
from central.orders.status import settle
from central.stock.rows import Movement
from central.store.sqlite import SqliteStore
from central.tracking.rows import ProblemRow, TimelineRow
from contract.keys import OrderId
from contract.messages import JobSuspended
from contract.values import PackedLine
from tests.central.life.benches import Benches
from tests.central.life.house import FIRST, STANDING, Bench, Order, everything
from tests.central.life.office import Office
from tests.central.life.shelves import Shelves
from tests.central.provable import assert_provable, assert_settled, over_promised
from tests.central.shop import serve_promises


class Life(Office, Benches, Shelves):
    """All that may happen; after each step the books are provable."""

    @initialize(data=st.data(), merged=st.booleans(), packed=st.booleans(), at_work=st.booleans())
    def move_in(self, data: st.DataObject, merged: bool, packed: bool, at_work: bool) -> None:
        """What takes many steps to come about is there from the beginning, sometimes."""
        self.open_house()
        self.begin()
        first, second, third = FIRST[:3]
        if merged:
            self.they_are_merged(first, [second])
        if packed:
            self.a_bench_packs_it_whole("pack-1", third, False)
        if at_work:
            self.a_bench_asks("pack-2", first)
            self.a_bench_ends(data, data.draw(st.sampled_from(("nothing", "suspended", "part", "missing"))))

    @rule(station=Bench, order=Order, way=st.sampled_from(("cancelled", "apart", "given up")))
    def it_changes_while_its_bench_is_away(self, station: str, order: OrderId, way: str) -> None:
        """The bench puts down all of it before it hears."""
        offers = len(self.offers)
        self.a_bench_asks(station, order)
        {"cancelled": self.it_is_cancelled, "apart": self.a_merge_is_undone, "given up": self.a_bench_is_given_up}[way](
            order
        )
        for _, job in self.offers[offers:]:
            contents = tuple(PackedLine(line.order, line.line, line.sku, line.quantity) for line in job.lines)
            self.book(station, JobSuspended(job.job, job.fence, "1002", self.at, contents))

    def marked(self) -> set[str]:
        """Products whose mark is still to be served."""
        raise NotImplementedError

    def marks_are_served(self) -> None:
        """Then all promises lie on the shelves again."""
        raise NotImplementedError

    @invariant()
    def provable(self) -> None:
        books = self.whole()
        assert_provable(books, self.marked())
        assert_settled(books)
        if over_promised(books):
            self.marks_are_served()


class InMemory(Life):
    """The pure rules; what they refuse must not have changed anything."""

    def __init__(self) -> None:
        super().__init__()
        self.books = Books(STANDING)

    def carry_out(self, keys: Keys, decide: Callable[[Books], Any]) -> Any:
        before = self.state()
        self.books.found = []
        try:
            answer = decide(self.books)
        except Refused:
            assert self.state() == before
            raise
        serve_promises(self.books, self.at)
        settle(self.books, self.at)
        return answer

    def state(self) -> list[object]:
        books = self.books
        return [len(books.movements), len(books.problems), *({id(row) for row in table} for _, table in books.tables())]

    def whole(self) -> Books:
        return self.books

    def marked(self) -> set[str]:
        return set()

    def marks_are_served(self) -> None:
        assert_provable(self.books)


class OnSqlite(Life):
    """The same on a database: what a rule touches without naming it is not loaded, and shows here."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="packline-life-")
        self.file = Path(self.folder.name) / "central.db"
        self.runner = asyncio.Runner()
        self.store = SqliteStore(self.file, "lyon", standing=STANDING, clock=lambda: self.at)
        self.runner.run(self.store.__aenter__())

    def carry_out(self, keys: Keys, decide: Callable[[Books], Any]) -> Any:
        return self.runner.run(self.store.transact(keys, decide))

    def whole(self) -> Books:
        books: Books = self.carry_out(everything(), lambda books: books)
        with closing(sqlite3.connect(self.file)) as file:
            for table, kind, rows in (
                ("movements", Movement, books.movements),
                ("problems", ProblemRow, books.problems),
                ("timeline", TimelineRow, books.timeline),
            ):
                fields = ", ".join(f'"{field}"' for field in kind.__struct_fields__)
                rows.extend(kind(*row) for row in file.execute(f"SELECT {fields} FROM {table} ORDER BY rowid"))
        return books

    def marked(self) -> set[str]:
        return {row["sku"] for row in self.runner.run(self.store.read("orders.freed"))}

    @rule()
    def marks_are_served(self) -> None:
        self.runner.run(serve_waiting(self.store, lambda: self.at))
        assert self.marked() == set()
        assert_provable(self.whole())

    @invariant()
    def the_audit_is_clean(self) -> None:
        with closing(sqlite3.connect(self.file)) as file:
            assert compare(file).differences == []

    def teardown(self) -> None:
        self.marks_are_served()
        self.runner.run(self.store.__aexit__(None, None, None))
        self.runner.close()
        self.folder.cleanup()
