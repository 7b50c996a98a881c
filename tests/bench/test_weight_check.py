"""What `bench.weight_check` prints is what the weight check promises; its chance is seeded, so it never changes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("weight check")

ROOT = Path(__file__).parents[2]
POINTS = 2.0
"""How far below the likelihood ratio's share the check's may be."""


@pytest.fixture(scope="module")
def printed() -> list[str]:
    run = [sys.executable, "-m", "bench.weight_check"]
    return subprocess.run(run, cwd=ROOT, capture_output=True, text=True, timeout=300, check=True).stdout.splitlines()


@pytest.fixture(scope="module")
def result(printed: list[str]) -> dict[str, float]:
    found: dict[str, float] = json.loads(printed[-1])
    return found


@pytest.mark.feature("P12")
@pytest.mark.parametrize("mistake", ["omission", "doubling", "swap", "stranger"])
def test_mistakes_are_caught_nearly_as_often_as_any_test_of_the_weight_could(
    result: dict[str, float], printed: list[str], mistake: str
) -> None:
    caught, bound = result[f"{mistake}_caught_percent"], result[f"{mistake}_bound_percent"]
    assert bound - POINTS <= caught <= bound + 0.5, "above the bound the bound would be wrong"
    [row] = [line for line in printed if line.strip().startswith(f"{mistake}s caught")]
    assert (f"{caught:.1f}" in row, f"{bound:.1f}" in row) == (True, True)


@pytest.mark.feature("P12")
def test_at_one_false_alarm_in_two_hundred_the_cause_named_is_nearly_always_right(result: dict[str, float]) -> None:
    assert result["false_alarms_percent"] == pytest.approx(0.5, abs=0.25)
    assert result["named_percent"] >= 95
    assert result["named_of"] > 1_000
