"""A copy of central's database as somebody brings it to `packline-central restore`: damaged, foreign, made to harm.

An input is the name of one of its files, a line end, and what becomes of that: `damage` and lines as in
`tests.fuzz.damaged`, `sql` and statements for its database, or else its whole content, where `@bytes` is the size of
the database. `.restored` is the journal beside the copies.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from central.backups.copies import BackupTrouble
from central.backups.restoring import named, restore
from central.backups.taking import take
from central.claims.authority import Authority
from central.desk.books import Books, Keys
from central.store.sqlite import SqliteStore
from central.store.store import StoreTrouble
from contract.keys import OrderId
from tests.central.backups.setting import begin, configured, within
from tests.central.backups.test_taking import NOW, quiet
from tests.fuzz.damaged import damaged
from tests.fuzz.door import Door, Finding, Offer, checked

_FILES = (
    "copy.json",
    "central.db",
    "authority/ca.key",
    "authority/ca.pem",
    "authority/revoked.pem",
    "authority/issued",
)
_JOURNAL = ".restored"
_DAY_MS = 86_400_000
_KEEPS_ONLY_THE_NEWEST = "[backup]\nnewest = 1\ndays = 0\n"


@contextmanager
def _copies(folder: Path) -> Iterator[Offer]:
    sound, house = folder / "sound", folder / "house"
    house.mkdir()
    config, file = configured(house, _KEEPS_ONLY_THE_NEWEST)
    begin(config)
    Authority.create(config.authority_folder, config.site)
    copy = take(config, file, NOW, quiet).name
    # The machine is new: it has no authority, and the copy has one.
    shutil.rmtree(config.authority_folder)
    house.rename(sound)

    def offer(data: bytes) -> str:
        shutil.rmtree(house, ignore_errors=True)
        shutil.copytree(sound, house)
        _become(config.backups_folder, copy, data)
        before = _files(house)
        try:
            restore(config, named(config, "newest", NOW + _DAY_MS), "command line (root)", NOW + _DAY_MS, quiet)
            sentence = ""
        except (BackupTrouble, StoreTrouble, OSError) as refused:
            if _files(house) != before:
                raise Finding(f"refused, and something was changed: {refused}") from refused
            sentence = str(refused).replace(str(folder), "…")
        # Central starts, and goes on taking copies.
        asyncio.run(within(config, _booked))
        take(config, file, NOW + 2 * _DAY_MS, quiet)
        return checked(sentence)

    yield offer


async def _booked(store: SqliteStore) -> None:
    keys = Keys(orders=frozenset({OrderId("A-1")}))
    await store.transact(keys, lambda books: Books.note(books, "order/A-1", NOW, "order_paid"))


def _become(copies_folder: Path, copy: str, data: bytes) -> None:
    name, _, content = data.partition(b"\n")
    told = name.decode("utf-8", "replace")
    if told == _JOURNAL:
        path = copies_folder / _JOURNAL
    elif told in _FILES:
        path = copies_folder / copy / told
    else:
        return
    how, _, recipe = content.partition(b"\n")
    size = (copies_folder / copy / "central.db").stat().st_size
    if how == b"sql":
        with closing(sqlite3.connect(path)) as database, suppress(sqlite3.Error, ValueError):
            database.executescript(recipe.decode("utf-8", "replace"))
    elif how == b"damage":
        path.write_bytes(damaged(path.read_bytes() if path.exists() else b"", recipe))
    else:
        path.write_bytes(content.replace(b"@bytes", b"%d" % size))


def _files(house: Path) -> dict[str, bytes]:
    """All that is not among the copies."""
    paths = (path for path in house.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path): path.read_bytes() for path in paths if "backups" not in path.relative_to(house).parts}


DOORS = (Door("backup", _copies, is_json=True),)
