"""A bench works without a network for hours by every clock, past the end of its leases, and joins after a week."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from demo.rest import every
from tests.chaos.account import account, new_tally
from tests.chaos.hands import Hands
from tests.chaos.house import House, open_house
from tests.chaos.run import at_work

SEED = 12
AWAY, OTHER = "bench-1", "bench-2"
_HOUR_S: Final = 3_600
_DAY_S: Final = 24 * _HOUR_S
_ENOUGH: Final = 8
"""Six to pack, one to lie open, and one that is never opened."""
_UNOPENED: Final = "SELECT job FROM jobs WHERE at_hand NOT NULL"
_PRINTS: Final = "SELECT print_id FROM prints"


async def until(true: Callable[[], bool], within_s: float = 60) -> None:
    """Look at files until it is so."""
    async with asyncio.timeout(within_s):
        while not true():  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def packs(hands: Hands, parcels: int) -> None:
    """So many more, then the hands rest."""
    enough = len(hands.table.closed) + parcels
    hands.go_on()
    await hands.table.eyes.until(lambda _: len(hands.table.closed) >= enough, 60)
    await hands.rest()


async def stops_in_the_middle(hands: Hands) -> str:
    """Rest with an open parcel; whose it is."""
    while True:
        hands.go_on()
        await hands.table.eyes.until(lambda frame: bool(frame.screen.parcel), 60)
        await hands.rest()
        if lines := hands.table.eyes.screen.lines:
            return lines[0].order


async def open_for_others(client: httpx.AsyncClient, orders: Collection[str]) -> None:
    """Wait until the other bench has opened each."""
    missing = set(orders)
    async with asyncio.timeout(120):
        while missing:
            for order in tuple(missing):
                timeline = (await client.get(f"/api/orders/{order}")).json()["timeline"]
                if any((entry["what"], entry["station"]) == ("job_opened", OTHER) for entry in timeline):
                    missing.discard(order)
            await asyncio.sleep(0.1)


def orders_of(parcels: Iterable[dict[str, Any]]) -> set[str]:
    """All that are in them."""
    return {order for parcel in parcels for order in parcel["orders"]}


async def hours_pass(house: House) -> tuple[str, set[str]]:
    """Five hours at a bench without a network, and its leases last for four: what lies open, what it never opens."""
    away = house.hands[AWAY]
    house.wires[AWAY].cut()
    await away.table.eyes.until(lambda frame: not frame.quiet.online, 60)
    for _ in range(3):
        await packs(away, 2)
        house.pass_time(_HOUR_S)
    opened = await stops_in_the_middle(away)
    unopened = set(house.journal(AWAY, _UNOPENED))
    house.pass_time(2 * _HOUR_S)
    await away.table.eyes.until(lambda frame: not frame.quiet.at_hand, 60)
    return opened, unopened


async def joins(house: House) -> None:
    """After a week in which all is forgotten that may be; the bench is told what became of its open order."""
    away = house.hands[AWAY]
    house.pass_time(8 * _DAY_S)
    await until(lambda: not house.journal(AWAY, _PRINTS))
    house.wires[AWAY].mend()
    await away.table.eyes.until(lambda frame: frame.quiet.online and not frame.quiet.queued, 60)
    away.go_on()
    await away.table.eyes.until(lambda frame: frame.screen.sentence.startswith("Stop: empty"), 60)


@pytest.mark.feature("R1", "R3", "P18", "S1")
async def test_hours_offline_then_a_week_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    async with open_house(tmp_path / "house", SEED, stations=2) as house:
        away, other = house.hands[AWAY], house.hands[OTHER]
        away.takes_next = other.takes_next = True
        async with at_work(house, SEED):
            await packs(other, 1)
            while len(house.journal(AWAY, _UNOPENED)) < _ENOUGH:
                await packs(away, 1)
                await house.well(60)
            online = len(away.table.closed)
            opened, unopened = await hours_pass(house)
            offline = away.table.closed[online:]
            other.go_on()
            async with httpx.AsyncClient(base_url=house.world.office_url, timeout=60) as client:
                await open_for_others(client, {opened, *unopened})
                await other.rest()
                await joins(house)
                for hands in house.hands.values():
                    await packs(hands, 2)
                await house.well(60)
                booked = {parcel["sscc"]: parcel for parcel in await every(client, "/api/parcels")}
                told = {problem["order_id"] for problem in await every(client, "/api/problems")}
        result = await account(house, SEED, new_tally())
    assert result.agrees, result
    assert unopened
    assert len(offline) >= 6
    assert {booked[sscc]["station"] for sscc in offline} == {AWAY}
    twice = orders_of(booked[sscc] for sscc in offline) & orders_of(booked[sscc] for sscc in other.table.closed)
    held = orders_of(parcel for parcel in booked.values() if parcel["held"])
    assert twice <= held & told, "what both packed stays in the house, and the office is told"
    assert not house.ended
