"""A station's journal as a worn card gives it back: with other bytes, cut off, or not a journal at all.

An input that begins like a database is the whole file. Any other is what happens to a sound one with three facts.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from contract.envelope import encode
from contract.messages import SignedIn
from contract.values import Ahead
from station.at_hand import AtHand
from station.clock import now_ms
from station.database import JournalFault, damaged_files
from station.journal import Entry, Journal
from station.journal_report import begin_anew, report
from station.restoring import restored
from station.work.effects import Print
from station.work.session import Settings, new_session
from tests.fuzz.damaged import damaged
from tests.fuzz.door import Door, Finding, Offer, checked
from tests.labels.specimens import LABEL
from tests.station.played import SITE, STATION, a_job

_FACTS = 3
_DATABASE = b"SQLite format 3"


async def _sound(path: Path) -> None:
    async with await Journal.open(path, SITE, STATION, now_ms) as journal:
        await journal.lease(a_job(), AtHand(Ahead(3600), "boot", 1, 2))
        facts = tuple(SignedIn(f"{number:04d}", number) for number in range(_FACTS))
        prints = (Print("p-1", "label", LABEL),)
        await journal.record(Entry(encode(new_session(Settings(station=STATION))), facts, prints))


async def _opened(path: Path) -> int:
    """All that a station reads when it starts, and its first step; how many facts wait."""
    async with await Journal.open(path, SITE, STATION, now_ms) as journal:
        if journal.steps_lost:
            # The bench asks for new numbers, and the office is told to compare (`station.restoring`).
            return _FACTS
        rows = await journal.unsent(0, 1000)
        for row in rows:
            msgspec.json.decode(row.payload)
        await restored(journal, Settings(station=STATION))
        await journal.prints()
        await journal.photos()
        await journal.record(Entry(facts=(SignedIn("next", 9),)))
        return len(rows)


@contextmanager
def _journal(folder: Path) -> Iterator[Offer]:
    path = folder / "journal.db"

    def clear() -> None:
        for each in folder.iterdir():
            each.unlink()

    asyncio.run(_sound(path))
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    sound, witness = path.read_bytes(), path.with_suffix(".steps")
    seen = witness.read_bytes()

    def offer(data: bytes) -> str:
        clear()
        witness.write_bytes(seen)
        content = data if data.startswith(_DATABASE) else damaged(sound, data)
        path.write_bytes(content)
        said = _report(path)
        try:
            kept = asyncio.run(_opened(path))
        except JournalFault as refused:
            _refused(path, content)
            return checked(str(refused).replace(str(folder), "…"))
        except OSError as refused:
            return checked(str(refused).replace(str(folder), "…"))
        if kept < _FACTS and not data.startswith(_DATABASE):
            raise Finding(f"{kept} of {_FACTS} facts were taken over without a word; {said}")
        return ""

    yield offer


def _report(path: Path) -> str:
    try:
        return checked(report(path))
    except JournalFault as refused:
        return checked(str(refused))


def _refused(path: Path, content: bytes) -> None:
    """The file as it was is kept, and a person can go on from it."""
    damaged = damaged_files(path)
    if path.exists():
        if path.read_bytes()[:16] != content[:16]:
            raise Finding("the journal was refused, and something else lies in its place")
        return
    if not damaged or len(damaged[-1].read_bytes()) != len(content):
        raise Finding("the refused journal is not kept")
    begin_anew(path)
    asyncio.run(_opened(path))


DOORS = (Door("journal", _journal),)
