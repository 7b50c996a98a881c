"""A misspelt key is refused with the key that was meant; everything else that is wrong is named with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from msgspec import Struct

from link.client import BrokerConfig
from link.config import BadConfig, load


class Whole(Struct, frozen=True, forbid_unknown_fields=True):
    station: str
    broker: BrokerConfig = BrokerConfig()
    role: Literal["packer", "lead"] = "packer"


@pytest.mark.feature("R4")
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("station = 'a'\nbrokr = 1\n", "top level: unknown key 'brokr'; did you mean 'broker'?"),
        ("station = 'a'\n[broker]\nhots = 'x'\n", "[broker]: unknown key 'hots'; did you mean 'host'?"),
        ("station = 'a'\n[broker]\nport = 'x'\n", "broker.port: a whole number is expected, not text"),
        ("station = 'a'\nzzz = 1\n", "unknown key 'zzz'; remove it"),
        ("", "top level: the key 'station' is missing"),
        ("station = 'a'\n[broker]\nport = 99999\n", "broker.port: a whole number <= 65535 is expected"),
        ("station = 'a'\nrole = 'boss'\n", "role: 'boss' is none of lead, packer"),
        ("station = 'a'\nbroker = 'x'\n", "broker: a table is expected, not text"),
        ("station = ", "not TOML"),
    ],
)
def test_complaints(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "station.toml"
    path.write_text(text)
    with pytest.raises(BadConfig) as caught:
        load(path, Whole)
    assert str(path) in str(caught.value)
    assert complaint in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="cannot be read: No such file"):
        load(tmp_path / "none.toml", Whole)


def test_a_good_file(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text("station = 'bench-1'\n[broker]\nport = 8883\n")
    assert load(path, Whole) == Whole("bench-1", BrokerConfig(port=8883))
