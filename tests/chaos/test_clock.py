"""A process that runs sees its wall clock jump, forward and back, and its monotonic clock go on."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.chaos.clock import Clock

_PROGRAM = "import time\nwhile input():\n    print(time.time_ns(), time.monotonic_ns(), flush=True)"


@pytest.mark.parametrize("ahead_s", [3700, -86_400])
def test_the_wall_clock_jumps_and_nothing_else(tmp_path: Path, ahead_s: int) -> None:
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
        for ahead in (0, ahead_s, 0):
            clock.set(ahead)
            before = time.time_ns(), time.monotonic_ns()
            process.stdin.write("look\n")
            process.stdin.flush()
            wall, monotonic = map(int, process.stdout.readline().split())
            after = time.time_ns(), time.monotonic_ns()
            seen.append(before[0] <= wall - ahead * 1_000_000_000 <= after[0] and before[1] <= monotonic <= after[1])
        process.stdin.write("\n")
    assert seen == [True, True, True]
