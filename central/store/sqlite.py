"""The store on SQLite: one file, one writing connection, one for pages.

A transaction is one hop to aiosqlite's thread. aiosqlite only forwards methods of `sqlite3.Connection`, so the
connection is a subclass whose `execute` also runs a callable; awaiting each statement costs eight times the CPU.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import aiosqlite
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.desk.outgoing import outgoing
from central.policy.standing import NOTHING_DECIDED, Standing
from central.store.in_use import using
from central.store.migrate import migrate
from central.store.queries import sqlite_queries
from central.store.rows import forget_sent, keep_request, load, make_findable, write
from central.store.store import BeyondTheTables, Page, Reading, Remember, StoreTrouble
from central.store.turns import OF_THE_VALUES, Turn, commit_waiting

R = TypeVar("R")
log = logging.getLogger(__name__)
_RUN = "-- run the callable"
_AT_ONCE = 1_000
"""Orders that search gets to know in one transaction."""
_TOO_MUCH = (OverflowError, UnicodeEncodeError)
_BEYOND = "a number in it has more than 18 digits, or a text half a character: the database holds neither"


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class _Done:
    """What a callable returned, in the shape of a cursor."""

    def __init__(self, value: object) -> None:
        self._value = value

    def fetchall(self) -> list[Any]:
        return [self._value]


class _Connection(sqlite3.Connection):
    """Runs callables on its thread, and named queries inside them."""

    def execute(self, sql: str, parameters: Any = ()) -> Any:
        if sql is _RUN:
            (work,) = parameters
            return _Done(work(self))
        return super().execute(sql, parameters)

    def rows(self, query: str, *params: object) -> Iterable[tuple[Any, ...]]:
        return super().execute(sqlite_queries()[query], params).fetchall()

    def many(self, query: str, rows: Sequence[tuple[object, ...]]) -> None:
        super().executemany(sqlite_queries()[query], rows)

    def page(self, query: str, params: Sequence[object]) -> Page:
        cursor = super().execute(sqlite_queries()[query], params)
        columns = [column[0] for column in cursor.description]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


class _Inside:
    """`Reads` in the middle of a transaction, on the connection's own thread."""

    def __init__(self, connection: _Connection) -> None:
        self._connection = connection

    async def read(self, query: str, params: Sequence[object] = ()) -> Page:
        return self._connection.page(query, params)

    async def together(self, reading: Reading[R]) -> R:
        return await reading(self)


def _at_once(work: Coroutine[Any, Any, R]) -> R:
    """The result of a coroutine that finds all it awaits at hand."""
    try:
        work.send(None)
    except StopIteration as done:
        found: R = done.value
        return found
    work.close()
    raise RuntimeError("what is read in one turn waits for something outside of the database")


async def _hop(connection: aiosqlite.Connection, work: Callable[[_Connection], R]) -> R:
    (value,) = await connection.execute_fetchall(_RUN, (work,))
    return value  # type: ignore[return-value]  # what `_Done` carries


def _find_more(connection: _Connection) -> int:
    """After an upgrade: some orders that search does not know yet, in a transaction of their own."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        return make_findable(connection, _AT_ONCE)


def _restored_at(connection: _Connection) -> int:
    ((moment,),) = connection.rows("desk.restored_at")
    found: int = moment
    return found


class SqliteStore:
    """`central.store.store.Store` on one SQLite file. Open it with `async with`."""

    def __init__(
        self,
        path: Path,
        site: str,
        standing: Standing = NOTHING_DECIDED,
        *,
        clock: Callable[[], int] = now_ms,
        patience_s: float = 10.0,
    ) -> None:
        """`patience_s`: how long to wait for another process that writes."""
        self._path = path
        self._site = site
        self.standing = standing
        self._clock = clock
        self._patience_s = patience_s
        self._sent: list[int] = []
        self._turns: deque[Turn[Any]] = deque()
        self.posted: Callable[[bool], None] = lambda letters: None
        """Called when a transaction put news, or letters to stations too, into the outbox; on the loop's thread."""
        self.wrote: Callable[[Collection[str]], None] = lambda subjects: None
        """Called with what a transaction wrote about (`order/…`, `parcel/…`, `station/…`); on the loop's thread."""

        self.freed: Callable[[], None] = lambda: None
        """Called when a transaction may have freed what orders wait for; on the loop's thread."""
        self.grew: Callable[[], None] = lambda: None
        """Called when a transaction brought something into the queue of what may be packed; on the loop's thread."""

    async def __aenter__(self) -> Self:
        """Raises `StoreTrouble` when the file cannot be used."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            async with AsyncExitStack() as opened:
                opened.enter_context(using(self._path))
                # aiosqlite's thread outlives the loop when it cannot open the file, and would end in a traceback.
                sqlite3.connect(self._path).close()
                self._writing = await opened.enter_async_context(self._connection())
                await _hop(self._writing, lambda connection: migrate(connection, self._path, self._clock()))
                while await _hop(self._writing, _find_more):
                    pass
                restored_at = await _hop(self._writing, lambda connection: _restored_at(connection))
                self.standing = replace(self.standing, restored_at=restored_at)
                self._reading = await opened.enter_async_context(self._connection())
                await self._reading.execute_fetchall("PRAGMA query_only = 1")
                self._opened = opened.pop_all()
        except (sqlite3.Error, OSError) as error:
            raise StoreTrouble(f"{self._path}: cannot be opened as a database: {error}") from error
        return self

    async def __aexit__(self, *failure: object) -> None:
        await self._opened.aclose()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiosqlite.Connection]:
        async with aiosqlite.connect(
            self._path, factory=_Connection, isolation_level=None, cached_statements=512, timeout=self._patience_s
        ) as connection:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = 1", "cache_size = -65536"):
                await connection.execute_fetchall(f"PRAGMA {pragma}")
            yield connection

    async def transact(self, keys: Keys, decide: Callable[[Books], R], remember: Remember[R] | None = None) -> R:
        """See `Store.transact`.

        Raises `StoreTrouble` when the file cannot be read or written, `BeyondTheTables` and `sqlite3.Error` for a row
        that its tables refuse.
        """
        now = self._clock()
        sent, self._sent = self._sent, []

        def work(connection: _Connection) -> tuple[R, bool, bool, bool, bool, set[str]]:
            books = load(connection, keys, self.standing)
            answer = decide(books)
            told = outgoing(books, self._site, now)
            write(connection, books, *told)
            if remember is not None and (request := _at_once(remember(_Inside(connection), answer))) is not None:
                keep_request(connection, request)
            forget_sent(connection, sent)
            return (
                answer,
                bool(told.letters),
                bool(told.news),
                bool(books.freed()),
                books.queue_grew(),
                books.subjects(),
            )

        turn = Turn(work)
        self._turns.append(turn)
        try:
            await _hop(self._writing, lambda connection: commit_waiting(connection, self._turns))
            answer, letters, news, freed, grew, subjects = turn.result()
        except BaseException as error:
            self._sent += sent
            if isinstance(error, sqlite3.Error) and not isinstance(error, OF_THE_VALUES):
                raise StoreTrouble(f"{self._path}: nothing was written: {error}") from error
            if isinstance(error, _TOO_MUCH):
                raise BeyondTheTables(_BEYOND) from error
            raise
        if letters or news:
            self.posted(letters)
        if freed:
            self.freed()
        if grew:
            self.grew()
        if subjects:
            self.wrote(subjects)
        return answer

    def forget(self, sequences: Sequence[int]) -> None:
        """The broker has these rows of the outbox: they go with the next transaction. Sent again, they do no harm."""
        self._sent += sequences

    async def read(self, query: str, params: Sequence[object] = ()) -> Page:
        """See `Reads.read`."""
        return await self._look(lambda connection: connection.page(query, params))

    async def together(self, reading: Reading[R]) -> R:
        """See `Reads.together`."""

        def work(connection: _Connection) -> R:
            connection.execute("BEGIN")
            try:
                return _at_once(reading(_Inside(connection)))
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")

        return await self._look(work)

    async def _look(self, work: Callable[[_Connection], R]) -> R:
        try:
            return await _hop(self._reading, work)
        except sqlite3.Error as error:
            raise StoreTrouble(f"{self._path}: cannot be read: {error}") from error
        except _TOO_MUCH as error:
            raise BeyondTheTables(_BEYOND) from error
