"""The machine gets an authority of its own; its station is claimed, and revoked with the shipped units at work."""

from __future__ import annotations

import asyncio
import re
import shutil
import ssl
import time
from pathlib import Path
from typing import Any, Final

import httpx
from guest.act import PATIENCE_S, Seen
from guest.installing import CREDENTIALS, KIOSK, OFFICE, as_user, configure_station, run
from guest.services import CENTRAL, STATION, journal, shown, systemctl

from demo.screen import Eyes

_AUTHORITY: Final = Path("/var/lib/packline/central/authority")
_CERTIFICATES: Final = Path("/etc/mosquitto/certs")
_BROKER: Final = "mosquitto"
_UNITS: Final = ("packline-revoked", "packline-broker-certificate")
_PATHS: Final = tuple(f"{unit}.path" for unit in _UNITS)


async def revoked(seen: Seen) -> None:
    """Station and central stand still at the beginning and at the end."""
    await asyncio.to_thread(_own_authority)
    await systemctl("enable", "--now", *_PATHS)
    await systemctl("restart", _BROKER)
    await systemctl("start", CENTRAL)
    await _claim()
    await systemctl("start", STATION)
    eyes = Eyes(KIOSK)
    async with eyes.open(), httpx.AsyncClient(base_url=OFFICE, timeout=PATIENCE_S) as office:
        await eyes.until(lambda frame: frame.quiet.online, PATIENCE_S)
        broker, connected = await shown(_BROKER, "MainPID"), await _connected()
        seen["next_certificate_after_s"] = await _next_certificate()
        began = time.monotonic()
        (await office.post("/api/certificates/station/revoke")).raise_for_status()
        await eyes.until(lambda frame: not frame.quiet.online, PATIENCE_S)
        seen["cut_off_after_s"] = round(time.monotonic() - began, 1)
        seen["revoked"] = await _told_as_cut(office)
        refused = await _refused()
        await systemctl("restart", STATION)
        await _refused_more_than(refused)
        await eyes.until(lambda frame: True, PATIENCE_S)
        seen["online_after_restart"] = eyes.frame is not None and eyes.frame.quiet.online
    seen["broker_went_on"] = (broker, connected) == (await shown(_BROKER, "MainPID"), await _connected())
    seen["brought"] = {unit: await shown(f"{unit}.service", "Result") for unit in _UNITS}
    seen["same_list"] = (_CERTIFICATES / "revoked.pem").read_bytes() == (_AUTHORITY / "revoked.pem").read_bytes()
    seen["certificates"] = {path.name: [path.owner(), f"{path.stat().st_mode & 0o777:04o}"] for path in _brought()}
    await systemctl("stop", STATION, CENTRAL)


def _own_authority() -> None:
    """As `systemd/README.md` says, below "Claiming a station"."""
    run(*as_user("packline-central"), "ca", "init", "--broker", "127.0.0.1", "--config", "/etc/packline/central.toml")
    for name in ("ca.pem", "broker.pem", "broker.key", "revoked.pem"):
        shutil.copy(_AUTHORITY / name, _CERTIFICATES)
    shutil.chown(_CERTIFICATES / "broker.key", "mosquitto")
    central = Path("/etc/packline/central.toml")
    central.write_text(central.read_text().replace(f"{CREDENTIALS.format('central')}_", f"{_AUTHORITY}/"))
    configure_station("", certificate=False)


async def _claim() -> None:
    """A technician reads the code in a terminal, the office types it."""
    terminal = await asyncio.create_subprocess_exec(
        *as_user("packline-station"),
        *("claim", "--config", "/etc/packline/station.toml"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert terminal.stdout is not None
    said, code = "", None
    async with asyncio.timeout(PATIENCE_S):
        while code is None:
            line = (await terminal.stdout.readline()).decode()
            if not line:
                raise RuntimeError(f"the station could not be claimed: {said}")
            said += line
            code = re.search(r"^  code +(\S+)$", said, re.MULTILINE)
    async with httpx.AsyncClient(base_url=OFFICE, timeout=PATIENCE_S) as office:
        (claim,) = (await office.get("/api/claims")).json()["waiting"]
        answer = await office.post(f"/api/claims/{claim['claim']}/approve", json={"code": code[1]})
        answer.raise_for_status()
    said += (await terminal.communicate())[0].decode()
    if terminal.returncode:
        raise RuntimeError(f"the station could not be claimed: {said}")


async def _next_certificate() -> float:
    """Make the broker's next certificate and wait until it shows that one; how long that took."""
    issue = ("ca", "issue", "broker", "--host", "127.0.0.1", "--config", "/etc/packline/central.toml")
    await asyncio.to_thread(run, *as_user("packline-central"), *issue)
    issued, began = ssl.PEM_cert_to_DER_cert((_AUTHORITY / "broker.pem").read_text()), time.monotonic()
    async with asyncio.timeout(PATIENCE_S):
        while await asyncio.to_thread(_shown) != issued:  # noqa: ASYNC110
            await asyncio.sleep(0.5)
    return round(time.monotonic() - began, 1)


def _shown() -> bytes:
    return ssl.PEM_cert_to_DER_cert(ssl.get_server_certificate(("127.0.0.1", 8883)))


async def _told_as_cut(office: httpx.AsyncClient) -> dict[str, Any]:
    """The certificate, when central has seen that the broker refuses it."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            (found,) = (await office.get("/api/claims")).json()["certificates"]
            if found["cut_at"] is not None:
                return {"station": found["station"], "took_ms": found["cut_at"] - found["revoked_at"]}
            await asyncio.sleep(0.2)


async def _refused() -> int:
    """How many connections the broker has refused for their certificates."""
    return (await journal(_BROKER)).count("certificate verify failed")


async def _refused_more_than(before: int) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while await _refused() <= before:  # noqa: ASYNC110
            await asyncio.sleep(0.5)


async def _connected() -> int:
    """How often central has connected."""
    return (await journal(CENTRAL)).count(": connected as ")


def _brought() -> list[Path]:
    return sorted(_CERTIFICATES.glob("*.pem")) + sorted(_CERTIFICATES.glob("*.key"))
