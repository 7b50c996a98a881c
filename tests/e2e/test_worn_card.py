"""Cards that fail under a shop at work: the bench's, then central's. The office says which, and nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from demo.count import counted, settled
from demo.playing import playing
from demo.robot import Robot
from demo.world import World
from station.kiosk.view import Frame
from tests.support.card import worn_card
from tests.support.office import the_office_says

PATIENCE_S = 60
_SENTENCE = "The disk takes nothing any more: it is mounted read-only, as a failing card is. Replace it."


def at_work(frame: Frame) -> bool:
    return frame.quiet.online and bool(frame.quiet.devices) and all(each.health == "ok" for each in frame.quiet.devices)


@pytest.mark.feature("R2", "R6")
async def test_a_benchs_card_fails_with_a_parcel_on_the_table(tmp_path: Path) -> None:
    """The station ends, says why when it is started again, and goes on with the parcel when its card is mended."""
    world = World(tmp_path / "shop", settle_s=0.1, language="en")
    (stand,) = world.stands
    with worn_card(world.folder / stand.name) as card:
        stand.through = card.through
        async with world, playing(world) as table:
            robot = Robot(table)
            await robot.pack(1)
            while not any(line.packed for line in table.eyes.screen.lines):
                await robot.step()
            packed = [line.packed for line in table.eyes.screen.lines]

            card.fails(stand.station)
            table.scan("PK-UNDO")
            await stand.station.ended()
            stand.start()
            stopped = await table.eyes.until(lambda frame: frame.screen.tone == "stop", PATIENCE_S)
            assert stopped.screen.sentence == "Stop: this memory card fails"
            assert "pack at another bench and call a technician" in stopped.screen.why
            await the_office_says(world.office_url, _SENTENCE, "/stations")
            await the_office_says(world.office_url, _SENTENCE)

            await asyncio.to_thread(stand.station.stop)
            card.is_mended()
            stand.start()
            await table.eyes.until(lambda frame: bool(frame.screen.lines) and at_work(frame), PATIENCE_S)
            assert [line.packed for line in table.eyes.screen.lines] == packed
            await robot.pack(1)
            await settled(world, table)
            result = await counted(world, robot)
            await asyncio.to_thread(stand.station.stop)
    assert result.agrees(2), result


@pytest.mark.feature("R2", "R6")
async def test_centrals_card_fails_and_the_bench_packs_on(tmp_path: Path) -> None:
    """Its pages say why, those too of a central that is started on that card."""
    world = World(tmp_path / "shop", settle_s=0.1, language="en")
    (world.folder / "central.db").symlink_to(world.folder / "disk" / "central.db")
    with worn_card(world.folder / "disk") as card:
        world.central_through = card.through
        async with world, playing(world) as table:
            robot = Robot(table)
            await robot.pack(1)
            while not any(line.packed for line in table.eyes.screen.lines):
                await robot.step()

            card.fails(world.central)
            await robot.pack(1)
            await table.eyes.until(lambda frame: frame.quiet.queued > 0, PATIENCE_S)
            if world.central.returncode is None:
                await the_office_says(world.office_url, _SENTENCE)
                world.central.kill()
            world.start_central()
            await world.central.is_ready()
            await the_office_says(world.office_url, _SENTENCE)

            await asyncio.to_thread(world.central.stop)
            card.is_mended()
            world.start_central()
            await world.central.is_ready()
            await settled(world, table)
            result = await counted(world, robot)
            await asyncio.to_thread(world.central.stop)
    assert result.agrees(2), result
