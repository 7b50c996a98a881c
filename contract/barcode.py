"""Scanned text to what it says: AIM symbology identifiers, GS1 application identifiers and Digital Links, GTIN, SSCC,
in-store codes.

Sources: ISO/IEC 15424 (AIM identifiers); GS1 General Specifications, sections 3 (application identifiers),
7.8 (element strings) and 2.1.11 (restricted circulation numbers); GS1 Digital Link URI syntax 1.3, section 4
(uncompressed; the address may belong to anybody).
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from msgspec import Struct

from contract.keys import BadKey, Gtin, Sscc, check_digit

GS = "\x1d"
"""Ends a field of variable length in GS1 codes."""
MAX_CHARS = 512


class BadBarcode(ValueError):
    """The text cannot be what its symbology or its digits say; the message says why, for a person."""


class Barcode(Struct, frozen=True):
    """What one scan says. Fields that the code did not carry are None or empty."""

    text: str
    """The data without the AIM identifier and without surrounding blanks."""
    symbology: str = ""
    """The AIM identifier (`]C1`), empty when the scanner sends none."""
    gtin: Gtin | None = None
    sscc: Sscc | None = None
    in_store: str = ""
    """The first 7 digits of a GTIN-13 that begins with 2: the shop's own item, without its price or mass."""
    count: int | None = None
    """AI 30 or 37: pieces inside."""
    lot: str = ""
    serial: str = ""
    expiry: str = ""
    """AI 17 as YYYY-MM-DD; day 00 stays 00, which GS1 means as the month's last day."""


class _Field(NamedTuple):
    """One kind of element string: the AI's own digits, then the data."""

    ai: int
    shortest: int
    longest: int

    @property
    def fixed(self) -> bool:
        return self.shortest == self.longest


def _fields() -> dict[str, _Field]:
    """The application identifiers by their leading digits; a longer prefix counts before a shorter one."""
    table: dict[str, _Field] = {}

    def fixed(length: int, ai: int, *prefixes: str) -> None:
        table.update(dict.fromkeys(prefixes, _Field(ai, length, length)))

    def upto(longest: int, ai: int, *prefixes: str, shortest: int = 1) -> None:
        table.update(dict.fromkeys(prefixes, _Field(ai, shortest, longest)))

    fixed(18, 2, "00")
    fixed(14, 2, "01", "02", "03")
    fixed(6, 2, "11", "12", "13", "15", "16", "17")
    fixed(2, 2, "20")
    upto(20, 2, "10", "21", "22")
    upto(8, 2, "30", "37")
    upto(28, 3, "235")
    upto(30, 3, "240", "241", "250", "251", "400", "401", "403")
    upto(6, 3, "242")
    upto(20, 3, "243", "254", "420", "710", "711", "712", "713", "714", "715", "716")
    upto(30, 3, "253", shortest=13)
    upto(25, 3, "255", shortest=13)
    fixed(6, 4, "31", "32", "33", "34", "35", "36")
    upto(18, 4, "390", "391", "392", "393")
    fixed(4, 4, "394")
    fixed(6, 4, "395")
    fixed(17, 3, "402")
    fixed(13, 3, "41")
    upto(12, 3, "421", shortest=4)
    fixed(3, 3, "422", "424", "426")
    upto(15, 3, "423", "425", shortest=3)
    upto(3, 3, "427")
    upto(90, 4, "43", "70", "72", "80", "81", "82")
    upto(90, 2, "90", "91", "92", "93", "94", "95", "96", "97", "98", "99")
    return table


_FIELDS = _fields()
_AIM = re.compile(r"\][A-Za-z][0-9A-Za-z]")
_GS1_SYMBOLOGIES = frozenset({"]C1", "]e0", "]e1", "]e2", "]d2", "]Q3", "]J1"})
_RETAIL_SYMBOLOGIES = frozenset({"]E0", "]E3", "]E4"})
_LINK = re.compile(r"https?://[^/]", re.IGNORECASE)
_GTIN_LENGTHS = frozenset({8, 12, 13, 14})


def read_barcode(text: str) -> Barcode:
    """What the scanned text says. Raises `BadBarcode` or `BadKey`, each with a sentence for a person."""
    if len(text) > MAX_CHARS:
        raise BadBarcode(f"the code has {len(text)} characters; more than {MAX_CHARS} cannot be one scan")
    text = text.strip(" \t\r\n\0")
    symbology = text[:3] if _AIM.match(text) else ""
    data = text[len(symbology) :]
    if not data.strip(GS):
        raise BadBarcode("the code is empty")
    if symbology in _GS1_SYMBOLOGIES:
        return _gs1(data, symbology)
    if symbology in _RETAIL_SYMBOLOGIES:
        return _retail(data, symbology)
    return _plain(data, symbology)


def _retail(data: str, symbology: str) -> Barcode:
    """EAN and UPC: nothing but a GTIN, with an add-on of 2 or 5 digits that names no product under `]E3`."""
    digits = data[:13] if symbology == "]E3" else data
    return _item(digits, data, symbology)


def _plain(data: str, symbology: str) -> Barcode:
    """A code that does not say what it is: GS1 by its separators or its leading key, else by its length."""
    if GS in data:
        return _gs1(data, symbology)
    if _LINK.match(data):
        return _link(data, symbology)
    if data.isascii() and data.isdigit():
        if len(data) == 20 and data.startswith("00"):
            return Barcode(data, symbology, sscc=Sscc(data[2:]))
        if len(data) == 18 and check_digit(data[:-1]) == data[-1]:
            return Barcode(data, symbology, sscc=Sscc(data))
        if len(data) in _GTIN_LENGTHS:
            return _item(data, data, symbology)
    if len(data) >= 16 and _begins_with_gtin(data):
        try:
            return _gs1(data, symbology)
        except (BadBarcode, BadKey):
            return Barcode(data, symbology)
    return Barcode(data, symbology)


def _link(data: str, symbology: str) -> Barcode:
    """A web address: GS1's when its path names a GTIN or an SSCC by application identifier, else nobody's."""
    try:
        address = urlsplit(data)
    except ValueError:
        return Barcode(data, symbology)
    path = [unquote(part) for part in address.path.split("/")]
    keyed = next((at for at, (ai, key) in enumerate(pairwise(path)) if _is_key(ai, key)), None)
    if keyed is None:
        return Barcode(data, symbology)
    named = [*zip(path[keyed::2], path[keyed + 1 :: 2], strict=False), *parse_qsl(address.query)]
    values: dict[str, str] = {}
    for ai, value in named:
        field = _FIELDS.get(ai)
        if field is not None and field.ai == len(ai):
            value = value.zfill(14) if ai == "01" else value
            _check_length(ai, value, field)
            values.setdefault(ai, value)
    return _told(values, data, symbology)


def _is_key(ai: str, key: str) -> bool:
    return (
        key.isascii()
        and key.isdigit()
        and (ai, len(key)) in {("01", 14), ("01", 13), ("01", 12), ("01", 8), ("00", 18)}
    )


def _begins_with_gtin(data: str) -> bool:
    digits = data[2:16]
    return data[:2] == "01" and digits.isascii() and digits.isdigit() and check_digit(digits[:-1]) == digits[-1]


def _item(digits: str, text: str, symbology: str) -> Barcode:
    gtin = Gtin(digits)
    in_store = digits[:7] if len(digits) == 13 and digits[0] == "2" else ""
    return Barcode(text, symbology, gtin=gtin, in_store=in_store)


def _gs1(data: str, symbology: str) -> Barcode:
    return _told(_elements(data.strip(GS)), data, symbology)


def _told(values: dict[str, str], data: str, symbology: str) -> Barcode:
    """The fields that a bench needs, of all that the code says."""
    gtin = values.get("01") or values.get("02")
    count = values.get("37") or values.get("30")
    return Barcode(
        text=data,
        symbology=symbology,
        gtin=Gtin(gtin) if gtin else None,
        sscc=Sscc(values["00"]) if "00" in values else None,
        in_store=gtin[1:8] if gtin and gtin.startswith("02") else "",
        count=_number(count) if count else None,
        lot=values.get("10", ""),
        serial=values.get("21", ""),
        expiry=_date(values["17"]) if "17" in values else "",
    )


def _elements(data: str) -> dict[str, str]:
    """The element strings by application identifier."""
    values: dict[str, str] = {}
    at = 0
    while at < len(data):
        if data[at] == GS:
            at += 1
            continue
        field = _field(data, at)
        ai = data[at : at + field.ai]
        begin = at + field.ai
        end = begin + field.longest if field.fixed else data.find(GS, begin)
        end = len(data) if end < 0 else end
        value = data[begin:end]
        _check_length(ai, value, field)
        if values.setdefault(ai, value) != value:
            raise BadBarcode(f"({ai}) is in the code twice, as {values[ai]} and as {value}")
        at = end
    return values


def _field(data: str, at: int) -> _Field:
    for length in (3, 2):
        field = _FIELDS.get(data[at : at + length])
        if field is not None and data[at : at + field.ai].isdigit() and len(data) >= at + field.ai:
            return field
    raise BadBarcode(
        f"{data[at : at + 4]!r} at place {at + 1} is no GS1 application identifier; "
        "if this happens often, the scanner drops the separators (GS)"
    )


def _check_length(ai: str, value: str, field: _Field) -> None:
    if field.fixed and (len(value) != field.longest or GS in value):
        raise BadBarcode(f"({ai}) needs {field.longest} characters, the code has {len(value.split(GS)[0])}")
    if len(value) < field.shortest:
        raise BadBarcode(f"({ai}) is too short: {len(value)} characters")
    if len(value) > field.longest:
        raise BadBarcode(
            f"({ai}) has {len(value)} characters, {field.longest} are allowed: the scanner drops the separators (GS)"
        )


def _number(digits: str) -> int:
    if not (digits.isascii() and digits.isdigit()):
        raise BadBarcode(f"the count {digits!r} is not a number")
    return int(digits)


def _date(digits: str) -> str:
    """YYMMDD of this century: GS1 dates reach 50 years ahead, and no expiry here lies before 2000."""
    if not (digits.isascii() and digits.isdigit()):
        raise BadBarcode(f"the expiry date {digits!r} is not six digits")
    month, day = int(digits[2:4]), int(digits[4:])
    if not 1 <= month <= 12 or day > 31:
        raise BadBarcode(f"the expiry date {digits} is not a date (year, month, day)")
    return f"20{digits[:2]}-{digits[2:4]}-{digits[4:]}"
