"""kill -9 of each process, at the boundaries between the effects of a parcel and in the middle of a commit."""

from __future__ import annotations

import asyncio
import random
from contextlib import suppress
from typing import Final

from tests.chaos.hands import Step
from tests.chaos.house import BROKER, CENTRAL, House
from tests.chaos.killing import Instant, killed_at, newest_print
from tests.chaos.moments import at, gone
from tests.chaos.proxy import Trap

_COMES_S: Final = 8.0
"""A boundary that nobody passes in this time is not waited for: the kill comes between two."""
_CALL_S: Final = 2.0
_QUESTION_S: Final = 20.0
PRINTING: Final = tuple(
    f"{printer} printer: {instant}" for printer in ("label", "slip") for instant in ("half sent", "sent")
)
ANSWERING: Final = tuple(
    f"Scanned, Labelling > Labelling: {instant}" for instant in ("half committed", "committed", "shown")
)


async def kill_station(house: House, station: str, step: Step, chance: random.Random) -> str:
    """In the boundary that was struck least."""
    return await _kill_at_boundary(house, station, "station")


async def kill_central(house: House, place: str, step: Step, chance: random.Random) -> str:
    """In the boundary that was struck least."""
    return await _kill_at_boundary(house, CENTRAL, "central")


async def _kill_at_boundary(house: House, name: str, part: str) -> str:
    boundary = house.deck.deal(part)
    if "SignedOut" in boundary:
        for station, hands in house.hands.items():
            if name in (station, CENTRAL):
                hands.take_a_break()
    house.down.add(name)
    hit = await _dies_at(house, name, boundary, _COMES_S)
    await house.kill(name)
    if hit:
        house.deck.hit(part, boundary)
    await house.up(name)
    return f"{boundary}" if hit else f"between ({boundary} did not come)"


async def _dies_at(house: House, name: str, boundary: str, within_s: float) -> bool:
    """Whether the process died in that instant; when it did not, nothing is armed any more."""
    instants = house.instants[name]
    instants.arm(boundary)
    await gone(house, name, within_s)
    instants.disarm()
    return instants.struck == boundary and house.child(name).returncode is not None


async def kill_broker(house: House, place: str, step: Step, chance: random.Random) -> str:
    """As a parcel or its receipt passes on a wire."""
    boundary, station = house.deck.deal(BROKER), chance.choice(house.stations)
    wire_of, towards_broker, marker, when = _ON_THE_WAY[boundary]
    wire = house.wires[CENTRAL if wire_of == CENTRAL else station]
    sprung = asyncio.Event()

    def spring() -> None:
        house.world.broker.kill()
        sprung.set()

    wire.trap = Trap(towards_broker, marker, when, spring)
    with suppress(TimeoutError):
        async with asyncio.timeout(_COMES_S):
            await sprung.wait()
    wire.trap = None
    if sprung.is_set():
        house.deck.hit(BROKER, boundary)
    await house.kill_broker()
    return f"{boundary}" if sprung.is_set() else f"between ({boundary} did not come)"


_PARCEL: Final = b'"ParcelClosed"'
_RECEIPT: Final = b'"Receipts"'
_ON_THE_WAY: Final = {
    "parcel comes": ("station", True, _PARCEL, "before"),
    "parcel taken": ("station", True, _PARCEL, "answered"),
    "parcel goes to central": (CENTRAL, False, _PARCEL, "before"),
    "parcel with central": (CENTRAL, False, _PARCEL, "after"),
    "receipt comes": (CENTRAL, True, _RECEIPT, "before"),
    "receipt taken": (CENTRAL, True, _RECEIPT, "answered"),
    "receipt goes to the station": ("station", False, _RECEIPT, "before"),
    "receipt with the station": ("station", False, _RECEIPT, "after"),
}


async def kill_station_in_commit(house: House, station: str, step: Step, chance: random.Random) -> str:
    """The kernel's tracer ends it in the middle of a system call."""
    return await _kill_in_commit(house, station, station, step, chance)


async def kill_central_in_commit(house: House, place: str, step: Step, chance: random.Random) -> str:
    """As the station."""
    return await _kill_in_commit(house, CENTRAL, chance.choice(house.stations), step, chance)


async def _kill_in_commit(house: House, name: str, station: str, step: Step, chance: random.Random) -> str:
    instant, count = chance.choice(list(Instant)), chance.choice((1, 1, 2, 2, 3, 4, 5))
    armed, over = asyncio.Event(), asyncio.Event()
    house.down.add(name)

    async def trace() -> None:
        with suppress(OSError):
            async with killed_at(house.child(name).pid, instant, count):
                armed.set()
                await gone(house, name, _CALL_S)
        armed.set()
        over.set()

    tasks: set[asyncio.Task[None]] = set()

    async def deed() -> None:
        tasks.add(asyncio.create_task(trace(), name="trace"))
        await armed.wait()

    await at(house, station, step, deed)
    await over.wait()
    hit = house.child(name).returncode is not None
    await house.kill(name)
    label = ""
    if name != CENTRAL:
        label = f", label {newest_print(house.world.folder / name / 'journal.db')}"
    await house.up(name)
    return f"{step} {instant}{label}" if hit else "between"


async def kill_at_question(house: House, station: str, step: Step, chance: random.Random) -> str:
    """While it prints, so that it asks whether the paper came out; and once more as that is answered."""
    printing, answering = chance.choice(PRINTING), chance.choice(ANSWERING)
    hit = await killed_at_question(house, station, printing, answering)
    return f"{printing}, then {answering}" if hit else "between"


async def killed_at_question(house: House, station: str, printing: str, answering: str) -> bool:
    """Whether it died twice: as it printed, and as the packer's answer was taken."""
    hands = house.hands[station]
    house.down.add(station)
    printed = await _dies_at(house, station, printing, _COMES_S)
    await house.kill(station)
    if printed:
        house.deck.hit("station", printing)
    before = len(hands.answers)
    house.instants[station].arm(answering)
    house.start(station)
    answered = False
    if printed:
        await gone(house, station, _QUESTION_S)
        answered = house.instants[station].struck == answering and len(hands.answers) > before
    house.instants[station].disarm()
    await house.kill(station)
    await house.up(station)
    return answered
