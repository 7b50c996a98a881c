"""Copies the write-ahead log into the database beside the writing, so that no commit waits for it.

SQLite itself does it within the commit that writes the log's thousandth page: of single parcels that was one commit in
forty (counted), and the slowest of them.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import aiosqlite

log = logging.getLogger(__name__)

MOST_PAGES: Final = 10_000
"""40 MB. The log begins anew only when all of it is copied: so that it does not grow for ever while more is written all
the time, a commit beyond this copies what is left."""
_EVERY_S = 1.0


class Checkpoints:
    """A connection of its own to the database at `path`, while the block runs."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._connection = await aiosqlite.connect(self._path, isolation_level=None)
        self._running = asyncio.create_task(self._run(), name="checkpoints")
        return self

    async def __aexit__(self, *failure: object) -> None:
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running
        await self._connection.close()

    def written(self) -> None:
        """The log holds more than before."""
        self._written.set()

    async def _run(self) -> None:
        while True:
            await self._written.wait()
            await asyncio.sleep(_EVERY_S)
            self._written.clear()
            try:
                # Passive: it waits for nobody, and leaves for the next time what somebody still reads.
                await self._connection.execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")
            except sqlite3.Error as error:
                log.warning("%s: the write-ahead log cannot be copied, it grows meanwhile: %s", self._path, error)
