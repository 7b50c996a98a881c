"""Little memory and a weak supply, on the computers of a bench and of central: both say so, and work goes on."""

from __future__ import annotations

from pathlib import Path

import pytest

from demo.count import counted, settled
from demo.playing import playing
from demo.robot import Robot
from demo.world import World
from station.kiosk.view import Frame
from tests.support.kernel import laid_out
from tests.support.office import the_office_says

PATIENCE_S = 60
_MEMORY = "There are 30 MB of memory left."
_SUPPLY = "The power supply is too weak: the firmware says undervoltage."


def troubles(frame: Frame) -> list[str]:
    return [trouble.kind for trouble in frame.quiet.troubles]


@pytest.mark.feature("R6")
async def test_each_says_so_and_the_bench_packs(tmp_path: Path) -> None:
    """Central's own troubles stand on every page, a bench's among the problems."""
    with laid_out(tmp_path / "kernel") as kernel:
        world = World(tmp_path / "shop", settle_s=0.1, language="en")
        world.central_through = world.stands[0].through = kernel.through
        async with world, playing(world) as table:
            kernel.has(memory_mb=30, undervoltage=True)
            await table.eyes.until(lambda frame: troubles(frame) == ["memory_low", "undervoltage"], PATIENCE_S)
            for words in (_MEMORY, _SUPPLY):
                await the_office_says(world.office_url, words, "/orders")
                await the_office_says(world.office_url, words, "/api/problems")
            robot = Robot(table)
            await robot.pack(1)
            kernel.has(memory_mb=600, undervoltage=False)
            await table.eyes.until(lambda frame: troubles(frame) == ["undervoltage"], PATIENCE_S)
            await the_office_says(world.office_url, _MEMORY, "/orders", no_more=True)
            await settled(world, table)
            result = await counted(world, robot)
    assert result.agrees(1), result
