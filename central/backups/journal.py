"""Which restorations there were: beside the copies, because each database forgets those of the lives after its copy."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from central.backups.copies import on_disk

_NAME: Final = ".restored"


def since(folder: Path, taken_at: int) -> list[int]:
    """The moments of restorations after a copy was taken."""
    file = folder / _NAME
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    moments = [int(words[0]) for line in lines if (words := line.split()) and words[0].isdecimal()]
    return [moment for moment in moments if moment >= taken_at]


def note(folder: Path, at: int, copy: str) -> None:
    """One more, before it takes effect: one that then fails costs numbers and does no harm."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(folder / _NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        print(at, copy, file=file, flush=True)
        os.fsync(descriptor)
    on_disk(folder)
