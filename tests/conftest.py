"""Fixtures that every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from demo.broker import Broker

# How long an example takes says how busy the machine is.
settings.register_profile("packline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("packline")


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real Mosquitto of the test's own: `host`, `port`, `kill()`, `start()`, `log`."""
    with Broker(tmp_path / "broker") as running:
        yield running
