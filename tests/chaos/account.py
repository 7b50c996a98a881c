"""The account at the end: what the benches closed against what central has."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

import httpx
from msgspec import Struct

from demo.rest import every
from tests.chaos.house import ON_HAND, House


class Account(Struct, frozen=True):
    """The line that a run prints last. All but the first two and the last shall be 0."""

    seed: int
    parcels: int
    """Closed at a bench: the screen let them go."""
    faults: dict[str, int]
    struck_at: dict[str, int]
    """Kills by what was killed, at which step of a parcel, in which instant, and how far the last label had come."""
    lost: int
    """Closed, and not in central."""
    doubled: int
    """Booked more than once, or booked and never closed."""
    stock_differences: int
    """Products whose shelf is not what lay there less what was packed, and what the audit finds."""
    labels_twice: int
    """Labels that came out twice without the packer having been asked."""
    longest_recovery_s: float
    median_recovery_s: float

    @property
    def agrees(self) -> bool:
        """Nothing is lost and nothing doubled."""
        return not (self.lost or self.doubled or self.stock_differences or self.labels_twice)


class Tally(Struct):
    """What a run did to the house, and how long each recovery took."""

    faults: Counter[str]
    struck_at: Counter[str]
    recoveries: list[float]


async def account(house: House, seed: int, tally: Tally) -> Account:
    """Ask central over REST, its own audit, and the paper in the trays."""
    closed = Counter(sscc for hands in house.hands.values() for sscc in hands.table.closed)
    async with httpx.AsyncClient(base_url=house.world.office_url, timeout=60) as client:
        parcels = await every(client, "/api/parcels")
        booked = Counter(parcel["sscc"] for parcel in parcels if parcel["status"] != "voided")
        contents = [(await client.get(f"/api/parcels/{sscc}")).json()["contents"] for sscc in booked]
        products = await every(client, "/api/products")
    lost, strange = closed.keys() - booked.keys(), booked.keys() - closed.keys()
    twice = [sscc for hands in house.hands.values() for sscc in _twice(hands)]
    differences = await _audit(house) + _shelves(products, contents)
    for what, found in (("lost", lost), ("never closed", strange), ("label twice", twice), ("stock", differences)):
        if found:
            print(f"{what}: {sorted(map(str, found))}", flush=True)
    ordered = sorted(tally.recoveries) or [0.0]
    return Account(
        seed=seed,
        parcels=len(closed),
        faults=dict(sorted(tally.faults.items())),
        struck_at=dict(sorted(tally.struck_at.items())),
        lost=len(lost),
        doubled=sum(count - 1 for count in booked.values()) + len(strange) + sum(n - 1 for n in closed.values()),
        stock_differences=len(differences),
        labels_twice=len(twice),
        longest_recovery_s=round(ordered[-1], 2),
        median_recovery_s=round(ordered[len(ordered) // 2], 2),
    )


def _twice(hands: Any) -> list[str]:
    return [sscc for sscc, count in hands.printed.items() if count > 1 and sscc not in hands.asked]


def _shelves(products: list[dict[str, Any]], contents: list[list[dict[str, Any]]]) -> list[str]:
    taken: Counter[str] = Counter()
    for parcel in contents:
        for line in parcel:
            taken[line["sku"]] += line["quantity"]
    found = {row["product"]["sku"]: row["level"]["on_hand"] for row in products}
    return [
        f"{sku}: {on_hand} on the shelf, {ON_HAND - taken[sku]} expected"
        for sku, on_hand in found.items()
        if on_hand != ON_HAND - taken[sku]
    ]


async def _audit(house: House) -> list[str]:
    """What `packline-central audit` finds."""
    audit = await asyncio.create_subprocess_exec(
        *house.world.of_central("audit"), "--json", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    said, _ = await audit.communicate()
    return [each["text"] for each in json.loads(said)["differences"]]
