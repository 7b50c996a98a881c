"""The account at the end: what the benches closed against what central has."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final

import httpx
from msgspec import Struct

from contract.keys import Sscc
from demo.rest import every
from tests.chaos.hands import Hands
from tests.chaos.house import ON_HAND, House

_MOST_TOLD: Final = 60


class Recovery(Struct, frozen=True):
    """From the end of faults that struck together until everybody was online and central had everything."""

    times: int
    median_s: float
    worst_s: float

    @classmethod
    def of(cls, took_s: Sequence[float]) -> Recovery:
        """Of at least one."""
        return cls(len(took_s), round(statistics.median(took_s), 2), round(max(took_s), 2))


class Fared(Struct, frozen=True):
    """How the house recovered from one kind of fault: from each of them, and from those that struck alone."""

    all: Recovery
    alone: Recovery | None
    """None: it never struck alone."""


class Account(Struct, frozen=True):
    """The line that a run prints last."""

    seed: int
    parcels: int
    """Closed at a bench: the screen let them go."""
    faults: dict[str, int]
    lost: int
    """Closed, and not in central."""
    doubled: int
    """Booked more than once, booked and never closed, or packed beyond what was ordered and not held for it."""
    stock_differences: int
    """Products whose shelf is not what lay there less what was packed, and what the audit finds."""
    labels_twice: int
    """Labels that came out twice without the packer having been asked."""
    labels_adrift: int
    """Labels on paper that are on no parcel, and that central does not know to be void."""
    longest_recovery_s: float
    recovery: dict[str, Fared]
    """By kind of fault; each fault is one of its times."""
    boundaries: dict[str, dict[str, int]]
    """How often a process was killed in each instant of a parcel."""
    took_s: float
    """From the first process to the last count."""

    @property
    def agrees(self) -> bool:
        """Nothing is lost and nothing doubled."""
        return not (self.lost or self.doubled or self.stock_differences or self.labels_twice or self.labels_adrift)


class Tally(Struct):
    """What a run did to the house, and how long each recovery took."""

    began: float
    """By `time.monotonic`."""
    recovered: defaultdict[str, list[tuple[float, bool]]]
    """For each fault that struck, how long the house took afterwards, and whether the fault was alone."""

    @property
    def faults(self) -> dict[str, int]:
        """How often each struck."""
        return {fault: len(each) for fault, each in sorted(self.recovered.items())}


def new_tally() -> Tally:
    """Nothing was done yet."""
    return Tally(time.monotonic(), defaultdict(list))


async def account(house: House, seed: int, tally: Tally) -> Account:
    """Ask central over REST, its own audit, and the paper in the trays."""
    closed = Counter(sscc for hands in house.hands.values() for sscc in hands.table.closed)
    async with httpx.AsyncClient(base_url=house.world.office_url, timeout=60) as client:
        listed = await every(client, "/api/parcels")
        booked = Counter(parcel["sscc"] for parcel in listed if parcel["status"] != "voided")
        parcels = [(await client.get(f"/api/parcels/{sscc}")).json() for sscc in booked]
        products = await every(client, "/api/products")
    void = {parcel["sscc"] for parcel in listed if parcel["status"] == "voided"}
    lost, strange = closed.keys() - booked.keys() - void, booked.keys() - closed.keys()
    found = {
        "closed at a bench, not in central": sorted(lost),
        "in central, never closed at a bench": sorted(strange),
        "closed twice at benches, or listed twice": [*_repeated(closed), *_repeated(booked)],
        "packed beyond the order, and not held": _beyond(house, parcels),
        "label came out twice, nobody was asked": [sscc for hands in house.hands.values() for sscc in _twice(hands)],
        "label on paper, on no parcel and not void": _adrift(house, closed.keys() | void),
        "stock": await _audit(house) + _shelves(products, parcels),
    }
    for what, each in found.items():
        if each:
            print(f"seed {seed}: {what}: {', '.join(map(str, each))}", flush=True)
            for line in _diaries(house, each):
                print(f"  {line}", flush=True)
    missing, unknown, repeated, beyond, twice, adrift, stock = (len(each) for each in found.values())
    return Account(
        seed=seed,
        parcels=len(closed),
        faults=tally.faults,
        lost=missing,
        doubled=unknown + repeated + beyond,
        stock_differences=stock,
        labels_twice=twice,
        labels_adrift=adrift,
        longest_recovery_s=round(max((s for each in tally.recovered.values() for s, _ in each), default=0.0), 2),
        recovery={fault: _fared(times) for fault, times in sorted(tally.recovered.items())},
        boundaries={part: dict(names) for part, names in house.deck.struck.items()},
        took_s=round(time.monotonic() - tally.began, 1),
    )


def _fared(times: list[tuple[float, bool]]) -> Fared:
    alone = [took_s for took_s, was_alone in times if was_alone]
    return Fared(Recovery.of([took_s for took_s, _ in times]), Recovery.of(alone) if alone else None)


def _diaries(house: House, wanted: list[Any]) -> list[str]:
    """What the packers did around these labels and orders."""
    told: list[str] = []
    for name, hands in house.hands.items():
        at = [place for place, line in enumerate(hands.diary) if any(str(each)[:18] in line for each in wanted)]
        if at:
            told += [f"{name}: {line}" for line in hands.diary[max(0, at[0] - 8) : at[-1] + 8]]
    return told[:_MOST_TOLD]


def _repeated(counted: Counter[Any]) -> list[Any]:
    return [name for name, count in counted.items() for _ in range(count - 1)]


def _twice(hands: Hands) -> list[Sscc]:
    return [sscc for sscc, count in hands.printed.items() if count > 1 and sscc not in hands.asked]


def _adrift(house: House, known: set[Any]) -> list[Sscc]:
    """Not counting the one that lies before the packer now."""
    in_hand = {hands.table.hands.label for hands in house.hands.values()}
    printed = {sscc for hands in house.hands.values() for sscc in hands.printed}
    return sorted(printed - known - in_hand - house.forgiven)


def _beyond(house: House, parcels: list[dict[str, Any]]) -> list[str]:
    """Orders with more in parcels than is wanted, none of which is kept from leaving."""
    packed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    held = {order for parcel in parcels if parcel["held"] for order in parcel["orders"]}
    for parcel in parcels:
        for line in parcel["contents"]:
            packed[line["order"]][line["sku"]] += line["quantity"]
    return [
        f"{order}: {dict(pieces)} packed, {house.ordered[order]} wanted"
        for order, pieces in packed.items()
        if order not in held | house.in_doubt
        and any(count > house.ordered[order].get(sku, 0) for sku, count in pieces.items())
    ]


def _shelves(products: list[dict[str, Any]], parcels: list[dict[str, Any]]) -> list[str]:
    taken: Counter[str] = Counter()
    for parcel in parcels:
        for line in parcel["contents"]:
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
