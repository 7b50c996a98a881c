"""A carrier's label from the office to the bench's printer, through real processes and a real broker."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.playing import playing
from demo.robot import Robot
from demo.table import Table
from demo.world import STATION, World
from labels import gs1
from labels.readback import printed as paper
from tests.central.orders.test_routes import PAID
from tests.labels.test_carrier import pdf, picture, png

pytestmark = pytest.mark.feature("L2", "S2", "L8", "R1")
NUMBER = "8R41234567890"
SERVICE = '[[services]]\nname = "Messagerie"\ncarrier = "manual"\n'


async def until(client: httpx.AsyncClient, path: str, true: Callable[[Any], Any]) -> Any:
    """What central answers, once it says what is awaited."""
    async with asyncio.timeout(60):
        while not true(found := (await client.get(path)).raise_for_status().json()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return found


async def packed(client: httpx.AsyncClient, table: Table, number: str) -> str:
    """An order for the carrier whose numbers are entered by hand, packed by the robot; its parcel."""
    order = PAID | {"order": number, "service": "Messagerie", "lines": [{"sku": "B-11", "quantity": 1}], "total": 1490}
    (await client.post("/api/orders", json=order)).raise_for_status()
    table.orders[:] = [number]
    await Robot(table).pack(1)
    shown = await until(client, f"/api/orders/{number}", lambda found: found["parcels"])
    sscc: str = shown["parcels"][0]["sscc"]
    return sscc


async def test_what_the_carrier_made_comes_out_as_it_is_once(tmp_path: Path) -> None:
    zpl = f"^XA^PW812^LL1208^FO60,400^BY3^BCN,150^FD{NUMBER}^FS^FO60,60^A0N,40^FDÀ remettre^FS^XZ".encode()
    async with World(tmp_path / "shop", settings=SERVICE) as world, playing(world) as table:
        async with httpx.AsyncClient(base_url=world.office_url, timeout=60) as client:
            sscc = await packed(client, table, "MAN-1")
            parcel = (await client.get(f"/api/parcels/{sscc}")).raise_for_status().json()
            assert (parcel["carrier"], parcel["tracking_number"], parcel["station"]) == ("manual", "", STATION)
            for file, number in (
                (zpl, NUMBER),
                (png(picture(812, 1208, code="8R40000000002"), 203), "8R40000000002"),
                (pdf(101, 151, code="8R40000000003"), "8R40000000003"),
            ):
                out = len(world.bench.printer.labels)
                if number != NUMBER:
                    # A bench that is off prints it when it is back.
                    world.station.kill()
                body = {"tracking_number": number, "carrier": "Transport Express", "file": b64encode(file).decode()}
                for _ in range(2):
                    (await client.post(f"/api/parcels/{sscc}/carrier-label", json=body)).raise_for_status()
                if number != NUMBER:
                    world.start_station()
                    await world.station.is_ready()
                rows = await until(
                    client,
                    f"/api/documents/prints?q=carrier_label/{sscc}",
                    lambda found: found["items"][0]["state"] == "printed",
                )
                assert (rows["items"][0]["printer"], rows["items"][0]["copy"]) == ("label printer", 1)
                (label,) = world.bench.printer.labels[out:]
                if file is zpl:
                    assert label == zpl, "not a byte of it is ours"
                else:
                    (sheet,) = paper(label).sheets
                    assert sheet.size == (816, 1216)
                    assert gs1.find_all(sheet) == [number]
            parcel = (await client.get(f"/api/parcels/{sscc}")).raise_for_status().json()
        assert (parcel["carrier"], parcel["tracking_number"]) == ("Transport Express", "8R40000000003")
