"""A shop's own order file, by a mapping."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central.intake.table import BadTable
from central.office.doors import Doors
from central.office.settings import Http
from central.orders.intake import read_csv
from central.orders.mapped_csv import FileMapping
from tests.central.conftest import serve

TOML = """
delimiter = ";"
encoding = "cp1252"
decimal = ","
date = "%d/%m/%Y %H:%M"

[columns]
order = "N° commande"
placed_at = "Date"
name = "Client"
street = "Adresse"
postcode = "CP"
city = "Ville"
sku = "Référence"
quantity = "Qté"
unit_price = "PU TTC"
total = "Total TTC"
pays_by = "Règlement"

[constants]
country = "FR"
language = "fr"
"""
HEADER = "N° commande;Date;Client;Adresse;CP;Ville;Référence;Qté;PU TTC;Total TTC;Règlement;Vendeur"
MAPPING = msgspec.toml.decode(TOML, type=FileMapping)


def file(*rows: str) -> bytes:
    return "\n".join((HEADER, *rows)).encode("cp1252")


def row(number: str, date: str = "04/05/2026 09:12", quantity: str = "2", price: str = "1 234,50 €") -> str:
    return f"{number};{date};Élodie Lefèvre;12 rue de la Paix;75002;Paris;MUG-BLUE;{quantity};{price};2 469,00;chèque;x"


@pytest.mark.feature("O1", "I4")
def test_columns_constants_dates_and_amounts_are_the_shops() -> None:
    found = read_csv(file(row("A-1"), row("A-1").replace("MUG-BLUE", "TEA-100")), MAPPING)
    ((placed,), ()) = found.placed, found.rejected
    order = placed.order
    assert (order.order, order.placed_at, order.total, order.pays_by) == ("A-1", 1_777_878_720_000, 246_900, "chèque")
    assert [(line.sku, line.quantity, line.unit_price) for line in order.lines] == [
        ("MUG-BLUE", 2, 123_450),
        ("TEA-100", 2, 123_450),
    ]
    assert (order.ship_to.name, order.ship_to.country) == ("Élodie Lefèvre", "FR")


@pytest.mark.feature("O1", "I4")
def test_a_refused_row_is_named_in_the_shops_words() -> None:
    found = read_csv(file(row("A-1", date="hier"), row("A-2", quantity="-1"), row("A-3")), MAPPING)
    assert [(bad.line, bad.field, bad.value) for bad in found.rejected] == [(2, "Date", "hier"), (3, "Qté", "-1")]
    assert found.rejected[0].expected == "a date or time such as 31/05/2026 14:05"
    assert [placed.order.order for placed in found.placed] == ["A-3"]
    with pytest.raises(BadTable, match="'Ville'"):
        read_csv(file(row("A-1")).replace(b"Ville", b"Town"), MAPPING)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("order =", "ordre ="), "'ordre' is no column of Packline .did you mean 'order'"),
        (('country = "FR"', ""), "country: needed"),
        (('country = "FR"', 'country = "FR"\ncity = "Paris"'), "'city' is given in .columns. and in .constants."),
        (('decimal = ","', 'decimal = ";"'), "decimal"),
        (('encoding = "cp1252"', 'coding = "cp1252"'), "coding"),
    ],
)
def test_a_wrong_mapping_is_refused_in_words(change: tuple[str, str], words: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=words):
        msgspec.toml.decode(TOML.replace(*change), type=FileMapping)


@pytest.mark.feature("O1", "I4")
async def test_ten_thousand_rows_of_which_three_in_a_hundred_are_broken(tmp_path: Path) -> None:
    broken = {number for number in range(10_000) if number % 100 in (7, 42, 93)}
    faults = ({"date": "31/02/2026 10:00"}, {"quantity": "zwei"}, {"price": "1,2,3"})
    rows = [row(f"N-{number}", **(faults[number % 3] if number in broken else {})) for number in range(10_000)]
    async with serve(tmp_path, Http(), doors=Doors(mappings={"old shop": MAPPING})) as central, central.client() as api:
        answer = await api.post(
            "/api/orders/import", params={"mapping": "old shop"}, files={"data": file(*rows)}, timeout=120
        )
        report = answer.json()
        assert (answer.status_code, report["created"], len(report["rejected"])) == (200, 9700, 300)
        assert {bad["line"] for bad in report["rejected"]} == {number + 2 for number in broken}
        assert {bad["field"] for bad in report["rejected"]} == {"Date", "Qté", "PU TTC"}
        unknown = await api.post("/api/orders/import", params={"mapping": "x"}, files={"data": file()})
        assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (422, "mapping")


@pytest.mark.feature("O1", "V1")
async def test_the_office_chooses_a_mapping(tmp_path: Path) -> None:
    doors = Doors(mappings={"old shop": MAPPING})
    async with serve(tmp_path, Http(), doors=doors) as central, central.browser() as browser:
        assert "<option>old shop</option>" in (await browser.get("/orders")).text
        sent = {"file": ("a.csv", file(row("A-1"), row("A-2", quantity="0")))}
        page: httpx.Response = await browser.post("/orders/import", data={"mapping": "old shop"}, files=sent)
        assert ("1 new" in page.text, "Qté" in page.text) == (True, True)


@pytest.mark.feature("O1", "I4")
def test_the_command_line_takes_a_mapping(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(TOML)
    (tmp_path / "orders.csv").write_bytes(file(row("A-1"), row("A-2", quantity="0")))
    (tmp_path / "central.toml").write_text(
        f'site = "lyon"\ndatabase = "{tmp_path}/central.db"\n'
        '[sender]\nname = "A"\nlines = ["1 rue"]\npostcode = "69001"\ncity = "Lyon"\ncountry = "FR"\n'
        '[packing]\nsscc_prefix = "03401234"\n'
    )
    command = [
        sys.executable,
        "-m",
        "central.cli",
        "import-orders",
        "--config",
        str(tmp_path / "central.toml"),
        "--json",
    ]
    command += ["--mapping", str(tmp_path / "shop.toml"), str(tmp_path / "orders.csv")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, json.loads(done.stdout)["created"]) == (1, 1), done.stderr
    (tmp_path / "shop.toml").write_text(TOML.replace("order =", "ordre ="))
    refused = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (refused.returncode, "'ordre' is no column" in refused.stderr) == (2, True)


@given(st.text(alphabet="0123456789 .,'€-\u00a0", max_size=12), st.text(max_size=16))
def test_any_text_is_taken_or_refused(amount: str, date: str) -> None:
    cell = amount.replace(";", "")
    found = read_csv(file(row("A-1", price=cell), row("A-2")), MAPPING)
    assert len(found.placed) + len(found.rejected) == 2
    # What a row of a file can hold: no separators of its own.
    when = "".join(char for char in date if char.isalnum() or char in "/: ").encode("cp1252", "ignore").decode("cp1252")
    found = read_csv(file(row("A-1", date=when), row("A-2")), MAPPING)
    assert len(found.placed) + len(found.rejected) == 2
