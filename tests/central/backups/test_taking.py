"""Copies of a database that is written to meanwhile."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from central.backups.copies import BackupTrouble, copies, name_of
from central.backups.taking import copy_database, prove, take
from central.claims.authority import Authority
from central.desk.books import Books, Keys
from central.store.sqlite import SqliteStore
from tests.central.backups.setting import begin, configured
from tests.central.test_process import SITE

NOW = 1_800_000_000_000


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


@pytest.mark.feature("F9")
async def test_bookings_go_on_in_the_middle_of_a_copy_and_it_is_of_one_moment(tmp_path: Path) -> None:
    """Each step of the copy books something: none waits for the copy, and the copy has none of it."""
    database = tmp_path / "central.db"
    loop, booked = asyncio.get_running_loop(), 0

    def note(books: Books) -> None:
        books.note("order/1", NOW, "order_paid", text="x" * 500)

    async with SqliteStore(database, SITE) as store:
        await store.transact(Keys(), lambda books: [note(books) for _ in range(30_000)])

        def step(done: int, total: int) -> None:
            nonlocal booked
            asyncio.run_coroutine_threadsafe(store.transact(Keys(), note), loop).result(30)
            booked += 1

        await asyncio.to_thread(copy_database, database, tmp_path / "copy.db", step, lambda: False)
        (live,) = await store.read("desk.restored_at")
    assert booked > 2, "the database is so small that it was copied in one step"
    assert live == {"restored_at": 0}
    assert prove(tmp_path / "copy.db").differences == []
    with closing(sqlite3.connect(tmp_path / "copy.db")) as copy:
        assert copy.execute("SELECT count(*) FROM timeline").fetchone() == (30_000,)
    assert not (tmp_path / "copy.db-wal").exists()


def test_what_is_in_a_copy(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    Authority.create(config.authority_folder, SITE)
    copy = take(config, file, NOW, quiet)
    folder = config.backups_folder / copy.name
    assert copies(config.backups_folder) == [copy]
    assert (copy.products, copy.site, copy.taken_at) == (3, SITE, NOW)
    assert (folder / "configuration" / "central.toml").read_bytes() == file.read_bytes()
    assert (folder / "authority" / "ca.key").read_bytes() == (config.authority_folder / "ca.key").read_bytes()
    for path in (config.backups_folder, folder, *folder.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, f"{path} is open to others"


def test_old_copies_go_and_half_a_copy_is_none(tmp_path: Path) -> None:
    config, file = configured(tmp_path, "[backup]\nnewest = 2\ndays = 1\n")
    begin(config)
    half = config.backups_folder / f".{name_of(NOW)}.part"
    half.mkdir(parents=True)
    (half / "central.db").write_bytes(b"cut off")
    for number in range(4):
        take(config, file, NOW + number, quiet)
    assert [copy.taken_at for copy in copies(config.backups_folder)] == [NOW + 3, NOW + 2]
    assert not half.exists()


def test_stock_that_does_not_agree_is_told_and_copied_as_it_is(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    with closing(sqlite3.connect(config.database)) as database, database:
        database.execute("UPDATE levels SET shelf = shelf + 1")
    assert take(config, file, NOW, quiet).differences == 3


def test_a_damaged_database_gives_no_copy(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    with Path(config.database).open("r+b") as database:
        database.seek(8192)
        database.write(b"\xff" * 4096)
    with pytest.raises(BackupTrouble, match="the copy is damaged"):
        take(config, file, NOW, quiet)
    assert copies(config.backups_folder) == []
    assert [path.name for path in config.backups_folder.iterdir()] == [".lock"]


def test_a_copy_that_is_stopped_leaves_nothing(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    with pytest.raises(sqlite3.OperationalError):
        take(config, file, NOW, quiet, lambda: True)
    assert copies(config.backups_folder) == []


def test_without_a_database_there_is_nothing_to_copy(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    with pytest.raises(BackupTrouble, match="there is no database to copy"):
        take(config, file, NOW, quiet)
