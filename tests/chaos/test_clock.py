"""A process that runs sees its wall clock jump, and hours pass by every clock that it has."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.clock import Clock

_NS = 1_000_000_000
_PROGRAM = """
import time
while input():
    boot = time.clock_gettime_ns(time.CLOCK_BOOTTIME)
    print(time.time_ns(), time.monotonic_ns(), boot, flush=True)
"""


def now() -> tuple[int, ...]:
    return time.time_ns(), time.monotonic_ns(), time.clock_gettime_ns(time.CLOCK_BOOTTIME)


@pytest.mark.parametrize(
    ("set_s", "passed_s", "moved_s"),
    [(3700, 0, (3700, 0, 0)), (-86_400, 0, (-86_400, 0, 0)), (0, 3600, (3600, 3600, 3600)), (5, 10, (15, 10, 10))],
    ids=["forward", "back", "an hour passes", "both"],
)
def test_a_clock_jumps_and_time_passes(tmp_path: Path, set_s: int, passed_s: int, moved_s: tuple[int, ...]) -> None:
    clock = Clock(tmp_path / "clock")
    with subprocess.Popen(
        [sys.executable, "-c", _PROGRAM],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **clock.environment},
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        seen = []
        for moved in ((0, 0, 0), moved_s):
            if any(moved):
                clock.set(set_s)
                clock.pass_time(passed_s)
            before = now()
            process.stdin.write("look\n")
            process.stdin.flush()
            said = tuple(map(int, process.stdout.readline().split()))
            true = tuple(told - by * _NS for told, by in zip(said, moved, strict=True))
            seen.append(all(low <= each <= high for low, each, high in zip(before, true, now(), strict=True)))
        process.stdin.write("\n")
    assert seen == [True, True]
