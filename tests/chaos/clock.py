"""A process's clocks: the wall clock can be set while it runs, and hours can pass by all of them."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_PRELOAD: Final = Path(__file__).parent / "preload"
_NS: Final = 1_000_000_000


class Clock:
    """What the processes started with `environment` take for the time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._passed_s = 0
        path.write_bytes(bytes(16))

    def set(self, ahead_s: int) -> None:
        """The wall clock is so many seconds ahead of the true time, or behind it; the monotonic clock goes on."""
        self._write(0, ahead_s)

    def pass_time(self, seconds: int) -> None:
        """So much time passes by every clock, at once."""
        self._passed_s += seconds
        self._write(8, self._passed_s)

    @property
    def environment(self) -> Mapping[str, str]:
        """What the process must find around it when it starts."""
        path = os.pathsep.join([str(_PRELOAD), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {"PYTHONPATH": path, "PACKLINE_CHAOS_CLOCK": str(self._path)}

    def _write(self, offset: int, seconds: int) -> None:
        with self._path.open("r+b") as file:
            file.seek(offset)
            file.write(struct.pack("<q", seconds * _NS))
