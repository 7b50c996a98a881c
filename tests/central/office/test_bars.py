"""Codes on office pages that open the work at a bench."""

from __future__ import annotations

import httpx
import pytest

from central.office.bars import code_128
from tests.central.stock.test_routes import add
from tests.central.supply.test_routes import expect


@pytest.mark.feature("P25", "P26")
async def test_counts_and_deliveries_show_the_code_that_opens_them(api: httpx.AsyncClient) -> None:
    await expect(api, "PO-1")
    await add(api, "LAMP-3")
    (await api.put("/api/counts/C-1", json={"skus": ["LAMP-3"]})).raise_for_status()
    for path, code in (("/deliveries/PO-1", "DELIVERY-PO-1"), ("/counts/C-1", "COUNT-C-1")):
        page = (await api.get(path)).raise_for_status().text
        assert code_128(code).strip() in page
    await api.post("/api/counts/C-1/found", json={"found": [{"sku": "LAMP-3", "quantity": 1}]})
    assert 'class="opens"' not in (await api.get("/counts/C-1")).text


def test_what_bars_cannot_say_has_none() -> None:
    assert code_128("COUNT-Été") == ""
    assert "viewBox" in code_128("COUNT-1")
