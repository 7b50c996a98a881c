"""Reading the clock's and the kernel's figures, and printing them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` (0 to 1) of `values` do not exceed. Raises `ValueError` on none."""
    if not values:
        raise ValueError("no values to take a percentile of")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -(-int(share * 1_000_000) * len(ordered) // 1_000_000) - 1))]


def cpu_s(pid: int) -> float:
    """CPU seconds, user and system, that the process and its threads have used. Source: proc_pid_stat(5)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) * _TICK_S


def resident_mb(pid: int) -> float:
    """Resident memory in MiB of the process, shared libraries included (`VmRSS` of proc_pid_status(5))."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ValueError(f"process {pid} tells no resident memory")


def report(title: str, rows: Sequence[tuple[str, str, str, str]], result: Mapping[str, float], json_only: bool) -> None:
    """Print a table (what, measured, floor, to reach) unless `json_only`, and the result as the last line."""
    if not json_only:
        print(title)
        table = [("", "measured", "floor", "to reach"), *rows]
        widths = [max(len(row[column]) for row in table) for column in range(4)]
        for row in table:
            print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
    print(json.dumps({name: round(value, 3) for name, value in result.items()}))
