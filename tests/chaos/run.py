"""One run: benches pack, faults come alone and several at once, and at the end everything is counted."""

from __future__ import annotations

import asyncio
import math
import random
import sys
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NamedTuple

from demo.children import ChildFailed
from tests.chaos.account import Account, Tally, account, new_tally
from tests.chaos.customers import Customers
from tests.chaos.faults import Fault, place_of, strike
from tests.chaos.hands import Step
from tests.chaos.house import BROKER, CENTRAL, House, open_house
from tests.chaos.moments import STEPS

_RECOVERS_S: Final = 90.0
"""A house that is not well so long after a fault will not be."""
_PAUSE_S: Final = 3.0
"""At most so long is the house left in peace: in a long run, some twenty parcels come between two faults."""
AT_ONCE: Final = (1, 1, 2, 3, 4)
"""So many faults of different places strike together; one alone tells how long its recovery takes."""


class NeverWell(RuntimeError):
    """A fault was undone and the house did not recover; the text says what the screens show."""


class Blow(NamedTuple):
    """One fault, whom it strikes, and at which step of a parcel."""

    fault: Fault
    place: str
    step: Step


async def run(
    folder: Path,
    seed: int,
    faults: Sequence[Fault] = tuple(Fault),
    *,
    duration_s: float = math.inf,
    enough: Callable[[Tally], bool] = lambda tally: False,
    stations: int = 3,
    at_once: Sequence[int] = AT_ONCE,
    tell: bool,
) -> Account:
    """Pack under these faults for so many seconds, or until it is `enough`. Raises `NeverWell`, `ChildFailed`."""
    chance = random.Random(seed)
    tally = new_tally()
    async with open_house(folder, seed, stations=stations) as house:
        ends = time.monotonic() + duration_s
        async with at_work(house, seed):
            for volley in volleys(house, faults, at_once, chance):
                if time.monotonic() > ends or enough(tally):
                    break
                await _one(house, volley, tally, chance, tell=tell)
                await asyncio.sleep(chance.uniform(0, _PAUSE_S))
        if tell:
            _tell_troubles(house)
        return await account(house, seed, tally)


@asynccontextmanager
async def at_work(house: House, seed: int) -> AsyncIterator[None]:
    """Customers buy and benches pack while the block runs; then hands rest, and all that they did gets to central."""
    async with asyncio.TaskGroup() as group:
        keeping = group.create_task(house.look_after())
        buying = group.create_task(Customers(house, seed).buy())
        working = [group.create_task(hands.work()) for hands in house.hands.values()]
        yield
        for hands in house.hands.values():
            await hands.rest()
        await recovered(house, "the end")
        for task in (keeping, buying, *working):
            task.cancel()
    for hands in house.hands.values():
        hands.empty_tray()


async def every_boundary(house: House, chance: random.Random) -> None:
    """Kill each process in each instant of a parcel: the benches side by side, then central, then the broker.

    Nobody waits for the recovery from one kill before the next.
    """

    async def lane(part: str, place: str, fault: Fault) -> None:
        while house.deck.missed(part):
            what = await strike(house, fault, place, Step.OTHER, chance)
            print(f"{fault} at {place}: {what}", file=sys.stderr, flush=True)

    await asyncio.gather(*(lane("station", station, Fault.KILL_STATION) for station in house.stations))
    await lane("central", CENTRAL, Fault.KILL_CENTRAL)
    await lane(BROKER, BROKER, Fault.KILL_BROKER)


async def _one(house: House, volley: Sequence[Blow], tally: Tally, chance: random.Random, *, tell: bool) -> None:
    """Strike all at once, and wait until all is well."""
    try:
        words = await asyncio.gather(
            *(strike(house, blow.fault, blow.place, blow.step, random.Random(chance.random())) for blow in volley)
        )
    except TimeoutError as error:
        names = "; ".join(f"{blow.fault} at {blow.place}" for blow in volley)
        raise NeverWell(f"during {names}: {_plight(house)}") from error
    told = [f"{blow.fault} at {blow.place}: {what}" for blow, what in zip(volley, words, strict=True)]
    took_s = await recovered(house, "; ".join(told))
    for blow in volley:
        tally.recovered[blow.fault].append((took_s, len(volley) == 1))
    if tell:
        print(f"{'; '.join(told)}: {took_s:.1f} s, {_closed(house)} parcels", file=sys.stderr, flush=True)


def volleys(
    house: House, faults: Sequence[Fault], at_once: Sequence[int], chance: random.Random
) -> Iterator[tuple[Blow, ...]]:
    """Faults that strike together, each in a place of its own."""
    coming, waiting = plan(chance, faults), deque[Fault]()
    while True:
        size, volley = chance.choice(list(at_once)), list[Blow]()
        passed_over = deque[Fault]()
        while len(volley) < size and len(passed_over) < len(faults):
            fault = waiting.popleft() if waiting else next(coming)
            place = place_of(fault, house, chance)
            if any(place == blow.place for blow in volley):
                passed_over.append(fault)
            else:
                volley.append(Blow(fault, place, chance.choice(STEPS)))
        waiting.extendleft(reversed(passed_over))
        yield tuple(volley)


def plan(chance: random.Random, faults: Sequence[Fault]) -> Iterator[Fault]:
    """Every fault in each round, in an order of its own; again and again."""
    while True:
        yield from chance.sample(list(faults), len(faults))


async def recovered(house: House, after: str) -> float:
    """How long until all is well again. Raises `NeverWell`."""
    begun = time.monotonic()
    try:
        await house.well(_RECOVERS_S)
    except (TimeoutError, ChildFailed) as error:
        raise NeverWell(f"after {after}: {_plight(house)}") from error
    return time.monotonic() - begun


def _closed(house: House) -> int:
    return sum(len(hands.table.closed) for hands in house.hands.values())


def _plight(house: House) -> str:
    told = []
    for name, hands in house.hands.items():
        frame = hands.table.eyes.frame
        if frame is not None:
            told.append(f"{name}: “{frame.screen.sentence}” {frame.screen.why} {frame.screen.note} {frame.quiet}")
    return "\n".join(told)


def _tell_troubles(house: House) -> None:
    for name, hands in house.hands.items():
        for sentence, count in hands.refused.most_common(8):
            print(f"{name}: {count} × {sentence}", file=sys.stderr)
    for obituary in house.ended:
        print(f"ended by itself: {obituary}", file=sys.stderr)
