"""Who has a database open: whoever works with it shares a lock, whoever replaces the file must have it alone.

The lock is on a file beside it, which also tells of a central that works on a database somebody deleted. The kernel
ends it with the process.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from central.store.store import StoreTrouble


@contextmanager
def using(path: Path) -> Iterator[None]:
    """Work with the database, beside others. Raises `StoreTrouble` while it is being replaced."""
    with _locked(path, fcntl.LOCK_SH, "a copy is being restored; wait until that is done"):
        yield


@contextmanager
def alone_with(path: Path) -> Iterator[None]:
    """Replace the database. Raises `StoreTrouble` while anybody works with it."""
    with _locked(path, fcntl.LOCK_EX, "it is in use; stop central (systemctl stop packline-central) and try again"):
        yield


@contextmanager
def _locked(path: Path, how: int, refusal: str) -> Iterator[None]:
    descriptor = os.open(path.with_name(f"{path.name}.lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, how | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreTrouble(f"{path}: {refusal}") from error
        yield
    finally:
        os.close(descriptor)
