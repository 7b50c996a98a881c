"""What an order is. Money in minor units (cents), moments in milliseconds since the epoch."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from contract.keys import OrderId, Sku
from contract.values import Address, Language, PhotoPolicy

Audience = Literal["packer", "office", "customer"]


class Contact(Struct, frozen=True):
    """How to reach the customer. Never leaves central."""

    email: str = ""
    phone: str = ""
    language: Language = "fr"


class Note(Struct, frozen=True):
    """A note on an order."""

    audience: Audience
    text: str


class NewLine(Struct, frozen=True):
    """A line as a shop sends it."""

    sku: Sku
    quantity: int
    unit_price: int = 0
    name: str = ""
    """As the shop printed it; the product's own name counts."""


class Payment(Struct, frozen=True):
    """Money that moved, as a shop or a person tells it."""

    method: str
    reference: str = ""
    amount: int = 0
    """0: all that is owed."""


class NewOrder(Struct, frozen=True):
    """An order as it comes in, whatever door it came by. The same content twice changes nothing."""

    order: OrderId
    placed_at: int
    ship_to: Address
    lines: tuple[NewLine, ...]
    contact: Contact = Contact()
    payment: Payment | None = None
    """None: not paid yet."""
    pays_by: str = ""
    """How the customer means to pay: `cheque`. An unpaid order waits as long as its way takes."""
    currency: str = "EUR"
    total: int = 0
    service: str = ""
    """The shop's name for the way it travels; empty: the site's default."""
    gift_note: str = ""
    notes: tuple[Note, ...] = ()
    tote: str = ""
    pick_list: str = ""
    """The list that it is picked with, with others: its code opens the next of them."""
    photo: PhotoPolicy | None = None
    """Whether its open boxes are photographed; None: as its service says."""
    promised_at: int | None = None
    cancelled: bool = False
    """The shop has cancelled it: kept for the record, nothing is reserved."""
    source: str = "rest"
    """`rest`, `csv`, `shopify-csv`."""


class Complaint(Struct, frozen=True):
    """Why an order is held: a stable code, and a sentence in each language."""

    code: str
    text: str
    text_fr: str
