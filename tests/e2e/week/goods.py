"""Goods come from suppliers, and shelves are counted: by the office, and at a bench."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from tests.e2e.week.benches import CODES
from tests.e2e.week.ledger import Ledger
from tests.e2e.week.office import Answer, Office
from tests.e2e.week.packer import Packer
from tests.e2e.week.scripts import SOLD_OUT
from tests.e2e.week.story import GOODS_DAY, Script

RARE: Final = "TP-18"
"""So few of it are there that they are counted piece by piece; nobody orders it."""
_FREE: Final = "Scan an order"


async def goods_come(office: Office, ledger: Ledger, scripts: Sequence[Script], packer: Packer) -> None:
    """A delivery in two parts, one told by a program and one unpacked at a bench, and something in it that nobody
    expected: what waited for it can be packed.
    """
    supplier = {"name": "Faïencerie du Rhône", "lead_days": 5}
    (await office.client.put("/api/suppliers/RHONE", json=supplier)).raise_for_status()
    expected = {"supplier": "RHONE", "lines": [{"sku": SOLD_OUT, "quantity": 60}, {"sku": "V-12", "quantity": 12}]}
    (await office.client.put("/api/deliveries/D-77", json=expected)).raise_for_status()
    arrivals = [{"sku": SOLD_OUT, "quantity": 40}, {"sku": "B-11", "quantity": 1}]
    await office.post("/api/deliveries/D-77/received", {"arrivals": arrivals})
    unpacked = Counter({SOLD_OUT: 20, "V-12": 13})
    ledger.shelf.update({SOLD_OUT: 40, "B-11": 1})
    await packer.at_shelf("DELIVERY-D-77", sees="Scan what came")
    await packer.at_shelf(*(CODES[sku] for sku in unpacked.elements()), "PK-NEXT", "PK-NEXT", sees=_FREE)
    ledger.shelf.update(unpacked)
    delivery = await _once(office, "/api/deliveries/D-77", lambda found: _came(found)["V-12"] == 13)
    assert (delivery["status"], _came(delivery)) == ("received", {SOLD_OUT: 60, "V-12": 13, "B-11": 1})
    for script in scripts:
        if script.fate == "waits for goods" and script.day <= GOODS_DAY:
            ledger.orders[script.number].packed_on = GOODS_DAY


def _came(delivery: Answer) -> dict[str, int]:
    return {line["sku"]: line["received"] for line in delivery["lines"]}


async def _once(office: Office, path: str, so: Callable[[Answer], bool]) -> Answer:
    """What central says there, as soon as it has booked what the bench told."""
    async with asyncio.timeout(60):
        while not so(found := await office.get(path)):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    answer: Answer = found
    return answer


async def a_shelf_is_counted_at_a_bench(office: Office, ledger: Ledger, packer: Packer) -> None:
    """One of the few pieces is not there; nothing changes before the office approves."""
    count = "/api/counts/rare"
    there = ledger.shelf[RARE] - 1
    (await office.client.put(count, json={"what": "rare things", "skus": [RARE]})).raise_for_status()
    await packer.at_shelf("COUNT-rare", sees="No bin: scan every piece")
    await packer.at_shelf(*[CODES[RARE]] * there, "PK-NEXT", sees=_FREE)
    await _once(office, count, lambda found: bool(found["status"] == "counted"))
    assert (await office.get(f"/api/products/{RARE}"))["level"]["on_hand"] == there + 1
    await office.post(f"{count}/approved")
    ledger.shelf[RARE] = there


async def shelves_are_counted(office: Office, ledger: Ledger, day: Sequence[Script], today: int) -> None:
    """Three products and those of which a piece was missing; once counted wrongly and counted again."""
    count = f"/api/counts/day-{today + 1}"
    off = dict.fromkeys((script.lines[0].sku for script in day if script.fate == "piece missing"), 0)
    off |= {"B-12": 2, "S-12": 0, "C-13": -1}
    (await office.client.put(count, json={"what": "evening round", "skus": list(off)})).raise_for_status()
    there = {sku: (await office.get(f"/api/products/{sku}"))["level"]["on_hand"] for sku in off}
    found = [{"sku": sku, "quantity": there[sku] + off[sku]} for sku in off]
    wrong = [{**each, "quantity": 1} for each in found if each["sku"] == "B-12"]
    await office.post(f"{count}/found", {"found": [each for each in found if each["sku"] != "B-12"] + wrong})
    await office.post(f"{count}/again", {"skus": ["B-12"]})
    await office.post(f"{count}/found", {"found": [each for each in found if each["sku"] == "B-12"]})
    await office.post(f"{count}/approved")
    ledger.shelf.update(off)
