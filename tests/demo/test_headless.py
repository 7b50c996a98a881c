"""The robot packs through the real processes, and everything agrees at the end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

KEYS = [
    "parcels_closed",
    "parcels_booked",
    "labels_decoded",
    "lost",
    "doubled",
    "stock_ok",
    "scan_to_light_p50_ms",
    "scan_to_light_p99_ms",
    "closed_to_receipt_p50_ms",
    "closed_to_receipt_p99_ms",
]


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "demo.cli", *arguments], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.mark.feature("P3", "P14", "L1", "R2", "K7")
def test_a_robot_packs_and_central_has_everything_once(tmp_path: Path) -> None:
    done = demo("--headless", "--parcels", "5", "--json", "--folder", str(tmp_path / "shop"))
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert list(result) == KEYS
    assert (result["parcels_closed"], result["parcels_booked"], result["labels_decoded"]) == (5, 5, 5)
    assert (result["lost"], result["doubled"], result["stock_ok"]) == (0, 0, True)
    assert 0 < result["scan_to_light_p50_ms"] <= result["scan_to_light_p99_ms"]
    assert 0 < result["closed_to_receipt_p50_ms"] <= result["closed_to_receipt_p99_ms"]
    assert (tmp_path / "shop" / "central.db").exists()


@pytest.mark.parametrize("count", ["0", "-1", "many", "151", "²"])
def test_a_count_that_is_none_is_refused_in_words(count: str) -> None:
    done = demo("--headless", f"--parcels={count}")
    assert done.returncode == 2
    assert f"{count!r} is not a number of parcels from 1 to 150" in done.stderr


def test_a_folder_that_cannot_be_made_is_named() -> None:
    done = demo("--headless", "--folder", "/proc/nowhere")
    assert done.returncode == 2
    assert "/proc/nowhere" in done.stderr
    assert "Traceback" not in done.stderr
