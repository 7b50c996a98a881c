"""The broker took a letter to a bench, and lost it with its file: the bench and central find that out by themselves."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from station.kiosk.view import Frame
from tests.chaos.account import account, new_tally
from tests.chaos.hands import Step
from tests.chaos.house import House, open_house
from tests.chaos.run import at_work

SEED = 11
PATIENCE_S = 60


def is_stopped(frame: Frame) -> bool:
    return frame.screen.tone == "stop" and frame.screen.sentence.startswith("Stop: empty the parcel")


async def cancel(house: House, office: httpx.AsyncClient, order: str) -> None:
    (await office.post(f"/api/orders/{order}/cancel", json={"reason": "no more"})).raise_for_status()
    house.ordered[order] = {}


async def take_back(house: House, office: httpx.AsyncClient, order: str) -> None:
    (await office.post(f"/api/orders/{order}/take-back")).raise_for_status()
    house.packed_twice.add(order)


async def forgotten(house: House) -> None:
    """Wait until central has handed everything to the broker and keeps nothing of it."""
    file = f"{(house.world.folder / 'central.db').resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(file, uri=True)) as database:
        while database.execute("SELECT count(*) FROM outbox").fetchone() != (0,):  # noqa: ASYNC110
            await asyncio.sleep(0.1)


@pytest.mark.feature("P18", "R3")
@pytest.mark.parametrize("change", [cancel, take_back])
async def test_a_bench_is_stopped_though_the_broker_lost_the_letter(
    tmp_path: Path, change: Callable[[House, httpx.AsyncClient, str], Awaitable[None]]
) -> None:
    async with open_house(tmp_path / "house", SEED, stations=1) as house:
        (station,) = house.stations
        hands, store = house.hands[station], house.world.broker.folder / "store/mosquitto.db"
        done = asyncio.Event()

        async def deed() -> None:
            house.wires[station].cut()
            orders = {line.order for line in hands.table.eyes.screen.lines}
            async with httpx.AsyncClient(base_url=house.world.office_url, timeout=30) as office:
                for order in orders:
                    await change(house, office, order)
            done.set()

        async with at_work(house, SEED):
            hands.at(Step.ITEM, deed)
            await asyncio.wait_for(done.wait(), PATIENCE_S)
            await hands.rest()
            await asyncio.wait_for(forgotten(house), PATIENCE_S)
            await house.kill_broker(lambda: store.unlink(missing_ok=True))
            house.wires[station].mend()
            await hands.table.eyes.until(is_stopped, PATIENCE_S)
            hands.go_on()
        result = await account(house, SEED, new_tally())
    assert result.agrees, result
