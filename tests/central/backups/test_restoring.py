"""The way back from a copy."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from central.audit import audit
from central.backups import journal
from central.backups.copies import DATABASE, BackupTrouble
from central.backups.restoring import named, restore
from central.backups.taking import take
from central.claims.authority import Authority
from central.config import CentralConfig, read_config
from central.desk.books import Books, Keys
from central.shipping.numbers import day_of, lease_range
from central.store.in_use import alone_with, using
from central.store.sqlite import SqliteStore
from central.store.store import StoreTrouble
from tests.central.backups.setting import begin, configured, within
from tests.central.backups.test_taking import NOW, quiet
from tests.central.conftest import let_in
from tests.central.test_process import SITE

LATER = NOW + 3_600_000
DAY_MS = 24 * 3_600_000


def later(config: CentralConfig) -> None:
    """What is in no copy."""
    noted = partial(Books.note, subject="order/A-1", at=LATER, what="order_paid")
    asyncio.run(within(config, lambda store: store.transact(Keys(), noted)))


def back(config: CentralConfig, at: int = LATER) -> str:
    return restore(config, named(config, "newest", at), "command line (root)", at, quiet).kept_aside


def rows(database: str | Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(sql).fetchall()


@pytest.mark.feature("F9")
def test_the_database_is_as_it_was_and_the_one_before_is_kept(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    asyncio.run(within(config, lambda store: let_in(store, NOW)))
    copy = take(config, file, NOW, quiet)
    later(config)
    aside = back(config)
    assert rows(config.database, "SELECT count(*) FROM timeline WHERE what = 'order_paid'") == [(0,)]
    assert rows(aside, "SELECT count(*) FROM timeline WHERE what = 'order_paid'") == [(1,)]
    assert rows(config.database, "SELECT * FROM restorations") == [(LATER, NOW, copy.name, "command line (root)")]
    assert rows(config.database, "SELECT kind FROM problems WHERE closed_at IS NULL") == [("restored",)]
    assert rows(config.database, "SELECT count(*) FROM sessions") == [(0,)], "somebody signed out may be in again"
    assert audit(config).differences == []


def test_nothing_of_the_log_of_the_database_before_is_read_into_the_restored_one(tmp_path: Path) -> None:
    """A central that was killed leaves a log beside its file."""
    config, file = configured(tmp_path)
    begin(config)
    take(config, file, NOW, quiet)
    killed = sqlite3.connect(config.database)
    killed.execute("PRAGMA wal_autocheckpoint = 0")
    killed.execute("INSERT INTO timeline (subject, at, what, station, by, text) VALUES ('order/1', 1, 'x', '', '', '')")
    killed.commit()
    log = Path(f"{config.database}-wal").read_bytes()
    killed.close()
    Path(f"{config.database}-wal").write_bytes(log)
    back(config)
    assert rows(config.database, "SELECT count(*) FROM timeline WHERE what = 'x'") == [(0,)]
    assert rows(config.database, "PRAGMA integrity_check") == [("ok",)]


def test_a_database_that_is_gone_or_damaged_is_replaced(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    take(config, file, NOW, quiet)
    Path(config.database).write_bytes(b"no database at all" * 1000)
    aside = back(config)
    assert Path(aside).read_bytes().startswith(b"no database")
    Path(config.database).unlink()
    assert back(config, LATER + 1) == ""
    assert audit(config).differences == []


def test_while_anybody_works_with_the_database_nothing_is_restored(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    take(config, file, NOW, quiet)
    with using(Path(config.database)), pytest.raises(StoreTrouble, match="it is in use; stop central"):
        back(config)


@pytest.mark.feature("F9")
def test_a_central_whose_database_was_deleted_still_has_it_in_use(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    take(config, file, NOW, quiet)

    async def deleted(store: SqliteStore) -> None:
        Path(config.database).unlink()  # noqa: ASYNC240
        with pytest.raises(StoreTrouble, match="it is in use; stop central"):
            await asyncio.to_thread(back, config)

    asyncio.run(within(config, deleted))


def test_nobody_begins_to_work_with_a_database_that_is_being_replaced(tmp_path: Path) -> None:
    config, _ = configured(tmp_path)
    with alone_with(Path(config.database)), pytest.raises(StoreTrouble, match="a copy is being restored"):
        begin(config)


def test_a_damaged_copy_is_refused_and_nothing_changes(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    copy = take(config, file, NOW, quiet)
    content = bytearray((config.backups_folder / copy.name / DATABASE).read_bytes())
    content[8192:12288] = b"\xff" * 4096
    (config.backups_folder / copy.name / DATABASE).write_bytes(content)
    before = Path(config.database).read_bytes()
    with pytest.raises(BackupTrouble, match="the copy is damaged"):
        back(config)
    assert Path(config.database).read_bytes() == before
    assert [*tmp_path.glob("*.restoring*"), *tmp_path.glob("*.before-*")] == []


def test_a_copy_of_another_site_is_refused(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    take(config, file, NOW, quiet)
    page = next(config.backups_folder.glob("*/copy.json"))
    page.write_text(page.read_text().replace(SITE, "paris"))
    with pytest.raises(BackupTrouble, match="a copy of site paris"):
        back(config)


@pytest.mark.feature("F9", "R6")
def test_which_is_the_newest_is_asked_when_a_clock_was_wrong(tmp_path: Path) -> None:
    """The one of the wrong clock would be taken for the newest, for years."""
    config, file = configured(tmp_path)
    begin(config)
    true = take(config, file, NOW, quiet)
    ahead = take(config, file, NOW + 10_000 * 3_600_000, quiet)
    with pytest.raises(BackupTrouble, match=f"{ahead.name} was taken later than now.*by its name"):
        named(config, "newest", LATER)
    assert named(config, true.name, LATER) == config.backups_folder / true.name


def test_without_copies_it_says_where_it_looked(tmp_path: Path) -> None:
    config, _ = configured(tmp_path)
    with pytest.raises(BackupTrouble, match="there is no copy here"):
        named(config, "newest", LATER)
    with pytest.raises(BackupTrouble, match="restore --list"):
        named(config, "yesterday", LATER)


def test_two_restorations_of_one_copy_are_told_apart(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    take(config, file, NOW, quiet)
    back(config, NOW - 5)
    ((first,),) = rows(config.database, "SELECT restored_at FROM restorations")
    back(config, LATER)
    ((second,),) = rows(config.database, "SELECT restored_at FROM restorations")
    assert NOW < int(str(first)) < int(str(second))


@pytest.mark.feature("S1", "F9", "R6")
def test_no_number_is_given_twice_though_the_clock_was_years_ahead_as_the_copy_was_taken(tmp_path: Path) -> None:
    """Days since the copy say nothing then; the database that it replaces does, also of a prefix of before."""
    _, file = configured(tmp_path)
    file.write_text(file.read_text().replace("[packing]\n", "[packing]\nsscc_per_day = 10\n"))
    config = read_config(file)
    assert config.house.sscc_per_day == 10
    begin(config)
    copy = take(config, file, NOW + 2000 * DAY_MS, quiet)
    earlier = "0399999"

    async def lease_for_weeks(store: SqliteStore) -> None:
        for day in range(50):
            for prefix in (config.house.sscc_prefix, earlier):
                at, name = NOW + day * DAY_MS, f"{prefix}-{day}"
                keys = Keys(sscc_prefixes=frozenset({prefix}), sscc_days=frozenset({day_of(at)}))
                await store.transact(keys, partial(lease_range, prefix=prefix, count=10, station="pack-1",
                                                   message_id=name, at=at, per_day=10))  # fmt: skip

    asyncio.run(within(config, lease_for_weeks))
    restore(config, Path(config.backups_folder) / copy.name, "command line (root)", NOW + 50 * DAY_MS, quiet)
    newest = dict(rows(config.database, "SELECT prefix, max(last) FROM sscc_ranges GROUP BY prefix"))
    assert newest.keys() == {config.house.sscc_prefix, earlier}
    assert all(isinstance(serial, int) and serial >= 500 for serial in newest.values())


@pytest.mark.feature("F9", "R5")
def test_who_was_revoked_stays_out_and_who_was_claimed_stays_known(tmp_path: Path) -> None:
    """The database forgot both; the authority's folder has not."""
    config, file = configured(tmp_path)
    begin(config)
    authority = Authority.create(config.authority_folder, SITE)
    take(config, file, NOW, quiet)
    stolen, fresh = (
        authority.for_station(name, ec.generate_private_key(ec.SECP256R1()).public_key()) for name in ("old", "new")
    )
    authority.write_revoked([stolen.serial])
    back(config)
    found = rows(config.database, "SELECT serial, station, revoked_at IS NOT NULL FROM certificates ORDER BY station")
    assert found == [(fresh.serial, "new", 0), (stolen.serial, "old", 1)]


def test_on_a_new_machine_the_authority_comes_back_too(tmp_path: Path) -> None:
    config, file = configured(tmp_path)
    begin(config)
    authority = Authority.create(config.authority_folder, SITE)
    take(config, file, NOW, quiet)
    for path in config.authority_folder.iterdir():
        path.unlink()
    assert restore(config, named(config, "newest", LATER), "root", LATER, quiet).authority
    again = Authority.open(config.authority_folder)
    assert again is not None
    assert again.pem == authority.pem
    assert (config.authority_folder / "ca.key").stat().st_mode & 0o077 == 0


def test_a_restoration_that_a_bad_disk_made_unreadable_counts_as_one_since(tmp_path: Path) -> None:
    """Numbers are skipped for it, so that none is given twice."""
    assert journal.newest(tmp_path) == (None, 0)
    journal.note(tmp_path, NOW, "before", {"03401234": 7})
    journal.note(tmp_path, LATER, "since", {"03401234": 90, "03409999": 12})
    newest = journal.Noted(LATER, {"03401234": 90, "03409999": 12})
    assert journal.newest(tmp_path) == (newest, 0)
    with (tmp_path / ".restored").open("ab") as file:
        file.write(b"\xff\0\0 x\n" + b"9" * 5000 + b" x\n\n17000 torn 034")
    assert journal.newest(tmp_path) == (newest, 3)
    journal.note(tmp_path, LATER + 1, "last", {})
    assert journal.newest(tmp_path) == (journal.Noted(LATER + 1, {}), 0)
