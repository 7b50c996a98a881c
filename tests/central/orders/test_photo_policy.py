"""An order may say itself whether its open boxes are photographed."""

from __future__ import annotations

import httpx
import pytest
from msgspec.structs import replace

from central.orders.accepting import content_of
from central.orders.model import NewLine, NewOrder
from contract.keys import OrderId
from contract.messages import JobOffered
from tests.central.orders.test_routes import BODY
from tests.central.shop import ADDRESS, AT, MUG, add_order, ask, shop

pytestmark = pytest.mark.feature("P19")
NEW = NewOrder(OrderId("1001"), AT, ADDRESS, (NewLine(MUG, 1),))


@pytest.mark.parametrize(("said", "leased"), [("", "never"), ("required", "required"), ("never", "never")])
def test_the_order_decides_before_its_service(said: str, leased: str) -> None:
    books = shop()
    add_order(books, "1001", [(MUG, 1)], photo=said)
    offered = ask(books, "pack-1", "1001")
    assert isinstance(offered, JobOffered)
    assert offered.job.photo == leased


def test_an_order_that_says_nothing_is_the_same_order_as_before_there_was_the_choice() -> None:
    assert content_of(NEW) == content_of(replace(NEW, photo=None))
    assert content_of(NEW) != content_of(replace(NEW, photo="wanted"))


async def test_it_comes_by_rest_and_a_misspelt_one_is_refused(api: httpx.AsyncClient) -> None:
    refused = await api.post("/api/orders", json={**BODY, "photo": "always"})
    assert refused.status_code in (400, 422)
    assert (await api.post("/api/orders", json={**BODY, "photo": "required"})).status_code == 201
    again = await api.post("/api/orders", json={**BODY, "photo": "required"})
    assert again.status_code == 200
    assert (await api.post("/api/orders", json={**BODY, "photo": "never"})).status_code == 409


async def test_it_comes_by_csv_goes_out_and_comes_back_and_a_misspelt_one_is_refused(api: httpx.AsyncClient) -> None:
    head = "order,placed_at,name,street,postcode,city,country,sku,quantity,photo\n"
    row = "{},2026-05-04T09:00:00+02:00,Léa,1 rue du Port,69002,Lyon,FR,MUG-BLUE,1,{}\n"
    file = head + row.format("C-1", "required") + row.format("C-2", "") + row.format("C-3", "always")
    report = (await api.post("/api/orders/import", files={"data": ("orders.csv", file.encode(), "text/csv")})).json()
    assert report["created"] == 2
    (refused,) = report["rejected"]
    assert (refused["line"], refused["field"], refused["value"]) == (4, "photo", "always")
    assert (await api.get("/api/orders/C-1")).json()["photo"] == "required"
    assert (await api.get("/api/orders/C-2")).json()["photo"] is None
    written = (await api.get("/api/exports/orders")).content
    again = (await api.post("/api/orders/import", files={"data": ("orders.csv", written, "text/csv")})).json()
    assert (again["created"], again["unchanged"], again["rejected"]) == (0, 2, [])
