"""What is away, full, bad or wrong for a while: broker, central, wires, clocks and disks."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

from demo.children import Child, ChildFailed, free_port
from demo.stand import program
from tests.chaos.hands import Step
from tests.chaos.house import CENTRAL, House
from tests.chaos.moments import at

Deed = Callable[[House, str, Step, random.Random], Awaitable[str]]
_DAY_S = 86_400
_JUMPS_S = (90, 3_700, _DAY_S, 40 * _DAY_S, 5 * 365 * _DAY_S)
"""To beyond whatever is kept for a time."""


async def broker_forgets(house: House, place: str, step: Step, chance: random.Random) -> str:
    """Killed, and its persistence file is gone."""
    store = house.world.broker.folder / "store/mosquitto.db"

    async def deed() -> None:
        await house.kill_broker(lambda: store.unlink(missing_ok=True))

    await at(house, chance.choice(house.stations), step, deed)
    return str(step)


async def broker_full(house: House, place: str, step: Step, chance: random.Random) -> str:
    """It drops what waits for central, and says that all is well."""
    config = house.world.broker.folder / "mosquitto.conf"
    good = config.read_text(encoding="utf-8")
    small = good.replace("max_queued_bytes 268435456", "max_queued_bytes 600").replace(
        "max_inflight_messages 10000", "max_inflight_messages 1"
    )
    await house.kill_broker(lambda: void(config.write_text(small, encoding="utf-8")))
    await house.kill(CENTRAL)
    await asyncio.sleep(chance.uniform(2, 4))
    await house.up(CENTRAL)
    await asyncio.sleep(1)
    await house.kill_broker(lambda: void(config.write_text(good, encoding="utf-8")))
    return ""


async def central_away(house: House, place: str, step: Step, chance: random.Random) -> str:
    """Down, while the benches go on with what they hold."""
    await house.kill(CENTRAL)
    await asyncio.sleep(chance.uniform(3, 8))
    await house.up(CENTRAL)
    return ""


async def two_centrals(house: House, place: str, step: Step, chance: random.Random) -> str:
    """A second one on the same database and the same broker."""
    folder = house.world.folder
    config = (folder / "central.toml").read_text(encoding="utf-8")
    port = house.world.office_url.rpartition(":")[2]
    second = folder / "second.toml"
    second.write_text(config.replace(f"port = {port}", f"port = {free_port()}"), encoding="utf-8")
    with Child("second", program("central", "run", second), folder) as child:
        with suppress(ChildFailed):
            await asyncio.to_thread(child.line, "connected as", 10)
        await asyncio.sleep(chance.uniform(2, 4))
    return ""


async def delivered_again(house: House, place: str, step: Step, chance: random.Random) -> str:
    """What stations and central sent lately comes twice, late and shuffled."""
    sent = await house.recorder.say_again(chance)
    return ", ".join(f"{count} × {channel}" for channel, count in sent.items() if count)


def wire(bad: Callable[[House, str, random.Random], None]) -> Deed:
    """A wire between a process and the broker is bad for some seconds."""

    async def strike(house: House, name: str, step: Step, chance: random.Random) -> str:
        station = name if name != CENTRAL else chance.choice(house.stations)

        async def deed() -> None:
            bad(house, name, chance)

        await at(house, station, step, deed)
        await asyncio.sleep(chance.uniform(1, 4))
        house.wires[name].mend()
        return ""

    return strike


def clock(sign: int) -> Deed:
    """A wall clock jumps and is put right again; half of the time the process is started while it is wrong."""

    async def jump(house: House, name: str, step: Step, chance: random.Random) -> str:
        by_s, restarts = sign * chance.choice(_JUMPS_S), chance.random() < 0.5
        if restarts:
            await house.kill(name)
        house.clocks[name].set(by_s)
        if restarts:
            await house.up(name)
        await asyncio.sleep(chance.uniform(2, 5))
        house.clocks[name].set(0)
        await asyncio.sleep(1.0)
        return f"{by_s} s{', started so' if restarts else ''}"

    return jump


async def disk_full(house: House, name: str, step: Step, chance: random.Random) -> str:
    """Not one page more can be written."""
    station = name if name != CENTRAL else chance.choice(house.stations)

    async def deed() -> None:
        await asyncio.to_thread(house.disks[name].fill, house.child(name).pid)

    await at(house, station, step, deed)
    await asyncio.sleep(chance.uniform(2, 4))
    await asyncio.to_thread(house.disks[name].free, house.child(name).pid)
    return ""


def void(_: object) -> None:
    """Nothing comes of it."""
