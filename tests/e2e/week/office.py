"""The office's side of the week: what people and programs ask of central, by REST, files and webhooks alone."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import httpx

from demo.rest import every
from tests.e2e.week import deliveries, files
from tests.e2e.week.story import Script

Answer = dict[str, Any]

NEVER_COMES = "Virement différé"
"""A way to pay for which central waits a moment only."""


class Office:
    """Everything that a person or a program sends to central."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.prints = 0
        """Papers that were asked for."""

    async def post(self, path: str, body: object = None, *, expected: int = 0, key: str = "", seen: str = "") -> Any:
        """What central answers; anything but success, or `expected`, fails. While it is down, it is asked again.

        `seen`: the version of the order that this was decided about; `*` can be asked again without harm.
        """
        said = {"Idempotency-Key": key, "If-Match": seen}
        headers = {name: value for name, value in said.items() if value}
        while True:
            try:
                answer = await self.client.post(path, json=body, headers=headers)
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        assert answer.status_code == expected if expected else answer.is_success, (path, body, answer.text)
        return answer.json() if answer.content else None

    async def get(self, path: str, **filters: str) -> Any:
        return (await self.client.get(path, params=filters)).raise_for_status().json()

    async def every(self, path: str, **filters: str) -> list[Answer]:
        return await every(self.client, path, **filters)

    async def order(self, number: str) -> Answer:
        found: Answer = await self.get(at(number))
        return found

    async def upload(self, path: str, name: str, content: bytes, **filters: str) -> Answer:
        """Give central a file."""
        answer = await self.client.post(path, files={"data": (name, content, "text/csv")}, params=filters)
        found: Answer = answer.raise_for_status().json()
        return found

    async def ordered(self, script: Script) -> Answer:
        """An order by REST, under a key of its own: sent again it is answered again."""
        found: Answer = await self.post("/api/orders", body_of(script), key=f"order-{script.serial}")
        return found

    async def tells(
        self, script: Script, word: str, second: int, *, paid: bool, cancelled: bool = False
    ) -> tuple[str, bytes]:
        """A shop's webhook; what it did, and the delivery itself."""
        body = json.dumps(deliveries.payload(script, second, paid=paid, cancelled=cancelled)).encode()
        return await self.delivered(script, word, body), body

    async def delivered(self, script: Script, word: str, body: bytes) -> str:
        """The same delivery, maybe once more."""
        headers = deliveries.signed(script.door, body, deliveries.topic(script, word))
        answer = await self.client.post(f"/api/shops/{script.door}", content=body, headers=headers)
        return str(answer.raise_for_status().json()["outcome"])

    async def forged(self, script: Script) -> None:
        """Somebody who does not know the secret pretends that the order is paid, and ten times as large."""
        body = json.dumps(deliveries.payload(script, 9000, paid=True, cancelled=True)).encode()
        headers = deliveries.signed(script.door, body, deliveries.topic(script, "paid"), b"guessed")
        answer = await self.client.post(f"/api/shops/{script.door}", content=body, headers=headers)
        assert answer.status_code == 401

    async def card(self, body: bytes) -> str:
        """The card processor's webhook."""
        headers = deliveries.card_signature(body)
        answer = await self.client.post("/api/cards/stripe", content=body, headers=headers)
        return str(answer.raise_for_status().json()["outcome"])

    async def run(self, do: str, orders: Sequence[str], **words: str) -> list[Answer]:
        """One thing done to many orders; a result for each."""
        if not orders:
            return []
        return await self._run({"do": do, "orders": list(orders), **words})

    async def run_on(self, do: str, found_by: dict[str, Any], **words: str) -> list[Answer]:
        """One thing done to all orders that a filter finds."""
        return await self._run({"do": do, "filter": found_by, **words})

    async def _run(self, body: Answer) -> list[Answer]:
        run = await self.post("/api/runs", body)
        while not run["finished"]:
            await asyncio.sleep(0.05)
            run = await self.get(f"/api/runs/{run['run']}")
        results: list[Answer] = run["results"]
        return results

    async def take_apart(self, number: str, why: str) -> list[str]:
        """All of an order's parcels that are here go back to the shelf; which."""
        parcels = [each for each in (await self.order(number))["parcels"] if each["status"] == "packed"]
        for parcel in parcels:
            assert parcel["held"], f"{number}: a parcel that must not leave is not held"
            await self.post(f"/api/parcels/{parcel['sscc']}/ship", expected=409)
            await self.post(f"/api/parcels/{parcel['sscc']}/take-apart", {"reason": why})
        return [parcel["sscc"] for parcel in parcels]


def at(number: str, *rest: str) -> str:
    """The address of an order."""
    return "/".join(("/api/orders", quote(number, safe=""), *rest))


def body_of(script: Script) -> Answer:
    """An order as a program sends it."""
    who = script.customer
    body: Answer = {
        "order": script.number,
        "placed_at": script.placed_at,
        "ship_to": address_of(script) | {"postcode": files.postcode(script)},
        "lines": [{"sku": line.sku, "quantity": line.quantity, "unit_price": line.price} for line in script.lines],
        "contact": {"email": who.email, "phone": who.phone, "language": who.language},
        "total": script.total,
    }
    if files.is_paid(script):
        body["payment"] = {"method": "card", "reference": files.reference(script)}
    elif script.money == "never":
        body["pays_by"] = NEVER_COMES
    return body


def address_of(script: Script) -> Answer:
    """Where its customer lives."""
    who = script.customer
    return {
        "name": who.name,
        "company": who.company,
        "lines": [line for line in (who.street, who.street2) if line],
        "postcode": who.postcode,
        "city": who.city,
        "country": who.country,
    }
