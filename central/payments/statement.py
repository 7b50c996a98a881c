"""A bank's list of movements, as bytes, to the money that came. Pure.

Banks in France write CSV with semicolons, decimal commas and Latin-1, some lines about the account first, one signed
column or two (debit, credit), and their own names for all of it; the usual names are known.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Final

from msgspec import Struct

from central.intake.fields import BadField
from central.intake.report import Rejected, rejected
from central.intake.table import MAX_ROWS, BadTable
from central.orders.terms import folded
from central.payments.rows import IncomingRow

_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "date": (
        "date operation",
        "date de l'operation",
        "date comptable",
        "date d'operation",
        "date",
        "dateop",
        "booking date",
    ),
    "label": ("libelle operation", "libelle de l'operation", "libelle", "libelle simplifie", "description", "label"),
    "amount": ("montant", "montant (eur)", "montant(euros)", "montant eur", "amount"),
    "credit": ("credit", "credit euros", "montant credit"),
    "debit": ("debit", "debit euros", "montant debit"),
}
_AMOUNT: Final = re.compile(r"([+-]?)(\d{1,3}(?:[ \u00a0\u202f.]\d{3})+|\d{1,9})(?:[.,](\d{1,2}))?")
_DATES: Final = ("%d/%m/%Y", "%d/%m/%y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y")
_CHEQUE: Final = re.compile(r"\b(remise|cheque|chq)", re.IGNORECASE)


class Columns(Struct, frozen=True, forbid_unknown_fields=True):
    """`[bank]`: which of the bank's columns is which; what is empty is found by its usual name."""

    date: str = ""
    label: str = ""
    amount: str = ""
    credit: str = ""
    currency: str = "EUR"


class Statement(Struct, frozen=True):
    """What a file holds."""

    credits: tuple[IncomingRow, ...]
    debits: int
    """Movements away: nothing of them is kept."""
    rejected: tuple[Rejected, ...]


def read(data: bytes, columns: Columns) -> Statement:
    """Raises `BadTable` when there is no header with the columns that are needed."""
    records = list(_records(data))
    start, places = _header(records, columns)
    credits: list[IncomingRow] = []
    refused: list[Rejected] = []
    debits = 0
    seen: Counter[tuple[str, ...]] = Counter()
    for line, record in records[start + 1 :]:
        try:
            row = _credit(record, places, columns.currency, seen)
        except BadField as bad:
            refused.append(rejected(line, "", bad))
            continue
        if row is None:
            debits += 1
        else:
            credits.append(row)
    return Statement(tuple(credits), debits, tuple(refused))


def _records(data: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        content = data.decode("cp1252", errors="replace")
    if "\0" in content:
        raise BadTable("Line 1: a NUL byte. This is not a CSV file.")
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=max(";,\t", key=content.count), strict=False)
    line = 1
    try:
        for number, record in enumerate(reader):
            if number > MAX_ROWS:
                raise BadTable(f"Line {line}: more than {MAX_ROWS} rows. Send the file in parts.")
            if any(field.strip() for field in record):
                yield line, record
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadTable(f"Line {line}: {error}. A quotation mark is probably missing at the end of a field.") from None


def _header(records: Sequence[tuple[int, list[str]]], columns: Columns) -> tuple[int, dict[str, int]]:
    for number, (_, record) in enumerate(records[:30]):
        names = [folded(each).strip() for each in record]
        places: dict[str, int] = {}
        for field, usual in _NAMES.items():
            wanted = (folded(getattr(columns, field, "")).strip(),) if getattr(columns, field, "") else usual
            place = next((names.index(name) for name in wanted if name in names), None)
            if place is not None:
                places[field] = place
        if {"date", "label"} <= places.keys() and ("amount" in places or "credit" in places):
            return number, places
    raise BadTable(
        "There is no line with the names of a date, a label and an amount or credit. Name the columns in [bank] of "
        "central.toml."
    )


def _credit(
    record: Sequence[str], places: Mapping[str, int], currency: str, seen: Counter[tuple[str, ...]]
) -> IncomingRow | None:
    """The money of a row; None when it went away."""
    fields = {name: record[place].strip() if place < len(record) else "" for name, place in places.items()}
    at = _date(fields["date"])
    amount = _minor("amount", fields["amount"]) if fields.get("amount") else _minor("credit", fields.get("credit", ""))
    if amount <= 0:
        if not amount and not fields.get("debit"):
            raise BadField("amount", "", "filled in")
        return None
    label = " ".join(fields["label"].split())[:300]
    identity = (fields["date"], str(amount), label)
    seen[identity] += 1
    digest = hashlib.sha256("\n".join((*identity, str(seen[identity]))).encode()).hexdigest()[:24]
    method = "cheque" if _CHEQUE.search(folded(label)) else "transfer"
    return IncomingRow(
        f"bank-{digest}", "received", amount, currency, method, f"{fields['date']} {digest[:6]}", label, "", at
    )


def _date(text: str) -> int:
    for form in _DATES:
        try:
            found = datetime.strptime(text, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return int(found.timestamp() * 1000)
    raise BadField("date", text[:40], "a date such as 31/05/2026")


def _minor(field: str, text: str) -> int:
    if not text:
        return 0
    found = _AMOUNT.fullmatch(text.replace("€", "").replace("EUR", "").strip())
    if found is None:
        raise BadField(field, text[:40], "an amount such as 1 234,56")
    whole = re.sub(r"\D", "", found[2])
    minor = int(whole) * 100 + int((found[3] or "").ljust(2, "0"))
    return -minor if found[1] == "-" else minor
