"""What a customer sees behind the link, and what not."""

from __future__ import annotations

import httpx
import pytest

from central.tracking.customer import steps
from tests.central.conftest import Central
from tests.central.orders.test_routes import PAID
from tests.central.packed import pack

TOKEN = "019dcafe0123456789abcdef"


@pytest.fixture
async def sscc(central: Central, api: httpx.AsyncClient) -> str:
    await api.put("/api/products/MUG-BLUE", json={"name": "Blue mug"})
    await api.post("/api/stock/MUG-BLUE/received", json={"quantity": 10})
    await api.post("/api/orders", json=PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 2}]})
    return await pack(central.store, "P-1", {"MUG-BLUE": 2}, 1_777_880_000_000, token=TOKEN)


@pytest.mark.feature("S6")
async def test_the_page_speaks_the_customers_language_and_says_no_more_than_needed(
    central: Central, api: httpx.AsyncClient, sscc: str
) -> None:
    async with central.client(None) as customer:
        page = await customer.get(f"/t/{TOKEN}", headers={"Accept": "text/html", "Accept-Language": "en"})
        assert page.status_code == 200
        assert "Votre colis est emballé" in page.text
        assert "2 × Blue mug" in page.text
        for private in ("Lefèvre", "rue de la Paix", "75002", "elodie@example.org", "01 42", "anna", "7001", "pack-1"):
            assert private not in page.text
        assert (page.headers["x-robots-tag"], page.headers["referrer-policy"]) == ("noindex", "no-referrer")
        await api.post(f"/api/parcels/{sscc}/ship")
        english = await customer.get(f"/t/{TOKEN}", headers={"Cookie": "packline-language=en"})
        assert "Your parcel has left us" in english.text


@pytest.mark.feature("S6", "O8")
async def test_notes_for_the_customer_stand_there_as_written_and_no_others(
    central: Central, api: httpx.AsyncClient, sscc: str
) -> None:
    async with central.client(None) as customer:
        assert "À noter" not in (await customer.get(f"/t/{TOKEN}")).text
        written = "L'anse est neuve.\n<script>alert(1)</script>"
        for audience, text in (("customer", written), ("office", "Pays late."), ("packer", "Use foam.")):
            (await api.post("/api/orders/P-1/notes", json={"audience": audience, "text": text})).raise_for_status()
        page = (await customer.get(f"/t/{TOKEN}")).text
        assert "À noter" in page
        assert '<p class="written" lang="fr">L&#39;anse est neuve.\n&lt;script&gt;alert(1)&lt;/script&gt;</p>' in page
        assert not any(private in page for private in ("Pays late.", "Use foam."))
        english = await customer.get(f"/t/{TOKEN}", headers={"Cookie": "packline-language=en"})
        assert "Please note" in english.text
        assert '<p class="written" lang="fr">' in english.text


@pytest.mark.feature("S6")
@pytest.mark.parametrize("token", [TOKEN[:-1], TOKEN + "0", "' OR 1=1 --", "%25"])
async def test_a_guessed_link_leads_nowhere(central: Central, sscc: str, token: str) -> None:
    async with central.client(None) as customer:
        assert (await customer.get(f"/t/{token}")).status_code == 404
        assert (await customer.get(f"/t/{token}/live")).status_code == 404


def test_the_stages_fill_up_to_where_the_parcel_is() -> None:
    assert [step.done for step in steps("shipped")] == [True, True, False, False]
    assert [step.now for step in steps("ready_to_collect")] == [False, False, True, False]
    assert not any(step.done for step in steps("voided"))
