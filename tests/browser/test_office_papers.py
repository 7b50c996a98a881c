"""Papers in the office's pages, in Chromium: printed, downloaded as one file, mailed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from central.desk.books import Books, Keys
from central.office.settings import Http
from central.stations.rows import StationRow
from tests.browser.conftest import Open
from tests.browser.test_office import enter
from tests.central.conftest import Central, serve
from tests.central.documents.test_carrier_labels import TRACKING, ZPL
from tests.central.orders.test_routes import PAID
from tests.central.packed import pack

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.feature("L7", "L11", "V1")]
AT = 1_777_880_000_000


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Central]:
    """Two orders, one of them half packed, and a bench that is offline."""
    async with serve(tmp_path, Http()) as running:
        async with running.client() as api:
            for sku in ("MUG-BLUE", "TEA-100"):
                await api.put(f"/api/products/{sku}", json={"name": sku.title(), "mass_g": 100})
                await api.post(f"/api/stock/{sku}/received", json={"quantity": 10})
            for number in ("P-1", "P-2"):
                await api.post("/api/orders", json=PAID | {"order": number})
        await pack(running.store, "P-1", {"MUG-BLUE": 2}, AT)

        def bench(books: Books) -> None:
            books.stations.put(StationRow("pack-1"))

        await running.store.transact(Keys(), bench)
        yield running


async def test_a_paper_is_sent_to_a_bench_and_taken_back(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/orders/P-1/papers")
    note = page.locator("section", has=page.get_by_role("heading", name="Delivery note"))
    await expect(note).to_contain_text("Not printed")
    await note.locator("summary").click()
    await note.get_by_role("button", name="Print at the station").click()
    await expect(note).to_contain_text("On its way to the printer")
    await expect(note).to_contain_text("pack-1 · Anna")
    await note.locator("summary").click()
    await note.get_by_role("button", name="Print at the station").click()
    await expect(page.get_by_role("alert")).to_contain_text("on its way to pack-1 already")
    await note.get_by_role("button", name="Take it back").click()
    await page.wait_for_url("**/documents")
    await expect(page.locator("tbody tr")).to_contain_text("Taken back")


async def test_papers_of_many_orders_are_one_file(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/documents?orders=P-1,P-2,P-9")
    await page.get_by_role("button", name="One PDF").click()
    await expect(page.get_by_role("button", name="Open the PDF")).to_be_visible()
    await expect(page.locator(".notice")).to_contain_text("P-9")
    path = await page.get_by_role("button", name="Open the PDF").get_attribute("href")
    answer = await page.request.get(f"{office.url}{path}")
    assert (await answer.body()).startswith(b"%PDF")


async def test_of_many_mails_each_has_its_result(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/documents?orders=P-1,P-2")
    await page.select_option("#kind", "delivery_note")
    await page.get_by_role("button", name="Mail to the customers").click()
    await expect(page.get_by_role("status").first).to_contain_text("1 of 2 done.")
    await expect(page.locator(".notice")).to_contain_text("Nothing of order P-2 is packed yet")
    await page.goto(f"{office.url}/documents/mails")
    await expect(page.locator("tbody tr")).to_contain_text("elodie@example.org")
    await expect(page.locator("tbody tr")).to_contain_text("Waits to be sent")


@pytest.mark.feature("L2")
async def test_a_carriers_label_is_brought_on_the_parcels_page(office: Central, new_page: Open) -> None:
    async with office.client() as api:
        sscc = (await api.get("/api/parcels")).json()["items"][0]["sscc"]
        told = {"carrier": "Messagerie", "tracking_number": "TEMPORARY1"}
        (await api.post(f"/api/parcels/{sscc}/tracking-number", json=told)).raise_for_status()
    page = await enter(office, new_page, f"/parcels/{sscc}")
    box = page.locator("#carrier-label")
    await box.locator("summary").click()
    wrong = {"name": "label.zpl", "mimeType": "text/plain", "buffer": b"hello"}
    await page.locator("#label_file").set_input_files(files=[wrong])  # type: ignore[list-item]
    await box.get_by_label("Tracking number", exact=True).fill(TRACKING)
    await box.get_by_role("button", name="Keep and print").click()
    await expect(box.locator("#label_file-error")).to_contain_text("ZPL, PNG or PDF is expected")
    await expect(box.get_by_label("Tracking number", exact=True)).to_have_value(TRACKING)
    label = {"name": "label.zpl", "mimeType": "text/plain", "buffer": ZPL}
    await page.locator("#label_file").set_input_files(files=[label])  # type: ignore[list-item]
    await box.get_by_role("button", name="Keep and print").click()
    await expect(page.locator("dl.facts")).to_contain_text(TRACKING)
    await expect(page.locator("main")).to_contain_text("Carrier label kept")
    await page.goto(f"{office.url}/orders/P-1/papers")
    paper = page.locator("section", has=page.get_by_role("heading", name="Carrier label"))
    await expect(paper).to_contain_text("On its way to the printer")


async def test_in_french(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/orders/P-1/papers", locale="fr-FR")
    await expect(page.locator("h1")).to_have_text("Papiers de la commande P-1")
    await expect(page.locator("main")).to_contain_text("Pas imprimé")
