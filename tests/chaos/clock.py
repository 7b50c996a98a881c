"""A process's wall clock that can be set while it runs. Its monotonic clock goes on."""

from __future__ import annotations

import os
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_PRELOAD: Final = Path(__file__).parent / "preload"


class Clock:
    """What the processes started with `environment` take for the time of day."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.write_bytes(bytes(8))

    def set(self, ahead_s: int) -> None:
        """So many seconds ahead of the true time, or behind it."""
        with self._path.open("r+b") as file:
            file.write(struct.pack("<q", ahead_s * 1_000_000_000))

    @property
    def environment(self) -> Mapping[str, str]:
        """What the process must find around it when it starts."""
        path = os.pathsep.join([str(_PRELOAD), *filter(None, [os.environ.get("PYTHONPATH")])])
        return {"PYTHONPATH": path, "PACKLINE_CHAOS_CLOCK": str(self._path)}
