"""`make fuzz`: every door in turn under a coverage-guided fuzzer, and one JSON line of what came of it."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.fuzz.doors import DOORS

_COVERED = re.compile(r"^#(\d+)\s.*?cov: (\d+)", re.MULTILINE)
_RUNS = re.compile(r"^Done (\d+) runs", re.MULTILINE)
_FOUND = re.compile(r"^FOUND (\S+) (.+)$|Test unit written to \S*/(found-\S+)", re.MULTILINE)
_GRACE_S = 300


def main() -> int:
    """1 when anything was found."""
    arguments = argparse.ArgumentParser(prog="make fuzz", description=__doc__)
    arguments.add_argument("--duration", type=int, default=600, help="seconds in all")
    arguments.add_argument("--door", choices=sorted(DOORS), help="this one alone")
    given = arguments.parse_args()
    doors = [given.door] if given.door else list(DOORS)
    began = time.monotonic()
    reached = {name: _guided(name, max(1, given.duration // len(doors))) for name in doors}
    crashes = sum(len(each["crashes"]) for each in reached.values())
    executions = sum(each["executions"] for each in reached.values())
    account = {"seconds": round(time.monotonic() - began), "executions": executions, "crashes": crashes}
    print(json.dumps({**account, "doors": reached}))
    return 1 if crashes else 0


def _guided(name: str, seconds: int) -> dict[str, Any]:
    """The door in a process of its own: it ends by itself, or hangs, or falls."""
    with tempfile.TemporaryDirectory(prefix="packline-fuzz-") as folder:
        seeds = Path(folder) / "seeds"
        seeds.mkdir()
        command = [sys.executable, "-m", "tests.fuzz.guided", name, str(seconds), str(seeds)]
        try:
            ran = subprocess.run(command, capture_output=True, timeout=seconds + _GRACE_S, check=False)
        except subprocess.TimeoutExpired as late:
            said = ((late.stdout or b"") + (late.stderr or b"")).decode("utf-8", "replace")
            told = _account(said)
            told["crashes"].append("it did not end")
            return told
        said = (ran.stdout + ran.stderr).decode("utf-8", "replace")
        told = _account(said)
        if not _RUNS.search(said):
            told["crashes"].append(f"it ended before its time: {said[-200:]}")
    if told["crashes"]:
        print(said[-8000:], file=sys.stderr)
    print(f"{name}: {told['executions']} inputs, {len(told['crashes'])} found", file=sys.stderr, flush=True)
    return told


def _account(said: str) -> dict[str, Any]:
    lines = _COVERED.findall(said)
    runs = _RUNS.search(said)
    executions = int(runs[1]) if runs else int(lines[-1][0]) if lines else 0
    covered = [int(cov) for _, cov in lines]
    crashes = [f"{file or other}{' ' + place if place else ''}" for file, place, other in _FOUND.findall(said)]
    return {
        "executions": executions,
        "coverage_of_the_corpus": covered[0] if covered else 0,
        "coverage": covered[-1] if covered else 0,
        "crashes": crashes,
    }


if __name__ == "__main__":
    sys.exit(main())
