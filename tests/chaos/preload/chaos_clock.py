"""The process's wall clock is `tests.chaos.clock.Clock`'s.

The offset in nanoseconds stands in a file of eight bytes. Monotonic clocks, which nobody sets, stay as they are.
"""

import mmap
import os
import struct
import time


def install() -> None:
    """From now on the time of day is the set one."""
    true_ns, true = time.time_ns, time.time
    with open(os.environ["PACKLINE_CHAOS_CLOCK"], "rb") as file:
        offset = mmap.mmap(file.fileno(), 8, prot=mmap.PROT_READ)

    def ahead_ns() -> int:
        (ahead,) = struct.unpack_from("<q", offset)
        return int(ahead)

    time.time_ns = lambda: true_ns() + ahead_ns()
    time.time = lambda: true() + ahead_ns() / 1e9
