"""What a shop tells of one of its orders."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

from msgspec import Struct

from central.orders.model import NewLine, NewOrder, Note, Payment
from contract.values import Address, Language

Kind: TypeAlias = Literal["shopify", "woocommerce", "prestashop"]
Field: TypeAlias = Literal["lines", "service", "address", "email", "phone", "language", "gift_note", "total"]
"""What both a shop and the office can set: each has one value, and one of two must give way."""
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
Whose: TypeAlias = Literal["shop", "ours"]
"""Whose value counts."""


class BadPayload(ValueError):
    """A signed delivery that is not what this kind of shop sends. The text says what is wrong with it."""


class ShopOrder(Struct, frozen=True):
    """An order as the shop knows it at one moment. `order.payment` is all that the shop ever received for it."""

    reference: str
    """The shop's own id of the order; the number that people read is `order.order`."""
    told_at: int
    """When the shop last changed it, in milliseconds."""
    order: NewOrder
    refunded: Payment | None = None
    """All that the shop ever gave back."""


class Word(Struct, frozen=True):
    """What both a shop and the office can change of an order, as one of them has it."""

    ship_to: Address
    email: str
    phone: str
    language: Language
    gift_note: str
    total: int
    notes: tuple[Note, ...]
    lines: tuple[NewLine, ...] = ()
    """Empty: it was told before lines were kept."""
    service: str = ""
    """What the shop asks for; ours: what a person chose, whatever a rule made of it."""


class Difference(Struct, frozen=True):
    """A field that the shop and the office both changed, each to something else, in words for a person."""

    field: Field
    ours: str
    """As it stands here, and stays until somebody chooses."""
    shop: str
    """As the shop told it last."""


class Gone(Struct, frozen=True):
    """The shop has thrown an order away."""

    reference: str


class GaveBack(Struct, frozen=True):
    """The shop gave money back, told by itself; each part has the shop's own reference."""

    reference: str
    told_at: int
    parts: tuple[Payment, ...]


Told: TypeAlias = ShopOrder | Gone | GaveBack | None
"""What a delivery says; None: nothing that matters here."""
