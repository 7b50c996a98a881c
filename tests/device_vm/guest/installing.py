"""Installs Packline as its README files say, with TLS and certificates on both sides."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from itertools import takewhile
from pathlib import Path
from typing import Final

import httpx

from demo.make_data import DATA
from demo.packer import BADGE, BOXES

HOST: Final = Path("/mnt/host")
SITE: Final = "vm"
KIOSK: Final = "http://127.0.0.1:8080"
OFFICE: Final = "http://127.0.0.1:8000"
CREDENTIALS: Final = "/run/credentials/packline-{}.service/tls"
"""How the names of a service's certificates begin."""
FIRST_ORDER: Final = "1001"
"""Wants a picture of its open box, and goes without when there is none; the others require it."""
LAST_ORDER: Final = "1010"

_NAMED: Final = """\
SUBSYSTEM=="input", KERNEL=="event*", ATTRS{name}=="Packline test scanner", SYMLINK+="packline/scanner"
"""
"""What a simulated keyboard has no USB socket for: a lasting name, of an administrator's own rule."""
_CAMERA: Final = ["vivid", "n_devs=1", "node_types=0x1"]
"""The kernel's own test camera: one node, moving colour bars without compression."""


def run(*command: str | Path) -> str:
    """What it printed. Raises `RuntimeError` with that when it did not end well."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))} ended with {done.returncode}: {done.stdout}")
    return done.stdout


def as_user(user: str) -> tuple[str, ...]:
    """The beginning of a command of this user's own program."""
    return ("runuser", "-u", user, "--", f"/opt/packline/bin/{user}")


def install() -> None:
    """systemd/README.md and broker_config/README.md, step by step; then the buses for simulated devices."""
    _services()
    _broker()
    central = Path("/etc/packline/central.toml")
    central.write_text(_central_toml())
    run("systemctl", "daemon-reload")
    for module in (["uinput"], ["uhid"], ["libcomposite"], ["dummy_hcd", "num=3"], _CAMERA):
        run("modprobe", *module)


def _services() -> None:
    shipped = HOST / "systemd"
    for unit in (*shipped.glob("*.service"), *shipped.glob("*.path"), *shipped.glob("*.slice")):
        shutil.copy(unit, "/etc/systemd/system")
    for folder in ("sysusers.d", "tmpfiles.d"):
        Path("/etc", folder).mkdir(exist_ok=True)
        shutil.copy(shipped / folder / "packline.conf", Path("/etc", folder))
    shutil.copy(shipped / "udev" / "60-packline.rules", "/etc/udev/rules.d")
    Path("/etc/udev/rules.d/61-names.rules").write_text(_NAMED)
    run("systemd-sysusers")
    run("systemd-tmpfiles", "--create", "/etc/tmpfiles.d/packline.conf")
    run("udevadm", "control", "--reload")
    run("udevadm", "trigger")
    for name in ("ca.pem", "station.pem", "station.key", "central.pem", "central.key"):
        shutil.copy(HOST / "certificates" / name, "/etc/packline/credentials")


def _broker() -> None:
    shipped, etc = HOST / "broker_config", Path("/etc/mosquitto")
    shutil.copy(shipped / "mosquitto.conf", etc)
    shutil.copy(shipped / "conf.d" / "tls.conf", etc / "conf.d")
    shutil.copy(shipped / "packline.acl", etc)
    (etc / "packline.acl").chmod(0o600)
    for name in ("ca.pem", "broker.pem", "broker.key", "revoked.pem"):
        shutil.copy(HOST / "certificates" / name, etc / "certs")
    (etc / "certs" / "broker.key").chmod(0o600)
    for path in (etc / "packline.acl", etc / "certs" / "broker.key"):
        shutil.chown(path, "mosquitto")


def stock_up() -> None:
    """A packer, products, stock and a few orders, by the doors that a shop uses."""
    packer = {"account": "camille", "name": "Camille", "role": "packer", "language": "fr"}
    with httpx.Client(base_url=OFFICE, timeout=120) as client:
        client.post("/api/people", json=packer | {"badge": BADGE.removeprefix("BADGE-")}).raise_for_status()
        for path, content in (
            ("/api/products/import", (DATA / "products.csv").read_bytes()),
            ("/api/stock/import", (DATA / "stock.csv").read_bytes()),
            ("/api/orders/import", _first_orders()),
        ):
            client.post(path, files={"data": ("data.csv", content, "text/csv")}).raise_for_status()


def _first_orders() -> bytes:
    with (DATA / "orders.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    kept = io.StringIO()
    first = takewhile(lambda row: row[0] <= LAST_ORDER, rows)
    picture = ([*row, "wanted" if row[0] == FIRST_ORDER else ""] for row in first)
    csv.writer(kept).writerows([[*header, "photo"], *picture])
    return kept.getvalue().encode()


def configure_station(devices: str, *, certificate: bool = True) -> None:
    """Write station.toml with these `[[device]]` tables; without a certificate in it, it uses what it claimed."""
    files = (("ca_file", "ca.pem"), ("cert_file", "station.pem"), ("key_file", "station.key"))
    lines = [f'{key} = "{CREDENTIALS.format("station")}_{name}"' for key, name in files if certificate]
    broker = "\n".join(["port = 8883", *lines])
    Path("/etc/packline/station.toml").write_text(f"""\
station = "station"
site = "{SITE}"
state_dir = "/var/lib/packline/station"
central_url = "{OFFICE}"

[broker]
{broker}
{devices}""")


def _central_toml() -> str:
    credentials = CREDENTIALS.format("central")
    boxes = "".join(
        f'\n[[boxes]]\ncode = "{box.code}"\nname = "{box.name}"\ntare_g = {box.tare_g}\nmax_g = {box.max_g}\n'
        f"length_mm = {box.size_mm[0]}\nwidth_mm = {box.size_mm[1]}\nheight_mm = {box.size_mm[2]}\n"
        for box in BOXES
    )
    return f"""\
site = "{SITE}"
database = "/var/lib/packline/central/central.db"

[broker]
port = 8883
ca_file = "{credentials}_ca.pem"
cert_file = "{credentials}_central.pem"
key_file = "{credentials}_central.key"

[http]
port = {OFFICE.rpartition(":")[2]}
public_url = "{OFFICE}"

[sender]
name = "Maison Lumière"
lines = ["14 montée de la Grande-Côte"]
postcode = "69001"
city = "Lyon"
country = "FR"

[packing]
sscc_prefix = "39521234"
photo = "required"
{boxes}"""
