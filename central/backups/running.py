"""Takes copies while central runs, in a thread of its own, and raises a problem when the last good one is too old."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Event
from typing import Final

from central.backups.copies import BackupTrouble, Copy, copies
from central.backups.taking import take
from central.config import CentralConfig
from central.desk.books import Books, Keys
from central.office.live import Live
from central.store.store import Store, StoreTrouble
from central.tracking.reading import problems
from central.tracking.rows import ProblemRow

log = logging.getLogger(__name__)

OVERDUE: Final = "backup_overdue"
_LOOK_EVERY_S: Final = 60.0
_AT_FIRST_MS: Final = 5 * 60_000
"""What stations have waiting comes first after a start."""


class Backups:
    """The timer."""

    def __init__(
        self, store: Store, config: CentralConfig, configuration: Path, live: Live, now: Callable[[], int]
    ) -> None:
        self._store = store
        self._config = config
        self._configuration = configuration
        self._live = live
        self._now = now
        self._stopping = Event()
        self._thread = ThreadPoolExecutor(1, "backup", initializer=_last_in_line)
        self._started = now()
        self._tried_in_vain_at = 0
        self._failure = ""

    async def run(self) -> None:
        """Take a copy whenever one is due, until cancelled."""
        try:
            while True:
                await self.look()
                await asyncio.sleep(_LOOK_EVERY_S)
        finally:
            self._stopping.set()
            self._thread.shutdown()

    async def look(self) -> None:
        """Take a copy if one is due, and have the office know of the newest."""
        loop, now = asyncio.get_running_loop(), self._now()
        newest = await loop.run_in_executor(self._thread, self._newest, now)
        last = max(self._tried_in_vain_at, 0 if newest is None else newest.taken_at)
        if now >= max(self._started + _AT_FIRST_MS, last + self._config.backup.every_minutes * 60_000):
            self._failure = await loop.run_in_executor(self._thread, self._take, now)
            self._tried_in_vain_at = now if self._failure else 0
            newest = await loop.run_in_executor(self._thread, self._newest, now)
        await self._tell(newest)

    def _newest(self, now: int) -> Copy | None:
        """None that was taken while the clock was ahead: no other would be taken until it has caught up."""
        try:
            return next((copy for copy in copies(self._config.backups_folder) if copy.taken_at <= now), None)
        except OSError as error:
            log.error("%s: copies cannot be read: %s", self._config.backups_folder, error)
            return None

    def _take(self, now: int) -> str:
        """Why there is no new copy; empty when there is one."""
        try:
            copy = take(self._config, self._configuration, now, lambda done, total: None, self._stopping.is_set)
        except (BackupTrouble, OSError, sqlite3.Error) as error:
            log.error("no copy was taken: %s", error)
            return str(error)
        if copy.differences:
            log.error("the audit of the copy finds %d differences: run packline-central audit", copy.differences)
        log.info("copied to %s: %d bytes", self._config.backups_folder / copy.name, copy.bytes)
        return ""

    async def _tell(self, newest: Copy | None) -> None:
        """The office sees the age; the problem is raised once, and closed by the next good copy."""
        now, last = self._now(), self._started if newest is None else newest.taken_at
        self._live.copied_at = 0 if newest is None else newest.taken_at
        self._live.copy_is_old = now - last > self._config.backup.overdue_ms
        try:
            open_now = (await problems(self._store, kind=OVERDUE)).items
            if self._live.copy_is_old:
                if not open_now:
                    await self._store.transact(Keys(), lambda books: self._raise(books, now, last))
            elif open_now and newest is not None:
                closing = [(each.problem, now, "central") for each in open_now]
                await self._store.transact(Keys(), lambda books: books.closed_problems.extend(closing))
        except StoreTrouble as error:
            log.error("nobody could be told of the copies: %s", error)

    def _raise(self, books: Books, now: int, last: int) -> None:
        hours = (now - last) // 3_600_000
        text = f"The last good copy of the database is {hours} hours old. {self._failure or 'None was taken since.'}"
        books.problems.append(ProblemRow(OVERDUE, text, now))


def _last_in_line() -> None:
    """On Linux niceness is a thread's own: bookings come first. Where that is forbidden, copies cost them a little."""
    with suppress(PermissionError):
        os.nice(19)
