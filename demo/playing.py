"""Puts somebody at the bench of a world: eyes on the screen, hands on the devices, paper on the pile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from demo.catalogue import items
from demo.rest import every
from demo.screen import Eyes
from demo.stand import Stand
from demo.table import Table
from demo.world import World


@asynccontextmanager
async def playing(world: World) -> AsyncIterator[Table]:
    """A table that sees and can act while the block runs, with every open order's paper, oldest first."""
    async with httpx.AsyncClient(base_url=world.office_url, timeout=30) as client:
        orders = [order["order"] for order in await every(client, "/api/orders", status="open")]
    async with at_bench(world.stands[0], orders[::-1]) as table:
        yield table


@asynccontextmanager
async def at_bench(stand: Stand, orders: list[str]) -> AsyncIterator[Table]:
    """A table at one of several benches, with these orders' papers."""
    eyes = Eyes(stand.kiosk_url)
    shop = {item.sku: item for item in items()}
    table = Table(stand.bench, eyes, stand.kiosk_url, shop, orders)
    eyes.changed = table.saw
    stand.bench.changed = table.note
    async with eyes.open():
        yield table
