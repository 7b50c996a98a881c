"""The machine runs once; every test reads what was seen in it."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.device_vm.building import TOLD
from tests.device_vm.images import images
from tests.device_vm.machine import result


class Story(NamedTuple):
    """What was seen, and the folder with the labels and the logs."""

    seen: dict[str, Any]
    folder: Path


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Three orders packed on a bench that is installed as a shop would."""
    folder = tmp_path_factory.mktemp("machine")
    made = images()
    began = time.monotonic()
    seen = result(made, folder)
    TOLD.append(f"the machine ran for {time.monotonic() - began:.0f} s")
    if "error" in seen:
        pytest.fail(f"the story broke off; the logs are in {folder}\n{seen['error']}", pytrace=False)
    return Story(seen, folder)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the images and the machine took, for docs/figures.md."""
    for line in TOLD:
        terminalreporter.write_line(line)
