"""Every list of the office by keys alone: filter and order live in the address; picked, downloaded and printed."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from msgspec import Struct
from playwright.async_api import expect

from central.desk.books import Books, Keys
from central.office.settings import Http
from central.stations.rows import StationRow
from tests.browser.conftest import Open
from tests.browser.test_office import enter
from tests.central.conftest import serve
from tests.central.office.changing import Shop

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("V1")]


class Listed(Struct, frozen=True):
    """A list, a filter that narrows it, and the column of its download that names a row."""

    path: str
    field: str
    value: str
    rows: int
    key: str = ""


LISTS: Final = (
    Listed("/orders", "status", "held", 2, "order"),
    Listed("/parcels", "status", "packed", 4, "sscc"),
    Listed("/stock", "q", "SKU", 7, "sku"),
    Listed("/payments", "kind", "refunded", 2, "order"),
    Listed("/counts", "status", "counted", 2, "count"),
    Listed("/deliveries", "status", "expected", 2, "delivery"),
    Listed("/problems", "kind", "void_label", 2),
    Listed("/audit", "subject", "order/P-0001", 0),
    Listed("/queue", "part", "ready", 0),
    Listed("/lots", "show", "stopped", 2),
    Listed("/documents", "state", "sent", 2),
    Listed("/documents/mails", "state", "waiting", 2),
    Listed("/people", "role", "packer", 2),
)


@pytest_asyncio.fixture(loop_scope="session")
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """Two of everything that a filter leaves, and something else."""
    async with serve(tmp_path, Http()) as central, central.client() as api:
        await central.store.transact(Keys(), lambda books: _bench(books))
        for sku in ("MUG-BLUE", "TEA-100"):
            (await api.put(f"/api/products/{sku}", json={"name": sku, "mass_g": 100})).raise_for_status()
            (await api.post(f"/api/stock/{sku}/received", json={"quantity": 100})).raise_for_status()
        made = Shop(central, api)
        for _ in range(2):
            await made.held()
            await made.parcel()
            await made.counted()
            await made.delivery()
            await made.stopped_lot()
            await made.problem()
            await made.sent_to_print()
            await made.person()
            await made.mailed()
            paid = await made.order()
            await made.do(f"/orders/{paid}/refund", {"note": "Broken", "amount": 100})
        await made.planned()
        yield made


def _bench(books: Books) -> None:
    books.stations.put(StationRow("pack-1"))


@pytest.mark.parametrize("listed", LISTS, ids=lambda listed: listed.path)
async def test_a_list_by_keys(shop: Shop, new_page: Open, listed: Listed) -> None:
    page = await enter(shop.central, new_page, listed.path)
    rows = page.locator("table.sortable tbody tr")
    whole = await rows.count()
    field = page.locator(f".filters [name='{listed.field}']")
    if await field.evaluate("field => field.tagName") == "SELECT":
        await field.select_option(listed.value)
    else:
        await field.fill(listed.value)
        await field.press("Enter")
    await page.wait_for_url(f"**{listed.field}=**")
    await page.wait_for_load_state()
    if listed.rows:
        await expect(rows).to_have_count(listed.rows)
    await expect(rows.first).to_be_visible()
    found = await rows.all_inner_texts()
    assert len(found) <= whole

    heading = page.locator("table.sortable thead th:has(button)").last
    await expect(heading.locator("button")).to_have_accessible_description("Sorts the rows shown here")
    await heading.locator("button").focus()
    for sort in ("ascending", "descending"):
        await page.keyboard.press("Enter")
        await expect(heading).to_have_attribute("aria-sort", sort)
    ordered, address = await rows.all_inner_texts(), page.url
    assert sorted(ordered) == sorted(found)
    await page.reload()
    await expect(heading).to_have_attribute("aria-sort", "descending")
    assert await rows.all_inner_texts() == ordered
    await page.goto(f"{shop.central.url}/account")
    await page.go_back()
    await expect(heading).to_have_attribute("aria-sort", "descending")
    assert (page.url, await rows.all_inner_texts()) == (address, ordered)
    await expect(page.locator(f".filters [name='{listed.field}']")).to_have_value(listed.value)

    everything = page.locator("table.sortable [data-picks]")
    if await everything.count():
        await everything.focus()
        await page.keyboard.press("Space")
        await expect(page.locator("table.sortable tbody .pick input:checked")).to_have_count(len(found))
        await expect(page.locator("main [data-picked]")).to_have_text(f"({len(found)})")

    if listed.key:
        address = await page.locator(".download a[download]").first.get_attribute("href")
        answer = await page.request.get(f"{shop.central.url}{address}")
        names = {row[listed.key] for row in csv.DictReader(io.StringIO((await answer.body()).decode("utf-8-sig")))}
        assert len(names) == len(found)
        assert all(any(name in text for text in found) for name in names)

    await page.emulate_media(media="print")
    for screen in (".bar nav a:not(.brand)", ".filters", "button:not(thead button)"):
        for each in await page.locator(screen).all():
            await expect(each).to_be_hidden()
    await expect(rows.first).to_be_visible()
