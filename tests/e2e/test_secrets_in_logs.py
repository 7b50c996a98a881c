"""Secrets are in no log: all that proves somebody's right is used, at the most talkative level, and looked for."""

from __future__ import annotations

import asyncio
import re
import subprocess
from pathlib import Path

import httpx
import pytest

from contract.claims import shown_code
from demo.broker import Broker
from demo.children import Child
from tests.central.test_process import PROGRAM, write_config
from tests.claims.setting import ROOT, Terminal

PASSWORD, WRONG = "a-very-quiet-word", "not-the-quiet-word"
SHOP = "what-the-shop-signs-with"


def program(*arguments: str, typed: str = "") -> str:
    argv = [*PROGRAM, "--log", "debug", *arguments]
    done = subprocess.run(argv, input=typed, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.feature("R5")
async def test_no_secret_is_in_any_log(tmp_path: Path, broker: Broker) -> None:
    (tmp_path / "shop.secret").write_text(SHOP)
    config = write_config(tmp_path, broker.port)
    with config.open("a") as file:
        file.write(f'[[shops]]\nname = "web"\nkind = "shopify"\nsecret_file = "{tmp_path / "shop.secret"}"\n')
    named = ("--config", str(config))
    program("ca", "init", "--broker", "127.0.0.1", *named)
    program("account", "add", "vera", "--role", "admin", *named, typed=PASSWORD + "\n")
    token = program("token", "add", "robot", "--scope", "stations:write", "--scope", "stations:read", *named).split()[
        -1
    ]
    argv = [*PROGRAM, "--log", "debug", "run", *named]
    with Child("central", argv, tmp_path, {"PYTHONPATH": str(ROOT)}) as central:
        url = (await asyncio.to_thread(central.line, "office: http")).rpartition("office: ")[2].strip().rstrip("/")
        async with httpx.AsyncClient(base_url=url) as client:
            for password in (WRONG, PASSWORD):
                await client.post("/sign-in", data={"account": "vera", "password": password}, headers={"Origin": url})
            cookie = client.cookies["packline"]
            assert (await client.get("/claims")).status_code == 200
            await client.post("/api/shops/web", content=b"{}", headers={"X-Shopify-Hmac-Sha256": SHOP})
        terminal = await asyncio.to_thread(Terminal, tmp_path / "bench", url)
        code = await asyncio.to_thread(lambda: terminal.code)
        async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {token}"}) as api:
            (claim,) = (await api.get("/api/claims")).json()["waiting"]
            await api.post(f"/api/claims/{claim['claim']}/approve", json={"code": "A" * 12})
            done = await api.post(f"/api/claims/{claim['claim']}/approve", json={"code": code})
            assert done.status_code == 200
            await api.get("/api/claims", headers={"Authorization": f"Bearer {token}x"})
        assert await asyncio.to_thread(terminal.child.wait) == 0
    assert len(token) > 20
    keys = [terminal.identity.file, tmp_path / "authority" / "ca.key"]
    assert found(tmp_path, {PASSWORD, WRONG, SHOP, token, cookie, *map(of_key, keys)}, code) == []


def of_key(file: Path) -> str:
    """A line that is in the private key alone."""
    return re.findall(r"\n(\S{64})\n", file.read_text())[0]


def found(folder: Path, secrets: set[str], code: str) -> list[str]:
    """What is in which log. The terminal of the station is the one place where its code is shown."""
    logs = {path.name: path.read_text() for path in folder.rglob("*.log")}
    assert logs.keys() == {"central.log", "claim.log", "mosquitto.log"}
    told = [f"{name}: {secret}" for name, text in logs.items() for secret in secrets if secret in text]
    return told + [f"{name}: the code" for name, text in logs.items() if name != "claim.log" and has(text, code)]


def has(text: str, code: str) -> bool:
    return code in text or shown_code(code) in text
