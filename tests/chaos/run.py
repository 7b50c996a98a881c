"""One run: benches pack, faults come one after the other, and at the end everything is counted."""

from __future__ import annotations

import asyncio
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from demo.children import ChildFailed
from tests.chaos.account import Account, Tally, account
from tests.chaos.customers import Customers
from tests.chaos.faults import STEPS, Fault, strike
from tests.chaos.hands import Step
from tests.chaos.house import House, open_house

_RECOVERS_S = 90.0
"""A house that is not well so long after a fault will not be."""


class NeverWell(RuntimeError):
    """A fault was undone and the house did not recover; the text says what the screens show."""


async def run(
    folder: Path,
    seed: int,
    faults: Sequence[Fault] = tuple(Fault),
    *,
    duration_s: float = math.inf,
    most: int | None = None,
    tell: bool,
) -> Account:
    """Pack under these faults for so many seconds, or until `most` came. Raises `NeverWell`, `ChildFailed`."""
    chance = random.Random(seed)
    tally = Tally(Counter(), Counter(), [])
    async with open_house(folder, seed) as house:
        ends = time.monotonic() + duration_s
        async with asyncio.TaskGroup() as group:
            keeping = group.create_task(house.look_after())
            buying = group.create_task(Customers(house, seed).buy())
            working = [group.create_task(hands.work()) for hands in house.hands.values()]
            for fault, step in islice(plan(chance, faults), most):
                if time.monotonic() > ends:
                    break
                if tell:
                    print(f"{fault} at {step} …", end=" ", file=sys.stderr, flush=True)
                what = await strike(house, fault, step, chance)
                tally.faults[fault] += 1
                if what and fault.startswith("kill"):
                    tally.struck_at[f"{fault} {what}"] += 1
                tally.recoveries.append(await _recovered(house, fault, step))
                if tell:
                    print(
                        f"{what}: {tally.recoveries[-1]:.1f} s, {_closed(house)} parcels", file=sys.stderr, flush=True
                    )
                await asyncio.sleep(chance.uniform(0, 0.5))
            for hands in house.hands.values():
                await hands.rest()
            await _recovered(house, "the end", Step.OTHER)
            for task in (keeping, buying, *working):
                task.cancel()
        for hands in house.hands.values():
            hands.empty_tray()
        if tell:
            _tell_troubles(house)
        return await account(house, seed, tally)


def plan(chance: random.Random, faults: Sequence[Fault]) -> Iterator[tuple[Fault, Step]]:
    """Every fault in each round, and each at every step in as many rounds as there are steps; again and again."""
    while True:
        steps = {fault: chance.sample(STEPS, len(STEPS)) for fault in faults}
        for number in range(len(STEPS)):
            for fault in chance.sample(list(faults), len(faults)):
                yield fault, steps[fault][number]


async def _recovered(house: House, fault: str, step: Step) -> float:
    """How long until all is well again."""
    begun = time.monotonic()
    try:
        await house.well(_RECOVERS_S)
    except (TimeoutError, ChildFailed) as error:
        raise NeverWell(f"after {fault} at {step}: {_plight(house)}") from error
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
