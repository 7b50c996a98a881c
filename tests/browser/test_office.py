"""The office and the customer's page in Chromium, against a real central on a real database."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pypdfium2
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from central.claims.authority import Authority
from central.desk.books import Keys
from central.office.access import COOKIE
from central.office.doors import Doors
from central.office.settings import Http
from central.stations.rows import StationRow
from contract.keys import StationId
from contract.messages import Progress, StationState
from contract.values import DeviceState
from tests.browser.conftest import Open
from tests.central.conftest import SESSION, Central, serve
from tests.central.office.changing import Shop
from tests.central.orders.test_routes import BODY, PAID
from tests.central.packed import pack

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = 1_777_880_000_000
LOCALES = {"locale": "en-GB"}


@pytest_asyncio.fixture(loop_scope="session")
async def office(tmp_path: Path) -> AsyncIterator[Central]:
    """Two products, an open order, a held one, and one parcel."""
    doors = Doors(authority=Authority.create(tmp_path / "authority", "lyon"))
    async with serve(tmp_path, Http(), doors=doors) as running:
        async with running.client() as api:
            for sku, name in (("MUG-BLUE", "Blue mug"), ("TEA-100", "Green tea")):
                await api.put(f"/api/products/{sku}", json={"name": name, "mass_g": 100})
                await api.post(f"/api/stock/{sku}/received", json={"quantity": 10})
            await api.post("/api/orders", json=PAID)
            wrong = BODY | {"order": "P-2", "ship_to": BODY["ship_to"] | {"postcode": "7500"}}
            await api.post("/api/orders", json=wrong)
        await pack(running.store, "P-1", {"MUG-BLUE": 2}, AT)
        yield running


async def enter(office: Central, new_page: Open, path: str = "/orders", **options: object) -> Page:
    """A page of somebody who signed in."""
    page = await new_page(**(LOCALES | options))
    await page.context.add_cookies([{"name": COOKIE, "value": SESSION, "url": office.url}])
    await page.goto(f"{office.url}{path}")
    return page


@pytest.mark.feature("V1")
async def test_orders_are_filtered_in_the_address_and_walked_by_keys(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page)
    await expect(page.locator("tbody tr")).to_have_count(2)
    await page.select_option("#status", "held")
    await page.wait_for_url("**status=held**")
    await expect(page.locator("tbody tr")).to_have_count(1)
    await expect(page.locator("tbody tr")).to_contain_text("The postcode '7500' does not exist")
    await page.fill("#q", "nothing like it")
    await page.press("#q", "Enter")
    await expect(page.locator(".empty")).to_contain_text("No order fits these filters.")
    await page.click("text=Show all orders")
    await page.locator("tbody tr a").first.focus()
    first = await page.evaluate("document.activeElement.textContent")
    await page.keyboard.press("ArrowDown")
    assert await page.evaluate("document.activeElement.textContent") != first
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/orders/P-*")


@pytest.mark.feature("O10", "V1")
async def test_orders_are_selected_by_keys_and_each_has_its_result(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page)
    await page.locator("thead .pick input").focus()
    await page.keyboard.press("Space")
    await expect(page.locator(".picked")).to_have_text("(2)")
    await expect(page.locator("#reason")).to_be_hidden()
    await page.select_option("#do", "held")
    await page.click("button:has-text('Carry out')")
    await expect(page.locator("#reason-error")).to_have_text("Say why.")
    assert await page.get_attribute("#reason", "aria-invalid") == "true"
    await expect(page.locator(".picked")).to_have_text("(2)")
    await page.fill("#reason", "call her")
    await page.click("button:has-text('Carry out')")
    await page.wait_for_url("**/runs/*")
    await expect(page.locator("[role=status] strong")).to_have_text("2 done, 0 refused, of 2")
    await page.goto(office.url + "/orders?q=elodie")
    await page.check("input[value=all]")
    await page.select_option("#do", "shipped")
    page.once("dialog", lambda dialog: dialog.accept())
    await page.click("button:has-text('Carry out')")
    await expect(page.locator("[role=status] strong")).to_have_text("1 done, 1 refused, of 2")
    await expect(page.locator("section:has(#refused) tbody tr")).to_contain_text("Order P-2 has no parcel that could")


@pytest.mark.feature("V1")
async def test_headings_sort_the_whole_list_by_keys(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/orders")
    heading = page.locator("thead a:has-text('Order')").first
    await expect(heading).to_have_attribute("title", "Sorts the whole list")
    await heading.focus()
    await page.keyboard.press("Enter")
    numbers = page.locator("tbody th a")
    await expect(numbers).to_have_text(["P-1", "P-2"])
    await page.keyboard.press("Enter")
    await expect(numbers).to_have_text(["P-2", "P-1"])
    await expect(page.locator("[aria-sort]")).to_have_attribute("aria-sort", "descending")


@pytest.mark.feature("V1")
async def test_products_are_sorted_by_what_the_address_says(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/stock")
    await page.click("thead a:has-text('Available')")
    await page.wait_for_url("**sort=available**")
    await expect(page.locator("tbody th a")).to_have_text(["Blue mug", "Green tea"])


@pytest.mark.feature("V3", "O5")
async def test_an_order_is_a_timeline_first_and_follows_live(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/orders/P-1")
    happened = page.locator(".timeline .what")
    await expect(happened).to_have_text(["Parcel closed", "Order received", "Paid"])
    first_heading = await page.locator("h2").first.text_content()
    assert first_heading == "What happened"
    cells = await page.locator("section:has(#lines) tbody tr").first.locator("td").all_text_contents()
    assert [cell.strip() for cell in cells[:4]] == ["2", "–", "2", "–"]
    assert await page.locator(".timeline time").first.get_attribute("title") == "2026-05-04 09:33:20 CEST"
    await page.evaluate("window.kept = true")
    async with office.client() as api:
        await api.post("/api/orders/P-1/notes", json={"audience": "packer", "text": "Silk paper"})
    await expect(page.locator(".notice")).to_contain_text("Silk paper")
    assert await page.evaluate("window.kept"), "the page was loaded anew instead of renewed"


@pytest.mark.feature("O2", "O3", "V1")
async def test_a_held_unpaid_order_is_released_and_paid_with_errors_beside_the_field(
    office: Central, new_page: Open
) -> None:
    page = await enter(office, new_page, "/orders/P-2")
    await page.click("text=Release as it is")
    await expect(page.locator(".title .mark")).to_have_text("Awaiting payment")
    await page.click("summary:has-text('Mark as paid')")
    await page.fill("#method", "cheque")
    await page.fill("#amount", "twelve")
    await page.click("button:has-text('Mark as paid')")
    error = page.locator("#amount-error")
    await expect(error).to_contain_text("“twelve” is not an amount such as 12.50")
    assert await page.get_attribute("#amount", "aria-invalid") == "true"
    assert await page.input_value("#method") == "cheque"
    await page.fill("#amount", "1.00")
    await page.click("button:has-text('Mark as paid')")
    await expect(page.locator("aside")).to_contain_text("€36.40 to come")
    await page.click("summary:has-text('Mark as paid')")
    await page.fill("#method", "transfer")
    await page.click("button:has-text('Mark as paid')")
    await expect(page.locator(".title .mark")).to_have_text("Ready to pack")


@pytest.mark.feature("O1", "V1")
async def test_a_file_is_imported_on_the_page_with_its_report(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page)
    data = Path(__file__).parents[1] / "central" / "data"
    await page.click("summary")
    await page.set_input_files("#file", data / "orders_broken.csv")
    await page.click("button:has-text('Import')")
    report = page.locator(".notice")
    await expect(report).to_contain_text("2 new, 0 already here")
    await expect(report.locator("li")).to_have_count(9)
    await expect(report.locator("li").first).to_contain_text("Line 3, quantity: '-2' is not a whole number")
    await page.click("summary")
    await page.set_input_files("#file", data / "shopify_missing_column.csv")
    await page.click("button:has-text('Import')")
    await expect(page.locator("#file-error")).to_contain_text("'Lineitem sku'")


@pytest.mark.feature("K1", "V1")
async def test_stock_is_adjusted_to_a_count_and_the_ledger_says_why(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/stock/TEA-100")
    await page.click("summary:has-text('Adjust to a count')")
    await page.fill("#on_hand", "-3")
    await page.click("button:has-text('Adjust')")
    await expect(page.locator("#on_hand-error")).to_contain_text("“-3” is not a whole number of pieces")
    await page.fill("#on_hand", "8")
    await page.fill("#why", "shelf count")
    await page.click("button:has-text('Adjust')")
    await expect(page.locator(".levels strong").first).to_have_text("8")
    row = page.locator("section:has(#ledger) tbody tr").first
    await expect(row).to_contain_text("Counted")
    await expect(row).to_contain_text("−2")
    await expect(row).to_contain_text("shelf count")


@pytest.mark.feature("V1")
async def test_the_day_begins_with_what_is_late_and_a_chart_by_the_hour(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/start")
    await expect(page.locator(".tiles li")).to_contain_text(["late", "at risk"])
    await expect(page.locator(".chart canvas")).to_have_count(1)
    await expect(page.locator(".u-series")).to_have_text([re.compile("Hour"), re.compile("Orders"), re.compile("Parc")])
    await page.click("summary:has-text('The numbers')")
    await expect(page.locator("details[open] tbody tr")).to_have_count(48)
    await page.click(".bar >> text=Stock")
    pages = page.locator("nav.pages")
    await expect(pages).to_have_attribute("aria-label", "Stock")
    await expect(pages.locator("[aria-current=page]")).to_have_text("Stock")
    await pages.locator("text=Counts").click()
    await expect(pages.locator("[aria-current=page]")).to_have_text("Counts")


@pytest.mark.feature("V1", "O13")
async def test_the_queue_follows_live(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/queue")
    await expect(page.locator("#queue")).not_to_contain_text("P-7")
    async with office.client() as api:
        (await api.post("/api/orders", json=PAID | {"order": "P-7"})).raise_for_status()
    await expect(page.locator("#queue")).to_contain_text("P-7")


@pytest.mark.feature("V1")
async def test_stations_are_live(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/stations")
    await expect(page.locator("#no-stations")).to_be_visible()
    bench = StationId("pack-1")
    devices = (DeviceState("scale", "scale", "silent", "no frame for 4 s"),)
    office.live.state(bench, StationState(True, "0.1.0", devices, 3), AT)
    card = page.locator("#station-pack-1")
    await expect(card).to_contain_text("Online")
    await expect(card).to_contain_text("no frame for 4 s")
    await expect(page.locator("#no-stations")).to_have_count(0)
    office.live.progress(bench, Progress("packing", "Scan <an> item", AT, "7001", ("P-1",), 1, 2, 1240), AT)
    await expect(card.locator(".sentence")).to_have_text("Scan <an> item")
    await expect(card).to_contain_text("1 of 3 pcs · 1,240 g")
    office.live.state(bench, StationState(False), AT)
    await expect(card).to_contain_text("Offline")
    await expect(page.locator(".station")).to_have_count(1)


@pytest.mark.feature("P7")
async def test_the_sheet_of_commands_is_a_pdf_in_the_visitors_language(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/stations")
    path = await page.locator("#command-sheet").get_attribute("href")
    async with office.client() as api:
        for language, title in (("fr", "Commandes du poste"), ("en", "Take out")):
            answer = await api.get(str(path), headers={"Accept-Language": language})
            assert answer.headers["content-type"] == "application/pdf"
            pages = list(pypdfium2.PdfDocument(answer.content))
            assert title in "".join(page.get_textpage().get_text_range() for page in pages)


@pytest.mark.feature("V1", "S5")
async def test_problems_are_dealt_with_and_parcels_told_on(office: Central, new_page: Open) -> None:
    async with office.client() as api:
        sscc = (await api.get("/api/parcels")).json()["items"][0]["sscc"]
        await api.post("/api/orders/P-1/cancel", json={"reason": "she called"})
    page = await enter(office, new_page, "/problems")
    await expect(page.locator(".count")).to_have_text("2")
    await page.click("tr:has-text('37.40 EUR back') button:has-text('Dealt with')")
    await expect(page.locator(".count")).to_have_text("1")
    await page.click("tr:has-text('must not leave') button:has-text('Dealt with')")
    await expect(page.locator(".empty")).to_contain_text("Nothing waits for you.")
    await page.goto(f"{office.url}/parcels/{sscc}")
    await page.click("text=It left the house")
    await expect(page.locator("[role=alert]")).to_contain_text("is held: its order was cancelled")
    await page.click("text=Let it go")
    await page.click("text=It left the house")
    await expect(page.locator(".title .mark")).to_have_text("Shipped")
    await page.click("summary:has-text('Tracking event')")
    await page.select_option("#event", "delivered")
    await page.fill("#place", "Paris")
    await page.click("details[open] button:has-text('Enter')")
    await expect(page.locator(".title .mark")).to_have_text("Delivered")


@pytest.mark.feature("S6")
async def test_the_customers_page_follows_the_parcel(office: Central, new_page: Open) -> None:
    page = await new_page(width=390, height=844)
    await page.goto(f"{office.url}/t/t0ken")
    await expect(page.locator("h1")).to_have_text("Votre colis est emballé")
    await expect(page.locator(".steps .done")).to_have_count(1)
    async with office.client() as api:
        sscc = (await api.get("/api/parcels")).json()["items"][0]["sscc"]
        await api.post(f"/api/parcels/{sscc}/ship")
    await expect(page.locator("h1")).to_have_text("Votre colis est parti de chez nous")
    await page.click("text=English")
    await expect(page.locator("h1")).to_have_text("Your parcel has left us")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


ALL = (
    "/start",
    "/queue",
    "/orders",
    "/orders/P-1",
    "/orders/P-2",
    "/orders/P-1/papers",
    "/orders/merges",
    "/payments",
    "/documents",
    "/documents/mails",
    "/rules",
    "/stock",
    "/stock/MUG-BLUE",
    "/plan",
    "/pending",
    "/lots",
    "/deliveries",
    "/counts",
    "/picking",
    "/parcels",
    "/stations",
    "/problems",
    "/people",
    "/tokens",
    "/audit",
    "/account",
    "/schema",
)


async def every_page(office: Central) -> tuple[str, ...]:
    """Those, and one page of each kind of thing."""
    await office.store.transact(Keys(), lambda books: books.stations.put(StationRow("pack-1")))
    async with office.client() as api:
        for sku in ("MUG-BLUE", "TEA-100"):
            (await api.post(f"/api/stock/{sku}/received", json={"quantity": 100})).raise_for_status()
        shop = Shop(office, api)
        sku, lot = await shop.stopped_lot()
        person = await shop.signed_in()
        await shop.certified()
        await shop.claim()
        return (
            *ALL,
            f"/stock/{sku}",
            f"/lots/{lot}",
            f"/serials?number={await shop.serial()}",
            f"/parcels/{await shop.labelled()}",
            f"/parcels/{await shop.held_parcel()}",
            f"/counts/{(await shop.counted())[0]}",
            f"/deliveries/{(await shop.delivery())[0]}",
            f"/picking/{(await shop.walked())[0]}",
            f"/documents/volumes/{await shop.bound()}",
            f"/runs/{await shop.run()}",
            f"/people/{person}",
            f"/people/{person}/badge",
            "/stations/pack-1/scales",
            "/stations/pack-1/events",
            "/claims",
        )


CHECK = Path(__file__).with_name("readable.js").read_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_pages_are_readable_by_everybody(office: Central, new_page: Open, scheme: str) -> None:
    page = await enter(office, new_page, color_scheme=scheme)
    for path in await every_page(office):
        answer = await page.goto(office.url + path)
        assert answer is not None
        assert answer.ok, path
        assert await page.evaluate(CHECK) == [], path
        assert await page.get_attribute("html", "lang") == "en"


async def test_pages_fit_a_tablet_and_speak_french(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, width=768, height=1024, locale="fr-FR")
    for path in await every_page(office):
        answer = await page.goto(office.url + path)
        assert answer is not None
        assert answer.ok, path
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert await page.get_attribute("html", "lang") == "fr"
    await page.goto(office.url + "/orders")
    await page.click("text=English")
    await expect(page.locator("h1")).to_have_text("Orders")


@pytest.mark.feature("V1")
async def test_a_phone_shows_every_value_of_a_list_with_its_heading(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, width=360, height=740, locale="fr-FR")
    for path in await every_page(office):
        answer = await page.goto(office.url + path)
        assert answer is not None
        assert answer.ok, path
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    await page.goto(office.url + "/orders")
    total = page.locator("tbody tr").first.locator("[data-heading=Total]")
    await expect(total).to_have_text(re.compile("37,40"))
    box = await total.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 360
    await page.goto(office.url + "/problems")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.feature("V1", "K8")
async def test_the_plan_shows_how_long_stock_lasts_and_what_makes_the_turnover(office: Central, new_page: Open) -> None:
    page = await enter(office, new_page, "/plan", color_scheme="dark", locale="fr-FR")
    await expect(page.locator("#cover canvas")).to_have_count(1)
    await expect(page.locator("#turnover canvas")).to_have_count(1)
    await expect(page.locator("#cover .u-legend")).to_contain_text("Tient (jours)")
    await expect(page.locator("#turnover .u-legend")).to_contain_text("Ventes d'un an (%)")
    await page.click("section:has(#turnover) summary")
    await expect(page.locator("section:has(#turnover) details tbody tr").first).to_have_text(
        re.compile(r"A\s*1\s*100 %")
    )
    inked = """() => {
        const canvas = document.querySelector("#turnover canvas");
        const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        let light = 0, black = 0;
        for (let at = 0; at < pixels.length; at += 4) {
            const sum = pixels[at] + pixels[at + 1] + pixels[at + 2];
            if (pixels[at + 3] > 200 && sum > 550) light++;
            if (pixels[at + 3] > 200 && sum < 30) black++;
        }
        return [light > 100, black > 100];
    }"""
    assert await page.evaluate(inked) == [True, False]
    await page.emulate_media(media="print")
    await page.wait_for_function(f"() => ({inked})()[1]")


@pytest.mark.feature("V1")
@pytest.mark.parametrize("number", ["A #1 ü", "50% ?&;=", "Ä+b"])
async def test_any_order_number_is_reached_by_its_links(office: Central, new_page: Open, number: str) -> None:
    async with office.client() as api:
        (await api.post("/api/orders", json=PAID | {"order": number})).raise_for_status()
    page = await enter(office, new_page)
    for path in ("/orders", "/queue"):
        await page.goto(office.url + path)
        await page.get_by_role("link", name=number, exact=True).first.click()
        await expect(page.locator("h1")).to_have_text(f"Order {number}")
    await page.get_by_role("button", name="Papers").click()
    await expect(page.locator("h1")).to_have_text(f"Papers of order {number}")
    await page.click(".crumb a")
    await page.click("summary:has-text('Hold')")
    await page.fill("#hold_reason", "call her")
    await page.click("details[open] button:has-text('Hold')")
    await expect(page.locator(".title .mark")).to_have_text("Held")
    await expect(page.locator("h1")).to_have_text(f"Order {number}")


async def test_a_page_says_when_its_stream_is_gone(new_page: Open, tmp_path: Path) -> None:
    async with serve(tmp_path, Http(), is_open=True) as running:
        page = await new_page(**LOCALES)
        await page.goto(running.url + "/stations")
        await expect(page.locator(".live-mark")).to_be_hidden()
    await expect(page.locator(".live-mark")).to_be_visible()
