"""Orders are split, repeated, and sent by suppliers: pieces, promises, money and status follow."""

from __future__ import annotations

import httpx
import pytest
from msgspec.structs import replace

from central.desk.books import Books
from central.desk.refused import Refused
from central.orders.accepting import accept
from central.orders.cancelling import cancel
from central.orders.editing import Edit, LineChange, edit
from central.orders.holding import release
from central.orders.model import NewLine
from central.orders.repeating import repeat
from central.orders.rules import By
from central.orders.splitting import numbers_for, split_line, split_off
from central.orders.status import settle
from central.orders.supplied import assign, tell
from central.payments.rows import PaymentRow
from central.shipping.rules import mark_shipped
from central.tracking.rules import record
from contract.keys import OrderId
from tests.central.orders.test_routes import ANY, PAID, shop  # noqa: F401  # a fixture
from tests.central.orders.test_rules import NEW
from tests.central.provable import assert_provable
from tests.central.shop import AT, LAMP, MUG, TEA, ask, book, kinds, message, parcel, quantities, sscc
from tests.central.shop import shop as small_shop

BY = By("anna", AT + 5)
P1, P2 = OrderId("P-1"), OrderId("P-1-2")


def status(books: Books, order: OrderId = P1) -> str:
    settle(books, AT)
    return books.orders[order].status


def paid(books: Books, price: int = 500, total: int | None = None) -> Books:
    for line in books.lines.of(P1):
        books.lines.put(replace(line, unit_price=price))
    total = sum(line.ordered * price for line in books.lines.of(P1)) if total is None else total
    order = replace(books.orders[P1], total=total, paid_amount=total, payment_method="card", payment_reference="ch_1")
    books.orders.put(order)
    books.payments.put(PaymentRow(P1, 1, "received", total, "card", "ch_1", "", "", "shop", AT))
    return books


@pytest.mark.feature("O6")
def test_what_waits_for_stock_goes_to_a_second_order_with_its_money() -> None:
    books = paid(small_shop(("P-1", [(MUG, 5), (TEA, 1)]), shelf=3))
    assert split_off(books, P1, numbers_for(P1, ""), (), BY) == P2
    assert quantities(books, "P-1") == [(3, 3, 0, 0), (1, 1, 0, 0)]
    assert quantities(books, "P-1-2") == [(2, 0, 0, 0)]
    assert (status(books), status(books, P2)) == ("open", "back_ordered")
    first, second = books.orders[P1], books.orders[P2]
    assert (first.total, first.payment, second.total, second.payment) == (2000, "paid", 1000, "paid")
    assert sum(row.amount if row.kind == "received" else -row.amount for row in books.payments) == 3000
    assert [entry.text for entry in books.timeline if entry.what == "order_split"] == [P2]
    with pytest.raises(Refused, match="waits for stock"):
        split_off(books, P1, numbers_for(P1, ""), (), BY)
    assert_provable(books)


@pytest.mark.feature("O2", "O6")
def test_once_what_waits_for_stock_has_moved_nothing_holds_the_rest() -> None:
    books = small_shop(shelf=3)
    accept(books, replace(NEW, lines=(NewLine(MUG, 5), NewLine(TEA, 1))), BY)
    assert [reason.code for reason in books.orders[NEW.order].reasons] == ["stock.1"]
    split_off(books, NEW.order, numbers_for(NEW.order, ""), (), BY)
    assert not books.orders[NEW.order].is_held


@pytest.mark.feature("O6")
def test_part_of_a_line_moves_and_a_bench_is_told() -> None:
    books = small_shop(("P-1", [(MUG, 5), (TEA, 1)]))
    ask(books, "pack-1", "P-1")
    book(books, message(parcel(1, "P-1", (1, MUG, 2))))
    assert split_off(books, P1, numbers_for(P1, "X-9"), [LineChange(1, 2)], BY) == "X-9"
    assert quantities(books, "P-1") == [(3, 1, 2, 0), (1, 1, 0, 0)]
    assert quantities(books, "X-9") == [(2, 2, 0, 0)]
    assert [type(letter.item).__name__ for letter in books.letters] == ["JobWithdrawn"]
    for parts, why in (
        ([LineChange(1, 2)], "1 pieces can be moved"),
        ([LineChange(7, 1)], "no line 7"),
        ([LineChange(1, 1), LineChange(1, 1)], "named twice"),
    ):
        with pytest.raises(Refused, match=why):
            split_off(books, P1, numbers_for(P1, ""), parts, BY)
    with pytest.raises(Refused, match="X-9 already"):
        split_off(books, P1, numbers_for(P1, "X-9"), [LineChange(1, 1)], BY)
    assert_provable(books)


@pytest.mark.feature("O6")
def test_a_line_is_split_and_its_promise_with_it() -> None:
    books = small_shop(("P-1", [(MUG, 5)]), shelf=4)
    split_line(books, P1, 1, 2, BY)
    assert [line[0] for line in quantities(books, "P-1")] == [3, 2]
    assert sum(line[1] for line in quantities(books, "P-1")) == 4
    with pytest.raises(Refused, match="2 pieces can be moved, not 3"):
        split_line(books, P1, 1, 3, BY)
    assert_provable(books)


@pytest.mark.feature("O6", "O5")
def test_a_part_shipment_leaves_the_rest_waiting_and_the_status_follows_to_the_end() -> None:
    books = small_shop(("P-1", [(MUG, 3)]), shelf=2)
    offer = ask(books, "pack-1", "P-1")
    assert offer.job.lines[0].quantity == 2  # type: ignore[union-attr]
    book(books, message(parcel(1, "P-1", (1, MUG, 2))))
    assert status(books) == "partly_packed"
    mark_shipped(books, sscc(1), "anna", AT)
    assert status(books) == "partly_shipped"
    edit(books, P1, Edit((LineChange(1, 2),)), BY)
    assert status(books) == "shipped"
    record(books, sscc(1), "delivered", at=AT + 1, now=AT + 1, source="office")
    assert status(books) == "delivered"
    record(books, sscc(1), "returned", at=AT + 2, now=AT + 2, source="office")
    assert status(books) == "returned"


@pytest.mark.feature("O11")
def test_an_order_is_repeated_at_todays_stock_and_not_paid() -> None:
    books = paid(small_shop(("P-1", [(MUG, 2), (TEA, 3)])))
    edit(books, P1, Edit((LineChange(2, 0),)), BY)
    number = repeat(books, P1, "", BY)
    assert (number, quantities(books, number)) == (P2, [(2, 2, 0, 0)])
    copy = books.orders[P2]
    assert (copy.source, copy.address, copy.total) == ("repeat", books.orders[P1].address, books.orders[P1].total)
    assert status(books, P2) == "awaiting_payment"
    cancel(books, P1, "x", BY)
    assert repeat(books, P1, "", BY) == "P-1-3"
    assert [line[0] for line in quantities(books, "P-1-3")] == [2, 3]
    with pytest.raises(Refused, match="P-1-2 already"):
        repeat(books, P1, "P-1-2", BY)
    assert_provable(books)


@pytest.mark.feature("O17", "O5")
def test_a_suppliers_line_is_never_promised_or_packed_and_the_status_follows() -> None:
    books = small_shop(("P-1", [(MUG, 1), (LAMP, 2)]))
    assign(books, P1, 2, "Lampes SA", BY)
    assert (quantities(books, "P-1"), books.level(LAMP).reserved) == ([(1, 1, 0, 0), (2, 0, 0, 0)], 0)
    offer = ask(books, "pack-1", "P-1")
    assert [line.sku for line in offer.job.lines] == [MUG]  # type: ignore[union-attr]
    book(books, message(parcel(1, "P-1", (1, MUG, 1))))
    assert status(books) == "packed"
    mark_shipped(books, sscc(1), "anna", AT)
    tell(books, P1, 2, "ordered", 2, "A-77", BY)
    assert status(books) == "partly_shipped"
    tell(books, P1, 2, "shipped", 2, "6A123", BY)
    assert status(books) == "shipped"
    record(books, sscc(1), "delivered", at=AT + 1, now=AT + 1, source="office")
    assert status(books) == "shipped"
    tell(books, P1, 2, "delivered", 2, "", BY)
    assert status(books) == "delivered"
    assert books.level(LAMP) == replace(books.level(LAMP), on_hand=20, packed=0)
    assert_provable(books)


@pytest.mark.feature("O17")
def test_more_than_a_supplier_has_is_refused_and_he_is_stopped_when_it_is_cancelled() -> None:
    books = small_shop(("P-1", [(LAMP, 3)]))
    assign(books, P1, 1, "Lampes SA", BY)
    assert status(books) == "at_supplier"
    assert ask(books, "pack-1", "P-1").reason == "packed"  # type: ignore[union-attr]
    tell(books, P1, 1, "ordered", 3, "A-77", BY)
    for stage, quantity in (("ordered", 1), ("shipped", 4), ("delivered", 1)):
        with pytest.raises(Refused, match="pieces can be"):
            tell(books, P1, 1, stage, quantity, "", BY)  # type: ignore[arg-type]
    with pytest.raises(Refused, match="ordered from Lampes SA already"):
        assign(books, P1, 1, "", BY)
    tell(books, P1, 1, "shipped", 1, "", BY)
    cancel(books, P1, "she called", BY)
    assert (kinds(books), status(books)) == (["supplier_stop"], "shipped")
    assert "2 × LAMP-3" in books.problems[0].text
    assert_provable(books)


@pytest.mark.feature("O17")
def test_a_product_that_a_supplier_always_sends_is_not_looked_for_on_the_shelf() -> None:
    books = small_shop(shelf=0)
    books.products.put(replace(books.products[LAMP], supplier="Lampes SA"))
    books.products.put(replace(books.products[MUG], oversell=True))
    accept(books, replace(NEW, lines=(NewLine(LAMP, 2), NewLine(MUG, 1))), BY)
    assert (status(books), quantities(books, "P-1")) == ("open", [(2, 0, 0, 0), (1, 1, 0, 0)])
    release(books, P1, BY)
    assign(books, P1, 1, "", BY)
    assert [reason.code for reason in books.orders[P1].reasons] == ["stock.1"]


@pytest.mark.feature("O6", "O11", "O17", "I2")
async def test_all_of_it_by_rest(shop: httpx.AsyncClient) -> None:  # noqa: F811
    await shop.post("/api/orders", json=PAID)
    second = await shop.post("/api/orders/P-1/split", json={"lines": [{"line": 1, "quantity": 1}]})
    assert (second.status_code, second.json()["order"]) == (201, "P-1-2"), second.text
    assert [line["ordered"] for line in second.json()["lines"]] == [1]
    keyed = {"Idempotency-Key": "again"}
    copies = [await shop.post("/api/orders/P-1/repeat", json={}, headers=keyed) for _ in range(2)]
    assert [copy.json()["order"] for copy in copies] == ["P-1-3", "P-1-3"]
    assert copies[0].json()["status"] == "awaiting_payment"
    supplied = (await shop.post("/api/orders/P-1/lines/2/supplier", json={"supplier": "Thé & Cie"}, headers=ANY)).json()
    assert (supplied["lines"][1]["supplier"], supplied["lines"][1]["reserved"]) == ("Thé & Cie", 0)
    told = {"stage": "shipped", "quantity": 1, "reference": "6A1"}
    shipped = (await shop.post("/api/orders/P-1/lines/2/supply", json=told)).json()
    assert (shipped["status"], shipped["lines"][1]["shipped"]) == ("partly_shipped", 1)
    refused = await shop.post("/api/orders/P-1/lines/1/supply", json=told)
    assert refused.status_code == 409
    assert (await shop.post("/api/orders/P-1/lines/1/split", json={"quantity": 1})).status_code == 409
    late = await shop.post("/api/orders/P-1/split", json={}, headers={"If-Match": "1"})
    assert (late.status_code, late.json()["now"]["order"]) == (409, "P-1")


@pytest.mark.feature("O17")
def test_a_supplier_sends_no_more_than_is_still_wanted() -> None:
    books = paid(small_shop(("P-1", [(MUG, 3)])))
    assign(books, P1, 1, "Faïencerie", BY)
    edit(books, P1, Edit((LineChange(1, 2),)), BY)
    with pytest.raises(Refused, match="2 pieces can be shipped, not 3"):
        tell(books, P1, 1, "shipped", 3, "", BY)
