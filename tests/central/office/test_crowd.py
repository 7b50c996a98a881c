"""More requests than are worked on at once: the others are told when to come again."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from central.office.crowd import AGAIN_S, Crowd
from central.office.settings import Http
from central.store.sqlite import now_ms
from tests.central.conftest import SECRET, Central, serve
from tests.central.orders.test_routes import PAID
from tests.central.packed import pack

pytestmark = pytest.mark.feature("I2")


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[Central]:
    """Works on three requests at once, and has room for one live page."""
    async with serve(tmp_path, Http(), crowd=Crowd(3, 1)) as running:
        yield running


async def test_what_is_too_much_is_refused_at_once_and_the_others_are_done(small: Central, tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "central.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with small.client() as api:
        first = [asyncio.create_task(api.put(f"/api/products/P-{each}", json={"name": "x"})) for each in range(10)]
        async with asyncio.timeout(60):
            while len(waiting := [each for each in first if not each.done()]) > 3:
                await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            refused = [each.result() for each in first if each.done()]
            page = await api.get("/stock", headers={"Accept": "text/html", "Accept-Language": "fr"})
        other.execute("ROLLBACK")
        other.close()
        answers = [await each for each in first]
        assert sorted(each.status_code for each in answers) == [200] * 3 + [503] * 7
        assert {each.status_code for each in refused} == {503}
        for each in refused:
            assert each.headers["Retry-After"] == str(AGAIN_S)
            assert each.headers["Content-Type"] == "application/problem+json"
            problem = each.json()
            assert (problem["title"], problem["retry_after_s"]) == ("Too much at once", AGAIN_S)
        assert (page.status_code, page.headers["Retry-After"]) == (503, str(AGAIN_S))
        assert "Trop de demandes à la fois" in page.text
        assert len((await api.get("/api/products")).json()["items"]) == 3


async def test_a_body_that_is_slow_to_come_takes_no_place(small: Central) -> None:
    host, port = small.url.removeprefix("http://").split(":")
    head = (
        f"PUT /api/products/SLOW HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bearer {SECRET}\r\n"
        "Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{"
    )
    slow = []
    async with small.client() as api:
        for _ in range(5):
            reader, writer = await asyncio.open_connection(host, int(port))
            slow.append((reader, writer))
            writer.write(head.encode())
            await writer.drain()
            assert (await api.get("/api/products")).status_code == 200
    for reader, writer in slow:
        writer.write(b'"name": "Mug"}')
        assert (await reader.readline()).split()[1] in (b"201", b"200")
        writer.close()


async def test_live_pages_have_a_bound_of_their_own(small: Central) -> None:
    async with small.browser() as first, small.browser() as second:
        async with first.stream("GET", "/queue/live") as stream:
            assert stream.status_code == 200
            lines = stream.aiter_lines()
            await anext(lines)
            refused = await second.get("/queue/live")
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, str(AGAIN_S))
        async with asyncio.timeout(60):
            while not await _is_let_in(second):
                pass


async def test_customers_pages_have_a_bound_too_and_take_no_room_from_the_office(small: Central) -> None:
    async with small.client() as api:
        await api.put("/api/products/MUG", json={"name": "Mug"})
        await api.post("/api/stock/MUG/received", json={"quantity": 2})
        await api.post("/api/orders", json=PAID | {"lines": [{"sku": "MUG", "quantity": 2}]})
    await pack(small.store, "P-1", {"MUG": 2}, now_ms(), token="t0ken")
    path = "/t/t0ken"
    first, second = small.client(None), small.client(None)
    async with first, second, small.browser() as office, first.stream("GET", f"{path}/live") as stream:
        lines = stream.aiter_lines()
        await anext(lines)
        async with second.stream("GET", f"{path}/live") as refused:
            assert (refused.status_code, refused.headers["Retry-After"]) == (503, str(AGAIN_S))
        assert await _is_let_in(office)


async def _is_let_in(browser: httpx.AsyncClient) -> bool:
    async with browser.stream("GET", "/queue/live") as stream:
        return stream.status_code == 200
