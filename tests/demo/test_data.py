"""The sample files: taken whole by central's own doors, and what they must contain."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from central.orders.address import complaints
from central.orders.intake import read_csv
from central.orders.model import NewOrder
from central.stock.model import Product
from central.stock.products_csv import read_products, read_stock
from demo import make_data
from demo.catalogue import items
from demo.drawings import SIDE, picture


def products() -> list[Product]:
    listed, refused = read_products((make_data.DATA / "products.csv").read_bytes())
    assert refused == ()
    return [one.product for one in listed]


def orders(name: str) -> list[NewOrder]:
    found = read_csv((make_data.DATA / name).read_bytes())
    assert found.rejected == ()
    return [placed.order for placed in found.placed]


def test_the_files_are_what_their_generator_writes() -> None:
    catalogue = tuple(items())
    for name, content in (
        ("products.csv", make_data.products_csv(catalogue)),
        ("stock.csv", make_data.stock_csv(catalogue)),
        ("orders.csv", make_data.orders_csv(catalogue)),
        ("shopify_orders.csv", make_data.shopify_csv(catalogue)),
    ):
        assert (make_data.DATA / name).read_bytes() == content, f"{name}: run `python -m demo.make_data`"


def test_every_code_names_one_product() -> None:
    codes = [code.code for product in products() for code in product.codes]
    assert len(codes) == len(set(codes))
    assert {"gtin", "in_store"} <= {code.kind for product in products() for code in product.codes}
    assert any(code.quantity > 1 for product in products() for code in product.codes)


def test_every_product_has_a_small_picture_of_its_own() -> None:
    pictures = {product.picture: (make_data.DATA / "pictures" / product.picture).read_bytes() for product in products()}
    assert len(pictures) == 200
    for name, content in pictures.items():
        assert len(content) < 4096, name
        assert Image.open(io.BytesIO(content)).size == (SIDE, SIDE)
    assert len(set(pictures.values())) > 180


def test_a_picture_is_drawn_the_same_each_time() -> None:
    assert picture("mug", "blue", 3) == picture("mug", "blue", 3)
    assert picture("mug", "blue", 3) != picture("mug", "red", 3)


@pytest.mark.feature("O1")
def test_orders_hold_every_case_that_a_packer_meets() -> None:
    placed = {order.order: order for order in orders("orders.csv")}
    assert len(placed) == 200
    assert any(len(order.lines) > 5 for order in placed.values())
    assert any(line.quantity > 5 for order in placed.values() for line in order.lines)
    assert any(order.gift_note for order in placed.values())
    assert {"FR", "DE", "GR"} <= {order.ship_to.country for order in placed.values()}
    assert placed["1022"].payment is None
    assert placed["1023"].cancelled
    assert {number for number, order in placed.items() if complaints(order.ship_to)} == {"1021"}
    fragile = {product.sku for product in products() if product.fragile}
    assert any(line.sku in fragile for line in placed["1001"].lines)


@pytest.mark.feature("O1")
def test_the_shopify_export_has_a_pending_a_cancelled_and_a_gift() -> None:
    placed = orders("shopify_orders.csv")
    assert [order.source for order in placed] == ["shopify-csv"] * 12
    assert sum(order.payment is None for order in placed) == 1
    assert sum(order.cancelled for order in placed) == 1
    assert sum(bool(order.gift_note) for order in placed) == 1


def test_the_shelves_hold_one_empty_place() -> None:
    counted, refused = read_stock((make_data.DATA / "stock.csv").read_bytes())
    assert refused == ()
    assert [count.sku for count in counted if count.on_hand == 0] == ["V-19"]
