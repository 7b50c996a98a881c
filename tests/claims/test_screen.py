"""A station that may not come in yet shows its code on its own screen, and begins to work when it was typed."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest

from contract.claims import typed_code
from demo.children import Child, free_port
from station.claim_screen import must_claim
from station.claiming import Identity
from station.config import StationConfig
from station.kiosk.view import Screen
from tests.central.conftest import until
from tests.claims.setting import ROOT, House, house


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


async def screens(port: int) -> AsyncIterator[Screen]:
    """What the kiosk shows, from now on; through a restart of its server too."""
    while True:
        try:
            async with (
                httpx.AsyncClient(timeout=60) as client,
                client.stream("GET", f"http://127.0.0.1:{port}/events") as stream,
            ):
                async for line in stream.aiter_lines():
                    if line.startswith('data: {"screen"'):
                        yield msgspec.convert(msgspec.json.decode(line[6:])["screen"], Screen)
        except httpx.TransportError:
            await asyncio.sleep(0.05)


async def shown(port: int, words: str) -> Screen:
    """The screen, once it says this."""
    async with asyncio.timeout(60):
        async for screen in screens(port):
            if words in screen.sentence:
                return screen
    raise AssertionError(words)


@pytest.mark.feature("F2", "P21")
@pytest.mark.parametrize(
    ("language", "words", "ready"), [("en", "Type this code", "badge"), ("fr", "Saisissez ce code", "badge")]
)
async def test_the_code_on_the_screen_lets_the_station_in(
    here: House, tmp_path: Path, language: str, words: str, ready: str
) -> None:
    port = free_port()
    config = tmp_path / "station.toml"
    config.write_text(
        f'station = "bench-7"\nsite = "lyon"\nstate_dir = "{tmp_path / "state"}"\ncentral_url = "{here.central.url}"\n'
        f'[broker]\nhost = "broker.invalid"\nport = 8883\n[kiosk]\nport = {port}\n[bench]\nlanguage = "{language}"\n'
    )
    argv = [sys.executable, "-m", "station.cli", "--log", "debug", "run", "--config", str(config)]
    with Child("station", argv, tmp_path, {"PYTHONPATH": str(ROOT)}) as station:
        await station.is_ready()
        screen = await shown(port, words)
        code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", screen.sentence)
        assert code is not None
        async with here.central.client() as api:
            found = await until(api, "/api/claims", lambda answer: bool(answer["waiting"]))
            (claim,) = found["waiting"]
            assert claim["fingerprint"] in screen.why
            refused = await api.post(f"/api/claims/{claim['claim']}/refuse")
            assert refused.status_code == 200
        again = await shown(port, "Ce poste demande" if language == "fr" else "asking to come in")
        assert again.tone in ("stop", "wait")
        async with here.central.client() as api:
            found = await until(api, "/api/claims", lambda answer: bool(answer["waiting"]))
            screen = await shown(port, words)
            code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}-[A-Z2-9]{4}", screen.sentence)
            assert code is not None
            claim = found["waiting"][0]["claim"]
            answer = await api.post(f"/api/claims/{claim}/approve", json={"code": typed_code(code[0])})
            assert answer.status_code == 200
        await shown(port, ready)
    assert (tmp_path / "state" / "identity" / "station.pem").exists()
    log = await asyncio.to_thread((tmp_path / "station.log").read_text)
    assert [each for each in (code[0], typed_code(code[0])) if each in log] == [], "the code is in the log"


def config(broker: dict[str, object], folder: Path) -> StationConfig:
    table = {"station": "b", "site": "s", "state_dir": str(folder), "central_url": "http://c", "broker": broker}
    return msgspec.convert(table, StationConfig)


@pytest.mark.feature("F2", "R5")
@pytest.mark.parametrize(
    ("broker", "must"),
    [
        ({"host": "127.0.0.1"}, False),
        ({"host": "localhost"}, False),
        ({"host": "::1"}, False),
        ({"host": "broker.example.lan"}, True),
        ({"host": "192.0.2.7"}, True),
        ({"host": "192.0.2.7", "ca_file": "/etc/ca.pem"}, True),
        ({"host": "192.0.2.7", "cert_file": "/bench.pem", "key_file": "/bench.key"}, True),
        ({"host": "192.0.2.7", "ca_file": "/ca.pem", "cert_file": "/bench.pem", "key_file": "/bench.key"}, False),
    ],
)
def test_no_station_speaks_to_a_broker_on_the_network_without_a_certificate(
    tmp_path: Path, broker: dict[str, object], must: bool
) -> None:
    assert must_claim(config(broker, tmp_path)) is must
    identity = Identity(tmp_path / "identity")
    identity.file.parent.mkdir()
    identity.file.touch()
    identity.ca_file.touch()
    named = config(broker, tmp_path).broker
    used = identity.broker(named)
    assert used == named if named.has_certificate else used.cert_file == used.key_file == str(identity.file)
    assert used.ca_file == (named.ca_file or str(identity.ca_file))
