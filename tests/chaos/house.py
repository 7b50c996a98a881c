"""The shop under fire: real processes, each behind a bad wire, on disks that can fill, by a clock that can jump.

What systemd does for the units is done here: whoever ends by itself is started again a second later.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from pathlib import Path
from typing import Final

import httpx

from contract.keys import Sscc
from demo.catalogue import items
from demo.children import Child, ChildFailed, free_port
from demo.make_data import DATA
from demo.screen import Eyes
from demo.stand import Stand, program
from demo.table import Table
from demo.world import World
from tests.chaos.boundaries import Deck
from tests.chaos.clock import Clock
from tests.chaos.disk import Disk
from tests.chaos.hands import Hands
from tests.chaos.instants import Instants
from tests.chaos.proxy import Proxy
from tests.chaos.recorder import Recorder

CENTRAL: Final = "central"
BROKER: Final = "broker"
_KEEPALIVE_S: Final = 5
"""A third of what is shipped: a wire that went dead is found in a third of the time."""
_BENCH: Final = "sscc_lease = 40"
"""Numbers are leased often, so that this is interrupted too."""
HOUR: Final = 90
"""Parcels that a bench packs in an hour."""
_HOUR_AHEAD: Final = "sscc_lease = 300\nahead = 100"
_RESTART_S: Final = 1.0
_JOURNAL_DAMAGED: Final = 3
ON_HAND: Final = 1_000_000
"""So many of everything: no order waits for goods."""


class House:
    """Everything that runs, and the hands at each bench. Made by `open_house`."""

    def __init__(
        self,
        world: World,
        wires: dict[str, Proxy],
        clocks: dict[str, Clock],
        disks: dict[str, Disk],
        instants: dict[str, Instants],
    ) -> None:
        self.world = world
        self.wires = wires
        self.clocks = clocks
        self.disks = disks
        self.instants = instants
        self.hands: dict[str, Hands] = {}
        self.recorder = Recorder(world.broker)
        self.down: set[str] = set()
        """Stopped on purpose: nobody starts these again."""
        self.ended: list[str] = []
        """What ended by itself, and its last words."""
        self.deck = Deck()
        self.pile = 40
        """A bench with fewer papers gets more."""
        self.ordered: dict[str, dict[str, int]] = {}
        """What customers want now: pieces by SKU, of each order."""
        self.changed: dict[str, str] = {}
        """What the office did to an order in the middle of its packing."""
        self.in_doubt: set[str] = set()
        """Orders of which nobody knows whether central took a change."""
        self.packed_twice: set[str] = set()
        """Orders that two benches may truly have packed: the office gave them to another while one was away."""
        self.forgiven: set[Sscc] = set()
        """Labels of open parcels whose bench lost its disk: nobody can know of them."""
        self._stands = {stand.name: stand for stand in world.stands}

    @property
    def stations(self) -> tuple[str, ...]:
        """Their names."""
        return tuple(self._stands)

    def stand(self, name: str) -> Stand:
        """The station of this name."""
        return self._stands[name]

    def child(self, name: str) -> Child:
        """The process of this name: a station's or central's."""
        return self.world.central if name == CENTRAL else self._stands[name].station

    def start(self, name: str) -> None:
        """Start central or a station on what its folder has."""
        if name == CENTRAL:
            self.world.start_central()
            return
        # What the last process showed says nothing of the next one.
        self.hands[name].table.eyes.frame = None
        self._stands[name].start()

    async def kill(self, name: str) -> None:
        """kill -9; the second start is ours to make. Safe on one that is dead already."""
        self.down.add(name)
        self.child(name).kill()

    async def up(self, name: str) -> None:
        """Start it after `kill`, and have it looked after again."""
        self.start(name)
        self.down.discard(name)

    async def kill_broker(self, between: Callable[[], None] = lambda: None) -> None:
        """kill -9 and start; `between` happens while it is dead."""
        self.world.broker.kill()
        between()
        await asyncio.to_thread(self.world.broker.start)

    async def look_after(self) -> None:
        """Start again what ends by itself, until cancelled. Raises `ChildFailed` when it would never start."""
        while True:
            await asyncio.sleep(0.1)
            for name in (CENTRAL, *self._stands):
                child = self.child(name)
                if name in self.down or child.returncode is None:
                    continue
                self.ended.append(child.obituary("ended"))
                child.__exit__()
                if child.returncode == 2:
                    raise ChildFailed(child.obituary("refuses its configuration"))
                if name != CENTRAL and child.returncode == _JOURNAL_DAMAGED:
                    await self.begin_anew(name)
                await asyncio.sleep(_RESTART_S)
                # A fault may have ended its sleep already: a second one on the same journal is never started.
                if name not in self.down and self.child(name) is child:
                    self.start(name)

    def at_hand(self, name: str) -> int:
        """How many orders are leased to this station."""
        return len(self.journal(name, "SELECT job FROM jobs WHERE body NOT NULL"))

    def journal(self, name: str, query: str) -> list[str]:
        """The first column of what a query finds in this station's journal."""
        journal = f"{(self.world.folder / name / 'journal.db').absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(journal, uri=True)) as database:
            return [str(row[0]) for row in database.execute(query)]

    def pass_time(self, seconds: int) -> None:
        """So much time passes for every process."""
        for clock in self.clocks.values():
            clock.pass_time(seconds)

    async def begin_anew(self, name: str) -> None:
        """What the technician does when a station refuses a damaged journal."""
        command = [*program("station", "journal", self.world.folder / f"{name}.toml"), "--begin-anew"]
        mending = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.PIPE)
        _, said = await mending.communicate()
        if mending.returncode:
            raise ChildFailed(said.decode())

    async def well(self, timeout_s: float) -> None:
        """Wait until everybody is online and central has all that was recorded. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout_s), httpx.AsyncClient(base_url=self.world.office_url, timeout=5) as client:
            while not (self._all_alive() and await _answers(client)):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
            for hands in self.hands.values():
                await hands.is_well(timeout_s)

    def _all_alive(self) -> bool:
        return all(self.child(name).returncode is None for name in (CENTRAL, *self._stands))


@asynccontextmanager
async def open_house(
    folder: Path, seed: int, *, stations: int = 2, an_hour_ahead: bool = False
) -> AsyncIterator[House]:
    """A house at work while the block runs; with `an_hour_ahead`, benches hold orders for an hour without central."""
    names = [f"bench-{number}" for number in range(1, stations + 1)]
    async with AsyncExitStack() as stack:
        wires = {name: Proxy(free_port()) for name in (CENTRAL, *names)}
        disks = {name: stack.enter_context(Disk(folder / name)) for name in wires}
        clocks = {name: Clock(folder / f"{name}.clock") for name in wires}
        instants = {name: Instants(folder / f"{name}.instants") for name in wires}
        around = {name: {**clocks[name].environment, **instants[name].environment} for name in wires}
        (folder / "central.db").symlink_to(folder / CENTRAL / "central.db")
        files = ("/api/products/import", DATA / "products.csv"), ("/api/stock/import", _stock(folder))
        world = World(folder, stations=names, files=files, settle_s=0.02, language="en")
        world.central_keepalive_s = _KEEPALIVE_S
        world.packing_settings = "ahead = 100" if an_hour_ahead else ""
        world.central_broker_port, world.central_environment = wires[CENTRAL].port, around[CENTRAL]
        for stand in world.stands:
            stand.keepalive_s, stand.bench_settings = _KEEPALIVE_S, _HOUR_AHEAD if an_hour_ahead else _BENCH
            stand.broker_port, stand.environment = wires[stand.name].port, around[stand.name]
        for wire in wires.values():
            wire.target = world.broker.port
            await stack.enter_async_context(wire)
        await stack.enter_async_context(world)
        house = House(world, wires, clocks, disks, instants)
        house.pile = 3 * HOUR if an_hour_ahead else house.pile
        await stack.enter_async_context(house.recorder.listening())
        shop = {item.sku: item for item in items()}
        for stand in world.stands:
            eyes = Eyes(stand.kiosk_url)
            table = Table(stand.bench, eyes, stand.kiosk_url, shop, [])
            eyes.changed = table.saw
            stand.bench.changed = table.note
            await stack.enter_async_context(eyes.open())
            house.hands[stand.name] = Hands(table)
        yield house


def _stock(folder: Path) -> Path:
    """A file with enough of everything."""
    path = folder / "stock.csv"
    path.write_text("".join(["sku,on_hand\n", *(f"{item.sku},{ON_HAND}\n" for item in items())]), encoding="utf-8")
    return path


async def _answers(client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get("/api/stations")).is_success
    except httpx.HTTPError:
        return False
