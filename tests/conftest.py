"""Fixtures that every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from demo.broker import Broker

# How long an example takes says how busy the machine is.
_QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What passed here passes elsewhere: `make test` draws the same examples everywhere, `make explore` always others.
settings.register_profile("packline", _QUIET, derandomize=True)
settings.register_profile("explore", _QUIET, derandomize=False, print_blob=True)
settings.load_profile("packline")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--device-vm", action="store_true", help="also start the bench in a virtual machine (minutes)")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What takes a machine of its own is asked for by name: `make test-devices`."""
    return True if collection_path.name == "device_vm" and not config.getoption("--device-vm") else None


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real Mosquitto of the test's own: `host`, `port`, `kill()`, `start()`, `log`."""
    with Broker(tmp_path / "broker") as running:
        yield running
