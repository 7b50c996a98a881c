"""The shop's customers: they never stop buying, whether central answers or not."""

from __future__ import annotations

import asyncio
import csv
import io
import random
from itertools import count
from typing import Final

import httpx

from demo.catalogue import items
from tests.chaos.house import House

_AT_ONCE: Final = 100
_CONSIGNEE: Final = {
    "name": "Ada Martin",
    "street": "3 rue Mercière",
    "postcode": "69002",
    "city": "Lyon",
    "country": "FR",
    "placed_at": "2026-06-01T07:30:00+00:00",
    "paid_method": "card",
}


class Customers:
    """Small orders, always the same ones from the same seed, by the door for files."""

    def __init__(self, house: House, seed: int) -> None:
        self._house = house
        self._chance = random.Random(f"orders {seed}")
        self._sold = [item.sku for item in items() if item.gtin and item.on_hand > 40]
        self._numbers = count(1)

    async def buy(self) -> None:
        """Keep papers on every bench's pile until cancelled."""
        async with httpx.AsyncClient(base_url=self._house.world.office_url, timeout=10) as client:
            while True:
                for hands in self._house.hands.values():
                    if len(hands.table.orders) < self._house.pile:
                        numbers = [f"C{next(self._numbers)}" for _ in range(_AT_ONCE)]
                        file = self._file(numbers)
                        await self._order(client, file)
                        hands.table.orders += numbers
                await asyncio.sleep(0.5)

    async def _order(self, client: httpx.AsyncClient, file: str) -> None:
        """Until central has them: an order that it has already does not come twice."""
        while True:
            try:
                answer = await client.post("/api/orders/import", files={"data": ("orders.csv", file, "text/csv")})
            except httpx.HTTPError:
                await asyncio.sleep(0.5)
                continue
            if answer.status_code < 500:
                answer.raise_for_status()
                return
            await asyncio.sleep(0.5)

    def _file(self, numbers: list[str]) -> str:
        rows: list[dict[str, object]] = []
        for number in numbers:
            head: dict[str, object] = {**_CONSIGNEE, "paid_reference": f"P-{number}"}
            wanted = {
                sku: self._chance.choice((1, 1, 1, 2))
                for sku in self._chance.sample(self._sold, self._chance.choice((1, 1, 2, 3)))
            }
            self._house.ordered[number] = wanted
            for place, (sku, quantity) in enumerate(wanted.items()):
                own = head if place == 0 else dict.fromkeys(head, "")
                rows.append({"order": number, "sku": sku, "quantity": quantity, **own})
        stream = io.StringIO()
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return stream.getvalue()
