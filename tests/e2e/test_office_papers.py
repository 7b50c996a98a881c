"""Papers of the office through real processes and a real broker, on a bench's printer: each once, whatever is off."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.playing import playing
from demo.world import STATION, World
from labels.readback import printed as paper

pytestmark = pytest.mark.feature("L7", "L8", "R1")


async def ask(client: httpx.AsyncClient, order: str) -> str:
    """Have the bench print the order's pick list; the print's name."""
    body = {"documents": [{"kind": "pick_list", "subject": order}], "station": STATION}
    (outcome,) = (await client.post("/api/documents/print", json=body)).raise_for_status().json()["items"]
    assert outcome["done"], outcome
    (row, *_) = await prints(client, order)
    name: str = row["print_id"]
    return name


async def prints(client: httpx.AsyncClient, order: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (await client.get("/api/documents/prints", params={"q": order})).json()["items"]
    return rows


async def printed(client: httpx.AsyncClient, order: str) -> dict[str, Any]:
    """The order's newest print, once it is out."""
    async with asyncio.timeout(60):
        while (row := (await prints(client, order))[0])["state"] != "printed":  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return row


async def test_the_office_prints_at_a_bench_that_comes_and_goes(tmp_path: Path) -> None:
    async with World(tmp_path / "shop") as world, playing(world) as table:
        first, second, third, fourth = table.orders[:4]
        async with httpx.AsyncClient(base_url=world.office_url, timeout=60) as client:
            await ask(client, first)
            row = await printed(client, first)
            assert (row["station"], row["printer"]) == (STATION, "slip printer")
            (receipt,) = world.bench.slips.receipts
            assert [code.data.decode() for code in paper(receipt).codes] == [first], "its code opens the order"
            world.station.kill()
            await ask(client, second)
            taken_back = await ask(client, third)
            await client.post("/api/documents/withdraw", json={"print_id": taken_back})
            assert (await prints(client, second))[0]["state"] == "sent"
            world.start_station()
            await world.station.is_ready()
            await printed(client, second)
            await ask(client, fourth)
            await printed(client, fourth)
            assert (await prints(client, third))[0]["state"] == "withdrawn"
        assert len(world.bench.slips.receipts) == 3, "the first, the second and the fourth, each once"


@pytest.mark.feature("R3")
async def test_a_paper_that_the_broker_lost_with_its_file_is_printed_once(tmp_path: Path) -> None:
    """Also one that the bench has told of; one that was taken back meanwhile is not."""
    async with World(tmp_path / "shop") as world, playing(world) as table:
        first, second, third = table.orders[:3]
        async with httpx.AsyncClient(base_url=world.office_url, timeout=60) as client:
            await ask(client, first)
            await printed(client, first)
            world.station.kill()
            await ask(client, second)
            taken_back = await ask(client, third)
            await client.post("/api/documents/withdraw", json={"print_id": taken_back})
            await nothing_in_the_outbox(world)
            world.broker.kill()
            (world.broker.folder / "store/mosquitto.db").unlink()
            await asyncio.to_thread(world.broker.start)
            world.start_station()
            await world.station.is_ready()
            await printed(client, second)
        assert len(world.bench.slips.receipts) == 2


async def nothing_in_the_outbox(world: World) -> None:
    """Wait until central keeps nothing of what it gave to the broker."""
    with closing(sqlite3.connect(f"{(world.folder / 'central.db').absolute().as_uri()}?mode=ro", uri=True)) as database:
        async with asyncio.timeout(60):
            while database.execute("SELECT count(*) FROM outbox").fetchone() != (0,):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
