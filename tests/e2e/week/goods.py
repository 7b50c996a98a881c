"""Goods come from suppliers, and shelves are counted."""

from __future__ import annotations

from collections.abc import Sequence

from tests.e2e.week.ledger import Ledger
from tests.e2e.week.office import Office
from tests.e2e.week.scripts import SOLD_OUT
from tests.e2e.week.story import GOODS_DAY, Script


async def goods_come(office: Office, ledger: Ledger, scripts: Sequence[Script]) -> None:
    """A delivery in two parts, and something in it that nobody expected: what waited for it can be packed."""
    supplier = {"name": "Faïencerie du Rhône", "lead_days": 5}
    (await office.client.put("/api/suppliers/RHONE", json=supplier)).raise_for_status()
    expected = {"supplier": "RHONE", "lines": [{"sku": SOLD_OUT, "quantity": 60}, {"sku": "V-12", "quantity": 12}]}
    (await office.client.put("/api/deliveries/D-77", json=expected)).raise_for_status()
    for arrivals in (
        [{"sku": SOLD_OUT, "quantity": 40}],
        [{"sku": SOLD_OUT, "quantity": 20}, {"sku": "V-12", "quantity": 13}, {"sku": "B-11", "quantity": 1}],
    ):
        await office.post("/api/deliveries/D-77/received", {"arrivals": arrivals})
        for each in arrivals:
            ledger.shelf[str(each["sku"])] += int(str(each["quantity"]))
    for script in scripts:
        if script.fate == "waits for goods" and script.day <= GOODS_DAY:
            ledger.orders[script.number].packed_on = GOODS_DAY


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
