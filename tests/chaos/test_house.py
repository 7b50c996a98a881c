"""What stands in for systemd starts a process once, whoever ended it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.chaos.house import CENTRAL, House, open_house


async def test_a_station_that_a_fault_started_meanwhile_is_not_started_again(tmp_path: Path) -> None:
    async with open_house(tmp_path / "house", 1, stations=1) as house:
        keeping = asyncio.create_task(house.look_after())
        await dies(house, "bench-1")
        await house.kill("bench-1")
        await house.up("bench-1")
        started = house.child("bench-1")
        # Its keeper has looked at central since: it is through with the station.
        await dies(house, CENTRAL)
        assert house.child("bench-1") is started
        keeping.cancel()


async def dies(house: House, name: str) -> None:
    """End it as nobody has asked for; returns when that was found."""
    before = len(house.ended)
    house.child(name).kill()
    async with asyncio.timeout(60):
        while len(house.ended) == before:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
