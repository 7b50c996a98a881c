"""Postal address blocks as lines, in the form of the country they go to.

Sources: NF Z10-011 (France), UPU S42 templates for the order of postcode, town and region elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from contract.values import Address
from labels.characters import printable
from labels.countries import FRENCH_POST, country_name
from labels.documents import Unprintable

FRENCH_LINES = 6
FRENCH_CHARACTERS = 38
MOST_LINES = 8

_TOWN_LAST = {
    **dict.fromkeys(("GB", "GG", "JE", "IM", "GI", "KY", "VG", "FK"), "{city}\n{region}\n{postcode}"),
    **dict.fromkeys(("IE", "MT", "KE", "UA", "RU", "KZ", "IR"), "{city}\n{region}\n{postcode}"),
    **dict.fromkeys(("US", "CA", "AU", "PR", "GU", "VI"), "{city} {region} {postcode}"),
    **dict.fromkeys(("NZ", "SG", "TH", "TW", "KR", "SA", "JO", "LB", "VN", "ID"), "{city} {region} {postcode}"),
    **dict.fromkeys(("IN", "PK", "BD", "NP", "LK", "BT"), "{city} {postcode}\n{region}"),
    **dict.fromkeys(("BR", "JP", "CN", "ZA"), "{city} {region}\n{postcode}"),
    **dict.fromkeys(("IT", "ES", "SM", "MX", "AR", "TR"), "{postcode} {city} {region}"),
    "LV": "{city} {postcode}",
    "HU": "{city}\n{postcode}",
}
"""Where the last lines are not "postcode town"; elsewhere a region is not part of the address."""

_GAP_AFTER = {"GR": 3, "SE": 3, "CZ": 3, "SK": 3, "NL": 4}
"""Postcodes that are written in two groups, with the length of the first."""


def postal_lines(field: str, address: Address, sent_from: str) -> tuple[str, ...]:
    """The block of `address`, its country last when it is not `sent_from` (ISO 3166-1 alpha-2).

    Raises `Unprintable` naming the part that breaks the rules of the country.
    """
    address = _printable(field, address)
    lines = _french(field, address) if address.country in FRENCH_POST else _international(address)
    if len(lines) > MOST_LINES:
        raise Unprintable(field, f"the address has {len(lines)} lines, a label has room for {MOST_LINES}; shorten it")
    if address.country == sent_from:
        return lines
    return (*lines, country_name(f"{field}.country", address.country, sent_from))


def _printable(field: str, address: Address) -> Address:
    lines = (printable(f"{field}.lines[{number}]", line) for number, line in enumerate(address.lines))
    proven = Address(
        name=printable(f"{field}.name", address.name),
        lines=tuple(line for line in lines if line),
        postcode=printable(f"{field}.postcode", address.postcode).upper(),
        city=printable(f"{field}.city", address.city),
        country=address.country.upper(),
        company=printable(f"{field}.company", address.company),
        region=printable(f"{field}.region", address.region),
    )
    for part in ("name", "city"):
        if not getattr(proven, part) and not (part == "name" and proven.company):
            raise Unprintable(f"{field}.{part}", "it is empty; a parcel needs it to arrive")
    if not proven.lines:
        raise Unprintable(f"{field}.lines", "there is no street; a parcel needs one to arrive")
    return proven


def _french(field: str, address: Address) -> tuple[str, ...]:
    """NF Z10-011: at most 6 lines of 38 characters, capitals without punctuation from the street on."""
    town = _french_capitals(f"{address.postcode} {address.city}")
    heads = [part for part in (address.company, address.name) if part]
    streets = [street for line in address.lines if (street := _french_capitals(line))]
    if not streets:
        raise Unprintable(f"{field}.lines", "there is no street; a parcel needs one to arrive")
    if not _french_capitals(address.city):
        raise Unprintable(f"{field}.city", "it has no letters; a parcel needs it to arrive")
    if len(heads) + len(streets) + 1 > FRENCH_LINES and len(heads) == 2:
        heads = [" - ".join(heads)]
    lines = (*heads, *streets, town)
    lines = tuple(part for line in lines for part in _of_38(field, line))
    if len(lines) > FRENCH_LINES:
        raise Unprintable(
            field,
            f"the address needs {len(lines)} lines of {FRENCH_CHARACTERS} characters, "
            f"NF Z10-011 has {FRENCH_LINES}; shorten it",
        )
    return lines


def _french_capitals(line: str) -> str:
    return " ".join(re.sub(r"[^\w]|_", " ", line).upper().split())


def _of_38(field: str, line: str) -> Iterator[str]:
    taken = ""
    for word in line.split():
        if len(word) > FRENCH_CHARACTERS:
            raise Unprintable(field, f"{word!r} is longer than the {FRENCH_CHARACTERS} characters of an address line")
        if taken and len(taken) + 1 + len(word) > FRENCH_CHARACTERS:
            yield taken
            taken = ""
        taken = f"{taken} {word}" if taken else word
    if taken:
        yield taken


def _international(address: Address) -> tuple[str, ...]:
    form = _TOWN_LAST.get(address.country, "{postcode} {city}")
    ends = form.format(postcode=_postcode(address), city=capitals(address.city), region=capitals(address.region)).split(
        "\n"
    )
    lines = (address.company, address.name, *address.lines, *(" ".join(end.split()) for end in ends))
    return tuple(line for line in lines if line)


def _postcode(address: Address) -> str:
    gap = _GAP_AFTER.get(address.country)
    bare = address.postcode.replace(" ", "")
    return f"{bare[:gap]} {bare[gap:]}" if gap and len(bare) > gap else address.postcode


def capitals(text: str) -> str:
    """Capitals as they are written: Greek ones lose their tonos."""
    parted = unicodedata.normalize("NFD", text.upper())
    greek = re.sub(r"(?<=[Α-Ω])(̈?)́", r"\1", parted)
    return unicodedata.normalize("NFC", greek)
