"""What may be talked with the broker: TLS 1.2 with strong ciphers, and newer, whatever its OpenSSL would take."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.broker import Broker
from tests.support.broker import Authority
from tests.support.handshakes import PERMISSIVE, STRONG, WEAK, Talk, client, handshakes, is_taken, permissive_server


@pytest.mark.feature("R5")
def test_old_versions_and_weak_ciphers_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "openssl.cnf").write_text(PERMISSIVE)
    monkeypatch.setenv("OPENSSL_CONF", str(tmp_path / "openssl.cnf"))
    authority = Authority(tmp_path / "certs")
    station = authority.issue("bench-1")
    with Broker(tmp_path / "broker", "conf.d/tls.conf", authority.folder) as broker:
        taken = {str(talk): is_taken(broker.port, client(talk, station)) for talk in (*WEAK, *STRONG)}
    assert taken == {**{str(talk): False for talk in WEAK}, **{str(talk): True for talk in STRONG}}


@pytest.mark.parametrize("talk", WEAK, ids=str)
def test_what_is_refused_could_be_talked_with_another_server(tmp_path: Path, talk: Talk) -> None:
    authority = Authority(tmp_path)
    server = permissive_server((tmp_path / "broker.pem", tmp_path / "broker.key"), talk)
    assert handshakes(client(talk, authority.issue("bench-1")), server)
