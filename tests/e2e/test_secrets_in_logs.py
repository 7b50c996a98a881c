"""Secrets are in no log: all that proves somebody's right is used, at the most talkative level, and looked for."""

from __future__ import annotations

import asyncio
import hmac
import re
import subprocess
import sys
import time
from base64 import b64encode
from pathlib import Path

import httpx
import pytest

from central.shops.signatures import SCHEMES
from contract.claims import shown_code
from demo.broker import Broker
from demo.children import Child, free_port
from demo.screen import Eyes
from tests.central.test_process import PROGRAM, write_config
from tests.claims.setting import ROOT, Terminal

PASSWORD, WRONG = "a-very-quiet-word", "not-the-quiet-word"
LOGS = {"central.log", "claim.log", "mosquitto.log"}
CENTRALS = {"ca_file": "ca.pem", "cert_file": "central.pem", "key_file": "central.key"}
SHOPS = {
    "shopify": "what-the-first-shop-signs-with",
    "woocommerce": "what-the-second-shop-signs-with",
    "prestashop": "what-the-third-shop-signs-with",
}
CREATED = {"shopify": "orders/create", "woocommerce": "order.created", "prestashop": "order.created"}
STRIPE = "what-stripe-signs-with"


def program(*arguments: str, typed: str = "") -> str:
    argv = [*PROGRAM, "--log", "debug", *arguments]
    done = subprocess.run(argv, input=typed, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.feature("R5")
async def test_no_secret_is_in_any_log(tmp_path: Path, broker: Broker) -> None:
    config = with_senders(write_config(tmp_path, broker.port))
    named = ("--config", str(config))
    program("ca", "init", "--broker", "127.0.0.1", *named)
    program("account", "add", "vera", "--role", "admin", *named, typed=PASSWORD + "\n")
    token = program("token", "add", "robot", "--scope", "stations:write", "--scope", "stations:read", *named).split()[
        -1
    ]
    argv = [*PROGRAM, "--log", "debug", "run", *named]
    with Child("central", argv, tmp_path, {"PYTHONPATH": str(ROOT)}) as central:
        url = (await asyncio.to_thread(central.line, "office: http")).rpartition("office: ")[2].strip().rstrip("/")
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            for password in (WRONG, PASSWORD):
                await client.post("/sign-in", data={"account": "vera", "password": password}, headers={"Origin": url})
            cookie = client.cookies["packline"]
            assert (await client.get("/claims")).status_code == 200
            await deliver(client)
        terminal = await asyncio.to_thread(Terminal, tmp_path / "bench", url)
        code = await asyncio.to_thread(lambda: terminal.code)
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as api:
            (claim,) = (await api.get("/api/claims")).json()["waiting"]
            await api.post(f"/api/claims/{claim['claim']}/approve", json={"code": "A" * 12})
            done = await api.post(f"/api/claims/{claim['claim']}/approve", json={"code": code})
            assert done.status_code == 200
            await api.get("/api/claims", headers={"Authorization": f"Bearer {token}x"})
        assert await asyncio.to_thread(terminal.child.wait) == 0
    assert len(token) > 20
    keys = [terminal.identity.file, tmp_path / "authority" / "ca.key"]
    secrets = {PASSWORD, WRONG, STRIPE, *SHOPS.values(), token, cookie, *map(of_key, keys)}
    assert found(tmp_path, secrets, code, LOGS) == []


def with_senders(config: Path) -> Path:
    """Shops of every kind, and Stripe, with what they sign with."""
    with config.open("a") as file:
        for kind, secret in {**SHOPS, "stripe": STRIPE}.items():
            kept = config.with_name(f"{kind}.secret")
            kept.write_text(secret)
            table = "[stripe]" if kind == "stripe" else f'[[shops]]\nname = "{kind}"\nkind = "{kind}"'
            file.write(f'{table}\nsecret_file = "{kept}"\n')
    return config


async def deliver(client: httpx.AsyncClient) -> None:
    """To every door a delivery with the secret itself as its signature, and one that is signed and cannot be read."""
    body = b"[]"
    for kind, secret in SHOPS.items():
        digest = hmac.new(secret.encode(), body, "sha256")
        signature = digest.hexdigest() if kind == "prestashop" else b64encode(digest.digest()).decode()
        scheme = SCHEMES[kind]  # type: ignore[index]
        for given, status in ((secret, 401), (signature, 422)):
            headers = {scheme.signature: given, scheme.topic: CREATED[kind]}
            assert (await client.post(f"/api/shops/{kind}", content=body, headers=headers)).status_code == status
    at = int(time.time())
    signature = hmac.new(STRIPE.encode(), f"{at}.".encode() + body, "sha256").hexdigest()
    for given, status in ((f"t={at},v1={STRIPE}", 401), (f"t={at},v1={signature}", 422)):
        answer = await client.post("/api/cards/stripe", content=body, headers={"Stripe-Signature": given})
        assert answer.status_code == status


def of_key(file: Path) -> str:
    """A line that is in the private key alone."""
    return re.findall(r"\n(\S{64})\n", file.read_text())[0]


def found(folder: Path, secrets: set[str], code: str, expected: set[str]) -> list[str]:
    """What is in which log. The terminal of the station is the one place where its code is shown."""
    logs = {path.name: path.read_text() for path in folder.rglob("*.log")}
    assert logs.keys() == expected
    told = [f"{name}: {secret}" for name, text in logs.items() for secret in secrets if secret in text]
    return told + [f"{name}: the code" for name, text in logs.items() if name != "claim.log" and has(text, code)]


def has(text: str, code: str) -> bool:
    return code in text or shown_code(code) in text


BADGE = "k7-badge-of-vera"


@pytest.mark.feature("R5", "F2")
async def test_no_secret_is_in_the_log_of_a_station_at_work(tmp_path: Path) -> None:
    """It is claimed, joins the broker by TLS with its key, learns the badges, and a packer signs in."""
    certificates, kiosk = tmp_path / "authority", f"http://127.0.0.1:{free_port()}"
    broker = Broker(tmp_path / "broker", "conf.d/tls.conf", certificates)
    config = write_config(tmp_path, broker.port)
    named = ("--config", str(config))
    program("ca", "init", "--broker", "127.0.0.1", *named)
    files = "".join(f'{key} = "{certificates}/{name}"\n' for key, name in CENTRALS.items())
    config.write_text(config.read_text().replace("[broker]\n", f"[broker]\n{files}"))
    program("account", "add", "vera", "--badge", BADGE, "--role", "admin", *named, typed=PASSWORD + "\n")
    token = program("token", "add", "robot", "--scope", "stations:write", "--scope", "stations:read", *named).split()[
        -1
    ]
    argv = [*PROGRAM, "--log", "debug", "run", *named]
    with broker, Child("central", argv, tmp_path, {"PYTHONPATH": str(ROOT)}) as central:
        url = (await asyncio.to_thread(central.line, "office: http")).rpartition("office: ")[2].strip().rstrip("/")
        terminal = await asyncio.to_thread(Terminal, tmp_path / "bench", url)
        code = await asyncio.to_thread(lambda: terminal.code)
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=60) as api:
            (claim,) = (await api.get("/api/claims")).json()["waiting"]
            await api.post(f"/api/claims/{claim['claim']}/approve", json={"code": code})
        assert await asyncio.to_thread(terminal.child.wait) == 0
        settings = tmp_path / "bench" / "station.toml"
        with settings.open("a") as file:
            file.write(f"[broker]\nport = {broker.port}\n[kiosk]\nport = {kiosk.rpartition(':')[2]}\n")
        argv = [sys.executable, "-m", "station.cli", "--log", "debug", "run", "--config", str(settings)]
        with Child("station", argv, tmp_path, {"PYTHONPATH": str(ROOT)}) as station:
            await station.is_ready()
            eyes = Eyes(kiosk)
            async with eyes.open(), httpx.AsyncClient(base_url=kiosk, timeout=60) as hand:
                await eyes.until(lambda frame: frame.quiet.online)
                await hand.post("/scan", json={"text": f"BADGE-{BADGE}"}, headers={"Origin": kiosk})
                await eyes.until(lambda frame: frame.screen.packer != "")
    keys = [terminal.identity.file, certificates / "ca.key", certificates / "central.key"]
    secrets = {PASSWORD, BADGE, token, *map(of_key, keys)}
    assert found(tmp_path, secrets, code, LOGS | {"station.log"}) == []
