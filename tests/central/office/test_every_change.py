"""Every REST route that changes something, under idempotency keys: done once, answered alike and as described."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Final

import httpx
import pytest
from litestar.routes import HTTPRoute

from central.office.server import make_app
from tests.central.conftest import Central
from tests.central.office.changing import BEN, SAMPLES, Asked, Shop
from tests.central.office.conftest import Described
from tests.central.office.test_openapi import WITHOUT_A_KEY

pytestmark = pytest.mark.xdist_group("changes")

TOLD_ONCE: Final = {"resetPassword": "password", "createToken": "secret"}
"""Secrets are in the first answer alone: nobody keeps them for a second one."""
BESIDE: Final = ("freed", "sqlite_sequence")
"""What is emptied beside requests, and what goes on counting."""
HIS_OWN: Final = {"tickInBatch", "shortInBatch"}
"""What one is at nobody else does."""
OF_ORDERS: Final = ("orders", "order_lines")
VERSIONS: Final = Path(__file__).parents[3] / "docs" / "decisions" / "0012-versions-of-orders.md"
DECIDED: Final = frozenset(re.findall(r"`(\w+)`", "".join(re.findall(r"^\|.*\|", VERSIONS.read_text(), re.MULTILINE))))
"""What its table names."""
IN_MEMORY: Final = {"bindDocuments"}
"""What they begin is kept by nobody but the process."""


@pytest.fixture(scope="module")
def methods() -> dict[str, str]:
    """Of every REST route that is not read only, by operation."""
    routes = [route for route in make_app().routes if isinstance(route, HTTPRoute) and route.path.startswith("/api/")]
    return {
        str(handler.operation_id): method
        for route in routes
        for handler in route.route_handlers
        for method in handler.http_methods - {"GET", "HEAD", "OPTIONS"}
    }


class Kept:
    """What stands in the whole database."""

    def __init__(self, central: Central) -> None:
        with sqlite3.connect(central.photos_folder.parent / "central.db") as reading:
            names = [name for (name,) in reading.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            self.tables = {
                name: Counter(reading.execute(f"SELECT * FROM {name}").fetchall())
                for name in names
                if name not in BESIDE
            }
        reading.close()

    def since(self, before: Kept) -> dict[str, tuple[int, int]]:
        """How many rows of each table came and went."""
        both = {name: (rows, before.tables[name]) for name, rows in self.tables.items()}
        return {name: ((now - then).total(), (then - now).total()) for name, (now, then) in both.items() if now != then}


@pytest.mark.feature("I2")
@pytest.mark.asyncio(loop_scope="module")
async def test_no_changing_route_is_without_its_sample(methods: dict[str, str]) -> None:
    assert methods.keys() == SAMPLES.keys() | WITHOUT_A_KEY.keys()
    assert not SAMPLES.keys() & WITHOUT_A_KEY.keys()


@pytest.mark.feature("I2")
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", SAMPLES)
async def test_a_changing_request_under_a_key(
    shop: Shop, methods: dict[str, str], described: Described, name: str
) -> None:
    first, other, third = [await SAMPLES[name].asked(shop) for _ in range(3)]

    async def send(asked: Asked, key: str, client: httpx.AsyncClient = shop.api) -> httpx.Response:
        return await asked.send(client, methods[name], f"{name}-{key}")

    before = await kept(shop.central)
    answer = await send(first, "1")
    assert answer.status_code < 300, answer.text
    described.check(name, answer)
    once = await kept(shop.central)
    done = once.since(before)
    assert done.pop("requests") == (1, 0)
    assert done or name in IN_MEMORY
    changed = any(went for table, (_, went) in done.items() if table in OF_ORDERS)
    assert not changed or name in DECIDED, f"say in {VERSIONS.name} whether {name} can lose an edit of an order"
    assert await kept_of(shop.central, f"{name}-1") == without_secret(name, answer)
    assert_same(name, answer, await send(first, "1"))
    refused = await send(other, "1")
    assert (refused.status_code, refused.headers["content-type"]) == (422, "application/problem+json")
    assert refused.json()["errors"][0]["field"] == "Idempotency-Key"
    described.check(name, refused)
    assert not (await kept(shop.central)).since(once)

    at_once = await asyncio.gather(*(send(other, "2") for _ in range(3)))
    twice = await kept(shop.central)
    assert twice.since(once) == done | {"requests": (1, 0)}
    (told, *_) = sorted(at_once, key=lambda each: is_repeated(name, each))
    for each in at_once:
        assert_same(name, told, each)

    async with shop.central.client(BEN) as ben:
        his = await send(third, "1", ben)
    assert his.status_code == (409 if name in HIS_OWN else answer.status_code), his.text
    described.check(name, his)
    assert ("requests" in (await kept(shop.central)).since(twice)) is (name not in HIS_OWN)


async def kept(central: Central) -> Kept:
    """As soon as what came free was given to those that waited for it."""
    async with asyncio.timeout(60):
        while await central.store.read("orders.freed"):  # noqa: ASYNC110 - another task of this process
            await asyncio.sleep(0.01)
    return Kept(central)


async def kept_of(central: Central, key: str) -> object:
    """What will be answered, whatever happens meanwhile."""
    (row,) = await central.store.read("desk.load_requests", (f'["token:anna/{key}"]',))
    kept = json.loads(row["answer"])
    return kept["order"] if key.startswith("addOrder") else kept


def without_secret(name: str, answer: httpx.Response) -> object:
    if name in TOLD_ONCE:
        return answer.json() | {TOLD_ONCE[name]: None}
    return answer.json() if answer.content else None


def is_repeated(name: str, answer: httpx.Response) -> bool:
    return name in TOLD_ONCE and answer.json()[TOLD_ONCE[name]] is None


def assert_same(name: str, first: httpx.Response, again: httpx.Response) -> None:
    assert again.status_code == first.status_code
    if name in TOLD_ONCE and is_repeated(name, again):
        assert first.json()[TOLD_ONCE[name]]
        assert again.json() == without_secret(name, first)
    else:
        assert again.content == first.content
