"""kill -9 at the very system call: the kernel's tracer ends the process as it enters the one that is meant."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from enum import StrEnum
from pathlib import Path


class Instant(StrEnum):
    """Where in its work a process is killed."""

    HALF_WRITTEN = "half_written"
    """As it writes a page of a commit to the log: the commit is half there."""
    WRITTEN = "written"
    """The commit is in the file, not flushed, and nobody was told."""
    SPEAKING = "speaking"
    """As it sends something, to the broker, to a device or from thread to thread: nobody hears it."""


_CALL = {Instant.HALF_WRITTEN: "pwrite64", Instant.WRITTEN: "fdatasync", Instant.SPEAKING: "sendto,sendmsg"}


@asynccontextmanager
async def killed_at(pid: int, instant: Instant, count: int) -> AsyncIterator[None]:
    """While the block runs, the `count`-th such call of one of its threads is its last."""
    call = _CALL[instant]
    tracer = await asyncio.create_subprocess_exec(
        *("strace", "-f", "-p", str(pid), "-e", f"trace={call}"),
        *("-e", f"inject={call}:signal=KILL:when={count}", "-o", "/dev/null"),
        stderr=asyncio.subprocess.PIPE,
    )
    assert tracer.stderr is not None
    try:
        while b"attached" not in (line := await tracer.stderr.readline()):
            if not line:
                raise OSError(f"strace cannot attach to process {pid}")
        yield
    finally:
        if tracer.returncode is None:
            # Not `terminate`: it would reap the process behind the back of asyncio, which complains.
            os.kill(tracer.pid, signal.SIGTERM)
        await tracer.communicate()


def newest_print(journal: Path) -> str:
    """How far the last label had come when the station died, from a copy: to open the file itself would change it."""
    with tempfile.TemporaryDirectory() as folder:
        for part in (journal, journal.with_name(journal.name + "-wal")):
            if part.exists():
                shutil.copy(part, folder)
        with closing(sqlite3.connect(Path(folder) / journal.name)) as copy:
            rows = copy.execute("SELECT state FROM prints WHERE role = 'label' ORDER BY rowid DESC LIMIT 1").fetchall()
    return str(rows[0][0]) if rows else "none"
