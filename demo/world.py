"""The whole shop in one place: broker, central and stations as real processes, around simulated benches."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
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
from demo.stand import SITE, Stand, program

STATION: Final = "bench-1"
SAMPLES: Final = (
    ("/api/products/import", DATA / "products.csv"),
    ("/api/stock/import", DATA / "stock.csv"),
    ("/api/orders/import", DATA / "orders.csv"),
    ("/api/orders/import", DATA / "shopify_orders.csv"),
)
"""What central is given at first, and by which door."""


class World:
    """Starts everything in `folder` on entering, ends it on leaving. The data stay in the folder.

    A port of 0 is any free one. `settings` is added to central.toml.
    """

    def __init__(
        self,
        folder: Path,
        *,
        stations: Sequence[str] = (STATION,),
        files: Sequence[tuple[str, Path]] = SAMPLES,
        settings: str = "",
        kiosk_port: int = 0,
        office_port: int = 0,
        settle_s: float = 0.3,
        language: str = "fr",
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.broker = Broker(folder / "broker")
        self.observer = Observer(self.broker, SITE)
        self.office_url = f"http://127.0.0.1:{office_port or free_port()}"
        self.central: Child
        self.central_broker_port = self.broker.port
        """Where central looks for the broker."""
        self.central_keepalive_s = 15
        self.packing_settings = ""
        """More lines for `[packing]` of central's configuration."""
        self.central_environment: Mapping[str, str] = {}
        """What central finds around it besides."""
        self.central_through: Sequence[str] = ()
        """A command that starts whatever works with central's database."""
        self.stands = tuple(
            Stand(name, folder, self.broker.port, self.office_url, kiosk_port, Bench(settle_s=settle_s), language)
            for name in stations
        )
        self._files = files
        self._settings = settings
        self._language = language
        self._open = AsyncExitStack()

    @property
    def bench(self) -> Bench:
        """The first station's."""
        return self.stands[0].bench

    @property
    def kiosk_url(self) -> str:
        """The first station's."""
        return self.stands[0].kiosk_url

    @property
    def station(self) -> Child:
        """The first one."""
        return self.stands[0].station

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as opening:
            opening.enter_context(self.broker)
            for stand in self.stands:
                await opening.enter_async_context(stand.bench)
            opening.callback(self._stop)
            self.start_central()
            await opening.enter_async_context(self.observer.listening())
            await self.central.is_ready()
            await self._stock_up()
            for stand in self.stands:
                stand.start()
            for stand in self.stands:
                await stand.station.is_ready()
            await self.observer.all_configured({stand.name for stand in self.stands}, 20)
            self._open = opening.pop_all()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._open.aclose()

    def start_central(self) -> None:
        """Start central on what its folder has; not ready yet."""
        (self.folder / "central.toml").write_text(self._central_toml(), encoding="utf-8")
        self.central = Child("central", self.of_central("run"), self.folder, self.central_environment)

    def start_station(self) -> None:
        """Start the first station on what its folder has; not ready yet."""
        self.stands[0].start()

    async def broken(self) -> None:
        """Wait until central or a station ends by itself. Raises `ChildFailed` then."""
        children = [self.central, *(stand.station for stand in self.stands)]
        watching = [asyncio.create_task(child.ended()) for child in children]
        try:
            done, _ = await asyncio.wait(watching, return_when=asyncio.FIRST_COMPLETED)
            raise ChildFailed(done.pop().result())
        finally:
            for task in watching:
                task.cancel()

    def of_central(self, command: str) -> list[str]:
        """The command line of central with its configuration."""
        return [*self.central_through, *program("central", command, self.folder / "central.toml")]

    def _stop(self) -> None:
        for child in (*(stand.running for stand in self.stands), getattr(self, "central", None)):
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
            for path, file in self._files:
                content = await asyncio.to_thread(file.read_bytes)
                answer = await client.post(path, files={"data": (file.name, content, "text/csv")})
                if answer.is_error:
                    raise ChildFailed(f"central refused {file.name}: {answer.status_code} {answer.text}")

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
port = {self.central_broker_port}
keepalive_s = {self.central_keepalive_s}

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
{self.packing_settings}

[[services]]
name = "Express"
photo = "required"
{boxes}
{self._settings}"""
