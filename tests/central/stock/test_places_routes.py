"""Bins, lots and recalls by REST, against a running server on a real database."""

from __future__ import annotations

import csv
import io
import re

import httpx
import pytest
from msgspec.structs import replace

from central.desk.books import Books, Keys
from central.packing.booking import close_parcel
from central.stock.elsewhere import tell_elsewhere
from central.stock.ledger import Cause, move, sellable
from central.stock.rows import LevelRow
from contract.keys import JobId, OrderId, Sku
from contract.messages import ParcelClosed
from contract.values import PackedLine, Trace, Weighing
from tests.central.conftest import Central, until
from tests.central.orders.test_routes import PAID
from tests.central.packed import HOUSE, sscc
from tests.central.shop import MUG
from tests.central.stock.test_routes import add

AT = 1_777_880_000_000


async def packed(central: Central, order: str, number: int, *traces: Trace) -> str:
    """A parcel with the first line's mugs."""
    key = sscc(number)
    contents = (PackedLine(OrderId(order), 1, Sku("MUG-BLUE"), 2, traces=traces),)
    fact = ParcelClosed(key, JobId(order), 0, 1, contents, Weighing(500, AT, "scale", "raw"), "7001", AT, AT + number)

    def book(books: Books) -> None:
        close_parcel(books, HOUSE, "pack-1", fact, f"token-{number}", AT)

    await central.store.transact(Keys(orders=frozenset({OrderId(order)}), parcels=frozenset({key})), book)
    return str(key)


def _took_apart(books: Books) -> None:
    parcel = books.parcels[sscc(1)]
    books.parcels.put(replace(parcel, status="voided"))


async def received(api: httpx.AsyncClient) -> None:
    await add(api)
    await api.put("/api/suppliers/faience", json={"name": "Faïencerie"})
    wanted = {"supplier": "faience", "lines": [{"sku": "MUG-BLUE", "quantity": 20}]}
    await api.put("/api/deliveries/PO-1", json=wanted)
    arrivals = [
        {"sku": "MUG-BLUE", "quantity": 5, "bin": "A1", "lot": "L1", "expiry": "2031-01-00"},
        {"sku": "MUG-BLUE", "quantity": 5, "bin": "A2", "lot": "L2", "expiry": "2032-01-31", "serials": ["S-1"]},
    ]
    (await api.post("/api/deliveries/PO-1/received", json={"arrivals": arrivals})).raise_for_status()


@pytest.mark.feature("K9")
async def test_a_lot_is_traced_from_its_receipt_to_its_parcels_and_back(
    api: httpx.AsyncClient, central: Central
) -> None:
    await received(api)
    for number in (1, 2):
        order = PAID | {"order": f"P-{number}", "lines": [{"sku": "MUG-BLUE", "quantity": 2}]}
        (await api.post("/api/orders", json=order)).raise_for_status()
    told = await packed(central, "P-1", 1, Trace(1, "L2"), Trace(1, "L2", "S-1"))
    assumed = await packed(central, "P-2", 2)
    recall = (await api.get("/api/lots/L2/recall")).json()
    assert [(each["reference"], each["supplier"], each["quantity"]) for each in recall["receipts"]] == [
        ("delivery/PO-1", "faience", 1),
        ("delivery/PO-1", "faience", 4),
    ]
    assert [(each["bin"], each["quantity"]) for each in recall["left"]] == [("A2", 3)]
    (parcel,) = recall["parcels"]
    assert (parcel["sscc"], parcel["order"], parcel["quantity"], parcel["certain"]) == (told, "P-1", 2, True)
    assert parcel["consignee"] == PAID["ship_to"]["name"]
    other = (await api.get("/api/lots/L1/recall", params={"sku": "MUG-BLUE"})).json()
    assert [(each["sscc"], each["order"], each["certain"]) for each in other["parcels"]] == [(assumed, "P-2", False)]
    serial = (await api.get("/api/serials/S-1/recall")).json()
    assert [each["sscc"] for each in serial["parcels"]] == [told]
    assert [each["serial"] for each in serial["receipts"]] == ["S-1"]
    rows = list(csv.DictReader(io.StringIO((await api.get("/api/lots/L2/recall/csv")).content.decode("utf-8-sig"))))
    assert [row["what"] for row in rows] == ["received", "received", "left", "parcel"]
    assert (rows[2]["bin"], rows[3]["sscc"], rows[3]["consignee"]) == ("A2", told, PAID["ship_to"]["name"])
    for unknown in ("/api/lots/L9/recall", "/api/serials/S-9/recall"):
        assert (await api.get(unknown)).status_code == 404
    for audit in ("stock.audit_levels", "stock.audit_holdings", "supply.audit_deliveries"):
        assert await central.store.read(audit) == []


@pytest.mark.feature("K5")
async def test_pieces_are_moved_and_the_pick_bin_is_set(api: httpx.AsyncClient, central: Central) -> None:
    await received(api)
    moved = await api.post(
        "/api/stock/MUG-BLUE/transfer", json={"quantity": 2, "from_bin": "A1", "to_bin": "B1", "lot": "L1"}
    )
    spots = {(each["bin"], each["lot"]): each["quantity"] for each in moved.json()["spots"]}
    assert spots == {("A1", "L1"): 3, ("A2", "L2"): 5, ("B1", "L1"): 2}
    chosen = (await api.post("/api/stock/MUG-BLUE/pick-bin", json={"bin": "B1"})).json()
    assert chosen["warehouses"][0]["pick_bin"] == "B1"
    refused = await api.post("/api/stock/MUG-BLUE/transfer", json={"quantity": 9, "from_bin": "A1", "lot": "L1"})
    assert (refused.status_code, refused.json()["detail"]) == (409, "MUG-BLUE: 3 are in main A1 L1, so 9 cannot go.")
    ledger = (await api.get("/api/stock/MUG-BLUE/movements")).json()["items"]
    assert (ledger[0]["reason"], ledger[0]["source_bin"], ledger[0]["target_bin"]) == ("put_away", "A1", "B1")
    assert await central.store.read("stock.audit_holdings") == []


@pytest.mark.feature("K9")
async def test_a_serial_number_that_comes_twice_is_noticed_unless_it_was_out(
    api: httpx.AsyncClient, central: Central
) -> None:
    await received(api)
    (await api.post("/api/orders", json=PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 2}]})).raise_for_status()
    await packed(central, "P-1", 1, Trace(1, "L2"), Trace(1, "L2", "S-1"))
    back = {"arrivals": [{"sku": "MUG-BLUE", "quantity": 1, "serials": ["S-1"]}]}
    for twice in ([], ["serial_received_twice"]):
        (await api.post("/api/deliveries/PO-1/received", json=back)).raise_for_status()
        found = (await api.get("/api/problems")).json()["items"]
        assert [each["kind"] for each in found if each["kind"].startswith("serial")] == twice
        await central.store.transact(Keys(parcels=frozenset({sscc(1)})), _took_apart)


@pytest.mark.feature("K9")
async def test_a_lot_is_stopped_and_the_orders_that_wait_again_are_named(
    api: httpx.AsyncClient, central: Central
) -> None:
    await received(api)
    for number in ("P-1", "P-2"):
        order = PAID | {"order": number, "lines": [{"sku": "MUG-BLUE", "quantity": 4}]}
        (await api.post("/api/orders", json=order)).raise_for_status()
    (await api.post("/api/stock/MUG-BLUE/lots/L1/stop", json={"reason": "Chipped"})).raise_for_status()
    (problem,) = (each for each in (await api.get("/api/problems")).json()["items"] if each["kind"] == "lot_stopped")
    assert "3 of it were promised" in problem["text"]
    orders = [(await api.get(f"/api/orders/{number}")).json()["lines"][0]["reserved"] for number in ("P-1", "P-2")]
    assert sum(orders) == 5
    assert await central.store.read("stock.audit_levels") == []


@pytest.mark.feature("K9")
async def test_parcels_that_are_still_here_are_held_when_their_lot_is_stopped(
    api: httpx.AsyncClient, central: Central
) -> None:
    await received(api)
    order = PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 2}]}
    for number in ("P-1", "P-2", "P-3"):
        (await api.post("/api/orders", json=order | {"order": number})).raise_for_status()
    inside = await packed(central, "P-1", 1, Trace(2, "", expiry="2031-01-00"), Trace(2, "L1"))
    other = await packed(central, "P-2", 2, Trace(2, "L2"))
    gone = await packed(central, "P-3", 3, Trace(2, "L1"))
    (await api.post(f"/api/parcels/{gone}/ship")).raise_for_status()
    (await api.post("/api/stock/MUG-BLUE/lots/L1/stop", json={"reason": "Chipped"})).raise_for_status()
    held = {sscc: (await api.get(f"/api/parcels/{sscc}")).json()["held"] for sscc in (inside, other, gone)}
    assert held == {inside: "lot L1 of MUG-BLUE was stopped: Chipped", other: "", gone: ""}
    found = (await api.get("/api/problems", params={"kind": "stopped_lot"})).json()["items"]
    assert [each["sscc"] for each in found] == [inside]
    assert (await api.post(f"/api/parcels/{inside}/ship")).status_code == 409


@pytest.mark.feature("K5")
async def test_stock_in_a_warehouse_that_is_gone_is_said_at_the_start_and_on_the_page(
    api: httpx.AsyncClient, central: Central
) -> None:
    await add(api)
    books_of_before = Keys(skus=frozenset({MUG}))
    level = LevelRow(MUG, "attic")
    cause = Cause("start", "test", AT)
    await central.store.transact(books_of_before, lambda books: move(books, level, "", "shelf", 3, "received", cause))
    for _ in range(2):
        await tell_elsewhere(central.store, ("main",), AT)
    (problem,) = (await api.get("/api/problems")).json()["items"]
    assert (problem["kind"], "warehouse attic" in problem["text"]) == ("warehouse_unknown", True)
    assert "attic" in (await api.get("/stock", headers={"Accept": "text/html"})).text


@pytest.mark.feature("K9")
async def test_stopped_and_expired_pieces_are_available_nowhere(api: httpx.AsyncClient, central: Central) -> None:
    await received(api)
    for lot, expiry in (("OLD", "2020-01-31"), ("L3", "")):
        arrival = {"sku": "MUG-BLUE", "quantity": 3, "bin": "A3", "lot": lot, "expiry": expiry}
        (await api.post("/api/deliveries/PO-1/received", json={"arrivals": [arrival]})).raise_for_status()
    await api.post("/api/stock/MUG-BLUE/lots/L1/stop", json={"reason": "Chipped"})
    body = (await api.get("/api/products/MUG-BLUE")).json()["product"] | {"reorder_point": 8}
    body.pop("sku")
    (await api.put("/api/products/MUG-BLUE", json=body)).raise_for_status()
    (listed,) = (await api.get("/api/products", params={"q": "MUG", "show": "low"})).json()["items"]
    (planned,) = (each for each in (await api.get("/api/plan")).json()["items"] if each["sku"] == "MUG-BLUE")
    places = (await api.get("/api/stock/MUG-BLUE/places")).json()
    told = await central.store.transact(Keys(skus=frozenset({MUG})), lambda books: sellable(books, MUG, AT))
    assert (places["unsellable"], told.on_hand) == (8, 16)
    assert [listed["level"]["available"], planned["available"], places["warehouses"][0]["level"]["available"]] == [
        8
    ] * 3
    assert (told.available, (await api.get("/api/products/MUG-BLUE")).json()["level"]["available"]) == (8, 8)
    page = (await api.get("/stock", params={"q": "MUG-BLUE"})).text
    assert [int(each) for each in re.findall(r'<td class="n">(\d+)</td>', page)][:2] == [16, 8]


@pytest.mark.feature("K9")
async def test_a_stopped_lot_waits_and_lots_are_listed_by_expiry(api: httpx.AsyncClient) -> None:
    await received(api)
    stopped = (await api.post("/api/stock/MUG-BLUE/lots/L1/stop", json={"reason": "Chipped"})).json()
    assert stopped["unsellable"] == 5
    order = (await api.post("/api/orders", json=PAID | {"lines": [{"sku": "MUG-BLUE", "quantity": 8}]})).json()
    assert order["lines"][0]["reserved"] == 5
    listed = (await api.get("/api/lots")).json()["items"]
    assert [(each["lot"], each["expiry"], each["stopped"]) for each in listed] == [
        ("L1", "2031-01-31", "Chipped"),
        ("L2", "2032-01-31", ""),
    ]
    soon = (await api.get("/api/lots", params={"show": "expiring", "until": "2031-06-30"})).json()["items"]
    assert [each["lot"] for each in soon] == ["L1"]
    await api.post("/api/stock/MUG-BLUE/lots/L1/resume")
    await until(api, "/api/orders/P-1", lambda order: order["lines"][0]["reserved"] == 8)
