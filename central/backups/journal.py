"""Which restorations there were: beside the copies, because each database forgets those of the lives after its copy."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from msgspec import Struct

from central.backups.copies import on_disk

_NAME: Final = ".restored"
_LINE: Final = re.compile(r"(\d{1,13}) [^ ]+((?: \d{1,16}=\d{1,16})*)", re.ASCII)
"""When (until the year 2286), which copy, and of each prefix the highest serial that may have been out by then."""


class Noted(Struct, frozen=True):
    """A restoration: when it was, and by prefix the highest serial that may have been out by then."""

    at: int
    reached: dict[str, int]


def newest(folder: Path) -> tuple[Noted | None, int]:
    """The last restoration that can be read, and how many there were since, of which a bad disk left nothing."""
    file = folder / _NAME
    lines = file.read_text(encoding="utf-8", errors="replace").splitlines() if file.exists() else []
    found = [_noted(line) for line in lines if line.strip()]
    unread = 0
    while found and found[-1] is None:
        found.pop()
        unread += 1
    return found[-1] if found else None, unread


def _noted(line: str) -> Noted | None:
    found = _LINE.fullmatch(line)
    if found is None:
        return None
    pairs = (pair.split("=") for pair in found[2].split())
    return Noted(int(found[1]), {prefix: int(serial) for prefix, serial in pairs})


def note(folder: Path, at: int, copy: str, reached: Mapping[str, int]) -> None:
    """One more, before it takes effect: one that then fails costs numbers and does no harm."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / _NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        # A line of its own also behind one that was torn.
        pairs = "".join(f" {prefix}={serial}" for prefix, serial in sorted(reached.items()))
        print(f"\n{at} {copy}{pairs}", file=file, flush=True)
        os.fsync(descriptor)
    on_disk(folder)
