"""Central is down for an hour of work: benches pack what they have at hand, and all of it is in central afterwards."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.chaos.account import account, new_tally
from tests.chaos.house import CENTRAL, HOUR, open_house
from tests.chaos.run import at_work

SEED = 8


@pytest.mark.feature("R1", "R2", "S1")
async def test_an_hour_of_parcels_waits_at_each_bench_and_is_delivered(tmp_path: Path) -> None:
    async with open_house(tmp_path / "house", SEED, an_hour_ahead=True) as house:
        for hands in house.hands.values():
            hands.takes_next = True
        async with at_work(house, SEED):
            for hands in house.hands.values():
                await hands.table.eyes.until(lambda frame: bool(frame.screen.parcel), 60)
                await hands.rest()
            async with asyncio.timeout(60):
                while min(map(house.at_hand, house.stations)) < HOUR:  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
            for hands in house.hands.values():
                await hands.is_well(30)
            await house.kill(CENTRAL)
            before = {name: len(hands.table.closed) for name, hands in house.hands.items()}
            for hands in house.hands.values():
                hands.go_on()
            async with asyncio.timeout(120):
                while any(len(hands.table.closed) < before[name] + HOUR for name, hands in house.hands.items()):  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
            for hands in house.hands.values():
                frame = hands.table.eyes.frame
                assert frame is not None
                assert frame.quiet.queued >= HOUR
            await house.up(CENTRAL)
        result = await account(house, SEED, new_tally())
    assert result.agrees, result
    assert result.parcels >= len(house.stations) * HOUR
