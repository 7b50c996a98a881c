"""The database is lost and a copy takes its place, while benches pack: nothing is lost, nothing counts twice.

Broker, central and two stations are processes of their own; the copy is taken under load.
"""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable
from pathlib import Path

import httpx
import pytest

from contract.messages import LeaseSscc, SsccLeased, WhichLack
from contract.values import SsccRange
from demo.playing import at_bench
from demo.rest import every
from demo.robot import Robot
from demo.stand import SITE
from demo.table import Table, decoded
from demo.world import World
from tests.central.bench import at_work

BENCHES = ("bench-1", "bench-2")
PATIENCE_S = 60


async def central_command(world: World, command: str, *arguments: str) -> str:
    """What a command of central's prints."""
    argv = [*world.of_central(command), *arguments]
    child = await asyncio.create_subprocess_exec(*argv, stdout=-1, stderr=-1)
    said, wrong = await child.communicate()
    assert child.returncode == 0, wrong.decode()
    return said.decode()


async def lose_and_restore(world: World) -> None:
    """kill -9, no database any more, the newest copy in its place, and the start that systemd would give."""
    world.central.kill()
    for file in world.folder.glob("central.db*"):
        file.unlink()
    await central_command(world, "restore", "newest")
    world.start_central()
    await world.central.is_ready()


def begin_with_what_is_at_hand(table: Table) -> None:
    """Those papers first, which no network is needed for."""
    first = [order for order in at_hand(table) if order in table.orders]
    assert len(first) >= 3
    table.orders[:] = [*first, *(order for order in table.orders if order not in first)]


async def booked(world: World, wanted: set[str]) -> Counter[str]:
    """Central's parcels, as soon as it has all of these."""
    async with httpx.AsyncClient(base_url=world.office_url, timeout=30) as client, asyncio.timeout(PATIENCE_S):
        while True:
            found = Counter(str(parcel["sscc"]) for parcel in await every(client, "/api/parcels"))
            if wanted <= found.keys():
                return found
            await asyncio.sleep(0.1)


async def agreed(world: World, *tables: Table) -> None:
    """Until what lies at these benches is theirs by central's books, too: one that was away has told what it has."""
    async with httpx.AsyncClient(base_url=world.office_url, timeout=30) as client, asyncio.timeout(PATIENCE_S):
        while True:
            where = {str(each["order"]): each["station"] for each in await every(client, "/api/queue")}
            here = {order: bench for bench, table in zip(BENCHES, tables, strict=True) for order in at_hand(table)}
            if here.items() <= where.items():
                return
            await asyncio.sleep(0.1)


def at_hand(table: Table) -> tuple[str, ...]:
    return table.eyes.frame.quiet.at_hand if table.eyes.frame is not None else ()


async def problems(world: World) -> list[str]:
    async with httpx.AsyncClient(base_url=world.office_url, timeout=30) as client:
        return [str(each["kind"]) for each in await every(client, "/api/problems")]


@pytest.mark.feature("F9", "R2", "S1")
@pytest.mark.parametrize("off", [False, True], ids=["both benches there", "one bench away"])
async def test_benches_send_again_what_the_copy_lacks(tmp_path: Path, off: bool) -> None:
    async with World(tmp_path / "shop", stations=BENCHES, settle_s=0.1) as world:
        async with httpx.AsyncClient(base_url=world.office_url, timeout=30) as client:
            orders = [order["order"] for order in await every(client, "/api/orders", status="open")]
        first, second = world.stands
        async with at_bench(first, orders[::2]) as one, at_bench(second, orders[1::2]) as two:
            robots = Robot(one), Robot(two)
            await asyncio.gather(*(robot.pack(3) for robot in robots), central_command(world, "backup"))
            await asyncio.gather(*(robot.pack(2) for robot in robots))
            closed = {*one.closed, *two.closed}
            await booked(world, {str(sscc) for sscc in closed})
            if off:
                second.station.kill()
            there = robots[:1] if off else robots
            for robot in there:
                begin_with_what_is_at_hand(robot.table)
            # Central is away for a part of it: three parcels are as many as a bench has at hand at least.
            await asyncio.gather(lose_and_restore(world), *(robot.pack(3) for robot in there))
            await booked(world, {str(sscc) for sscc in one.closed})
            if off:
                second.start()
                await second.station.is_ready()
                await two.eyes.until(lambda frame: frame.quiet.online, PATIENCE_S)
            await booked(world, {str(sscc) for sscc in closed})
            await agreed(world, one, two)
            await asyncio.gather(*(robot.pack(2) for robot in robots))
            closed = {*one.closed, *two.closed}
            found = await booked(world, {str(sscc) for sscc in closed})
        labels = [decoded(label) for stand in world.stands for label in stand.bench.printer.labels]
        assert set(found) == {str(sscc) for sscc in closed}
        assert set(found.values()) == {1}
        assert len(closed) == (17 if off else 20)
        assert len(labels) == len(set(labels)), "one SSCC on two labels"
        assert await problems(world) == ["restored"]
        assert json.loads(await central_command(world, "audit", "--json"))["differences"] == []


@pytest.mark.feature("S1", "F9")
async def test_numbers_that_were_leased_after_the_copy_are_not_leased_again(tmp_path: Path) -> None:
    """Their station is away while the database is restored, and comes back with them."""
    async with World(tmp_path / "shop", settle_s=0.1) as world:
        async with at_work(world.broker, SITE, "pack-8") as bench:
            await central_command(world, "backup")
            away = await leased(bench.ask(LeaseSscc(300), b"one"))
        await lose_and_restore(world)
        async with at_work(world.broker, SITE, "pack-9") as other:
            fresh = await leased(other.ask(LeaseSscc(300), b"two"))
        assert fresh.first > away.last
        async with at_work(world.broker, SITE, "pack-8") as bench:
            await bench.ask(WhichLack((), (away,)), b"three")
            # Had the skip been too small, this would tell.
            beyond = SsccRange(fresh.prefix, fresh.last + 1, fresh.last + 100)
            await bench.ask(WhichLack((), (beyond,)), b"four")
            assert (await leased(bench.ask(LeaseSscc(10), b"five"))).first == beyond.last + 1
        assert sorted(await problems(world)) == ["restored", "sscc_beyond"]


async def leased(answer: Awaitable[object]) -> SsccRange:
    found = await answer
    assert isinstance(found, SsccLeased)
    return found.range
