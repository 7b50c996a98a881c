"""station.toml: what it means, and what is refused with the place, the key and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from link.config import BadConfig
from station.config import described, read_config
from station.devices.keeper import Keeper
from station.printing import targets
from tests.station.devices.watching import Watcher

GOOD = """
station = "bench-1"
site = "lyon"
state_dir = "/var/lib/packline"
central_url = "https://central.example"
[broker]
host = "broker.example"
port = 8883
ca_file = "ca.pem"
cert_file = "bench-1.pem"
key_file = "bench-1.key"
[bench]
language = "en"
[[device]]
driver = "serial_scanner"
name = "scanner"
path = "/dev/serial/by-path/scanner"
[[device]]
driver = "toledo_scale"
name = "scale"
path = "/dev/serial/by-path/scale"
[[device]]
driver = "zpl_printer"
name = "zebra"
host = "192.0.2.7"
"""


def read(folder: Path, text: str) -> str:
    path = folder / "station.toml"
    path.write_text(text)
    return described(read_config(path))


@pytest.mark.feature("F7")
def test_a_whole_file_is_described(tmp_path: Path) -> None:
    text = read(tmp_path, GOOD)
    assert "station bench-1 of site lyon" in text
    assert "broker.example:8883, TLS with our certificate" in text
    assert "printer  zebra (zpl_printer), prints label" in text
    assert "warning" not in text


def test_the_core_is_told_what_the_bench_has(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text(GOOD)
    settings = read_config(path).settings
    assert settings.require_scale
    assert not settings.has_slip_printer
    assert settings.language == "en"
    path.write_text(GOOD.replace('host = "192.0.2.7"', 'host = "192.0.2.7"\nroles = ["label", "slip"]'))
    assert read_config(path).settings.has_slip_printer


@pytest.mark.feature("F7", "R4")
@pytest.mark.parametrize(
    ("good", "bad", "complaint"),
    [
        ("site =", "sit =", "unknown key 'sit'; did you mean 'site'?"),
        ("ca_file", "ca_fil", "[broker]: unknown key 'ca_fil'; did you mean 'ca_file'?"),
        ("[bench]", "[bnech]", "unknown key 'bnech'; did you mean 'bench'?"),
        ("language", "langage", "[bench]: unknown key 'langage'; did you mean 'language'?"),
        ('"en"', '"es"', "bench.language: 'es' is none of en, fr"),
        ("port = 8883", 'port = "8883"', "broker.port: a whole number is expected, not text"),
        ('"bench-1"\n', '"bench/1"\n', "station: 'bench/1' cannot be part of a topic"),
        ("https://central", "central", "central_url: 'central.example' must begin with http:// or https://"),
        ('name = "scale"', 'name = "zebra"', "[[device]] name 'zebra' is given twice"),
        ('driver = "toledo_scale"', 'driver = "toledo"', "'toledo' is none of "),
        ('name = "scale"', 'name = "scale"\nbaudrate = 9600', "unknown key 'baudrate'"),
        ("/dev/serial/by-path/scale", "/dev/ttyUSB0", "/dev/ttyUSB0 is given anew at each plug"),
    ],
)
def test_a_bad_file_is_refused_with_its_place(tmp_path: Path, good: str, bad: str, complaint: str) -> None:
    assert good in GOOD
    with pytest.raises(BadConfig) as caught:
        read(tmp_path, GOOD.replace(good, bad, 1))
    assert str(tmp_path / "station.toml") in str(caught.value)
    assert complaint in str(caught.value)


@pytest.mark.feature("D8")
def test_two_printers_of_one_role_are_a_first_choice_and_its_replacement(tmp_path: Path) -> None:
    path = tmp_path / "station.toml"
    path.write_text(GOOD + '[[device]]\ndriver = "tspl_printer"\nname = "other"\nhost = "192.0.2.8"\n')
    choices = targets(Keeper(device, Watcher()) for device in read_config(path).device)["label"]
    assert [choice.name for choice in choices] == ["zebra", "other"]
    assert [choice.language for choice in choices] == ["zpl", "tspl"]


def test_what_a_bench_lacks_is_a_warning(tmp_path: Path) -> None:
    text = read(tmp_path, GOOD[: GOOD.index("[[device]]")])
    assert "this bench has no scanner" in text
    assert "this bench has no label printer" in text
