"""Whether everything agrees at the end: what the bench closed, what the wire carried, what central has."""

from __future__ import annotations

import asyncio
import csv
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx
from msgspec import Struct

from contract.keys import Sscc
from demo.make_data import DATA
from demo.rest import every
from demo.robot import Robot
from demo.table import Table, decoded
from demo.world import World

_SETTLE_S = 30


class Result(Struct, frozen=True):
    """The line that a headless run prints last. Times in milliseconds."""

    parcels_closed: int
    """The screen said that they are done."""
    parcels_booked: int
    """Central tracks them."""
    labels_decoded: int
    """Labels whose bars, drawn from the bytes that reached the printer, say an SSCC."""
    lost: int
    """Closed on the bench and not in central."""
    doubled: int
    """Counted more than once in central, or there without having been closed."""
    stock_ok: bool
    """Shelves, ledger and orders agree, and with what was packed."""
    scan_to_light_p50_ms: float
    scan_to_light_p99_ms: float
    closed_to_receipt_p50_ms: float
    closed_to_receipt_p99_ms: float

    def agrees(self, parcels: int) -> bool:
        """Whether all is as it should be after so many parcels."""
        counts = {self.parcels_closed, self.parcels_booked, self.labels_decoded}
        return counts == {parcels} and self.lost == self.doubled == 0 and self.stock_ok


async def settled(world: World, table: Table) -> None:
    """Wait until central has answered for every parcel and the station's queue is empty. Raises `TimeoutError`."""
    await world.observer.receipts_for(table.closed, _SETTLE_S)
    await table.eyes.until(lambda frame: frame.quiet.queued == 0, _SETTLE_S)


async def counted(world: World, robot: Robot) -> Result:
    """Ask central over REST, its own audit, and the paper in the printer's tray."""
    closed = robot.table.closed
    labels = {sscc for label in world.bench.printer.labels if (sscc := decoded(label)) is not None}
    async with httpx.AsyncClient(base_url=world.office_url, timeout=30) as client:
        parcels = await every(client, "/api/parcels")
        booked = Counter(parcel["sscc"] for parcel in parcels)
        packed = await _packed(client, closed)
        shelves_ok = await _shelves_agree(client, packed)
        orders_ok = await _orders_agree(client, parcels, packed)
    audit_ok = await _audit_agrees(world)
    scans, receipts = sorted(robot.answers_ms), sorted(world.observer.receipt_ms.values())
    return Result(
        parcels_closed=len(closed),
        parcels_booked=len(booked),
        labels_decoded=len(labels & set(closed)),
        lost=len(set(closed) - booked.keys()),
        doubled=sum(count - 1 for count in booked.values()) + len(booked.keys() - set(closed)),
        stock_ok=shelves_ok and orders_ok and audit_ok,
        scan_to_light_p50_ms=quantile(scans, 0.5),
        scan_to_light_p99_ms=quantile(scans, 0.99),
        closed_to_receipt_p50_ms=quantile(receipts, 0.5),
        closed_to_receipt_p99_ms=quantile(receipts, 0.99),
    )


def quantile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank quantile, in hundredths; 0 of nothing."""
    if not ordered:
        return 0.0
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 2)


Packed = dict[tuple[str, int, str], int]
"""Pieces in closed parcels by order, line and SKU."""


async def _packed(client: httpx.AsyncClient, closed: Sequence[Sscc]) -> Packed:
    packed: Packed = {}
    for sscc in closed:
        answer = await client.get(f"/api/parcels/{sscc}")
        for line in answer.json()["contents"] if answer.is_success else ():
            key = (line["order"], line["line"], line["sku"])
            packed[key] = packed.get(key, 0) + line["quantity"]
    return packed


async def _shelves_agree(client: httpx.AsyncClient, packed: Packed) -> bool:
    """What lies on each shelf is what lay there, less what was packed."""
    taken: Counter[str] = Counter()
    for (_, _, sku), quantity in packed.items():
        taken[sku] += quantity
    with (DATA / "stock.csv").open(encoding="utf-8", newline="") as file:
        begun = {row["sku"]: int(row["on_hand"]) for row in csv.DictReader(file)}
    now = {row["product"]["sku"]: row["level"]["on_hand"] for row in await every(client, "/api/products")}
    return now == {sku: count - taken[sku] for sku, count in begun.items()}


async def _orders_agree(client: httpx.AsyncClient, parcels: Sequence[dict[str, Any]], packed: Packed) -> bool:
    """Each order line says packed what its parcels hold, and none has more than was ordered."""
    for number in {order for parcel in parcels for order in parcel["orders"]}:
        order = (await client.get(f"/api/orders/{number.replace('#', '%23')}")).json()
        for line in order["lines"]:
            inside = packed.get((number, line["line"], line["sku"]), 0)
            if line["packed"] != inside or inside > line["ordered"]:
                return False
    return True


async def _audit_agrees(world: World) -> bool:
    """What `packline-central audit` says."""
    audit = await asyncio.create_subprocess_exec(
        *world.of_central("audit"), "--json", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    said, _ = await audit.communicate()
    return audit.returncode == 0 and json.loads(said)["differences"] == []
