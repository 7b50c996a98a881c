"""Orders at hand through real processes: with broker and central gone, a bench opens and packs the next ones."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest

from contract.messages import NEXT_WORK
from demo.count import counted, settled
from demo.packer import BADGE
from demo.playing import at_bench, playing
from demo.robot import Robot
from demo.table import Table, decoded
from demo.world import World
from station.kiosk.view import Frame

PATIENCE_S = 60
AT_HAND = 10


async def seen(table: Table, met: str) -> Frame:
    """The frame as soon as the bench has what is named."""
    wanted = {
        "orders at hand": lambda each: each.quiet.online and len(each.quiet.at_hand) == AT_HAND,
        "no network": lambda each: not each.quiet.online,
        "everything told": lambda each: each.quiet.online and each.quiet.queued == 0,
    }[met]
    return await table.eyes.until(wanted, PATIENCE_S)


@pytest.mark.feature("R1", "P2", "O13", "S1")
async def test_orders_are_opened_packed_and_labelled_with_no_network(tmp_path: Path) -> None:
    """By the button, then by the papers; the station is killed and started in the middle, still without a network."""
    async with World(tmp_path / "shop", settle_s=0.1, language="en") as world, playing(world) as table:
        table.scan(BADGE)
        frame = await seen(table, "orders at hand")
        at_hand = list(frame.quiet.at_hand)
        world.central.kill()
        world.broker.kill()
        frame = await seen(table, "no network")
        told = frame.screen.note.replace("\N{NON-BREAKING HYPHEN}", "-")
        assert told.startswith(f"No network. Pack next: {' · '.join(at_hand[:4])} and 6 more.")

        for text, name in (("PK-SIGNOUT", ""), (BADGE, "Camille")):
            table.scan(text)
            await table.eyes.until(lambda each, name=name: each.screen.packer == name, PATIENCE_S)  # type: ignore[misc]

        robot = Robot(table)
        table.orders[:] = [NEXT_WORK]
        await robot.pack(1)
        closed = [decoded(label) for label in world.bench.printer.labels]
        table.orders[:] = at_hand[1:4]
        await robot.pack(1)
        world.station.kill()
        world.start_station()
        await world.station.is_ready()
        await table.eyes.until(lambda each: bool(each.quiet.devices) and all_well(each), PATIENCE_S)
        await robot.pack(2)

        world.broker.start()
        world.start_central()
        await world.central.is_ready()
        await settled(world, table)
        result = await counted(world, robot)
        assert result.agrees(4), result
        async with httpx.AsyncClient(base_url=world.office_url, timeout=60) as client:
            for number in at_hand[:4]:
                order = (await client.get(f"/api/orders/{number}")).raise_for_status().json()
                assert order["status"] in ("packed", "partly_packed"), order
        labels = [decoded(label) for label in world.bench.printer.labels]
        assert labels[: len(closed)] == closed
        assert len(set(labels)) == len(labels) == 4


def all_well(frame: Frame) -> bool:
    return all(device.health == "ok" for device in frame.quiet.devices)


@pytest.mark.feature("R1", "R3")
async def test_an_order_that_another_bench_has_at_hand_opens_where_it_is_scanned(tmp_path: Path) -> None:
    stations = ("bench-1", "bench-2")
    async with World(tmp_path / "shop", stations=stations, settle_s=0.1, language="en") as world:
        one, two = world.stands
        async with at_bench(one, []) as first, at_bench(two, []) as second:
            first.scan(BADGE)
            frame = await seen(first, "orders at hand")
            number = frame.quiet.at_hand[-1]
            second.scan("BADGE-4712")
            await second.eyes.until(lambda each: bool(each.screen.packer), PATIENCE_S)
            second.orders[:] = [number]
            await Robot(second).pack(1)
            await first.eyes.until(lambda each: number not in each.quiet.at_hand, PATIENCE_S)
            await asyncio.gather(settled(world, second), seen(first, "everything told"))
            async with httpx.AsyncClient(base_url=world.office_url, timeout=60) as client:
                order = (await client.get(f"/api/orders/{number}")).raise_for_status().json()
                (parcel,) = (await client.get("/api/parcels")).json()["items"]
            assert (parcel["orders"], parcel["station"], order["status"]) == ([number], "bench-2", "packed")
            assert parcel["sscc"] == str(decoded(two.bench.label or b""))
