"""A full disk ends nothing for good: there is room again, and all goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.house import CENTRAL, open_house
from tests.support.office import the_office_says


@pytest.mark.feature("R2", "R6")
async def test_central_stays_and_waits_for_room(tmp_path: Path) -> None:
    async with open_house(tmp_path / "house", 1, stations=1) as house:
        central = house.world.central
        house.disks[CENTRAL].fill(central.pid)
        await the_office_says(house.world.office_url, "The disk is full")
        house.disks[CENTRAL].free(central.pid)
        await house.well(30)
        assert central.returncode is None
