"""What office and packers do to an order in the middle of its packing, with and without a network between them."""

from __future__ import annotations

import asyncio
import random
from typing import Literal, TypeAlias

import httpx

from demo.packer import Scan
from tests.chaos.hands import Step
from tests.chaos.house import CENTRAL, House
from tests.chaos.moments import at

Change: TypeAlias = Literal["cancelled", "edited"]


async def lease_taken_back(house: House, station: str, step: Step, chance: random.Random) -> str:
    """A station is away with an order that the office gives to another."""
    other = _another(house, station, chance)
    orders: set[str] = set()

    async def deed() -> None:
        house.wires[station].cut()
        orders.update(_open_orders(house, station))

    await at(house, station, Step.ITEM, deed)
    async with httpx.AsyncClient(base_url=house.world.office_url, timeout=10) as client:
        for order in orders:
            if await _said(client.post(f"/api/orders/{order}/take-back")):
                house.packed_twice.add(order)
                house.hands[other].table.orders.insert(0, order)
    await asyncio.sleep(chance.uniform(2, 5))
    house.wires[station].mend()
    return f"{len(orders)} orders"


async def put_down(house: House, station: str, step: Step, chance: random.Random) -> str:
    """The packer suspends an order; it is gone on with here or at another bench. The network may be away."""
    elsewhere = chance.random() < 0.5
    other, cut = _another(house, station, chance) if elsewhere else station, _cut(station, chance)
    orders: set[str] = set()

    async def deed() -> None:
        for wire in cut:
            house.wires[wire].cut()
        orders.update(_open_orders(house, station))
        house.hands[station].wish(Scan("PK-SUSPEND", "put it down"))

    await at(house, station, Step.ITEM, deed)
    house.hands[other].table.orders[:0] = sorted(orders)
    if cut:
        await asyncio.sleep(chance.uniform(1, 4))
    for wire in cut:
        house.wires[wire].mend()
    return f"{'another bench' if other != station else 'the same'}, {', '.join(cut) or 'nothing'} cut"


async def cancelled(house: House, station: str, step: Step, chance: random.Random) -> str:
    """The office cancels the order that is being packed."""
    return await _recalled(house, station, step, chance, "cancelled")


async def edited(house: House, station: str, step: Step, chance: random.Random) -> str:
    """The office changes the quantities of the order that is being packed."""
    return await _recalled(house, station, step, chance, "edited")


async def _recalled(house: House, station: str, step: Step, chance: random.Random, change: Change) -> str:
    step = step if step in (Step.BOX, Step.ITEM, Step.WEIGH, Step.LABEL) else Step.ITEM
    cut, told = _cut(station, chance), [0]

    async def deed() -> None:
        for wire in cut:
            house.wires[wire].cut()
        async with httpx.AsyncClient(base_url=house.world.office_url, timeout=5) as client:
            for order in _open_orders(house, station):
                told[0] += await _tell_office(house, client, order, change, chance)
                if change == "edited":
                    house.hands[station].table.orders.insert(0, order)

    await at(house, station, step, deed)
    if cut:
        await asyncio.sleep(chance.uniform(1, 4))
    for wire in cut:
        house.wires[wire].mend()
    return f"{told[0]} orders at {step}, {', '.join(cut) or 'nothing'} cut"


async def _tell_office(
    house: House, client: httpx.AsyncClient, order: str, change: Change, chance: random.Random
) -> bool:
    """Whether central took it. One that may or may not have taken it leaves the order in doubt."""
    wanted = house.ordered[order]
    if change == "cancelled":
        asked, after = client.post(f"/api/orders/{order}/cancel", json={"reason": "the customer wants it no more"}), {}
    else:
        sku, more = chance.choice(sorted(wanted)), chance.choice((-1, 1, 2))
        after = {**wanted, sku: max(1, wanted[sku] + more)}
        line = list(wanted).index(sku) + 1
        wish = {"lines": [{"line": line, "quantity": after[sku]}]}
        asked = client.patch(f"/api/orders/{order}", json=wish, headers={"If-Match": "*"})
    try:
        answer = await asked
    except httpx.HTTPError:
        house.in_doubt.add(order)
        return False
    if answer.is_success:
        house.ordered[order] = after
        house.changed[order] = change
    elif answer.status_code >= 500:
        house.in_doubt.add(order)
    return answer.is_success


async def _said(asked: object) -> bool:
    try:
        answer: httpx.Response = await asked  # type: ignore[misc]
    except httpx.HTTPError:
        return False
    return answer.is_success


def _open_orders(house: House, station: str) -> list[str]:
    """What this bench packs now."""
    frame = house.hands[station].table.eyes.frame
    return sorted({line.order for line in frame.screen.lines}) if frame is not None else []


def _another(house: House, station: str, chance: random.Random) -> str:
    return chance.choice([each for each in house.stations if each != station] or [station])


def _cut(station: str, chance: random.Random) -> tuple[str, ...]:
    """Between the office and the bench."""
    return chance.choice(((), (station,), (station,), (CENTRAL,)))
