"""What a mail says, in the customer's language."""

from __future__ import annotations

from typing import Final, NamedTuple

from central.documents.model import Kind
from contract.values import Language


class Letter(NamedTuple):
    """A mail's own words."""

    subject: str
    text: str
    file: str
    """Name of the attachment, without what tells it apart."""


_LETTERS: Final[dict[tuple[Kind, Language], Letter]] = {
    ("delivery_note", "fr"): Letter(
        "Votre bon de livraison, commande {order}",
        "Bonjour {name},\n\nvous trouverez ci-joint le bon de livraison de votre commande {order}.\n\n"
        "{shop}\n{contact}",
        "bon-de-livraison-{order}.pdf",
    ),
    ("delivery_note", "en"): Letter(
        "Your delivery note, order {order}",
        "Hello {name},\n\nplease find attached the delivery note of your order {order}.\n\n{shop}\n{contact}",
        "delivery-note-{order}.pdf",
    ),
    ("slip", "fr"): Letter(
        "Le contenu de votre colis, commande {order}",
        "Bonjour {name},\n\nvous trouverez ci-joint la liste de ce que contient votre colis, commande {order}.\n\n"
        "{shop}\n{contact}",
        "colis-{order}.pdf",
    ),
    ("slip", "en"): Letter(
        "What is in your parcel, order {order}",
        "Hello {name},\n\nplease find attached what is in your parcel, order {order}.\n\n{shop}\n{contact}",
        "parcel-{order}.pdf",
    ),
}


def letter(kind: Kind, language: Language, *, order: str, name: str, shop: str, contact: str) -> Letter:
    """The mail that carries a document."""
    number = " ".join(order.split())
    values = {"order": number, "name": name, "shop": shop, "contact": contact}
    chosen = _LETTERS[kind, language]
    # A mail's head decodes what looks encoded (RFC 2047), line ends too, which would begin another head.
    subject = chosen.subject.format(order=number.replace("=?", "= ?"))
    safe = "".join(c if c.isalnum() or c in "-_" else "-" for c in order)
    return Letter(subject, chosen.text.format(**values).strip() + "\n", chosen.file.format(order=safe))
