"""The machine runs once; every test reads what was seen in it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.device_vm.images import images
from tests.device_vm.machine import result


class Story(NamedTuple):
    """What was seen, and the folder with the labels and the logs."""

    seen: dict[str, Any]
    folder: Path


@pytest.fixture(scope="session")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Two orders packed on a bench that is installed as a shop would."""
    folder = tmp_path_factory.mktemp("machine")
    seen = result(images(), folder)
    if "error" in seen:
        pytest.fail(f"the story broke off; the logs are in {folder}\n{seen['error']}", pytrace=False)
    return Story(seen, folder)
