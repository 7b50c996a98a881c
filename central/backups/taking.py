"""Takes a copy while central works. Everything here blocks: it runs in a thread or process of its own."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Final

from central.audit import Audit, compare
from central.backups import retention
from central.backups.copies import (
    AUTHORITY,
    CONFIGURATION,
    DATABASE,
    BackupTrouble,
    Copy,
    copies,
    keep,
    name_of,
    on_disk,
    write,
)
from central.config import CentralConfig

_PAGES: Final = 1024
"""4 MB, then a breath: the disk belongs to bookings."""
_BREATH_S: Final = 0.01
_LOOK_UP_EVERY: Final = 1_000_000
"""Steps of SQLite's machine between two looks whether to stop."""
Progress = Callable[[int, int], None]
"""So much of the database, of so much in all."""


def take(
    config: CentralConfig,
    configuration: Path,
    now: int,
    progress: Progress,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Copy:
    """A new copy, proved; old ones go. Raises `BackupTrouble`, `OSError` or `sqlite3.Error`.

    Once `is_stopped`, it ends soon with `sqlite3.OperationalError`, and nothing of it stays.
    """
    database, folder = Path(config.database), config.backups_folder
    if not database.exists():
        raise BackupTrouble(f"{database}: there is no database to copy; mend `database`, or restore a copy")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder):
        for left in folder.glob(".*.part"):
            shutil.rmtree(left)
        _room(folder, database)
        part = folder / f".{name_of(now)}.part"
        part.mkdir(mode=0o700)
        try:
            copy = _fill(part, config, configuration, now, progress, is_stopped)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise
        part.rename(folder / copy.name)
        on_disk(folder)
        _forget_old(folder, config, now)
    return copy


def _fill(
    part: Path,
    config: CentralConfig,
    configuration: Path,
    now: int,
    progress: Progress,
    is_stopped: Callable[[], bool],
) -> Copy:
    target = part / DATABASE
    copy_database(Path(config.database), target, progress, is_stopped)
    found = prove(target, is_stopped)
    for source, name in ((config.authority_folder, AUTHORITY), (configuration, CONFIGURATION)):
        if source.exists():
            _copy_files(source, part / name)
    for file in filter(None, (config.rules, *(mapping.file for mapping in config.mappings))):
        _copy_files(Path(file), part / CONFIGURATION)
    copy = Copy(
        name=name_of(now),
        site=config.site,
        taken_at=now,
        bytes=target.stat().st_size,
        products=found.products,
        movements=found.movements,
        differences=len(found.differences),
        version=version("packline"),
        sscc_per_day=config.house.sscc_per_day,
    )
    write(part, copy)
    on_disk(part)
    return copy


def copy_database(source: Path, target: Path, progress: Progress, is_stopped: Callable[[], bool]) -> None:
    """One moment of a database that others write to: a read transaction holds that moment, and no writer waits."""
    with closing(sqlite3.connect(source)) as reading, closing(sqlite3.connect(target)) as writing:
        target.chmod(0o600)
        reading.execute("BEGIN")
        reading.execute("SELECT count(*) FROM sqlite_schema").fetchone()

        def after(_status: int, remaining: int, total: int) -> None:
            if is_stopped():
                raise sqlite3.OperationalError("stopped")
            progress(total - remaining, total)
            time.sleep(_BREATH_S)

        reading.backup(writing, pages=_PAGES, progress=after)
        # One file, without a log beside it.
        writing.execute("PRAGMA journal_mode = DELETE").fetchone()
    on_disk(target)


def prove(path: Path, is_stopped: Callable[[], bool] = lambda: False) -> Audit:
    """What is in a copied database, and the differences that it was copied with. Raises `BackupTrouble`."""
    with _sound(path, is_stopped) as connection:
        return compare(connection)


def check(path: Path, size: int) -> None:
    """Raises `BackupTrouble` for a file that is damaged, was cut off, or runs what no Packline wrote into it."""
    with _sound(path, lambda: False) as connection:
        foreign = connection.execute("SELECT name FROM sqlite_schema WHERE type IN ('view', 'trigger')").fetchone()
    if foreign is not None:
        raise BackupTrouble(f"{path}: no Packline made {foreign[0]!r} in it; take another copy")
    if path.stat().st_size != size:
        raise BackupTrouble(
            f"{path}: {path.stat().st_size} bytes, and {size} when the copy was taken; take another copy"
        )


@contextmanager
def _sound(path: Path, is_stopped: Callable[[], bool]) -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.set_progress_handler(is_stopped, _LOOK_UP_EVERY)
            findings = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(3)")]
            if findings == ["ok"]:
                yield connection
    except sqlite3.DatabaseError as error:
        if is_stopped():
            raise
        findings = [str(error)]
    if findings != ["ok"]:
        raise BackupTrouble(f"{path}: the copy is damaged ({'; '.join(findings)}); take another one")


def _copy_files(source: Path, target: Path) -> None:
    """A file, or the files of a folder, into the folder `target`."""
    target.mkdir(mode=0o700, exist_ok=True)
    for file in sorted(source.iterdir()) if source.is_dir() else [source]:
        if file.is_file() and not file.name.startswith("."):
            keep(target / file.name, file.read_bytes())
    on_disk(target)


def _room(folder: Path, database: Path) -> None:
    """A copy must never take the last room from the database that may be on the same disk."""
    needed, free = 2 * database.stat().st_size, shutil.disk_usage(folder).free
    if free < needed:
        raise BackupTrouble(
            f"{folder}: {free >> 20} MB are free, a copy wants {needed >> 20} MB; make room, keep fewer copies "
            "([backup] newest, days), or give [backup] folder a larger disk"
        )


def _forget_old(folder: Path, config: CentralConfig, now: int) -> None:
    found = [copy for copy in copies(folder) if copy.site == config.site]
    kept = retention.kept((copy.taken_at for copy in found), config.backup.newest, config.backup.days, now)
    for copy in found:
        if copy.taken_at not in kept:
            # A name that nobody takes for a copy, should this end half-way.
            gone = (folder / copy.name).rename(folder / f".{copy.name}.part")
            shutil.rmtree(gone)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupTrouble(f"{folder}: another copy is being taken; wait for it") from error
        yield
    finally:
        os.close(descriptor)
