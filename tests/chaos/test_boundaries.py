"""Each process is killed in every instant between two effects of a parcel, and nothing is lost or doubled by it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.chaos.account import account, new_tally
from tests.chaos.house import open_house
from tests.chaos.run import at_work, every_boundary

SEED = 7


@pytest.mark.feature("R2", "L8")
async def test_a_kill_at_every_boundary_of_a_parcel(tmp_path: Path) -> None:
    async with open_house(tmp_path / "house", SEED, stations=3) as house:
        async with at_work(house, SEED):
            await every_boundary(house, random.Random(SEED))
        result = await account(house, SEED, new_tally())
    assert result.agrees, result
    assert all(times for names in result.boundaries.values() for times in names.values())
