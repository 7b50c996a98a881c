"""Texts of a row to values. Each function names the field, the value and what is expected when it refuses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import TypeVar

from contract.keys import BadKey, Gtin

MAX_QUANTITY = 100_000
MAX_NAME = 64
MAX_TEXT = 2_000

_MONEY = re.compile(r"(\d{1,9})(?:[.,](\d{1,2}))?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,9}", re.ASCII)
_SPACED_OFFSET = re.compile(r" (?=[+-]\d{2}:?\d{2}$)")

T = TypeVar("T")


class BadField(ValueError):
    """One field is not what it should be."""

    def __init__(self, field: str, value: str, expected: str) -> None:
        super().__init__(f"{field}: {value!r} is not {expected}")
        self.field = field
        self.value = value
        self.expected = expected


def text(row: Mapping[str, str], field: str, limit: int = MAX_TEXT) -> str:
    """The field's text, stripped; empty when the column is not there."""
    value = row.get(field, "").strip()
    if len(value) > limit:
        raise BadField(field, f"{value[:20]}… ({len(value)} characters)", f"a text of at most {limit} characters")
    return value


def required(row: Mapping[str, str], field: str, limit: int = MAX_TEXT) -> str:
    """As `text`, and not empty."""
    value = text(row, field, limit)
    if not value:
        raise BadField(field, value, "filled in")
    return value


def name(row: Mapping[str, str], field: str) -> str:
    """A key such as an order number or a SKU: short, without control characters."""
    value = required(row, field, MAX_NAME)
    if any(unicodedata.category(char) == "Cc" for char in value):
        raise BadField(field, value, "a name without line breaks or control characters")
    return value


def whole(row: Mapping[str, str], field: str, least: int, most: int, unit: str, default: int | None = None) -> int:
    """A whole number of `unit` between `least` and `most`; an empty field is `default`, if there is one."""
    value = text(row, field)
    if not value and default is not None:
        return default
    if not _WHOLE.fullmatch(value) or not least <= int(value) <= most:
        raise BadField(field, value, f"a whole number of {unit} from {least} to {most}")
    return int(value)


def quantity(row: Mapping[str, str], field: str) -> int:
    """At least one piece."""
    return whole(row, field, 1, MAX_QUANTITY, "pieces")


def money(row: Mapping[str, str], field: str) -> int:
    """An amount in minor units; an empty field is 0. Both decimal marks are read."""
    value = text(row, field)
    if not value:
        return 0
    found = _MONEY.fullmatch(value)
    if found is None:
        raise BadField(field, value, "an amount such as 12.50, not below zero and without thousands marks")
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def moment(row: Mapping[str, str], field: str) -> int | None:
    """Milliseconds since the epoch from ISO 8601 (a time without an offset is UTC); None when empty."""
    value = text(row, field)
    if not value:
        return None
    try:
        found = datetime.fromisoformat(_SPACED_OFFSET.sub("", value))
    except ValueError:
        raise BadField(field, value, "a date or time such as 2026-05-31T14:05:00+02:00") from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=UTC)
    if not 2000 <= found.year < 2100:
        raise BadField(field, value, "a date between 2000 and 2099")
    return int(found.timestamp() * 1000)


def choice(row: Mapping[str, str], field: str, choices: Mapping[str, T], default: T) -> T:
    """One of a few words, without regard to case; an empty field is `default`."""
    value = text(row, field).lower()
    if not value:
        return default
    if value not in choices:
        raise BadField(field, value, f"one of {', '.join(sorted(choices))}")
    return choices[value]


def country(row: Mapping[str, str], field: str) -> str:
    """An ISO 3166-1 alpha-2 code by its form; whether the country exists is for the address check."""
    value = required(row, field)
    if len(value) != 2 or not (value.isascii() and value.isalpha()):
        raise BadField(field, value, "a country code of two letters such as FR")
    return value.upper()


def currency(row: Mapping[str, str], field: str) -> str:
    """An ISO 4217 code by its form, EUR when empty."""
    value = text(row, field) or "EUR"
    if len(value) != 3 or not (value.isascii() and value.isalpha()):
        raise BadField(field, value, "a currency of three letters such as EUR")
    return value.upper()


def gtin(row: Mapping[str, str], field: str) -> Gtin | None:
    """A GTIN with a right check digit; None when empty."""
    value = text(row, field)
    if not value:
        return None
    try:
        return Gtin(value)
    except BadKey as error:
        raise BadField(field, value, f"a GTIN ({error})") from None


def suggestion(unknown: str, known: Collection[str]) -> str:
    """` (did you mean …?)`, or nothing when no known name is near."""
    near = get_close_matches(unknown, known, n=1)
    return f" (did you mean {near[0]!r}?)" if near else ""
