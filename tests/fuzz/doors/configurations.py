"""Files that technicians write: central.toml, station.toml, the rules, and the mapping of a shop's own order file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from central.config import CentralConfig
from central.orders.mapped_csv import FileMapping
from central.policy.model import Known
from central.policy.reading import read_rules_file
from link.config import BadConfig, load
from station.config import described, read_config
from tests.fuzz.door import Door, Offer, checked

_KNOWN = Known(services=frozenset({"own", "express"}), boxes=frozenset({"BOX-S", "BOX-M"}))


def _central(path: Path) -> object:
    config = load(path, CentralConfig)
    return config.house, config.standing


def _station(path: Path) -> object:
    config = read_config(path)
    return described(config), config.settings


def _mapping(path: Path) -> object:
    return load(path, FileMapping)


def _rules(path: Path) -> object:
    return read_rules_file(path, _KNOWN)


def _door(name: str, read: Callable[[Path], object]) -> Door:
    @contextmanager
    def opened(folder: Path) -> Iterator[Offer]:
        path = folder / f"{name}.toml"

        def offer(data: bytes) -> str:
            path.write_bytes(data)
            try:
                read(path)
            except BadConfig as refused:
                return checked(str(refused).replace(str(path), path.name))
            return ""

        yield offer

    return Door(name, opened, folders=("toml",))


DOORS = (
    _door("config_central", _central),
    _door("config_station", _station),
    _door("config_mapping", _mapping),
    _door("config_rules", _rules),
)
