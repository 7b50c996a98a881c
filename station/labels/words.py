"""Every word on paper that is not the document's own, in French and English."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from contract.values import Language


class Words(Struct, frozen=True):
    """The captions of one language."""

    sender: str
    consignee: str
    order: str
    orders: str
    parcel: str
    of: str
    gross_mass: str
    service: str
    date: str
    slip: str
    item: str
    items: str
    packed: str
    to_follow: str
    to_follow_note: str
    cancelled: str
    cancelled_note: str
    gift: str
    reach: str
    reach_note: str
    page: str
    decimal: str
    months: tuple[str, ...]


_FRENCH = Words(
    sender="Expéditeur",
    consignee="Destinataire",
    order="Commande",
    orders="Commandes",
    parcel="Colis",
    of="sur",
    gross_mass="Masse brute",
    service="Service",
    date="Date",
    slip="Bon de livraison",
    item="article",
    items="articles",
    packed="Dans ce colis",
    to_follow="À suivre",
    to_follow_note="Ces articles arrivent dans un autre colis.",
    cancelled="Annulé",
    cancelled_note="Ces articles ne seront pas livrés.",
    gift="Un mot pour vous",
    reach="Une question, un retour ?",
    reach_note="Gardez ce bon et écrivez-nous, avec le numéro de commande :",
    page="Page",
    decimal=",",
    months=(
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ),
)
_ENGLISH = Words(
    sender="From",
    consignee="To",
    order="Order",
    orders="Orders",
    parcel="Parcel",
    of="of",
    gross_mass="Gross mass",
    service="Service",
    date="Date",
    slip="Packing slip",
    item="item",
    items="items",
    packed="In this parcel",
    to_follow="To follow",
    to_follow_note="These items come in another parcel.",
    cancelled="Cancelled",
    cancelled_note="These items will not be delivered.",
    gift="A note for you",
    reach="A question, a return?",
    reach_note="Keep this slip and write to us with your order number:",
    page="Page",
    decimal=".",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
)


def words(language: Language) -> Words:
    """The captions in `language`."""
    return _FRENCH if language == "fr" else _ENGLISH


def long_date(at: int, language: Language) -> str:
    """A date as people write it, in the station's zone; `at` in milliseconds since the epoch."""
    spoken = words(language)
    day = datetime.fromtimestamp(at / 1000)
    return f"{day.day} {spoken.months[day.month - 1]} {day.year}"


def short_date(at: int) -> str:
    """The ISO date, which no country reads wrongly, in the station's zone."""
    return datetime.fromtimestamp(at / 1000).strftime("%Y-%m-%d")


def short_time(at: int) -> str:
    """Hours and minutes in the station's zone."""
    return datetime.fromtimestamp(at / 1000).strftime("%H:%M")


def kilograms(grams: int, language: Language) -> str:
    """The mass to the gram, as kilograms."""
    return f"{grams / 1000:.3f} kg".replace(".", words(language).decimal)
