"""Expected deliveries from a file: one row for each product, rows of one number together are a delivery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from central.intake import fields
from central.intake.fields import BadField
from central.intake.report import Rejected, rejected
from central.intake.table import read, refuse_others, require_columns
from central.supply.model import Expected, ExpectedLine
from contract.keys import Sku

COLUMNS: Final[Mapping[str, str]] = {
    "delivery": "the shop's own number of it",
    "supplier": "the supplier's code",
    "sku": "",
    "quantity": "pieces",
    "expected_on": "a date or time; empty when nobody knows",
    "warehouse": "the first when empty",
    "note": "",
}


class Listed(Struct, frozen=True):
    """A delivery and the line of the file where it begins."""

    line: int
    expected: Expected


def read_deliveries(data: bytes) -> tuple[tuple[Listed, ...], tuple[Rejected, ...]]:
    """A wrong row leaves its whole delivery out. Raises `BadTable` when the file as a whole cannot be read."""
    table = read(data)
    require_columns(table, ("delivery", "supplier", "sku", "quantity"))
    refuse_others(table, COLUMNS)
    taken: dict[str, Listed] = {}
    refused: list[Rejected] = []
    for row in table.rows:
        number = row.fields.get("delivery", "").strip()
        try:
            found = _expected(table.whole(row))
            known = taken.get(number)
            if known is None:
                taken[number] = Listed(row.line, found)
            elif replace(known.expected, lines=()) != replace(found, lines=()):
                raise BadField(
                    "supplier", found.supplier, f"as on line {known.line}, with its date, warehouse and note"
                )
            else:
                lines = (*known.expected.lines, *found.lines)
                taken[number] = Listed(known.line, replace(known.expected, lines=lines))
        except BadField as bad:
            refused.append(rejected(row.line, number, bad))
    broken = {each.about for each in refused}
    return tuple(each for number, each in taken.items() if number not in broken), tuple(refused)


def _expected(row: Mapping[str, str]) -> Expected:
    return Expected(
        fields.name(row, "delivery"),
        fields.name(row, "supplier"),
        (ExpectedLine(Sku(fields.name(row, "sku")), fields.quantity(row, "quantity")),),
        fields.text(row, "warehouse", 20),
        fields.moment(row, "expected_on"),
        fields.text(row, "note", 300),
    )
