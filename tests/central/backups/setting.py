"""A shop's database with some history, and the configuration of its central."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from central.config import CentralConfig, read_config
from central.desk.books import Books, Keys
from central.store.sqlite import SqliteStore
from tests.central.shop import MUG, TEA, add_order, shop
from tests.central.test_process import SITE, write_config


def configured(folder: Path, more: str = "", port: int = 1) -> tuple[CentralConfig, Path]:
    file = write_config(folder, port)
    with file.open("a", encoding="utf-8") as config:
        config.write(more)
    return read_config(file), file


def stored(made: Books, books: Books) -> None:
    """All of one shop's rows into the books of a transaction."""
    for name in ("orders", "lines", "products", "levels", "jobs"):
        for row in getattr(made, name):
            getattr(books, name).put(row)
    books.movements.extend(made.movements)


async def within(config: CentralConfig, work: Callable[[SqliteStore], Awaitable[object]]) -> None:
    """Something that central does."""
    async with SqliteStore(Path(config.database), SITE) as store:
        await work(store)


def begin(config: CentralConfig, orders: int = 3) -> None:
    made = shop(shelf=10)
    for number in range(1, orders + 1):
        add_order(made, f"A-{number}", [(MUG, 1), (TEA, 1)])
    asyncio.run(within(config, lambda store: store.transact(Keys(), lambda books: stored(made, books))))
