"""A filter that nothing can fit is refused in the same words on the page, by REST and in the download."""

from __future__ import annotations

import httpx
import pytest

from tests.central.conftest import Central
from tests.central.office.changing import Shop


@pytest.mark.feature("V1", "I2")
@pytest.mark.parametrize(
    ("page", "others", "field"),
    [
        ("/orders", ("/api/orders", "/api/exports/orders"), "status"),
        ("/orders", ("/api/orders", "/api/exports/orders"), "payment"),
        ("/parcels", ("/api/parcels", "/api/exports/tracking"), "status"),
        ("/problems", ("/api/problems", "/api/exports/problems"), "kind"),
        ("/payments", ("/api/exports/payments",), "kind"),
        ("/deliveries", ("/api/deliveries", "/api/exports/deliveries"), "status"),
        ("/counts", ("/api/counts", "/api/exports/counts"), "status"),
        ("/stock", ("/api/products", "/api/exports/products"), "show"),
        ("/stock", ("/api/products", "/api/exports/products"), "sort"),
        ("/plan", ("/api/plan", "/api/exports/plan"), "show"),
        ("/pending", ("/api/stock/pending", "/api/exports/pending"), "show"),
        ("/lots", ("/api/lots", "/api/exports/lots"), "show"),
        ("/people", ("/api/people", "/api/exports/people"), "role"),
        ("/picking", ("/api/picking", "/api/exports/batches"), "state"),
        ("/documents", ("/api/documents/prints", "/api/exports/prints"), "state"),
        ("/documents/mails", ("/api/documents/mails", "/api/exports/mails"), "state"),
        ("/tokens", ("/api/tokens", "/api/exports/tokens"), "state"),
        ("/stations", ("/api/stations", "/api/exports/stations"), "state"),
        ("/claims", ("/api/exports/certificates",), "state"),
    ],
)
async def test_an_unknown_word_is_refused_alike(
    central: Central, api: httpx.AsyncClient, page: str, others: tuple[str, ...], field: str
) -> None:
    async with central.browser() as browser:
        shown = await browser.get(page, params={field: "bogus"}, headers={"Accept-Language": "en"})
    assert shown.status_code == 422
    for other in others:
        told = await api.get(other, params={field: "bogus"})
        assert (told.status_code, told.headers["content-type"]) == (422, "application/problem+json"), other
        assert told.json()["errors"][0]["field"] == field
        detail = told.json()["detail"].replace("'", "&#39;")
        assert detail in shown.text, other


@pytest.mark.feature("I2")
async def test_the_words_of_a_filter_are_documented(central: Central, api: httpx.AsyncClient) -> None:
    paths = (await api.get("/schema/openapi.json")).json()["paths"]
    for path, name, words in (
        ("/api/picking", "state", ["", "open", "done", "stopped"]),
        ("/api/plan", "show", ["", "order", "A", "B", "C"]),
        ("/api/documents/mails", "sort", ["", "when", "-when", "order", "-order"]),
    ):
        (filter_,) = (each for each in paths[path]["get"]["parameters"] if each["name"] == name)
        assert filter_["schema"]["enum"] == words
        assert "422" in paths[path]["get"]["responses"]
        told = await api.get(path, params={name: "bogus"})
        assert (told.status_code, told.json()["errors"][0]["field"]) == (422, name)


@pytest.mark.feature("P18", "V1")
async def test_labels_to_void_are_a_list_of_their_own(central: Central, api: httpx.AsyncClient) -> None:
    shop = Shop(central, api)
    number = await shop.problem()
    (only,) = (await api.get("/api/problems", params={"kind": "void_label"})).json()["items"]
    assert only["problem"] == number
    assert (await api.get("/api/problems", params={"kind": "low_stock"})).json()["items"] == []
    assert (await api.get("/api/problems", params={"q": "P-9"})).json()["items"] == []
    async with central.browser() as browser:
        page = (await browser.get("/problems", headers={"Accept-Language": "en"})).text
    assert '<a href="?kind=void_label">1 × Label must be voided</a>' in page
