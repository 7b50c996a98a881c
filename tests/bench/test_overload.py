"""The overload bench in small: more at once than can be booked, by real processes; what must be so on any machine."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from link.window import FIRST

ROOT = Path(__file__).parents[2]
STATIONS = 10


@pytest.mark.feature("R2")
def test_nothing_is_lost_in_a_flood_and_back() -> None:
    """2,000 parcels within three seconds, and a real station with 5,000 undelivered facts."""
    run = [sys.executable, "-m", "bench.overload", "--fleet", str(STATIONS), "--times", "2700", "--minutes", "0.05"]
    done = subprocess.run([*run, "--normal", "2"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=True)
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["offered"] == figures["booked"] > 2_000
    assert (figures["lost"], figures["doubled"], figures["stock_differences"]) == (0, 0, 0)
    assert FIRST <= figures["under_way_max"] <= STATIONS * 100
    for process, most_mb in (("central", 1_000), ("broker", 500), ("station", 200)):
        assert 0 < figures[f"{process}_rss_max_mb"] < most_mb
