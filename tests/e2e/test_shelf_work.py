"""Counting and receiving through real processes and wires, the station killed in the middle.

Station, central and Mosquitto are processes of their own; the scanner is a serial device on a pty.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.packer import BADGE
from demo.playing import playing
from demo.table import Table
from demo.world import STATION, World
from station.kiosk.view import Frame

SOAP, TEA, CARDS = "S-11", "T-11", "CA-11"


def is_well(frame: Frame) -> bool:
    """Until then nobody scans: the screen shows the scanner as lost, or says that it connects."""
    devices = frame.quiet.devices
    return frame.quiet.online and bool(devices) and all(device.health == "ok" for device in devices)


class Shelf:
    """A packer at the bench of a world, and the office beside."""

    def __init__(self, world: World, table: Table, office: httpx.AsyncClient) -> None:
        self.world, self.table, self.office = world, table, office

    async def scan(self, *texts: str) -> None:
        """Scan one after the other, each when the screen has answered the one before."""
        for text in texts:
            flash = self.table.eyes.screen.flash
            self.table.scan(text)
            await self.until_seen(lambda frame, before=flash: frame.screen.flash != before, text)  # type: ignore[misc]

    async def sees(self, sentence: str) -> None:
        await self.until_seen(lambda frame: frame.screen.sentence == sentence, sentence)

    async def until_seen(self, wanted: Callable[[Frame], bool], what: str) -> None:
        try:
            await self.table.eyes.until(wanted)
        except TimeoutError:
            pytest.fail(f"{what!r} was waited for in vain; the screen is {self.table.eyes.frame}")

    @property
    def lines(self) -> dict[str, int]:
        return {line.sku: line.packed for line in self.table.eyes.screen.lines}

    async def fall(self) -> None:
        """kill -9 the station, and the start that systemd would give it."""
        before = self.table.eyes.frame
        self.world.station.kill()
        self.world.start_station()
        await self.world.station.is_ready()
        await self.table.eyes.until(lambda frame: frame is not before and is_well(frame))

    async def get(self, path: str) -> Any:
        return (await self.office.get(path)).raise_for_status().json()

    async def until(self, path: str, field: str, wanted: object) -> Any:
        """What the office says, once it says this."""
        async with asyncio.timeout(60):
            while (answer := await self.get(path))[field] != wanted:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return answer

    async def on_hand(self, sku: str) -> int:
        level: int = (await self.get(f"/api/products/{sku}"))["level"]["on_hand"]
        return level

    async def audit(self) -> str:
        """What `packline-central audit` complains of."""
        pipe = asyncio.subprocess.PIPE
        done = await asyncio.create_subprocess_exec(*self.world.of_central("audit"), stdout=pipe, stderr=pipe)
        out, err = await done.communicate()
        return (out + err).decode() if done.returncode else ""


@asynccontextmanager
async def at_shelf(folder: Path) -> AsyncIterator[Shelf]:
    """A signed-in packer, and a delivery on its way."""
    async with (
        World(folder, language="en") as world,
        playing(world) as table,
        httpx.AsyncClient(base_url=world.office_url, timeout=60) as office,
    ):
        shelf = Shelf(world, table, office)
        (await office.put("/api/suppliers/faience", json={"name": "Faïencerie du Port"})).raise_for_status()
        lines = [{"sku": SOAP, "quantity": 14}, {"sku": TEA, "quantity": 3}, {"sku": CARDS, "quantity": 40}]
        expected = {"supplier": "faience", "lines": lines}
        (await office.put("/api/deliveries/PO-7", json=expected)).raise_for_status()
        await table.eyes.until(is_well)
        await shelf.scan(BADGE)
        await table.eyes.until(lambda frame: bool(frame.screen.packer))
        yield shelf


@pytest.mark.feature("P26", "K6", "P17", "R1", "R2")
async def test_a_delivery_is_received_at_a_bench_that_is_killed_and_without_central(tmp_path: Path) -> None:
    async with at_shelf(tmp_path / "shop") as shelf:
        shop = shelf.table.shop
        before = {sku: await shelf.on_hand(sku) for sku in (SOAP, TEA, CARDS)}
        shelf.table.scan("DELIVERY-PO-7")
        await shelf.sees("Scan what came")
        await shelf.scan(shop[SOAP].case_gtin, shop[SOAP].gtin)
        assert shelf.lines[SOAP] == 13
        await shelf.fall()
        assert shelf.lines[SOAP] == 13, "the screen is the one of before"
        # A house that has no bins yet: the goods have none to be scanned.
        await shelf.scan("PK-NEXT")
        shelf.world.central.kill()
        await shelf.scan(shop[TEA].gtin, shop[TEA].gtin, "PK-NEXT", "PK-DAMAGED", shop[TEA].gtin)
        answer = await asyncio.to_thread(
            httpx.post, f"{shelf.world.kiosk_url}/typed", json={"order": "", "line": 2, "quantity": 41}
        )
        assert answer.status_code == 204
        await shelf.table.eyes.until(lambda frame: shelf.lines[CARDS] == 41)
        await shelf.scan("PK-NEXT", "PK-NEXT")
        await shelf.sees("Nothing more to come? YES or NO")
        await shelf.fall()
        await shelf.sees("Nothing more to come? YES or NO")
        await shelf.scan("PK-YES")
        shelf.world.start_central()
        await shelf.world.central.is_ready()
        delivery = await shelf.until("/api/deliveries/PO-7", "status", "closed")
        assert {line["sku"]: line["received"] for line in delivery["lines"]} == {SOAP: 13, TEA: 2, CARDS: 41}
        assert {receipt["by"] for receipt in delivery["receipts"]} == {BADGE.removeprefix("BADGE-")}
        after = {sku: await shelf.on_hand(sku) for sku in before}
        assert {sku: after[sku] - before[sku] for sku in before} == {SOAP: 13, TEA: 2, CARDS: 41}
        kinds = {problem["kind"] for problem in (await shelf.get("/api/problems"))["items"]}
        assert {"over_delivered", "under_delivered", "arrived_damaged"} <= kinds
        page = (await shelf.office.get("/deliveries/PO-7")).text
        assert STATION in page, "who received it, and where"
        assert await shelf.audit() == ""


@pytest.mark.feature("P25", "K7", "P17", "R1", "R2")
async def test_bins_are_counted_blind_at_a_bench_that_is_killed_and_the_difference_is_approved(tmp_path: Path) -> None:
    async with at_shelf(tmp_path / "shop") as shelf:
        shop = shelf.table.shop
        goods = [{"sku": SOAP, "quantity": 14, "bin": "A1"}, {"sku": TEA, "quantity": 3, "bin": "A1"}]
        goods.append({"sku": TEA, "quantity": 2, "bin": "A2"})
        arrived = await shelf.office.post("/api/deliveries/PO-7/received", json={"arrivals": goods})
        arrived.raise_for_status()
        before = {sku: await shelf.on_hand(sku) for sku in (SOAP, TEA)}
        (await shelf.office.put("/api/counts/C-7", json={"bins": ["A1", "A2"], "what": "shelf A"})).raise_for_status()
        shelf.table.scan("COUNT-C-7")
        await shelf.sees("Scan the next bin")
        await shelf.scan("A1", shop[SOAP].case_gtin, shop[TEA].gtin, shop[TEA].gtin, shop[TEA].gtin)
        assert {line.quantity for line in shelf.table.eyes.screen.lines} == {0}
        await shelf.fall()
        assert shelf.lines == {SOAP: 12, TEA: 3}
        shelf.world.central.kill()
        await shelf.scan("PK-NEXT", "A2", "PK-NEXT")
        await shelf.sees("Really none there? YES or NO")
        await shelf.scan("PK-YES")
        await shelf.sees("Scan an order")
        shelf.world.start_central()
        await shelf.world.central.is_ready()
        count = await shelf.until("/api/counts/C-7", "status", "counted")
        assert [(line["bin"], line["sku"], line["counted"], line["expected"]) for line in count["lines"]] == [
            ("A1", SOAP, 12, 14),
            ("A1", TEA, 3, 3),
            ("A2", TEA, 0, 2),
        ]
        assert STATION in (await shelf.office.get("/counts/C-7")).text
        assert await shelf.on_hand(SOAP) == before[SOAP], "nothing changes before somebody approves"
        (await shelf.office.post("/api/counts/C-7/approved")).raise_for_status()
        after = {sku: await shelf.on_hand(sku) for sku in before}
        assert {sku: after[sku] - before[sku] for sku in before} == {SOAP: -2, TEA: -2}
        assert await shelf.audit() == ""
