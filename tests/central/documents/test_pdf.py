"""Documents as PDF: the customer's language and letters, codes that a scanner reads, many in one file."""

from __future__ import annotations

import asyncio
from io import BytesIO

import httpx
import pypdfium2
import pytest
import zxingcpp
from msgspec.structs import replace
from PIL import Image

from central.documents.model import DocumentName
from central.documents.press import Press
from contract.keys import Sscc
from contract.values import Language
from tests.central.conftest import Central
from tests.central.documents.conftest import AT, order
from tests.central.packed import HOUSE

pytestmark = pytest.mark.feature("L11")


def texts(pdf: bytes) -> list[str]:
    """The text of each page."""
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def codes(pdf: bytes) -> set[str]:
    """What a scanner reads on the first page."""
    document = pypdfium2.PdfDocument(BytesIO(pdf))
    try:
        image: Image.Image = document[0].render(scale=300 / 72, grayscale=True).to_pil()
    finally:
        document.close()
    return {found.text for found in zxingcpp.read_barcodes(image)}


async def document(api: httpx.AsyncClient, kind: str, subject: str) -> bytes:
    answer = await api.get("/api/documents/pdf", params={"kind": kind, "subject": subject})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return answer.content


@pytest.mark.feature("L7")
async def test_a_note_speaks_the_customers_language_with_all_its_letters(api: httpx.AsyncClient, packed: Sscc) -> None:
    (page,) = texts(await document(api, "delivery_note", "P-1"))
    assert "Bon de livraison" in page
    assert "Élodie Lefèvre" in page
    assert "Tasse à café en grès bleu, émaillée à la main" in page.replace("\xa0", " ")
    (slip,) = texts(await document(api, "slip", packed))
    assert "À suivre" in slip
    english = order("P-3", contact={"language": "en", "email": "a@example.org"})
    assert (await api.post("/api/orders", json=english)).status_code == 201
    (listed,) = texts(await document(api, "pick_list", "P-3"))
    assert "P-3" in listed


@pytest.mark.feature("L7", "O8")
async def test_a_delivery_note_has_the_notes_for_the_customer_and_no_others(
    api: httpx.AsyncClient, packed: Sscc
) -> None:
    for audience, text in (("customer", "L'anse est neuve."), ("office", "Pays late."), ("packer", "Foam.")):
        (await api.post("/api/orders/P-1/notes", json={"audience": audience, "text": text})).raise_for_status()
    (page,) = texts(await document(api, "delivery_note", "P-1"))
    assert "À noter" in page
    assert "L'anse est neuve." in page
    assert not any(private in page for private in ("Pays late.", "Foam."))


@pytest.mark.feature("L7")
async def test_a_pick_lists_code_opens_its_order_at_a_bench(api: httpx.AsyncClient, packed: Sscc) -> None:
    assert codes(await document(api, "pick_list", "P-1")) == {"P-1"}


async def test_a_long_order_takes_several_pages_that_are_numbered(api: httpx.AsyncClient, packed: Sscc) -> None:
    lines = []
    for n in range(60):
        name = f"Lot n° {n} de serviettes en lin lavé " + "très long " * 8
        await api.put(f"/api/products/LIN-{n}", json={"name": name[:120], "mass_g": 100})
        await api.post(f"/api/stock/LIN-{n}/received", json={"quantity": 5})
        lines.append({"sku": f"LIN-{n}", "quantity": 2})
    assert (await api.post("/api/orders", json=order("P-60", lines=lines))).status_code == 201
    pages = texts(await document(api, "pick_list", "P-60"))
    assert len(pages) > 2
    assert f"1/{len(pages)}" in pages[0]
    assert sum(page.count("LIN-") for page in pages) == 60


async def test_what_cannot_be_is_refused_in_words(api: httpx.AsyncClient, packed: Sscc) -> None:
    for kind, subject, status, words in (
        ("slip", "123", 422, "no SSCC"),
        ("slip", "034012340000000991", 404, "no parcel"),
        ("delivery_note", "P-9", 404, "no order"),
        ("pick_list", "P-9", 404, "no order"),
        ("receipt", "P-1", 400, "receipt"),
    ):
        answer = await api.get("/api/documents/pdf", params={"kind": kind, "subject": subject})
        assert answer.status_code == status, answer.text
        assert words in answer.text


async def test_a_letter_that_no_font_has_is_named(api: httpx.AsyncClient, packed: Sscc) -> None:
    arabic = order("P-4")
    arabic["ship_to"] = arabic["ship_to"] | {"name": "ليلى"}
    await api.post("/api/orders", json=arabic)
    await api.put("/api/products/LAMP", json={"name": "مصباح", "mass_g": 10})
    await api.post("/api/stock/LAMP/received", json={"quantity": 5})
    await api.post("/api/orders", json=order("P-5", lines=[{"sku": "LAMP", "quantity": 1}]))
    answer = await api.get("/api/documents/pdf", params={"kind": "pick_list", "subject": "P-5"})
    assert answer.status_code == 409
    assert "written from right to left" in answer.json()["detail"]


async def test_many_documents_are_one_file_made_in_the_background(
    central: Central, api: httpx.AsyncClient, packed: Sscc
) -> None:
    for n in range(10, 20):
        await api.post("/api/orders", json=order(f"P-{n}"))
    wanted = [{"kind": "pick_list", "subject": f"P-{n}"} for n in range(10, 21)]
    begun = await api.post("/api/documents/volumes", json={"documents": wanted})
    assert begun.status_code == 202, begun.text
    number = begun.json()["number"]
    async with asyncio.timeout(60):
        while not (volume := (await api.get(f"/api/documents/volumes/{number}")).json())["finished"]:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert (volume["documents"], volume["done"]) == (11, 11)
    assert [(out["document"], "no order" in out["text"]) for out in volume["left_out"]] == [("pick_list/P-20", True)]
    pages = texts((await api.get(volume["path"])).content)
    assert [next(f"P-{n}" for n in range(10, 20) if f"P-{n}" in page) for page in pages] == [
        f"P-{n}" for n in range(10, 20)
    ]
    assert (await api.get("/api/documents/volumes/nothing")).status_code == 404
    again = await api.get(volume["path"])
    assert again.headers["content-type"] == "application/pdf"
    assert texts(again.content) == pages, "it is read from its file as often as it is asked for"


@pytest.mark.feature("L7")
@pytest.mark.parametrize(("language", "title"), [("fr", "Liste de prélèvement"), ("en", "Pick list")])
async def test_a_pick_list_speaks_the_language_of_the_house(
    central: Central, packed: Sscc, language: Language, title: str
) -> None:
    press = Press(central.store, replace(HOUSE, language=language))
    async with press.at_work():
        (page,) = texts(await press.page(DocumentName("pick_list", "P-1"), AT))
    assert title in page
