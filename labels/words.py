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
    contact: str
    page: str
    returning: str
    return_code: str
    return_form: str
    return_form_note: str
    return_steps: tuple[str, ...]
    return_reasons: tuple[str, ...]
    return_reason: str
    return_other: str
    delivery_note: str
    delivery_number: str
    note: str
    delivered: str
    parcels: str
    received: str
    pick_list: str
    pick_list_code: str
    pick_note: str
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
    contact="Nous joindre",
    page="Page",
    returning="RETOUR",
    return_code="Code de retour",
    return_form="Formulaire de retour",
    return_form_note="Vous pouvez renvoyer ces articles dans les {days} jours.",
    return_steps=(
        "Cochez ce que vous renvoyez, avec le nombre et le numéro du motif.",
        "Mettez les articles et cette feuille dans le colis.",
        "Collez l'étiquette de retour à la place de l'ancienne, ou demandez-la-nous.",
    ),
    return_reasons=("trop petit", "trop grand", "abîmé", "ce n'est pas l'article commandé", "ne me plaît pas", "autre"),
    return_reason="motif",
    return_other="Dites-nous-en plus :",
    delivery_note="Bon de livraison",
    delivery_number="Numéro",
    note="À noter",
    delivered="Livré",
    parcels="Colis",
    received="Reçu le, nom et signature :",
    pick_list="Liste de prélèvement",
    pick_list_code="À scanner au poste",
    pick_note="Consigne",
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
    contact="Reach us",
    page="Page",
    returning="RETURN",
    return_code="Return code",
    return_form="Return form",
    return_form_note="You can send these items back within {days} days.",
    return_steps=(
        "Tick what you send back, with how many and the number of the reason.",
        "Put the items and this sheet into the parcel.",
        "Stick the return label over the old one, or ask us for it.",
    ),
    return_reasons=("too small", "too large", "damaged", "not what I ordered", "I do not like it", "other"),
    return_reason="reason",
    return_other="Tell us more:",
    delivery_note="Delivery note",
    delivery_number="Number",
    note="Please note",
    delivered="Delivered",
    parcels="Parcels",
    received="Received on, name and signature:",
    pick_list="Pick list",
    pick_list_code="To scan at the bench",
    pick_note="Note",
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
