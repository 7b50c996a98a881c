"""Which restorations there were: beside the copies, because each database forgets those of the lives after its copy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from central.backups.copies import on_disk

_NAME: Final = ".restored"
_DIGITS: Final = 13
"""Of a moment until the year 2286."""


def since(folder: Path, taken_at: int) -> list[int]:
    """The moments of restorations after a copy was taken.

    A line that a bad disk made unreadable may be one of them, and counts as one: that costs numbers, and gives none
    out twice.
    """
    file = folder / _NAME
    lines = file.read_bytes().splitlines() if file.exists() else []
    moments = [_moment(line) for line in lines if line.strip()]
    return [taken_at if moment is None else moment for moment in moments if moment is None or moment >= taken_at]


def _moment(line: bytes) -> int | None:
    first = line.split()[0]
    return int(first) if first.isdigit() and len(first) <= _DIGITS else None


def note(folder: Path, at: int, copy: str) -> None:
    """One more, before it takes effect: one that then fails costs numbers and does no harm."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / _NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        print(at, copy, file=file, flush=True)
        os.fsync(descriptor)
    on_disk(folder)
