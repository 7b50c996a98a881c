"""The station's wall clock, in the unit that everything is recorded in."""

from __future__ import annotations

import time
from pathlib import Path

from station.at_hand import Moment


def now_ms() -> int:
    """Milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


_BOOT = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()


def moment() -> Moment:
    """Now, by both clocks."""
    return Moment(_BOOT, time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000, now_ms())
