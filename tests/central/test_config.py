"""What central.toml decides, on its way to the benches."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from central.config import CentralConfig
from contract.messages import JobOffered
from link.config import BadConfig, load
from tests.central.shop import HOUSE, MUG, ask, shop

TEXT = """
site = "lyon"
database = "central.db"
[http]
port = 0
[sender]
name = "Maison"
lines = ["1 rue X"]
postcode = "69001"
city = "Lyon"
country = "FR"
contact = "bonjour@maison.example · 04 72 00 00 00"
[packing]
sscc_prefix = "03401234"
returns = "label_and_form"
returns_within_days = 30
"""


def configured(folder: Path, text: str) -> CentralConfig:
    path = folder / "central.toml"
    path.write_text(text)
    return load(path, CentralConfig)


@pytest.mark.feature("L3", "L4")
def test_the_shops_contact_and_returns_policy_reach_the_bench_with_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = configured(tmp_path, TEXT).house
    wanted = replace(HOUSE, contact=house.contact, returns=house.returns, returns_within_days=house.returns_within_days)
    monkeypatch.setattr("tests.central.shop.HOUSE", wanted)
    offer = ask(shop(("P-1", [(MUG, 2)])), "pack-1", "P-1")
    assert isinstance(offer, JobOffered)
    assert offer.job.contact == "bonjour@maison.example · 04 72 00 00 00"
    assert (offer.job.returns, offer.job.returns_within_days) == ("label_and_form", 30)


@pytest.mark.feature("R5")
@pytest.mark.parametrize("files", ["", 'ca_file = "ca.pem"', 'cert_file = "central.pem"'])
def test_a_broker_on_the_network_is_reached_with_certificates_alone(tmp_path: Path, files: str) -> None:
    with pytest.raises(BadConfig, match=r"packline-central ca init"):
        configured(tmp_path, TEXT + f'[broker]\nhost = "broker.example.lan"\n{files}\n')
    both = 'ca_file = "ca.pem"\ncert_file = "central.pem"'
    assert configured(tmp_path, TEXT + f'[broker]\nhost = "broker.example.lan"\n{both}\n').broker.cert_file
    assert configured(tmp_path, TEXT + '[broker]\nhost = "127.0.0.1"\n').broker.is_here


def test_a_policy_that_is_none_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"packing\.returns"):
        configured(tmp_path, TEXT.replace("label_and_form", "sometimes"))
