"""What a copy is: a folder, whole or not there, with a page that says what is in it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import msgspec
from msgspec import Meta, Struct

DATABASE: Final = "central.db"
AUTHORITY: Final = "authority"
CONFIGURATION: Final = "configuration"
_PAGE: Final = "copy.json"
Count = Annotated[int, Meta(ge=0, le=10**15)]
Moment = Annotated[int, Meta(ge=0, lt=4_102_444_800_000)]


class BackupTrouble(Exception):
    """A copy cannot be taken or used. The text says why and what to do; nothing was changed."""


class Copy(Struct, frozen=True):
    """`copy.json`, written last: a folder without it is no copy."""

    name: str
    site: str
    taken_at: Moment
    """The database is as it was then. Milliseconds since the epoch."""
    bytes: Count
    """Of the database."""
    products: Count
    movements: Count
    differences: Count
    """Of the audit: the database had them too, then."""
    version: str
    """Of the Packline that took it."""
    sscc_per_day: Annotated[int, Meta(ge=0, le=100_000_000)]
    """How many SSCCs were leased in a day at most, when it was taken."""


def name_of(taken_at: int) -> str:
    """`20261122T023015.123Z`: sorts as time does."""
    moment = datetime.fromtimestamp(taken_at / 1000, UTC)
    return f"{moment:%Y%m%dT%H%M%S}.{taken_at % 1000:03d}Z"


def copies(folder: Path) -> list[Copy]:
    """Every good copy, newest first. Raises `OSError` when the folder cannot be read.

    One that somebody gave another name is his own: it can be restored by that, and is never forgotten.
    """
    if not folder.exists():
        return []
    found = [copy for each in folder.iterdir() if (copy := read(each)) is not None and copy.name == each.name]
    return sorted(found, key=lambda copy: copy.taken_at, reverse=True)


def read(folder: Path) -> Copy | None:
    """The copy in `folder`; None when there is none."""
    try:
        copy = msgspec.json.decode((folder / _PAGE).read_bytes(), type=Copy)
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return None
    # Folders are made, moved and deleted by this name.
    return copy if copy.name == name_of(copy.taken_at) else None


def write(folder: Path, copy: Copy) -> None:
    """The page that makes a folder a copy."""
    keep(folder / _PAGE, msgspec.json.format(msgspec.json.encode(copy)))


def keep(path: Path, content: bytes) -> None:
    """Write a file that only its owner reads, and have it on the disk."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def on_disk(path: Path) -> None:
    """Wait until a file, or what a folder names, has reached the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
