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

from central.claims.authority import Authority
from central.desk.books import Books, Keys
from central.office.doors import Doors
from central.office.settings import Http
from central.stations.rows import StationRow
from tests.browser.conftest import Open
from tests.browser.test_office import enter
from tests.central.conftest import serve
from tests.central.office.changing import Shop
from tests.central.office.test_listing import NO_LISTS, plain_pages

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("V1")]


class Listed(Struct, frozen=True):
    """A list, a filter that narrows it, what is left then (at least one row where it is not said), and an order."""

    path: str
    field: str
    value: str
    rows: int
    sort: str
    key: str = ""
    """The column of its download that names a row."""


LISTS: Final = (
    Listed("/orders", "status", "held", 2, "order", "order"),
    Listed("/parcels", "status", "packed", 4, "sscc", "sscc"),
    Listed("/stock", "q", "SKU", 7, "name", "sku"),
    Listed("/payments", "kind", "refunded", 2, "order", "order"),
    Listed("/counts", "status", "counted", 2, "count", "count"),
    Listed("/deliveries", "status", "expected", 2, "delivery", "delivery"),
    Listed("/problems", "kind", "void_label", 2, "when"),
    Listed("/audit", "subject", "order/P-0001", 0, "when"),
    Listed("/queue", "part", "ready", 0, "order", "order"),
    Listed("/lots", "show", "stopped", 2, "lot", "lot"),
    Listed("/documents", "state", "sent", 2, "order", "order"),
    Listed("/documents/mails", "state", "waiting", 2, "order", "order"),
    Listed("/people", "role", "packer", 2, "name", "account"),
    Listed("/picking", "state", "open", 2, "batch", "batch"),
    Listed("/pending", "show", "", 0, "product", "sku"),
    Listed("/plan", "q", "mug", 1, "product", "sku"),
    Listed("/orders/merges", "q", "Lefèvre", 0, "consignee"),
    Listed("/tokens", "state", "valid", 2, "token", "token"),
    Listed("/claims", "state", "valid", 1, "station", "station"),
)


@pytest_asyncio.fixture(loop_scope="session")
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """Two of everything that a filter leaves, and something else."""
    doors = Doors(authority=Authority.create(tmp_path / "authority", "lyon"))
    async with serve(tmp_path, Http(), doors=doors) as central, central.client() as api:
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
            await made.walked()
            paid = await made.order()
            await made.do(f"/orders/{paid}/refund", {"note": "Broken", "amount": 100})
        await made.planned()
        await made.certified()
        yield made


def _bench(books: Books) -> None:
    books.stations.put(StationRow("pack-1"))


async def test_every_list_is_here(shop: Shop) -> None:
    assert {listed.path for listed in LISTS} == set(plain_pages()) - NO_LISTS.keys()


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
    assert not listed.value or len(found) <= whole

    heading = page.locator(f"th:has(#by-{listed.sort})")
    await expect(heading.locator("a")).to_have_attribute("title", "Sorts the whole list")
    await heading.locator("a").focus()
    for _ in range(2):
        now = await heading.get_attribute("aria-sort")
        await page.keyboard.press("Enter")
        turned = "descending" if now == "ascending" else "ascending"
        await expect(heading).to_have_attribute("aria-sort", turned)
        await expect(heading.locator("a")).to_be_focused()
    ordered, address = await rows.all_inner_texts(), page.url
    assert sorted(ordered) == sorted(found)
    await page.reload()
    await expect(heading).to_have_attribute("aria-sort", turned)
    assert await rows.all_inner_texts() == ordered
    await page.goto(f"{shop.central.url}/account")
    await page.go_back()
    await expect(heading).to_have_attribute("aria-sort", turned)
    assert (page.url, await rows.all_inner_texts()) == (address, ordered)
    await expect(page.locator(f".filters [name='{listed.field}']")).to_have_value(listed.value)

    everything = page.locator("table.sortable [data-picks]")
    if await everything.count():
        await everything.focus()
        await page.keyboard.press("Space")
        await expect(page.locator("table.sortable tbody .pick input:checked")).to_have_count(len(found))
        await expect(page.locator("main [data-picked]")).to_have_text(f"({len(found)})")

    address = await page.locator(".download a[href*=exports]").first.get_attribute("href")
    answer = await page.request.get(f"{shop.central.url}{address}")
    file = list(csv.DictReader(io.StringIO((await answer.body()).decode("utf-8-sig"))))
    assert file
    if listed.key:
        names = list(dict.fromkeys(row[listed.key] for row in file))
        assert len(names) == len(found)
        assert all(name in text for name, text in zip(names, ordered, strict=True))

    await page.get_by_role("link", name="Print the whole list").press("Enter")
    await page.wait_for_url("**print=yes**")
    assert await rows.all_inner_texts() == ordered
    await page.emulate_media(media="print")
    for screen in (".bar nav a:not(.brand)", ".filters", "button"):
        for each in await page.locator(screen).all():
            await expect(each).to_be_hidden()
    await expect(rows.first).to_be_visible()
