"""How many steps the journal has taken, in a file beside it: a journal that went back to an earlier one is noticed.

SQLite reads its log up to the first damaged page and takes that for the end: steps behind it are gone without a word.
"""

from __future__ import annotations

import os
from pathlib import Path

_SIZE = 8


class Witness:
    """One number that only grows. Not flushed: a power cut may take it back, which does no harm."""

    def __init__(self, path: Path) -> None:
        """Raises `OSError` when the file cannot be made."""
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        content = os.pread(self._file, _SIZE, 0)
        self.seen = int.from_bytes(content, "big") if len(content) == _SIZE else 0
        """The last step that was noted; 0 in a new file."""

    def note(self, step: int) -> None:
        """The journal has taken this step."""
        os.pwrite(self._file, step.to_bytes(_SIZE, "big"), 0)

    def close(self) -> None:
        """Let go of the file."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
