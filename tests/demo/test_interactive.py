"""`packline-demo` as a person starts it: three pages, a clean end, and a clear word when something dies."""

from __future__ import annotations

import os
import re
import signal
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.children import Child


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Child]:
    with Child(
        "demo", [sys.executable, "-m", "demo.cli", "--folder", str(tmp_path / "shop")], tmp_path, REPOSITORY
    ) as child:
        child.line("Ctrl-C ends everything", timeout_s=60)
        yield child


REPOSITORY = {"PYTHONPATH": str(Path(__file__).parents[2])}


def children_of(pid: int) -> dict[str, int]:
    """Names of our programs among the children of a process, and their ids."""
    found: dict[str, int] = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            command = Path(f"/proc/{child}/cmdline").read_bytes().decode()
            name = re.search(r"mosquitto|central\.cli|station\.cli", command)
            if name is not None:
                found[name[0]] = int(child)
    return found


def test_three_pages_answer_and_ctrl_c_ends_all(demo: Child) -> None:
    addresses = re.findall(r"http://127\.0\.0\.1:\d+/", "\n".join(demo.lines))
    assert len(addresses) == 3
    for address in addresses:
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert b"<!doctype html>" in answer.read().lower()
    children = children_of(demo.pid)
    assert set(children) == {"mosquitto", "central.cli", "station.cli"}
    os.kill(demo.pid, signal.SIGINT)
    assert demo.wait() == 0
    assert demo.lines[-1] == "Ended."
    assert not [pid for pid in children.values() if Path(f"/proc/{pid}").exists()]


def test_a_process_that_dies_ends_the_demo_with_its_name(demo: Child) -> None:
    os.kill(children_of(demo.pid)["station.cli"], signal.SIGKILL)
    assert demo.wait() == 2
    assert any("bench-1 ended with exit code -9" in line for line in demo.lines)
