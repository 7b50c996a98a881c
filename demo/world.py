"""The whole shop in one place: broker, central and a station as real processes, around a simulated bench."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final, Self

import httpx

from demo.bench import Bench
from demo.broker import Broker
from demo.children import Child, ChildFailed, free_port
from demo.make_data import DATA
from demo.observer import Observer
from demo.packer import BADGE, BOXES, LEAD_BADGE, PACKER_2

SITE: Final = "demo"
STATION: Final = "bench-1"
UNITS: Final = Path(__file__).parent.parent / "systemd"


class World:
    """Starts everything in `folder` on entering, ends it on leaving. The data stay in the folder.

    A port of 0 is any free one.
    """

    def __init__(
        self,
        folder: Path,
        *,
        kiosk_port: int = 0,
        office_port: int = 0,
        settle_s: float = 0.3,
        language: str = "fr",
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.broker = Broker(folder / "broker")
        self.observer = Observer(self.broker, SITE)
        self.bench = Bench(settle_s=settle_s)
        self.kiosk_url = f"http://127.0.0.1:{kiosk_port or free_port()}"
        self.office_url = f"http://127.0.0.1:{office_port or free_port()}"
        self.central: Child
        self.station: Child
        self._language = language
        self._open = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            opening.enter_context(self.broker)
            await opening.enter_async_context(self.bench)
            opening.callback(self._stop)
            self.start_central()
            await opening.enter_async_context(self.observer.listening())
            await self.central.is_ready()
            await self._stock_up()
            self.start_station()
            await self.station.is_ready()
            async with asyncio.timeout(20):
                await self.observer.configured.wait()
            self._open = opening.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    def start_central(self) -> None:
        """Start central on what its folder has; not ready yet."""
        (self.folder / "central.toml").write_text(self._central_toml(), encoding="utf-8")
        self.central = Child("central", self.program("central", "run"), self.folder)

    def start_station(self) -> None:
        """Start the station on what its folder has; not ready yet."""
        (self.folder / "station.toml").write_text(self._station_toml(), encoding="utf-8")
        self.station = Child("station", self.program("station", "run"), self.folder, _unit_memory())

    async def broken(self) -> None:
        """Wait until central or the station ends by itself. Raises `ChildFailed` then."""
        watching = [asyncio.create_task(child.ended()) for child in (self.central, self.station)]
        try:
            done, _ = await asyncio.wait(watching, return_when=asyncio.FIRST_COMPLETED)
            raise ChildFailed(done.pop().result())
        finally:
            for task in watching:
                task.cancel()

    def program(self, side: str, command: str) -> list[str]:
        """The command line of one of our programs with its configuration."""
        return [sys.executable, "-m", f"{side}.cli", command, "--config", str(self.folder / f"{side}.toml")]

    def _stop(self) -> None:
        for child in (getattr(self, "station", None), getattr(self, "central", None)):
            if child is not None:
                child.__exit__()

    async def _stock_up(self) -> None:
        """Give central its packers and the sample products, stock and orders, by the door that a shop uses."""
        async with httpx.AsyncClient(base_url=self.office_url, timeout=60) as client:
            for badge, name, role, language in (
                (BADGE, "Camille", "packer", self._language),
                (LEAD_BADGE, "Ingrid", "lead", "en"),
                (PACKER_2, "Maxime", "packer", "fr"),
            ):
                person = {"account": name.lower(), "name": name, "role": role, "badge": badge, "language": language}
                answer = await client.post("/api/people", json=person)
                if answer.is_error and answer.status_code != 409:
                    raise ChildFailed(f"central refused {name}: {answer.status_code} {answer.text}")
            for path, file in (
                ("/api/products/import", "products.csv"),
                ("/api/stock/import", "stock.csv"),
                ("/api/orders/import", "orders.csv"),
                ("/api/orders/import", "shopify_orders.csv"),
            ):
                content = await asyncio.to_thread((DATA / file).read_bytes)
                answer = await client.post(path, files={"data": (file, content, "text/csv")})
                if answer.is_error:
                    raise ChildFailed(f"central refused {file}: {answer.status_code} {answer.text}")

    def _central_toml(self) -> str:
        boxes = "".join(
            f'\n[[boxes]]\ncode = "{box.code}"\nname = "{box.name}"\ntare_g = {box.tare_g}\nmax_g = {box.max_g}\n'
            f"length_mm = {box.size_mm[0]}\nwidth_mm = {box.size_mm[1]}\nheight_mm = {box.size_mm[2]}\n"
            for box in BOXES
        )
        return f"""\
site = "{SITE}"
database = "{self.folder}/central.db"

[broker]
port = {self.broker.port}

[http]
port = {self.office_url.rpartition(":")[2]}
public_url = "{self.office_url}"
pictures = "{DATA}/pictures"

[sender]
name = "Maison Lumière"
lines = ["14 montée de la Grande-Côte"]
postcode = "69001"
city = "Lyon"
country = "FR"
contact = "bonjour@maison-lumiere.example · 04 72 00 00 00"

[packing]
sscc_prefix = "39521234"

[[services]]
name = "Express"
photo = "required"
{boxes}"""

    def _station_toml(self) -> str:
        return f"""\
station = "{STATION}"
site = "{SITE}"
state_dir = "{self.folder}/station"
central_url = "{self.office_url}"

[broker]
port = {self.broker.port}

[kiosk]
port = {self.kiosk_url.rpartition(":")[2]}

[bench]
language = "{self._language}"
{self.bench.tables}"""


def _unit_memory() -> dict[str, str]:
    """The memory settings that the station's unit gives it, so that the demo measures what a bench has."""
    lines = (UNITS / "packline-station.service").read_text(encoding="utf-8").splitlines()
    words = [word for line in lines if line.startswith("Environment=") for word in line.partition("=")[2].split()]
    settings = dict(word.split("=", 1) for word in words)
    return {name: value for name, value in settings.items() if name.startswith("MALLOC_")}
