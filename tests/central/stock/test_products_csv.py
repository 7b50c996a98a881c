"""Files of products and of counted stock."""

from __future__ import annotations

from pathlib import Path

import pytest

from central.stock.products_csv import read_products, read_stock
from contract.values import ItemCode

DATA = Path(__file__).parents[1] / "data"


def test_products_are_read_with_all_their_codes() -> None:
    listed, refused = read_products((DATA / "products.csv").read_bytes())
    assert refused == ()
    mug, cup, tea = (one.product for one in listed)
    assert (mug.codes, mug.mass_g, mug.fragile) == ((ItemCode("04006381333931"),), 340, True)
    assert cup.codes == (
        ItemCode("00000096385074"),
        ItemCode("14006381333938", quantity=12),
        ItemCode("house-cup", "sku"),
        ItemCode("2123456", "in_store"),
    )
    assert (tea.mass_g, tea.policy, tea.oversell) == (None, "manual", True)


def test_bad_products_are_named_and_the_others_are_read() -> None:
    listed, refused = read_products((DATA / "products_broken.csv").read_bytes())
    assert [one.product.sku for one in listed] == ["GOOD", "LAST"]
    assert [(bad.line, bad.field, bad.value) for bad in refused] == [
        (3, "gtin", "4006381333932"),
        (4, "mass_g", "-5"),
        (5, "case_quantity", ""),
        (6, "policy", "look"),
        (7, "picture", "../../etc/passwd"),
        (8, "sku", "GOOD"),
        (9, "sku", ""),
    ]
    assert "the check digit is 2, it should be 1" in refused[0].text


@pytest.mark.parametrize("wrong", ["-1", "many", "", "1.5"])
def test_a_count_is_a_whole_number(wrong: str) -> None:
    counted, refused = read_stock(f"sku,on_hand\nMUG-BLUE,4\nTEA-100,{wrong}\n".encode())
    assert [(one.sku, one.on_hand) for one in counted] == [("MUG-BLUE", 4)]
    assert [(bad.line, bad.field) for bad in refused] == [(3, "on_hand")]
