"""Downloads by HTTP: read again, they change nothing; no field is a formula."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.intake import table
from central.intake.writing import armed, defused, lines
from tests.central.conftest import Central
from tests.central.orders.test_finding import add
from tests.central.orders.test_routes import ANY, BODY, PAID, shop  # noqa: F401
from tests.central.packed import pack, sscc

pytestmark = pytest.mark.feature("I4")
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)


@given(value=TEXTS | st.sampled_from(["=1+1", "'=x", "''@", "-2", "-x", "+33 1", "\t=", "'a"]))
@settings(max_examples=300)
def test_what_a_spreadsheet_would_carry_out_is_defused_and_read_back(value: str) -> None:
    shown = defused(value)
    assert armed(shown) == value
    assert not shown.startswith(("=", "+", "@", "\t", "\r"))
    assert not shown.startswith("-") or shown[1:].replace(".", "").replace(",", "").isdecimal()


PIECES = st.lists(st.sampled_from([";", "\n", "\r", "\t", "'", '"', "=", "+", "-", "@", ",", "x", " "]), max_size=8)


@given(value=PIECES.map("".join))
@settings(max_examples=500)
def test_no_cell_is_a_formula_either_where_a_spreadsheet_parts_at_semicolons(value: str) -> None:
    """As one in French does: it cuts a customer's text in two where that has a semicolon, or a line's end."""
    text = lines([("name", "note", "city"), ("P-1", value, "Lyon")])
    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=";") for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t"))] == []
    assert table.read(text.encode()).rows[0].fields["note"] == value


@given(rows=st.lists(st.tuples(TEXTS, TEXTS.filter(bool)), max_size=5))
@settings(max_examples=100)
def test_a_file_is_read_as_it_was_written(rows: list[tuple[str, str]]) -> None:
    found = table.read(lines([("a", "b"), *rows]).encode())
    assert [tuple(row.fields.values()) for row in found.rows] == rows


async def download(api: httpx.AsyncClient, what: str, **asked: Any) -> bytes:
    answer = await api.get(f"/api/exports/{what}", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="{what}.csv"'
    return answer.content


async def upload(api: httpx.AsyncClient, path: str, content: bytes) -> dict[str, Any]:
    answer = await api.post(path, files={"data": ("a.csv", content, "text/csv")})
    assert answer.status_code == 200, answer.text
    report: dict[str, Any] = answer.json()
    return report


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


async def test_orders_come_back_unchanged(shop: httpx.AsyncClient) -> None:  # noqa: F811
    await shop.post("/api/orders", json=PAID | {"gift_note": "=HYPERLINK(1)\nWith love", "service": "Colissimo"})
    ship_to = BODY["ship_to"] | {"lines": ["1 rue A", "Bât. B", "3e"], "company": "-Ltd"}
    await add(shop, "P-2", "x", ship_to=ship_to, contact={"phone": "+33 1 42 60 00 00"}, payment=None)
    await add(shop, "P-3", "Luc", cancelled=True, promised_at=1_777_999_999_123)
    for audience in ("packer", "office", "packer"):
        await shop.post("/api/orders/P-1/notes", json={"audience": audience, "text": "@once"})
    await shop.post("/api/orders/P-1/address", json=BODY["ship_to"] | {"name": "Zoé"}, headers=ANY)
    before = [(await shop.get(f"/api/orders/P-{number}")).json() for number in (1, 2, 3)]
    content = await download(shop, "orders")
    assert b"'=HYPERLINK" in content
    report = await upload(shop, "/api/orders/import", content)
    assert report["rejected"] == []
    assert (report["created"], report["unchanged"], report["paid"], report["cancelled"]) == (0, 3, 0, 0)
    assert [(await shop.get(f"/api/orders/P-{number}")).json() for number in (1, 2, 3)] == before


async def test_orders_are_those_of_the_filter(shop: httpx.AsyncClient) -> None:  # noqa: F811
    await add(shop, "P-1", "Zoé Mérieux")
    await add(shop, "P-2", "Luc")
    assert [row["order"] for row in rows_of(await download(shop, "orders", q="merieux"))] == ["P-1", "P-1"]
    assert rows_of(await download(shop, "orders", status="held")) == []
    assert (await shop.get("/api/exports/orders", params={"status": "foo"})).status_code == 422


async def test_products_come_back_unchanged(api: httpx.AsyncClient) -> None:
    codes = [
        {"code": "2123456", "kind": "sku"},
        {"code": "03401234000014"},
        {"code": "13401234000011", "quantity": 6},
        {"code": "2123456", "kind": "in_store"},
        {"code": "B-17", "kind": "sku", "quantity": 3},
    ]
    body = {
        "name": "=Mug",
        "codes": codes,
        "mass_g": 212,
        "instruction": "-wrap",
        "requires": ["lot"],
        "oversell": True,
    }
    (await api.put("/api/products/MUG", json=body)).raise_for_status()
    (await api.put("/api/products/TEA", json={"name": "Tea", "codes": codes[1:3]})).raise_for_status()
    before = (await api.get("/api/products")).json()
    content = await download(api, "products")
    assert (await upload(api, "/api/products/import", content)) == {"taken": 2, "rejected": []}
    assert (await api.get("/api/products")).json() == before


async def test_counted_shelves_come_back_unchanged(shop: httpx.AsyncClient) -> None:  # noqa: F811
    before = (await shop.get("/api/stock/MUG-BLUE/movements")).json()
    content = await download(shop, "stock")
    assert [(row["sku"], row["on_hand"]) for row in rows_of(content)] == [("MUG-BLUE", "10"), ("TEA-100", "10")]
    assert (await upload(shop, "/api/stock/import", content))["taken"] == 2
    assert (await shop.get("/api/stock/MUG-BLUE/movements")).json() == before
    elsewhere = b"sku,on_hand,warehouse\nMUG-BLUE,3,moon\nTEA-100,4,\n"
    report = await upload(shop, "/api/stock/import", elsewhere)
    assert report["taken"] == 1
    assert "There is no warehouse 'moon'." in report["rejected"][0]["expected"]


async def test_tracking_comes_back_unchanged_and_rows_are_told_one_by_one(
    shop: httpx.AsyncClient,  # noqa: F811
    central: Central,
) -> None:
    await add(shop, "P-1", "Zoé")
    await pack(central.store, "P-1", {"MUG-BLUE": 2}, 1_777_880_000_000)
    content = await download(shop, "tracking")
    assert await upload(shop, "/api/parcels/import", content) == {"taken": 1, "rejected": []}
    assert len((await shop.get(f"/api/parcels/{sscc(1)}")).json()["events"]) == 1
    told = (
        "sscc,order,carrier,tracking_number,status,at,place\n"
        f"{sscc(1)},,DPD,0598 1234 5678,shipped,2026-05-05T10:00:00Z,Lyon\n"
        ",P-1,,,delivered,2026-05-06T10:00:00Z,Paris\n"
        ",P-9,,,delivered,,\n"
        "123,,,,delivered,,\n"
        f"{sscc(2)},,,,delivered,,\n"
        f"{sscc(1)},,,,packed,,\n"
        f"{sscc(1)},,DPD,?,,,\n"
    )
    report = await upload(shop, "/api/parcels/import", told.encode())
    assert report["taken"] == 2
    assert [row["line"] for row in report["rejected"]] == [4, 5, 6, 7, 8]
    parcel = (await shop.get(f"/api/parcels/{sscc(1)}")).json()
    assert (parcel["status"], parcel["carrier"], parcel["tracking_number"]) == ("delivered", "DPD", "059812345678")
    assert [event["place"] for event in parcel["events"]] == ["", "Lyon", "Paris"]
    again = await upload(shop, "/api/parcels/import", await download(shop, "tracking"))
    assert again == {"taken": 1, "rejected": []}
    assert (await shop.get(f"/api/parcels/{sscc(1)}")).json() == parcel


async def test_problems_are_listed(shop: httpx.AsyncClient, central: Central) -> None:  # noqa: F811
    await add(shop, "P-1", "Zoé")
    await pack(central.store, "P-1", {"MUG-BLUE": 2}, 1_777_880_000_000)
    await shop.post("/api/orders/P-1/cancel", json={"reason": "she called"})
    told = [(row["kind"], row["order"]) for row in rows_of(await download(shop, "problems"))]
    assert told == [(one["kind"], "P-1") for one in (await shop.get("/api/problems")).json()["items"]]
    assert told


async def test_a_download_is_what_its_list_shows(shop: httpx.AsyncClient, central: Central) -> None:  # noqa: F811
    await add(shop, "P-1", "Zoé")
    await pack(central.store, "P-1", {"MUG-BLUE": 2}, 1_777_880_000_000)
    await shop.put("/api/suppliers/NORD", json={"name": "Nord"})
    for number in ("D-1", "D-2"):
        lines = [{"sku": "MUG-BLUE", "quantity": 3}]
        (await shop.put(f"/api/deliveries/{number}", json={"supplier": "NORD", "lines": lines})).raise_for_status()
    (await shop.post("/api/deliveries/D-2/closed")).raise_for_status()
    for name in ("Shelf A", "Shelf B"):
        (await shop.put(f"/api/counts/{name}", json={"what": name, "skus": ["MUG-BLUE"]})).raise_for_status()
    for what, column, asked, shown in (
        ("tracking", "sscc", {"q": "P-1"}, [sscc(1)]),
        ("tracking", "sscc", {"q": "P-9"}, []),
        ("tracking", "sscc", {"status": "shipped"}, []),
        ("deliveries", "delivery", {"status": "open"}, ["D-1"]),
        ("deliveries", "delivery", {"supplier": "SUD"}, []),
        ("counts", "count", {"q": "shelf b"}, ["Shelf B"]),
        ("counts", "count", {"status": "approved"}, []),
        ("payments", "order", {"q": "P-1", "kind": "received"}, ["P-1"]),
        ("payments", "order", {"kind": "refunded"}, []),
        ("payments", "order", {"moved_before": 1}, []),
    ):
        assert [row[column] for row in rows_of(await download(shop, what, **asked))] == shown, (what, asked)
    paid = rows_of(await download(shop, "payments"))[0]
    assert (paid["amount"], paid["currency"], paid["reference"]) == ("37.40", "EUR", "ch_1")


@pytest.mark.feature("V1")
@pytest.mark.parametrize(
    "path",
    [
        "/parcels?status=eaten",
        "/deliveries?status=eaten",
        "/counts?status=eaten",
        "/stock?show=eaten",
        "/stock?sort=eaten",
        "/problems?kind=eaten",
        "/payments?kind=eaten",
        "/payments?month=May",
        "/orders?status=eaten",
        "/api/exports/tracking?status=eaten",
        "/api/exports/deliveries?status=eaten",
        "/api/exports/counts?status=eaten",
        "/api/exports/payments?kind=eaten",
        "/api/exports/products?show=eaten",
    ],
)
async def test_a_filter_that_nothing_can_fit_is_refused(api: httpx.AsyncClient, path: str) -> None:
    answer = await api.get(path, headers={"Accept": "text/html", "Accept-Language": "fr"})
    assert answer.status_code == 422
    assert "eaten" in answer.text or "May" in answer.text
    if not path.startswith("/api"):
        assert "Il n&#39;y a pas de" in answer.text or "n&#39;est pas un mois" in answer.text
