"""Every fault by name: how it is done, and how it is undone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import Final

import httpx

from demo.children import Child, free_port
from demo.stand import program
from tests.chaos.hands import Step
from tests.chaos.house import CENTRAL, House
from tests.chaos.killing import Instant, killed_at, newest_print

_HOOK_S: Final = 8.0
"""A step that does not come in this time is not waited for: the fault comes without it."""
_CALL_S: Final = 2.0
STEPS: Final = tuple(step for step in Step if step is not Step.OTHER)


class Fault(StrEnum):
    """What can go wrong."""

    KILL_STATION = "kill_station"
    KILL_CENTRAL = "kill_central"
    KILL_BROKER = "kill_broker"
    KILL_STATION_IN_COMMIT = "kill_station_in_commit"
    KILL_CENTRAL_IN_COMMIT = "kill_central_in_commit"
    BROKER_FORGETS = "broker_forgets"
    """Killed, and its persistence file is gone."""
    BROKER_FULL = "broker_full"
    """It drops what waits for central, and says that all is well."""
    CENTRAL_AWAY = "central_away"
    """Down, while the benches go on with what they hold."""
    TWO_CENTRALS = "two_centrals"
    DELIVERED_AGAIN = "delivered_again"
    """Facts come twice, late and shuffled."""
    CUT = "cut"
    HALF_OPEN = "half_open"
    SLOW = "slow"
    TORN = "torn"
    SWAPPED = "swapped"
    CLOCK_FORWARD = "clock_forward"
    CLOCK_BACK = "clock_back"
    DISK_FULL = "disk_full"
    JOURNAL_FLIPPED = "journal_flipped"
    JOURNAL_TRUNCATED = "journal_truncated"
    STATION_REPLACED = "station_replaced"
    """A new device with the old one's name; the old one's disk is gone."""
    SAME_NAME = "same_name"
    """A second device with a station's name is on the broker."""
    LEASE_TAKEN_BACK = "lease_taken_back"
    """A station is away with an order that the office gives to another."""


async def strike(house: House, fault: Fault, step: Step, chance: random.Random) -> str:
    """Do it at the step and undo it. What exactly was done, for the account."""
    return await _HOW[fault](house, step, chance)


async def _at(house: House, station: str, step: Step, deed: Callable[[], Awaitable[None]]) -> bool:
    """Have the deed done under the next move of that step; in vain after a while. Whether the step came."""
    done = asyncio.Event()

    async def hook() -> None:
        try:
            await deed()
        finally:
            done.set()

    hands = house.hands[station]
    hands.at(step, hook)
    try:
        async with asyncio.timeout(_HOOK_S):
            await done.wait()
    except TimeoutError:
        hands.forget(step)
        await deed()
        return False
    return True


def _soon(deed: Callable[[], Awaitable[None]], delay_s: float) -> Callable[[], Awaitable[None]]:
    """Begin the deed, so that it falls into the move that follows."""
    tasks: set[asyncio.Task[None]] = set()

    async def begin() -> None:
        async def later() -> None:
            await asyncio.sleep(delay_s)
            await deed()

        tasks.add(asyncio.create_task(later(), name="deed"))

    return begin


def _kill(victim: str) -> Callable[[House, Step, random.Random], Awaitable[str]]:
    async def kill(house: House, step: Step, chance: random.Random) -> str:
        station = chance.choice(house.stations)
        name = station if victim == "station" else victim
        delay_s, done = chance.choice((0.0, 0.0, 0.002, 0.005, 0.01, 0.03, 0.1)), asyncio.Event()

        async def deed() -> None:
            if name == "broker":
                await house.kill_broker()
            else:
                await house.kill(name)
                await house.up(name)
            done.set()

        came = await _at(house, station, step, _soon(deed, delay_s))
        await done.wait()
        return f"{step}" if came else "between"

    return kill


def _kill_in_commit(victim: str) -> Callable[[House, Step, random.Random], Awaitable[str]]:
    async def kill(house: House, step: Step, chance: random.Random) -> str:
        station = chance.choice(house.stations)
        name = station if victim == "station" else victim
        instant, count = chance.choice(list(Instant)), chance.choice((1, 1, 2, 2, 3, 4, 5))
        armed, over = asyncio.Event(), asyncio.Event()
        house.down.add(name)

        async def trace() -> None:
            with suppress(OSError):
                async with killed_at(house.child(name).pid, instant, count):
                    armed.set()
                    with suppress(TimeoutError):
                        async with asyncio.timeout(_CALL_S):
                            await house.child(name).ended()
            armed.set()
            over.set()

        tasks: set[asyncio.Task[None]] = set()

        async def deed() -> None:
            tasks.add(asyncio.create_task(trace(), name="trace"))
            await armed.wait()

        await _at(house, station, step, deed)
        await over.wait()
        hit = house.child(name).returncode is not None
        await house.kill(name)
        label = ""
        if name != CENTRAL:
            label = f", label {newest_print(house.world.folder / name / 'journal.db')}"
        await house.up(name)
        return f"{step} {instant}{label}" if hit else "between"

    return kill


async def _broker_forgets(house: House, step: Step, chance: random.Random) -> str:
    store = house.world.broker.folder / "store/mosquitto.db"
    done = asyncio.Event()

    async def deed() -> None:
        await house.kill_broker(lambda: store.unlink(missing_ok=True))
        done.set()

    await _at(house, chance.choice(house.stations), step, _soon(deed, 0.0))
    await done.wait()
    return str(step)


async def _broker_full(house: House, step: Step, chance: random.Random) -> str:
    config = house.world.broker.folder / "mosquitto.conf"
    good = config.read_text(encoding="utf-8")
    small = good.replace("max_queued_bytes 268435456", "max_queued_bytes 600").replace(
        "max_inflight_messages 10000", "max_inflight_messages 1"
    )
    await house.kill_broker(lambda: void(config.write_text(small, encoding="utf-8")))
    await house.kill(CENTRAL)
    await asyncio.sleep(chance.uniform(2, 5))
    await house.up(CENTRAL)
    await asyncio.sleep(1)
    await house.kill_broker(lambda: void(config.write_text(good, encoding="utf-8")))
    return ""


async def _central_away(house: House, step: Step, chance: random.Random) -> str:
    await house.kill(CENTRAL)
    await asyncio.sleep(chance.uniform(3, 12))
    await house.up(CENTRAL)
    return ""


async def _two_centrals(house: House, step: Step, chance: random.Random) -> str:
    folder = house.world.folder
    config = (folder / "central.toml").read_text(encoding="utf-8")
    port = house.world.office_url.rpartition(":")[2]
    second = folder / "second.toml"
    second.write_text(config.replace(f"port = {port}", f"port = {free_port()}"), encoding="utf-8")
    with Child("second", program("central", "run", second), folder):
        await asyncio.sleep(chance.uniform(3, 8))
    return ""


async def _delivered_again(house: House, step: Step, chance: random.Random) -> str:
    await house.recorder.say_again(chance)
    return ""


def _wire(bad: Callable[[House, str, random.Random], None]) -> Callable[[House, Step, random.Random], Awaitable[str]]:
    async def strike(house: House, step: Step, chance: random.Random) -> str:
        name = chance.choice((CENTRAL, *house.stations))
        station = name if name != CENTRAL else chance.choice(house.stations)

        async def deed() -> None:
            bad(house, name, chance)

        await _at(house, station, step, deed)
        await asyncio.sleep(chance.uniform(1, 6))
        house.wires[name].mend()
        return "central" if name == CENTRAL else "station"

    return strike


def _clock(sign: int) -> Callable[[House, Step, random.Random], Awaitable[str]]:
    async def jump(house: House, step: Step, chance: random.Random) -> str:
        name = chance.choice((CENTRAL, *house.stations))
        house.clocks[name].set(sign * chance.choice((90, 3700, 86_400, 40 * 86_400)))
        await asyncio.sleep(chance.uniform(3, 6))
        house.clocks[name].set(0)
        await asyncio.sleep(1.5)
        return "central" if name == CENTRAL else "station"

    return jump


async def _disk_full(house: House, step: Step, chance: random.Random) -> str:
    name = chance.choice((CENTRAL, *house.stations))
    station = name if name != CENTRAL else chance.choice(house.stations)

    async def deed() -> None:
        await asyncio.to_thread(house.disks[name].fill, house.child(name).pid)

    await _at(house, station, step, deed)
    await asyncio.sleep(chance.uniform(2, 5))
    await asyncio.to_thread(house.disks[name].free, house.child(name).pid)
    return "central" if name == CENTRAL else "station"


def _journal(damage: Callable[[Path, random.Random], None]) -> Callable[[House, Step, random.Random], Awaitable[str]]:
    async def strike(house: House, step: Step, chance: random.Random) -> str:
        station = chance.choice(house.stations)
        hands = house.hands[station]
        # What only the damaged disk had is gone with it; what is proved is that nothing else is.
        await hands.rest()
        try:
            await hands.is_well(30)
            await house.kill(station)
            damage(house.world.folder / station / "journal.db", chance)
            await house.up(station)
        finally:
            hands.go_on()
        return ""

    return strike


def _flip(path: Path, chance: random.Random) -> None:
    """Eight bytes anywhere in the file or its log."""
    log = path.with_name("journal.db-wal")
    target = log if log.exists() and log.stat().st_size and chance.random() < 0.5 else path
    content = bytearray(target.read_bytes())
    for _ in range(8):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    target.write_bytes(content)


def _truncate(path: Path, chance: random.Random) -> None:
    """The file's end is missing."""
    with path.open("r+b") as file:
        file.truncate(chance.randrange(path.stat().st_size))


async def _station_replaced(house: House, step: Step, chance: random.Random) -> str:
    station = chance.choice(house.stations)
    hands = house.hands[station]
    await hands.rest()
    try:
        await hands.is_well(30)
        await house.kill(station)
        for path in (house.world.folder / station).iterdir():
            if path.is_file():
                path.unlink()
        await house.up(station)
    finally:
        hands.go_on()
    return ""


async def _same_name(house: House, step: Step, chance: random.Random) -> str:
    station, folder = chance.choice(house.stations), house.world.folder
    config = (folder / f"{station}.toml").read_text(encoding="utf-8")
    head, _, devices = config.partition("[[device]]")
    assert devices
    port = house.stand(station).kiosk_url.rpartition(":")[2]
    twin = folder / "twin.toml"
    head = head.replace(f"port = {port}", f"port = {free_port()}").replace(f"{folder}/{station}", f"{folder}/twin")
    twin.write_text(head, encoding="utf-8")
    with Child("twin", program("station", "run", twin), folder):
        await asyncio.sleep(chance.uniform(3, 6))
    return ""


async def _lease_taken_back(house: House, step: Step, chance: random.Random) -> str:
    away, other = chance.sample(house.stations, 2) if len(house.stations) > 1 else house.stations * 2

    async def deed() -> None:
        house.wires[away].cut()

    await _at(house, away, Step.ITEM, deed)
    screen = house.hands[away].table.eyes.screen
    orders = {line.order for line in screen.lines}
    async with httpx.AsyncClient(base_url=house.world.office_url, timeout=10) as client:
        for order in orders:
            freed = await client.post(f"/api/orders/{order}/take-back")
            if freed.is_success:
                house.hands[other].table.orders.insert(0, order)
    await asyncio.sleep(chance.uniform(3, 6))
    house.wires[away].mend()
    return ""


def void(_: object) -> None:
    """Nothing comes of it."""


def _deaf(house: House, name: str, chance: random.Random) -> None:
    house.wires[name].go_deaf()


_HOW: Final[dict[Fault, Callable[[House, Step, random.Random], Awaitable[str]]]] = {
    Fault.KILL_STATION: _kill("station"),
    Fault.KILL_CENTRAL: _kill(CENTRAL),
    Fault.KILL_BROKER: _kill("broker"),
    Fault.KILL_STATION_IN_COMMIT: _kill_in_commit("station"),
    Fault.KILL_CENTRAL_IN_COMMIT: _kill_in_commit(CENTRAL),
    Fault.BROKER_FORGETS: _broker_forgets,
    Fault.BROKER_FULL: _broker_full,
    Fault.CENTRAL_AWAY: _central_away,
    Fault.TWO_CENTRALS: _two_centrals,
    Fault.DELIVERED_AGAIN: _delivered_again,
    Fault.CUT: _wire(lambda house, name, chance: house.wires[name].cut()),
    Fault.HALF_OPEN: _wire(_deaf),
    Fault.SLOW: _wire(lambda house, name, chance: house.wires[name].slow(chance.uniform(0.05, 0.8))),
    Fault.TORN: _wire(lambda house, name, chance: house.wires[name].tear()),
    Fault.SWAPPED: _wire(lambda house, name, chance: house.wires[name].swap()),
    Fault.CLOCK_FORWARD: _clock(1),
    Fault.CLOCK_BACK: _clock(-1),
    Fault.DISK_FULL: _disk_full,
    Fault.JOURNAL_FLIPPED: _journal(_flip),
    Fault.JOURNAL_TRUNCATED: _journal(_truncate),
    Fault.STATION_REPLACED: _station_replaced,
    Fault.SAME_NAME: _same_name,
    Fault.LEASE_TAKEN_BACK: _lease_taken_back,
}
