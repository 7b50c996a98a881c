"""Fixtures that every test may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, settings

from demo.broker import Broker

# How long an example takes says how busy the machine is.
_QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What passed here passes elsewhere: `make test` draws the same examples everywhere, `make explore` always others.
settings.register_profile("packline", _QUIET, derandomize=True)
settings.register_profile("explore", _QUIET, derandomize=False, print_blob=True)
settings.load_profile("packline")

_LONGEST: Final = (
    "chaos/test_boundaries",
    "chaos/test_chaos",
    "e2e/test_week_of_a_shop",
    "bench/",
    "chaos/",
    "tape_played",
    "e2e/",
    "claims/test_renewing",
    "demo/",
    "fuzz/",
    "browser/",
    "station/test_",
    "central/office/test_listing",
)
"""Minutes and seconds, most of them waiting."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--device-vm", action="store_true", help="also start the bench in a virtual machine (minutes)")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first: no worker is left alone with it at the end."""
    items.sort(key=lambda item: next((place for place, long in enumerate(_LONGEST) if long in item.nodeid), 99))


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """What takes a machine of its own is asked for by name: `make test-devices`."""
    return True if collection_path.name == "device_vm" and not config.getoption("--device-vm") else None


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """A real Mosquitto of the test's own: `host`, `port`, `kill()`, `start()`, `log`."""
    with Broker(tmp_path / "broker") as running:
        yield running
