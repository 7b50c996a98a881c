"""Open pages hear what is written, and only that; the database is not asked in between."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from central.office.watch import Watch
from tests.central.conftest import Central
from tests.central.orders.test_finding import add
from tests.central.orders.test_routes import shop  # noqa: F401

LONG = 600.0


async def test_a_bell_rings_for_its_subject_or_its_kind() -> None:
    watch = Watch()
    with watch.over("order/1") as one, watch.over("order") as any_order, watch.over("parcel/9") as parcel:
        watch.wrote(["order/1", "station/pack-1"])
        await asyncio.wait_for(one.wait(LONG), 60)
        await asyncio.wait_for(any_order.wait(LONG), 60)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(parcel.wait(LONG), 0.05)
        watch.wrote(["order/2"])
        await asyncio.wait_for(any_order.wait(LONG), 60)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(one.wait(LONG), 0.05)
    watch.wrote(["order/1"])


async def test_patience_ends_without_a_ring() -> None:
    with Watch().over("order/1") as bell:
        await asyncio.wait_for(bell.wait(0.01), 60)


@pytest.mark.feature("V3")
async def test_an_open_page_hears_a_change_without_asking_the_database_again_and_again(
    shop: httpx.AsyncClient,  # noqa: F811
    central: Central,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add(shop, "P-1", "Zoé")
    asked: list[str] = []
    read = central.store.read

    async def noted(query: str, params: object = ()) -> object:
        asked.append(query)
        return await read(query, params)  # type: ignore[arg-type]

    monkeypatch.setattr(central.store, "read", noted)
    version = len((await shop.get("/api/orders/P-1")).json()["timeline"])
    address = f"/live?subject=order/P-1&version={version}"
    async with central.client() as client, client.stream("GET", address, timeout=60) as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        await shop.post("/api/orders/P-1/notes", json={"audience": "office", "text": "Hello"})
        async for line in lines:
            if line.startswith("event: changed"):
                break
        assert asked.count("orders.version") <= 3
