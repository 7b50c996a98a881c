"""Files of orders: both layouts, and every way in which a row can be wrong."""

from __future__ import annotations

import contextlib
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.intake.table import BadTable, read
from central.orders.intake import read_csv
from central.orders.model import Note
from central.orders.packline_csv import COLUMNS

DATA = Path(__file__).parents[1] / "data"


def of(name: str) -> bytes:
    return (DATA / name).read_bytes()


@pytest.mark.feature("O1")
def test_packlines_own_file_is_read_whole() -> None:
    found = read_csv(of("orders.csv"))
    assert found.rejected == ()
    first, second, third = (placed.order for placed in found.placed)
    assert [(line.sku, line.quantity, line.unit_price) for line in first.lines] == [
        ("MUG-BLUE", 2, 1250),
        ("TEA-100", 1, 1240),
    ]
    assert first.ship_to.lines == ("12 rue de la Paix", "Bât. B")
    assert first.gift_note == "Joyeux anniversaire,\nMamie !"
    assert first.notes == (Note("packer", "Papier de soie"),)
    assert first.payment is not None
    assert (first.payment.method, first.payment.reference, first.payment.amount) == ("card", "ch_91", 3740)
    assert first.placed_at == 1_777_878_720_000
    assert (second.ship_to.name, second.payment, second.contact.language) == ("Jürgen Groß", None, "en")
    assert third.cancelled
    assert [placed.line for placed in found.placed] == [2, 5, 6]


def test_the_template_of_the_file_has_every_documented_column() -> None:
    assert of("orders.csv").split(b"\n", 1)[0].decode().split(",") == list(COLUMNS)


def test_semicolons_byte_order_mark_and_doubled_quotes_are_read() -> None:
    (placed,) = read_csv(of("orders_semicolon_bom.csv")).placed
    assert placed.order.ship_to.lines == ('3 place "du" Marché; fond de cour',)
    assert placed.order.ship_to.country == "FR"
    assert placed.order.lines[0].unit_price == 1250


@pytest.mark.feature("O1")
def test_each_bad_row_is_named_and_refuses_its_own_order_only() -> None:
    found = read_csv(of("orders_broken.csv"))
    assert [placed.order.order for placed in found.placed] == ["P-3001", "P-3010"]
    assert [(bad.line, bad.field, bad.value) for bad in found.rejected] == [
        (3, "quantity", "-2"),
        (5, "quantity", "two"),
        (6, "placed_at", "yesterday"),
        (7, "postcode", "5 fields"),
        (8, "country", "France"),
        (9, "unit_price", "1,250.00"),
        (10, "order", ""),
        (12, "city", "Lyon"),
        (13, "quantity", "0"),
    ]
    assert found.rejected[0].text == (
        "Line 3, quantity: '-2' is not a whole number of pieces from 1 to 100000. Order P-3002 was not imported."
    )


@pytest.mark.feature("O1")
def test_a_shopify_export_is_read_with_its_real_columns() -> None:
    found = read_csv(of("shopify_orders_export.csv"))
    first, second, third = (placed.order for placed in found.placed)
    assert first.order == "#1001"
    assert [(line.sku, line.quantity) for line in first.lines] == [("MUG-BLUE", 2), ("TEA-100", 1)]
    assert first.ship_to.postcode == "75002"
    assert first.contact.phone == "+33142600000"
    assert first.gift_note == "Joyeux anniversaire"
    assert first.notes == (Note("packer", "Sonner deux fois.\nMerci"), Note("office", "utm: spring"))
    assert first.payment is not None
    assert first.payment.reference == "rIw4QXqrJbXe"
    assert (second.payment, second.ship_to.company, second.contact.language) == (None, "Groß GmbH", "en")
    assert third.cancelled
    (sent_already,) = found.rejected
    assert (sent_already.field, sent_already.value) == ("Fulfillment Status", "fulfilled")


def test_bad_rows_of_a_shopify_export_are_named_by_its_own_columns() -> None:
    found = read_csv(of("shopify_broken.csv"))
    assert [placed.order.order for placed in found.placed] == ["#2001"]
    assert [(bad.line, bad.field, bad.value) for bad in found.rejected] == [
        (3, "Lineitem quantity", "-3"),
        (4, "Lineitem sku", ""),
        (5, "Financial Status", "payed"),
        (6, "Created at", "04/05/2026"),
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (of("shopify_missing_column.csv"), "'Lineitem sku'"),
        (b"order,placed_at,name,street,city,country,sku\n", "'quantity' is missing"),
        (b"order,placed_at,name,street,city,country,sku,qantity\n", "'quantity' (did you mean 'qantity'?)"),
        (b"order,placed_at,name,street,city,country,sku,quantity,postcod\n", "'postcod' is not known (did you mean"),
        (b"order,order\n", "'order' is there twice"),
        (b"", "The file is empty"),
        (b"order\n\xe9t\xe9\n", "Line 2: byte 0xE9 is not UTF-8"),
        (b'order\nA\n"never closed\n', "Line 3"),
        (b"order\nA\0\n", "Line 2: a NUL byte"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(data: bytes, sentence: str) -> None:
    with pytest.raises(BadTable) as caught:
        read_csv(data)
    assert sentence in str(caught.value)


cell = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=8)


@given(rows=st.lists(st.tuples(cell, cell), max_size=5), delimiter=st.sampled_from(",;\t"))
def test_any_file_that_a_spreadsheet_writes_is_read_back(rows: list[tuple[str, str]], delimiter: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([("one", "two"), *rows])
    table = read(file.getvalue().encode("utf-8-sig"))
    assert [(row.fields["one"], row.fields["two"]) for row in table.rows] == [row for row in rows if any(row)]


@given(data=st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with contextlib.suppress(BadTable):
        assert read_csv(b"order,placed_at,name,street,city,country,sku,quantity\n" + data).placed == ()
