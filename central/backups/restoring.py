"""The way back from a copy: checked first, then put in place in one step; what was there is kept aside."""

from __future__ import annotations

import asyncio
import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from msgspec import Struct

from central.backups import journal, rules
from central.backups.copies import AUTHORITY, DATABASE, BackupTrouble, Copy, copies, keep, name_of, on_disk, read
from central.backups.taking import Progress, check, prove
from central.claims.authority import Authority, replace_file
from central.claims.rows import CertificateRow
from central.config import CentralConfig
from central.store.in_use import alone_with
from central.store.migrate import missing
from central.store.sqlite import SqliteStore
from contract.complaint import why_unreadable
from contract.machine import CLOCK_TOLERANCE_MS

_CHUNK: Final = 4 * 1024 * 1024
_COMPANIONS: Final = ("-wal", "-shm")


class Restored(Struct, frozen=True):
    """What was done."""

    copy: str
    taken_at: int
    database: str
    kept_aside: str
    """The database that was there; empty when there was none."""
    authority: bool
    """Whether the certificate authority's files came from the copy too: there were none."""


def named(config: CentralConfig, name: str, now: int) -> Path:
    """The folder of a copy by its name, its path, or `newest`. Raises `BackupTrouble`."""
    folder = config.backups_folder
    if name == "newest":
        found = copies(folder)
        if not found:
            raise BackupTrouble(f"{folder}: there is no copy here; give the path of one")
        if found[0].taken_at - now > CLOCK_TOLERANCE_MS:
            raise BackupTrouble(
                f"{found[0].name} was taken later than now: the clock was ahead then, or is behind now, and nobody can "
                "tell which copy is the newest; choose one of restore --list by its name"
            )
        return folder / found[0].name
    for path in (folder / name, Path(name)):
        if read(path) is not None:
            return path
    raise BackupTrouble(f"{name}: no copy; packline-central restore --list names those in {folder}")


def restore(config: CentralConfig, path: Path, by: str, now: int, progress: Progress) -> Restored:
    """Put the copy in the place of the database.

    Raises `BackupTrouble` for a copy that cannot be used, `StoreTrouble` while anybody works with the database.
    """
    copy = read(path)
    if copy is None:
        raise BackupTrouble(f"{path}: no copy")
    if copy.site != config.site:
        raise BackupTrouble(f"{path}: a copy of site {copy.site}, and this is {config.site}; take one of this site")
    database = Path(config.database)
    database.parent.mkdir(parents=True, exist_ok=True)
    with alone_with(database):
        check(path / DATABASE, copy.bytes)
        authority, is_saved = _authority(config, path / AUTHORITY)
        fresh = database.with_name(f"{database.name}.restoring")
        _remove(fresh)
        try:
            _copy_file(path / DATABASE, fresh, progress)
            asyncio.run(_mark(config, fresh, copy, authority, by, now, _serials_of(database)))
            _compare(path, fresh, copy)
            if is_saved:
                _authority_back(config, path / AUTHORITY)
        except BaseException:
            _remove(fresh)
            raise
        fresh.with_name(f"{fresh.name}.lock").unlink(missing_ok=True)
        aside = _put_in_place(fresh, database, now)
    return Restored(copy.name, copy.taken_at, str(database), aside, is_saved)


def _authority(config: CentralConfig, saved: Path) -> tuple[tuple[CertificateRow, ...], bool]:
    """What was issued, and whether the copy's authority says so: only where there is none.

    What is there is newer, and knows who was revoked since.
    """
    is_saved = not (config.authority_folder / "ca.key").exists() and (saved / "ca.key").exists()
    folder = saved if is_saved else config.authority_folder
    try:
        authority = Authority.open(folder)
        return () if authority is None else tuple(authority.issued()), is_saved
    except (OSError, ValueError) as error:
        raise BackupTrouble(
            f"{folder}: the certificate authority cannot be read ({why_unreadable(error)}); put its files from another "
            "copy there, or move the folder away"
        ) from error


def _serials_of(database: Path) -> dict[str, int]:
    """How far the SSCCs had come, by prefix, in the database that is replaced; empty when it cannot be read.

    The clock may have been wrong when the copy was taken, and days say nothing then.
    """
    if not database.exists():
        return {}
    # Nobody else has it open. Without a log beside it, it is read without making one.
    how = "mode=ro" if database.with_name(f"{database.name}-wal").exists() else "immutable=1"
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?{how}", uri=True)) as connection:
            return dict(
                connection.execute(
                    "SELECT prefix, max(last) FROM sscc_ranges "
                    "WHERE prefix NOT GLOB '*[^0-9]*' AND typeof(last) = 'integer' GROUP BY prefix"
                )
            )
    except sqlite3.Error:
        return {}


async def _mark(
    config: CentralConfig,
    fresh: Path,
    copy: Copy,
    issued: tuple[CertificateRow, ...],
    by: str,
    now: int,
    replaced: dict[str, int],
) -> None:
    try:
        async with SqliteStore(fresh, config.site, config.standing) as store:
            used = await store.read("shipping.prefixes")
            noted, unread = journal.newest(config.backups_folder)
            before = (store.standing.restored_at, copy.taken_at, noted.at if noted is not None else 0)
            told = rules.Restoring(
                copy,
                max(now, *(moment + 1 for moment in before)),
                by,
                noted,
                unread,
                config.house.sscc_per_day,
                frozenset({config.house.sscc_prefix, *(row["prefix"] for row in used), *replaced}),
                replaced,
                issued,
            )
            reached = await store.transact(told.keys, lambda books: rules.restored(books, told))
            journal.note(config.backups_folder, told.at, copy.name, reached)
    except (sqlite3.Error, TypeError, ValueError) as error:
        # SQLite keeps whatever another program wrote: words in a column of numbers, half the tables.
        raise BackupTrouble(
            f"{copy.name}: its database or its authority has something in it that no Packline writes; take another"
        ) from error


def _compare(path: Path, fresh: Path, copy: Copy) -> None:
    """Raises `BackupTrouble` when the database is not what the copy says of it."""
    found = prove(fresh)
    if len(found.differences) > copy.differences:
        raise BackupTrouble(f"{path}: the audit finds what it did not find when the copy was taken; take another")
    if found.products < copy.products or found.movements < copy.movements:
        raise BackupTrouble(
            f"{path}: {found.products} products and {found.movements} movements; there were {copy.products} and "
            f"{copy.movements} when the copy was taken; take another"
        )
    with closing(sqlite3.connect(fresh)) as connection:
        lacking = missing(connection)
    if lacking:
        raise BackupTrouble(f"{path}: {lacking[0]} is missing from its database; take another")


def _put_in_place(fresh: Path, database: Path, now: int) -> str:
    """One rename; before it the old database is whole under another name. Where that is; empty without one."""
    aside = database.with_name(f"{database.name}.before-{name_of(now)}")
    # What is in the log goes into the file. A damaged file is kept with its log as it is.
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"{database.as_uri()}?mode=rw", uri=True)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    for suffix in _COMPANIONS:
        companion = database.with_name(database.name + suffix)
        if companion.exists():
            # A log that is beside the restored file would be read into it.
            companion.rename(aside.with_name(aside.name + suffix))
    was_there = database.exists()
    if was_there:
        os.link(database, aside)
    on_disk(database.parent)
    fresh.replace(database)
    on_disk(database.parent)
    return str(aside) if was_there else ""


def _copy_file(source: Path, target: Path, progress: Progress) -> None:
    size, done = source.stat().st_size, 0
    if shutil.disk_usage(target.parent).free < size:
        raise BackupTrouble(f"{target.parent}: too full for a database of {size >> 20} MB; make room and try again")
    with source.open("rb") as reading, os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as writing:
        while chunk := reading.read(_CHUNK):
            writing.write(chunk)
            done += len(chunk)
            progress(done, size)
    on_disk(target)


def _authority_back(config: CentralConfig, saved: Path) -> None:
    folder = config.authority_folder
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in saved.iterdir():
        if file.is_file() and file.name != "ca.key":
            replace_file(folder / file.name, file.read_bytes(), 0o644 if file.suffix == ".pem" else 0o600)
    keep(folder / "ca.key", (saved / "ca.key").read_bytes())
    on_disk(folder)


def _remove(path: Path) -> None:
    for suffix in ("", *_COMPANIONS, ".lock"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
