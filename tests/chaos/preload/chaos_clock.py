"""The process's clocks are `tests.chaos.clock.Clock`'s.

Two offsets in nanoseconds stand in a file of sixteen bytes. By the first the wall clock is wrong; monotonic clocks,
which nobody sets, stay as they are. The second is time that has passed for every clock of the machine.
"""

import mmap
import os
import struct
import time


def install() -> None:
    """From now on the time is the set one."""
    true_ns, monotonic_ns, of_kind_ns = time.time_ns, time.monotonic_ns, time.clock_gettime_ns
    with open(os.environ["PACKLINE_CHAOS_CLOCK"], "rb") as file:
        offsets = mmap.mmap(file.fileno(), 16, prot=mmap.PROT_READ)

    def read() -> tuple[int, int]:
        wrong, passed = struct.unpack_from("<qq", offsets)
        return int(wrong), int(passed)

    def wall_ns() -> int:
        return true_ns() + sum(read())

    def since_boot_ns() -> int:
        return monotonic_ns() + read()[1]

    def any_ns(kind: int) -> int:
        passed = sum(read()) if kind == time.CLOCK_REALTIME else read()[1]
        return of_kind_ns(kind) + passed

    time.time_ns = wall_ns
    time.time = lambda: wall_ns() / 1e9
    time.monotonic_ns = since_boot_ns
    time.monotonic = lambda: since_boot_ns() / 1e9
    time.clock_gettime_ns = any_ns
