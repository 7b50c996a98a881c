"""What this station must not forget: facts without a receipt, the session, leased jobs, and every print.

One SQLite file, one commit for a step and everything that it causes, one hop to the database's thread.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path
from typing import Self

import aiosqlite
from msgspec import Struct

from contract import topics
from contract.envelope import Envelope, Reader, Unreadable, encode
from contract.keys import JobId, Sscc, StationId
from contract.messages import Fact, JobOpened, ParcelClosed
from contract.values import Job
from link.identity import new_message_id
from link.relay import Outgoing
from station import database, ledger, received
from station.at_hand import AtHand
from station.ledger import PrintMove, PrintRow, PrintState
from station.witness import Witness
from station.work.effects import Print

log = logging.getLogger(__name__)

_WAL_PAGES = 10_000
"""40 MB. Far more than a bench writes before it rests; without rest, a scan waits for SQLite's own checkpoint."""
_CACHE_KB = 512
"""A bench writes to the ends of a few tables; SQLite's own 2 MB would fill with pages of what is only kept."""
_UNREADABLE_KEPT = 100
_UNREADABLE_HEAD = 2048
_SEEN_KEPT = 5000
_GONE_JOBS_KEPT = 20_000
"""More than a month's, longer than the broker keeps an offer for us. Counted: a clock that jumps forgets none."""
_UNREADABLE_KEPT_MS = 30 * 24 * 3600 * 1000
"""What nobody could read may be an order."""

_read_job: Reader[Job] = Reader(Job, "stored job")
_read_at_hand: Reader[AtHand] = Reader(AtHand, "terms of a stored job")


class Entry(Struct, frozen=True):
    """Everything durable about one step: it is all in the file, or none of it."""

    session: bytes | None = None
    facts: tuple[Fact, ...] = ()
    prints: tuple[Print, ...] = ()
    moves: tuple[PrintMove, ...] = ()
    gone: tuple[JobId, ...] = ()
    """Jobs that this station has done with."""
    seen: str = ""
    """The name of what caused the step, when that may come again."""


class WaitingPhoto(Struct, frozen=True):
    """A closed parcel's picture that central does not have yet."""

    sha256: str
    sscc: Sscc


class Journal:
    """The open file. Make it with `open`; every method is one hop, and what it wrote is on the disk when it returns."""

    def __init__(
        self,
        path: Path,
        connection: aiosqlite.Connection,
        witness: Witness,
        site: str,
        station: StationId,
        now_ms: Callable[[], int],
        keep_days: int,
    ) -> None:
        self._path = path
        self._database = connection
        self._witness = witness
        self._step = 0
        self._station = station
        self._topic = topics.fact(site, station)
        self._now_ms = now_ms
        self._keep_days = keep_days
        self._trusted_since = 0
        self._newest = 0
        self._at_broker = asyncio.Event()
        self._at_broker.set()
        self.steps_lost = 0
        """How many of its last steps the file has lost: the disk gave back an earlier state of it."""
        self.clock_ok = True
        """False while the clock is known to be wrong: what is recorded says so."""
        self.waiting = 0
        """Facts that have no receipt yet."""
        self.jobs: dict[JobId, Job] = {}
        """What is leased to this station."""
        self.comparison = received.Comparison()
        """With which restoration of central's database the kept facts are compared."""
        self.at_hand: dict[JobId, AtHand] = {}
        """Of these, what nobody has opened here."""

    @classmethod
    async def open(
        cls, path: Path, site: str, station: StationId, now_ms: Callable[[], int], keep_days: int = 7
    ) -> Self:
        """Open the file, or make it. Facts are kept for `keep_days` after central's receipt.

        Raises `database.JournalFault` when rows may be lost by going on.
        """
        database.make_ready(path)
        witness = Witness(path.with_suffix(".steps"))
        connection = await aiosqlite.connect(path, factory=database.OneHop, isolation_level=None)
        journal = cls(path, connection, witness, site, station, now_ms, keep_days)
        try:
            await journal._begin()
        except BaseException:
            # Its thread would keep a process alive that nobody can use.
            await journal.close()
            raise
        return journal

    async def close(self) -> None:
        """Close the file; what was recorded stays."""
        await self._database.close()
        self._witness.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.close()

    async def _begin(self) -> None:
        def work(connection: sqlite3.Connection) -> tuple[int, int, int, int, list[tuple[str, bytes, bytes | None]]]:
            self.comparison = received.comparison(connection)
            connection.execute("DELETE FROM seen WHERE rowid <= (SELECT max(rowid) FROM seen) - ?", (_SEEN_KEPT,))
            waiting, newest = connection.execute("SELECT count(*), coalesce(max(sequence), 0) FROM outbox").fetchone()
            saved, step = connection.execute(
                "SELECT coalesce(max(saved_at), 0), coalesce(max(step), 0) FROM session"
            ).fetchone()
            return (
                waiting,
                newest,
                saved,
                step,
                connection.execute("SELECT job, body, at_hand FROM jobs WHERE body NOT NULL").fetchall(),
            )

        # The file keeps WAL mode; how hard a commit is synced belongs to the connection.
        await self._database.execute("PRAGMA synchronous=FULL")
        # What is deleted is overwritten: an address is not to be read from the free pages of a card that was lost.
        await self._database.execute("PRAGMA secure_delete=ON")
        await self._database.execute(f"PRAGMA wal_autocheckpoint={_WAL_PAGES}")
        await self._database.execute(f"PRAGMA cache_size=-{_CACHE_KB}")
        self.waiting, self._newest, self._trusted_since, step, bodies = await self._commit(work)
        self.steps_lost = max(0, self._witness.seen - step)
        self._step = max(step, self._witness.seen)
        for name, body, terms in bodies:
            await self._take_up(JobId(name), body, terms)
        if self.waiting:
            self._at_broker.clear()

    async def _take_up(self, name: JobId, body: bytes, terms: bytes | None) -> None:
        """A kept lease; one that cannot be read goes as if it had never come: central gives it again."""
        try:
            job, at_hand = _read_job(body), None if terms is None else _read_at_hand(terms)
        except Unreadable as error:
            await self.set_aside(f"jobs/{name}", body, str(error))
            await self.forget_leases([name])
            log.error("job %s: the lease that was kept cannot be read, it is set aside: %s", name, error)
            return
        self.jobs[job.job] = job
        if at_hand is not None:
            self.at_hand[job.job] = at_hand

    async def _commit(self, work: Callable[[sqlite3.Connection], database.Result]) -> database.Result:
        try:
            return await database.in_one_commit(self._database, work)
        except sqlite3.OperationalError as error:
            raise OSError(
                f"{self._path}: the journal cannot be written ({error}): is the disk full or read-only?"
            ) from error

    async def probe(self) -> None:
        """One true commit, for the watchdog."""
        await self._commit(lambda connection: connection.execute("UPDATE session SET id = id"))

    async def tidy(self, *, clock_is_right: bool) -> None:
        """Forget what is kept long enough, and empty the write-ahead log, while nobody waits for a commit.

        Nothing is too old by a clock that may be wrong.
        """

        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "DELETE FROM jobs WHERE body IS NULL AND rowid <= (SELECT max(rowid) FROM jobs) - ?",
                (_GONE_JOBS_KEPT,),
            )
            received.forget_surplus(connection)
            if clock_is_right:
                self._forget_old(connection)

        await self._commit(work)
        await self._database.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)")

    def _forget_old(self, connection: sqlite3.Connection) -> None:
        now = self._now_ms()
        for table in ("prints", "unreadable", "received"):
            # From a clock that was ahead: its age begins now, or it would stay here for years.
            connection.execute(f"UPDATE {table} SET at = ? WHERE at > ?", (now, now))
        ledger.forget_old(connection, now)
        connection.execute("DELETE FROM unreadable WHERE at < ?", (now - _UNREADABLE_KEPT_MS,))
        received.forget_old(connection, self._keep_days, now)

    # --- the bench --------------------------------------------------------------------------------------------

    async def session(self) -> bytes | None:
        """The session of the last durable step."""
        rows = list(await self._database.execute_fetchall("SELECT body FROM session"))
        return rows[0][0] if rows else None

    async def record(self, entry: Entry) -> None:
        """Write everything that a step caused, in one commit."""
        now = self._now_ms()
        step = self._next_step() if entry.session is not None else 0
        opened = [fact.job for fact in entry.facts if isinstance(fact, JobOpened)]

        def work(connection: sqlite3.Connection) -> int:
            if entry.session is not None:
                connection.execute("INSERT OR REPLACE INTO session VALUES (1, ?, ?, ?)", (entry.session, now, step))
            newest = self._append(connection, entry.facts, now) if entry.facts else 0
            for sha256, sscc in _photographed(entry.facts):
                connection.execute("INSERT OR IGNORE INTO photos VALUES (?, ?, ?)", (sha256, sscc, now))
            for wanted in entry.prints:
                ledger.queue(connection, wanted, now)
            for move in entry.moves:
                ledger.move(connection, move, now)
            for job in entry.gone:
                connection.execute("UPDATE jobs SET body = NULL, at = ? WHERE job = ?", (now, job))
            for job in opened:
                connection.execute("UPDATE jobs SET at_hand = NULL WHERE job = ?", (job,))
            if entry.seen:
                connection.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (entry.seen, now))
            return newest

        newest = await self._commit(work)
        if step:
            self._witness.note(step)
        for job in entry.gone:
            self.jobs.pop(job, None)
        for job in (*entry.gone, *opened):
            self.at_hand.pop(job, None)
        if entry.facts:
            self.waiting += len(entry.facts)
            self._newest = newest
            self._at_broker.clear()

    def _next_step(self) -> int:
        """A number of its own for each, whether or not its commit comes about."""
        self._step += 1
        return self._step

    def _append(self, connection: sqlite3.Connection, facts: Sequence[Fact], now: int) -> int:
        """Number the facts and put them in the outbox; the last number."""
        row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'outbox'").fetchone()
        last = int(row[0]) if row else 0
        for fact in facts:
            last += 1
            message = new_message_id()
            envelope = Envelope(
                message, self._station, last, now, fact, clock_ok=self.clock_ok and now >= self._trusted_since
            )
            connection.execute("INSERT INTO outbox VALUES (?, ?, ?, ?)", (last, message, self._topic, encode(envelope)))
        return last

    # --- the outbox, for the relay ----------------------------------------------------------------------------

    async def unsent(self, after: int, limit: int) -> Sequence[Outgoing]:
        """At most `limit` facts with a sequence above `after`, lowest first."""
        rows = await self._database.execute_fetchall(
            "SELECT sequence, topic, payload FROM outbox WHERE sequence > ? ORDER BY sequence LIMIT ?", (after, limit)
        )
        return [Outgoing(sequence, topic, payload) for sequence, topic, payload in rows]

    async def published(self, rows: Sequence[Outgoing]) -> None:
        """The broker has these. They stay until central's receipt."""
        if rows[-1].sequence >= self._newest:
            self._at_broker.set()

    async def all_at_broker(self) -> None:
        """Return when the broker has every fact."""
        await self._at_broker.wait()

    async def receipted(self, messages: Iterable[str]) -> list[int]:
        """Central has these facts: they wait no more. Returns the sequences of those that still did."""

        def work(connection: sqlite3.Connection) -> list[int]:
            kept = [received.keep(connection, message, self._now_ms()) for message in messages]
            return [sequence for sequence in kept if sequence is not None]

        gone = await self._commit(work)
        self.waiting -= len(gone)
        if not self.waiting:
            self._at_broker.set()
        return gone

    # --- facts that central has, as long as its database is not restored from an earlier copy ------------------

    async def compare(self, restored_at: int) -> None:
        """Central's database was restored: every fact that is kept is to be asked about."""
        if restored_at != self.comparison.restored_at:
            begun = received.Comparison(restored_at, 0, False)
            await self._commit(lambda connection: received.write(connection, begun))
            self.comparison = begun

    async def kept_after(self, sequence: int) -> list[tuple[int, str]]:
        """Sequence and message id of kept facts, the next ones to ask about."""
        return await self._commit(lambda connection: received.page(connection, sequence))

    async def compared(self, begun: received.Comparison, through: int, lacking: Iterable[str], is_last: bool) -> int:
        """Central told what it lacks of the facts up to this sequence: they wait again. Returns how many do."""
        if begun != self.comparison:
            return 0
        now = received.Comparison(begun.restored_at, through, is_last)

        def work(connection: sqlite3.Connection) -> tuple[int, int]:
            count = received.send_again(connection, self._topic, lacking)
            received.write(connection, now)
            return count, connection.execute("SELECT coalesce(max(sequence), 0) FROM outbox").fetchone()[0]

        count, newest = await self._commit(work)
        self.comparison = now
        if count:
            self.waiting += count
            self._newest = newest
            self._at_broker.clear()
        return count

    # --- leased jobs and what came from central ---------------------------------------------------------------

    async def lease(self, job: Job, terms: AtHand, *, asked: bool = False) -> bool:
        """Keep the job on these terms until it is opened. False when this lease is over already.

        An offer that comes again makes nothing unopened that is opened here, and its time begins anew only for an ask.
        """

        def work(connection: sqlite3.Connection) -> tuple[bool, AtHand | None]:
            row = connection.execute(
                "SELECT fence, body IS NULL, at_hand FROM jobs WHERE job = ?", (job.job,)
            ).fetchone()
            if row and (job.fence < row[0] or (job.fence == row[0] and row[1])):
                return False, None
            kept: AtHand | None = terms
            if row and job.fence == row[0] and (row[2] is None or not asked):
                kept = None if row[2] is None else _read_at_hand(row[2])
            values = (job.job, job.fence, encode(job), self._now_ms(), None if kept is None else encode(kept))
            connection.execute(
                "INSERT OR REPLACE INTO jobs (job, fence, body, at, at_hand) VALUES (?, ?, ?, ?, ?)", values
            )
            return True, kept

        is_ours, on_terms = await self._commit(work)
        if is_ours:
            self.jobs[job.job] = job
            self.at_hand.pop(job.job, None)
            if on_terms is not None:
                self.at_hand[job.job] = on_terms
        return is_ours

    async def hold(self, job: Job) -> None:
        """Keep the job as one that is opened here, whatever became of its row."""
        values = (job.job, job.fence, encode(job), self._now_ms())
        await self._commit(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO jobs (job, fence, body, at, at_hand) VALUES (?, ?, ?, ?, NULL)", values
            )
        )
        self.jobs[job.job] = job
        self.at_hand.pop(job.job, None)

    async def forget_leases(self, jobs: Collection[JobId]) -> None:
        """Have these as if they had never come: central gives each again, as far as it is packed by then."""
        rows = [(job,) for job in jobs]
        await self._commit(lambda connection: connection.executemany("DELETE FROM jobs WHERE job = ?", rows))
        for (job,) in rows:
            self.jobs.pop(job, None)
            self.at_hand.pop(job, None)

    async def is_over(self, job: JobId, fence: int) -> bool:
        """Whether this station has done with that lease."""
        rows = await self._database.execute_fetchall(
            "SELECT 1 FROM jobs WHERE job = ? AND (fence > ? OR (fence = ? AND body IS NULL))", (job, fence, fence)
        )
        return bool(list(rows))

    async def has_seen(self, name: str) -> bool:
        """Whether the cause of that name was recorded already."""
        return bool(list(await self._database.execute_fetchall("SELECT 1 FROM seen WHERE name = ?", (name,))))

    async def set_aside(self, source: str, payload: bytes, reason: str, keep: int = _UNREADABLE_HEAD) -> None:
        """Keep the beginning of what cannot be read; the oldest of many give way."""

        def work(connection: sqlite3.Connection) -> None:
            number = connection.execute(
                "INSERT INTO unreadable (topic, reason, size, head, at) VALUES (?, ?, ?, ?, ?)",
                (source, reason, len(payload), payload[:keep], self._now_ms()),
            ).lastrowid
            connection.execute("DELETE FROM unreadable WHERE number <= ?", ((number or 0) - _UNREADABLE_KEPT,))

        await self._commit(work)

    async def unreadable(self) -> int:
        """How many payloads could not be read since the file was made."""
        rows = list(await self._database.execute_fetchall("SELECT seq FROM sqlite_sequence WHERE name = 'unreadable'"))
        return rows[0][0] if rows else 0

    # --- pictures of closed parcels ---------------------------------------------------------------------------

    async def photos(self) -> list[WaitingPhoto]:
        """Pictures that central does not have yet, the oldest first."""
        rows = await self._database.execute_fetchall("SELECT sha256, sscc FROM photos ORDER BY at, rowid")
        return [WaitingPhoto(sha256, Sscc(sscc)) for sha256, sscc in rows]

    async def photo_settled(self, sha256: str) -> None:
        """Central has this picture, or nobody will ever have it."""
        await self._commit(lambda connection: connection.execute("DELETE FROM photos WHERE sha256 = ?", (sha256,)))

    # --- the print ledger -------------------------------------------------------------------------------------

    async def move_print(self, move: PrintMove) -> bool:
        """Take the print to its next state; False when its present state does not allow that.

        It counts as a step: without its word that a paper was sent, one that is out would come out again, unasked.
        """
        step = self._next_step()

        def work(connection: sqlite3.Connection) -> tuple[bool, bool]:
            moved = ledger.move(connection, move, self._now_ms())
            counted = moved and connection.execute("UPDATE session SET step = ?", (step,)).rowcount > 0
            return moved, counted

        moved, counted = await self._commit(work)
        if counted:
            self._witness.note(step)
        return moved

    async def prints(self, *states: PrintState) -> list[PrintRow]:
        """Rows of the ledger, oldest first: those in `states`, or all."""
        return list(map(ledger.row_of, await self._database.execute_fetchall(*ledger.in_states(states))))

    async def print(self, print_id: str) -> PrintRow | None:
        """The ledger's row of that id."""
        rows = list(await self._database.execute_fetchall(*ledger.by_name(print_id)))
        return ledger.row_of(rows[0]) if rows else None


def _photographed(facts: Iterable[Fact]) -> list[tuple[str, Sscc]]:
    """Pictures that belong to parcels from now on."""
    return [
        (fact.photo.sha256, fact.sscc)
        for fact in facts
        if isinstance(fact, ParcelClosed) and fact.photo is not None and fact.photo.sha256
    ]
