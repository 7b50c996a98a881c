"""A disk that is full takes not one page, keeps what it had, and takes more when there is room."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.disk import Disk


def test_a_full_disk_takes_nothing_until_there_is_room(tmp_path: Path) -> None:
    folder = tmp_path / "central"
    journal = folder / "journal"
    with Disk(folder) as disk:
        journal.write_bytes(bytes(5000))
        disk.fill(os.getpid())
        try:
            with pytest.raises(OSError, match=r"No space left|File too large"):
                _write(journal, 8 * 4096)
        finally:
            disk.free(os.getpid())
        was = journal.stat().st_size
        _write(journal, 1 << 20)
    assert was < 5000 + 4096
    assert journal.stat().st_size == was + (1 << 20), "what was on it can be looked at afterwards"


def _write(path: Path, size: int) -> None:
    """More at its end, a page at a time."""
    with path.open("ab", buffering=0) as file:
        for _ in range(size // 4096):
            file.write(bytes(4096))
