"""The page of payments in Chromium: money that waits is selected and decided by keys."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from central.desk.books import Books, Keys
from central.payments.rows import IncomingRow
from tests.browser.conftest import Open
from tests.browser.test_office import enter, office
from tests.central.conftest import Central
from tests.central.orders.test_routes import BODY

pytestmark = pytest.mark.asyncio(loop_scope="session")
__all__ = ["office"]

LABELS = ("VIR P-31", "VIR P-32", "VIR P-32 ENCORE", "CARTE X")


@pytest.mark.feature("O3", "O10", "V1")
async def test_money_that_waits_is_selected_and_decided_by_keys(office: Central, new_page: Open) -> None:
    async with office.client() as api:
        for number in ("P-31", "P-32"):
            (await api.post("/api/orders", json=BODY | {"order": number})).raise_for_status()
    await office.store.transact(Keys(incoming=frozenset(LABELS)), _money)
    page = await enter(office, new_page, "/payments")
    boxes = page.locator("tbody [name=piece]")
    await page.locator("[data-picks=piece]").focus()
    await page.keyboard.press("Space")
    await expect(page.locator("[data-picked=piece]")).to_have_text("(4)")
    await page.get_by_label("Select: CARTE X").focus()
    await page.keyboard.press("Space")
    await expect(page.locator("[data-picked=piece]")).to_have_text("(3)")
    await page.get_by_role("button", name="Book as proposed").focus()
    await page.keyboard.press("Enter")
    results = page.locator(".notice[role=status] li")
    await expect(results).to_have_text(
        [
            "VIR P-31 → P-31: done",
            "VIR P-32 → P-32: done",
            "VIR P-32 ENCORE → P-32: Order P-32 awaits no money any more; look at it.",
        ]
    )
    await expect(boxes).to_have_count(2)
    await page.get_by_role("button", name="None of ours", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(".doing .error")).to_have_text("Select at least one payment.")
    await page.locator("[data-picks=piece]").focus()
    await page.keyboard.press("Space")
    await page.get_by_role("button", name="None of ours", exact=True).focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("main")).to_contain_text("2 of 2 done.")
    await expect(page.locator("main")).to_contain_text("All money has its order.")


@pytest.mark.feature("O3", "V1")
async def test_enter_in_a_field_books_and_one_button_dismisses(office: Central, new_page: Open) -> None:
    await office.store.transact(Keys(incoming=frozenset(LABELS)), _money)
    page = await enter(office, new_page, "/payments")
    field = page.get_by_label("Order: CARTE X")
    await field.fill("P-2")
    await field.press("Enter")
    await expect(page.locator(".notice[role=status] li")).to_have_text(["P-2: Booked"])
    await page.get_by_role("button", name="None of ours: VIR P-31").click()
    await expect(page.locator("tbody [name=piece]")).to_have_count(2)


def _money(books: Books) -> None:
    for number, label in enumerate(LABELS):
        books.incoming.put(
            IncomingRow(label, "received", 3740, "EUR", "transfer", "", label, "", 1_777_880_000_000 - number)
        )
