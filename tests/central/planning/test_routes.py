"""The plan by REST, from a ledger of weeks."""

from __future__ import annotations

import csv
import io

import httpx
import pytest

from central.desk.books import Books, Keys
from central.planning.reading import WEEK_MS
from central.stock.ledger import Cause
from central.stock.rules import pack
from central.store.sqlite import now_ms
from contract.keys import Sku
from tests.central.conftest import Central
from tests.central.orders.test_routes import PAID
from tests.central.stock.test_routes import add


async def ten_weeks(api: httpx.AsyncClient, central: Central) -> None:
    """14 mugs a week; tea that nobody buys."""
    for sku in ("MUG-BLUE", "TEA-100"):
        await add(api, sku, reorder_point=0)
        await api.post(f"/api/stock/{sku}/received", json={"quantity": 150})
    now = now_ms()

    def sell(books: Books) -> None:
        for week in range(1, 11):
            cause = Cause(f"parcel-{week}", "1001", now - week * WEEK_MS + 1000)
            pack(books, Sku("MUG-BLUE"), 14, cause, "main")

    await central.store.transact(Keys(skus=frozenset({Sku("MUG-BLUE")})), sell)


@pytest.mark.feature("K8")
async def test_the_plan_says_what_to_order_and_how_sure_it_is(api: httpx.AsyncClient, central: Central) -> None:
    await ten_weeks(api, central)
    await api.put("/api/suppliers/faience", json={"name": "Faïencerie", "lead_days": 14})
    wanted = {"supplier": "faience", "lines": [{"sku": "MUG-BLUE", "quantity": 3}]}
    await api.put("/api/deliveries/PO-1", json=wanted)
    mug, tea = (await api.get("/api/plan")).json()["items"]
    assert (mug["sku"], mug["sold"], mug["available"], mug["incoming"]) == ("MUG-BLUE", 140, 10, 3)
    assert mug["forecast"] == {"weekly": 14.0, "method": "mean", "error": 0.0, "tried_on": 9}
    assert (mug["supplier"], mug["reorder_at"], mug["order_now"], mug["cover_days"]) == ("faience", 28, 29, 5)
    assert (tea["sku"], tea["abc"], tea["order_now"], tea["cover_days"]) == ("TEA-100", "C", 0, None)
    assert [each["sku"] for each in (await api.get("/api/plan?show=order")).json()["items"]] == ["MUG-BLUE"]
    rows = list(csv.DictReader(io.StringIO((await api.get("/api/exports/plan")).content.decode("utf-8-sig"))))
    assert [(row["sku"], row["forecast_weekly"], row["order_now"]) for row in rows] == [
        ("MUG-BLUE", "14.0", "29"),
        ("TEA-100", "0.0", "0"),
    ]
    assert (await api.get("/api/plan?show=D")).status_code in (400, 422)


@pytest.mark.feature("K7", "K8")
async def test_a_cycle_count_takes_what_its_class_asks_for_and_is_due(api: httpx.AsyncClient, central: Central) -> None:
    await ten_weeks(api, central)
    await api.post("/api/orders", json=PAID)
    planned = (await api.put("/api/counts/C-1", json={"classes": ["C"]})).json()
    assert {line["sku"] for line in planned["lines"]} == {"MUG-BLUE", "TEA-100"}
    found = [{"sku": line["sku"], "quantity": 10} for line in planned["lines"] if line["sku"] == "TEA-100"]
    await api.put("/api/counts/C-2", json={"skus": ["TEA-100"]})
    await api.post("/api/counts/C-2/found", json={"found": found})
    await api.post("/api/counts/C-2/approved")
    due = (await api.put("/api/counts/C-3", json={"classes": ["A", "B", "C"]})).json()
    assert [line["sku"] for line in due["lines"]] == ["MUG-BLUE"]
