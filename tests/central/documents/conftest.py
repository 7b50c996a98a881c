"""One order with a long name, half of it packed, and a bench."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from central.desk.books import Books, Keys
from central.stations.rows import StationRow
from contract.keys import Sscc
from tests.central.conftest import Central
from tests.central.orders.test_routes import PAID
from tests.central.packed import pack

AT = 1_777_880_000_000


def order(number: str, **changes: object) -> dict[str, Any]:
    return PAID | {"order": number} | changes


@pytest.fixture
async def packed(central: Central, api: httpx.AsyncClient) -> Sscc:
    """Order P-1: two mugs are in a parcel, the tea is to follow."""
    for sku, name in (("MUG-BLUE", "Tasse à café en grès bleu, émaillée à la main"), ("TEA-100", "Thé vert")):
        (await api.put(f"/api/products/{sku}", json={"name": name, "mass_g": 100})).raise_for_status()
        (await api.post(f"/api/stock/{sku}/received", json={"quantity": 50})).raise_for_status()
    (await api.post("/api/orders", json=order("P-1"))).raise_for_status()
    sscc = await pack(central.store, "P-1", {"MUG-BLUE": 2}, AT)

    def bench(books: Books) -> None:
        books.stations.put(StationRow("pack-1"))

    await central.store.transact(Keys(), bench)
    return sscc
