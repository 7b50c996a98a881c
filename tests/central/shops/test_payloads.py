"""What the three kinds of shops send, as orders."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.orders.model import NewLine, NewOrder, Note, Payment
from central.shops import prestashop, shopify, woocommerce
from central.shops.model import BadPayload, GaveBack, Gone, ShopOrder, Told
from contract.keys import Sku

DELIVERIES = Path(__file__).parent / "deliveries"
PARIS = ZoneInfo("Europe/Paris")
PLACED = 1_777_878_720_000


def sample(kind: str) -> dict[str, Any]:
    """The recorded order of a kind of shop."""
    found: dict[str, Any] = json.loads((DELIVERIES / f"{kind}_order.json").read_text())
    return found


def read(kind: str, payload: object, topic: str = "") -> Told:
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    if kind == "shopify":
        return shopify.read(topic or "orders/updated", body)
    if kind == "woocommerce":
        return woocommerce.read(topic or "order.updated", body)
    return prestashop.read(topic or "order.updated", body, PARIS)


def told(kind: str, payload: object) -> ShopOrder:
    found = read(kind, payload)
    assert isinstance(found, ShopOrder)
    return found


LINES = [(Sku("MUG-BLUE"), 2, 1250), (Sku("TEA-100"), 1, 750)]


def lines(order: NewOrder) -> list[tuple[Sku, int, int]]:
    return [(line.sku, line.quantity, line.unit_price) for line in order.lines]


@pytest.mark.feature("O1")
def test_a_shopify_order_is_read_whole() -> None:
    found = told("shopify", sample("shopify"))
    order = found.order
    assert (found.reference, found.told_at - PLACED, found.refunded) == ("5940139491234", 3000, None)
    assert (order.order, order.placed_at, order.total, order.payment) == ("#1042", PLACED, 3740, None)
    assert lines(order) == LINES
    where = order.ship_to
    assert (where.name, where.lines, where.postcode, where.city, where.country) == (
        "Élodie Lefèvre",
        ("12 rue de la Paix", "Bâtiment B"),
        "75002",
        "Paris",
        "FR",
    )
    assert (order.contact.email, order.contact.phone, order.contact.language) == (
        "elodie@example.org",
        "+33142600000",
        "fr",
    )
    assert (order.service, order.gift_note) == ("Colissimo", "Bon anniversaire !")
    assert order.notes == (Note("packer", "Sonner deux fois"), Note("office", "campaign: mai"))


@pytest.mark.feature("O1")
def test_a_woocommerce_order_is_read_whole() -> None:
    found = told("woocommerce", sample("woocommerce"))
    order = found.order
    assert (found.reference, found.told_at - PLACED) == ("4750", 5000)
    assert (order.order, order.placed_at, order.total, order.payment) == ("4750", PLACED, 3740, None)
    assert lines(order) == LINES
    assert (order.ship_to.name, order.ship_to.company, order.ship_to.city) == ("Élodie Lefèvre", "Atelier Nord", "Lyon")
    assert (order.contact.phone, order.service) == ("01 42 60 00 00", "Colissimo")
    assert order.notes == (Note("packer", "Laisser chez le gardien"),)


@pytest.mark.feature("O1")
def test_a_prestashop_order_is_read_whole_in_the_shops_zone() -> None:
    found = told("prestashop", sample("prestashop"))
    order = found.order
    assert (found.reference, found.told_at - PLACED) == ("17", 5000)
    assert (order.order, order.placed_at, order.total, order.payment) == ("KHWLILZLL", PLACED, 3740, None)
    assert lines(order) == LINES
    assert (order.ship_to.name, order.ship_to.lines[1], order.contact.phone) == (
        "Élodie Lefèvre",
        "Bâtiment B",
        "0142600000",
    )
    assert (order.gift_note, order.notes) == ("Bon anniversaire !", (Note("packer", "Digicode 12A"),))


@pytest.mark.feature("O3")
def test_a_shopify_refund_by_itself() -> None:
    transactions = [
        {"id": 1, "kind": "refund", "status": "success", "amount": "5.00", "gateway": "bogus"},
        {"id": 2, "kind": "refund", "status": "failure", "amount": "9.00", "gateway": "bogus"},
        {"id": 3, "kind": "refund", "status": "success", "amount": "0.40", "gateway": None},
    ]
    refund = {"id": 8, "order_id": 5940139491234, "created_at": "2026-05-04T09:12:00+02:00", "note": "late"}
    back = (Payment("bogus", "1", 500), Payment("shopify", "3", 40))
    assert read("shopify", refund | {"transactions": transactions}, "refunds/create") == GaveBack(
        "5940139491234", PLACED, back
    )
    assert read("shopify", refund | {"transactions": []}, "refunds/create") is None
    with pytest.raises(BadPayload, match="order_id"):
        read("shopify", {"id": 8, "transactions": []}, "refunds/create")


@pytest.mark.feature("O3")
def test_what_came_and_went_is_told_as_sums() -> None:
    paid = sample("shopify") | {"financial_status": "partially_paid", "total_outstanding": "7.40"}
    assert told("shopify", paid).order.payment == Payment("Virement bancaire", "", 3000)
    transactions = [
        {"id": 1, "kind": "refund", "status": "success", "amount": "5.00", "gateway": "bogus"},
        {"id": 2, "kind": "refund", "status": "failure", "amount": "9.00", "gateway": "bogus"},
    ]
    back = paid | {"financial_status": "partially_refunded", "refunds": [{"id": 7, "transactions": transactions}]}
    found = told("shopify", back)
    assert (found.order.payment, found.refunded) == (
        Payment("Virement bancaire", "", 3740),
        Payment("bogus", "1", 500),
    )
    card = {"date_paid_gmt": "2026-05-04T07:13:00", "transaction_id": "ch_3P", "payment_method_title": "Carte"}
    woo = told("woocommerce", sample("woocommerce") | card | {"refunds": [{"id": 91, "reason": "", "total": "-5.00"}]})
    assert (woo.order.payment, woo.refunded) == (Payment("Carte", "ch_3P", 3740), Payment("Carte", "91", 500))
    presta = sample("prestashop")
    presta["order"]["total_paid_real"] = "37.400000"
    assert told("prestashop", presta).order.payment == Payment("Virement bancaire", "", 3740)


def test_cancelled_deleted_and_not_for_us() -> None:
    assert told("shopify", sample("shopify") | {"cancelled_at": "2026-05-05T10:00:00+02:00"}).order.cancelled
    assert told("woocommerce", sample("woocommerce") | {"status": "cancelled"}).order.cancelled
    presta = sample("prestashop")
    presta["order"]["current_state"] = "6"
    assert told("prestashop", presta).order.cancelled
    assert read("shopify", {"id": 5}, "orders/delete") == Gone("5")
    assert read("woocommerce", {"id": 5}, "order.deleted") == Gone("5")
    assert read("prestashop", {"order": {"id": "5"}}, "order.deleted") == Gone("5")
    for kind, topic in (("shopify", "products/update"), ("woocommerce", "coupon.created"), ("prestashop", "x")):
        assert read(kind, sample(kind), topic) is None
    digital = sample("shopify")
    digital["line_items"] = digital["line_items"][2:]
    assert read("shopify", digital) is None
    assert read("woocommerce", sample("woocommerce") | {"status": "checkout-draft"}) is None


def test_an_item_without_a_sku_keeps_a_name_and_one_that_was_removed_is_left_out() -> None:
    payload = sample("shopify")
    payload["line_items"][0]["sku"] = ""
    payload["line_items"][1]["current_quantity"] = 0
    assert told("shopify", payload).order.lines == (NewLine(Sku("variant 4711"), 2, 1250, "Mug - bleu"),)


@pytest.mark.feature("O1", "R4")
@pytest.mark.parametrize(
    ("kind", "change", "words"),
    [
        ("shopify", {"total_price": "many"}, "total_price: 'many' is not an amount"),
        ("shopify", {"total_price": "NaN"}, "total_price"),
        ("shopify", {"created_at": "yesterday"}, "created_at: 'yesterday' is not a date and time"),
        ("shopify", {"shipping_address": None}, "shipping_address: it is missing"),
        ("shopify", {"line_items": 5}, "line_items"),
        ("shopify", {"name": " "}, "order"),
        ("woocommerce", {"number": ""}, "order"),
        ("woocommerce", {"currency": "euros"}, "currency"),
        ("woocommerce", {"total": "1e30"}, "total: '1e30' is not an amount"),
        ("prestashop", {"country": {"iso_code": "FRA"}}, "country"),
        ("prestashop", {"order": None}, "order"),
    ],
)
def test_what_is_wrong_is_named(kind: str, change: dict[str, Any], words: str) -> None:
    with pytest.raises(BadPayload, match=words):
        read(kind, sample(kind) | change)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KINDS = st.sampled_from(["shopify", "woocommerce", "prestashop"])


@given(KINDS, st.data())
def test_any_change_of_a_payload_is_read_or_refused_in_words(kind: str, data: st.DataObject) -> None:
    payload = sample(kind)
    part: Any = payload
    for _ in range(data.draw(st.integers(0, 3))):
        inner = [each for each in (part.values() if isinstance(part, dict) else part) if isinstance(each, dict | list)]
        if not inner:
            break
        part = data.draw(st.sampled_from(inner))
    if isinstance(part, list):
        part.append(data.draw(JSON))
    else:
        part[data.draw(st.sampled_from(sorted(part)))] = data.draw(JSON)
    with suppress(BadPayload):
        read(kind, payload)


@given(KINDS, st.binary(max_size=60))
def test_any_bytes_are_refused_in_words(kind: str, body: bytes) -> None:
    with pytest.raises(BadPayload, match=r"\w"):
        read(kind, body)
