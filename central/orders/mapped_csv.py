"""A shop's own order file, by a mapping: which of its columns is which of Packline's, and how it writes things. Pure.

delimiter = ";"
encoding = "cp1252"
decimal = ","
date = "%d/%m/%Y %H:%M"
timezone = "Europe/Paris"

[columns]
order = "N° commande"
placed_at = "Date"

[constants]
country = "FR"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec import Meta, Struct
from msgspec.structs import replace

from central.intake.fields import suggestion
from central.intake.report import Rejected
from central.intake.table import Row, Table, read, require_columns
from central.orders import packline_csv
from central.orders.grouping import Orders
from contract.complaint import shown

_MONEY: Final = frozenset({"unit_price", "total", "paid_amount"})
_MOMENTS: Final = frozenset({"placed_at", "promised_at"})
_SPACES: Final = re.compile(r"[\s\u00a0\u202f']")
_AN_AFTERNOON: Final = datetime(2026, 5, 31, 14, 5)  # shown as an example only


class FileMapping(Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping file. Columns of the shop that it does not name are passed over."""

    columns: Mapping[str, Annotated[str, Meta(min_length=1)]]
    """Packline's column: the shop's."""
    constants: Mapping[str, str] = {}
    """Packline's column: what stands in it on every row."""
    delimiter: Literal["", ",", ";", "\t", "|"] = ""
    """Empty: found."""
    encoding: Literal["utf-8", "cp1252", "latin-1"] = "utf-8"
    decimal: Literal[".", ","] = "."
    """In amounts. The other mark, spaces and apostrophes stand between thousands."""
    date: str = ""
    """How dates are written, as `strptime` takes it; empty: ISO 8601."""
    timezone: str = "Europe/Paris"
    """Of times without an offset."""

    def __post_init__(self) -> None:
        """Refuse columns that Packline does not have, one that is mapped twice, and missing ones."""
        named = (*self.columns, *self.constants)
        for column in named:
            if column not in packline_csv.COLUMNS:
                raise ValueError(
                    f"{shown(column)!r} is no column of Packline{suggestion(column, packline_csv.COLUMNS)}"
                )
            if named.count(column) > 1:
                raise ValueError(f"{column!r} is given in [columns] and in [constants]")
        missing = [column for column in packline_csv.REQUIRED if column not in named]
        if missing:
            raise ValueError(f"{', '.join(missing)}: needed, and neither in [columns] nor in [constants]")
        if self.date:
            try:
                datetime.strptime(_AN_AFTERNOON.strftime(self.date), self.date)
            except (ValueError, re.error):
                raise ValueError(f"date: {shown(self.date)!r} is no way to write a date such as '%d/%m/%Y'") from None
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError(f"timezone: {shown(self.timezone)!r} is not a time zone such as 'Europe/Paris'") from None


def parse(data: bytes, mapping: FileMapping) -> Orders:
    """The orders of a shop's file. Raise `BadTable` for a column that is not there."""
    table = read(data, mapping.delimiter, mapping.encoding)
    require_columns(table, mapping.columns.values())
    translated = Table(tuple(packline_csv.COLUMNS), tuple(_row(row, table, mapping) for row in table.rows))
    found = packline_csv.parse(translated)
    rejected = tuple(_in_the_shops_words(each, mapping) for each in found.rejected)
    return replace(found, rejected=rejected)


def _row(row: Row, table: Table, mapping: FileMapping) -> Row:
    """The row in Packline's columns; one that is too short or too long stays so."""
    fields = dict(mapping.constants)
    for ours, theirs in mapping.columns.items():
        fields[ours] = _value(ours, row.fields.get(theirs, ""), mapping)
    width = len(packline_csv.COLUMNS) + row.width - len(table.columns)
    return Row(row.line, fields, width)


def _value(column: str, text: str, mapping: FileMapping) -> str:
    if column in _MONEY:
        thousands = "." if mapping.decimal == "," else ","
        return _SPACES.sub("", text).replace(thousands, "").replace(mapping.decimal, ".").rstrip("€")
    if column in _MOMENTS and text.strip():
        return _moment(text.strip(), mapping)
    return text


def _moment(text: str, mapping: FileMapping) -> str:
    """In ISO 8601 with its offset; what is no date stays as it is, and is refused as such."""
    try:
        found = datetime.strptime(text, mapping.date) if mapping.date else datetime.fromisoformat(text)
    except ValueError:
        return text
    return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(mapping.timezone))).isoformat()


def _in_the_shops_words(rejected: Rejected, mapping: FileMapping) -> Rejected:
    """With the name of the shop's own column, and a date as the shop writes it."""
    expected = rejected.expected
    if mapping.date and rejected.field in _MOMENTS and expected.startswith("a date or time such as"):
        expected = f"a date or time such as {_AN_AFTERNOON.strftime(mapping.date)}"
    return replace(rejected, field=mapping.columns.get(rejected.field, rejected.field), expected=expected)
