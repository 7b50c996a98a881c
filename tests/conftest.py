"""Fixtures that every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from demo.broker import Broker


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real Mosquitto of the test's own: `host`, `port`, `kill()`, `start()`, `log`."""
    with Broker(tmp_path / "broker") as running:
        yield running
