"""The main job through real processes and wires, with each of them killed in turn.

Station, central and Mosquitto are processes of their own. The scanner is a serial device on a pty, the scale a Toledo
8217 on a pty that answers byte by byte with motion first, the printers are TCP sockets.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from demo.children import ChildFailed
from demo.count import counted, settled
from demo.packer import Look, Move, Place, Scan
from demo.playing import playing
from demo.robot import Robot
from demo.table import Table, decoded
from demo.world import World
from station.kiosk.view import Frame

PATIENCE_S = 60
GLANCE_S = 1.5
"""A packer who sees no answer looks again and does what the screen says now."""

Moment = Callable[[Move, Table], bool]
MOMENTS: dict[str, Moment] = {
    "opening the order": lambda move, table: isinstance(move, Scan) and not table.eyes.screen.parcel,
    "in the middle of the items": lambda move, table: any(line.packed for line in table.eyes.screen.lines),
    "parcel goes on the scale": lambda move, table: isinstance(move, Place) and move.grams > 0,
    "label is out and not scanned": lambda move, table: table.hands.label is not None,
}


async def fell(world: World, table: Table, victim: str) -> None:
    """kill -9, and the start that systemd would give it."""
    if victim == "broker":
        world.broker.kill()
        await asyncio.to_thread(world.broker.start)
        return
    getattr(world, victim).kill()
    before = table.eyes.frame
    getattr(world, f"start_{victim}")()
    await getattr(world, victim).is_ready()
    if victim == "station":
        # Until then the page says "connecting", or shows the scanner as lost, and nobody packs by it.
        await table.eyes.until(lambda frame: frame is not before and frame.quiet.online and all_well(frame))


def all_well(frame: Frame) -> bool:
    return bool(frame.quiet.devices) and all(device.health == "ok" for device in frame.quiet.devices)


async def pack_one(world: World, table: Table, strike_at: Moment, victim: str) -> None:
    """Pack a parcel as a person does; at the moment, the move is made and the victim is killed under it."""
    wanted, struck = len(table.closed) + 1, False
    async with asyncio.timeout(PATIENCE_S):
        while len(table.closed) < wanted:
            move = question(table) or table.next
            if not struck and not isinstance(move, Look) and strike_at(move, table):
                struck = True
                await table.do(move)
                await fell(world, table, victim)
            else:
                await make(move, table)
    assert struck, "the moment never came"


async def make(move: Move, table: Table) -> None:
    """Do it and look at the answer; without one, look again: the screen says what to do now."""
    changed, eyes = table.changed, table.eyes
    before = (eyes.answered, eyes.screen.flash)
    await table.do(move)
    with suppress(TimeoutError):
        if isinstance(move, Scan):
            await eyes.until(lambda frame: (eyes.answered, frame.screen.flash) != before, GLANCE_S)
        else:
            await asyncio.wait_for(changed.wait(), GLANCE_S)


def question(table: Table) -> Move | None:
    """After a kill between first byte and last, the bench asks whether the label came out: look into the tray."""
    if "PK-YES" not in {action.code for action in table.eyes.screen.actions}:
        return None
    label = table.bench.label
    fresh = label is not None and decoded(label) not in table.closed
    return Scan("PK-YES" if fresh else "PK-NO", "did it come out?")


@pytest.mark.feature("P3", "P11", "P14", "L1", "S1", "S5", "S6", "V3")
async def test_one_parcel_from_scan_to_tracking(tmp_path: Path) -> None:
    """The SSCC that is decoded from the printed bytes is the one that central tracks."""
    async with World(tmp_path / "shop") as world, playing(world) as table:
        number = table.orders[0]
        robot = Robot(table)
        await robot.pack(1)
        await settled(world, table)
        assert world.bench.label is not None
        sscc = decoded(world.bench.label)
        async with httpx.AsyncClient(base_url=world.office_url, timeout=60) as client:
            parcel = (await client.get(f"/api/parcels/{sscc}")).raise_for_status().json()
            order = (await client.get(f"/api/orders/{number}")).raise_for_status().json()
            page = (await client.get(parcel["tracking_path"])).raise_for_status()
        assert parcel["orders"] == [number]
        assert parcel["status"] == "packed"
        assert parcel["tracking_number"] == sscc
        assert [event["status"] for event in parcel["events"]] == ["packed"]
        assert abs(parcel["weighing"]["grams"] - parcel["weighing"]["expected_g"]) <= parcel["weighing"]["tolerance_g"]
        assert order["status"] == "packed"
        assert number in page.text


@pytest.mark.feature("R2", "R1", "P17", "L8", "F4")
@pytest.mark.parametrize("victim", ["station", "central", "broker"])
async def test_kill_9_in_the_middle_changes_nothing(tmp_path: Path, victim: str) -> None:
    """Whoever dies, at whichever step: each parcel is in central once, on one label, and the stock agrees."""
    async with World(tmp_path / "shop", settle_s=0.1) as world, playing(world) as table:
        for moment, strike_at in MOMENTS.items():
            try:
                await pack_one(world, table, strike_at, victim)
            except (TimeoutError, ChildFailed) as error:
                screen = table.eyes.screen
                pytest.fail(f"{victim} killed, {moment}: the screen says {screen.sentence!r} {screen.why!r}: {error}")
        await settled(world, table)
        result = await counted(world, Robot(table))
    assert result.agrees(len(MOMENTS)), result
    ssccs = [decoded(label) for label in world.bench.printer.labels]
    assert len(ssccs) == len(set(ssccs)), "a label came out twice"
