"""Papers that both sides print: a value holds everything that its drawing needs."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from contract.keys import OrderId, Sscc
from contract.values import Address, Language


class SlipLine(Struct, frozen=True):
    """One line of a slip, a note or a form."""

    sku: str
    name: str
    quantity: int


class PackingSlip(Struct, frozen=True, tag=True):
    """What is in this parcel, what follows, in the customer's language."""

    sscc: Sscc
    sender: Address
    consignee: Address
    orders: tuple[OrderId, ...]
    number: int
    packed: tuple[SlipLine, ...]
    to_follow: tuple[SlipLine, ...]
    cancelled: tuple[SlipLine, ...]
    packed_at: int
    language: Language = "fr"
    gift_note: str = ""
    copy: int = 1
    contact: str = ""
    """How the customer reaches the shop: e-mail, telephone or web page."""


class DeliveryNote(Struct, frozen=True, tag=True):
    """What was delivered, for the customer to sign."""

    number: str
    sender: Address
    consignee: Address
    orders: tuple[OrderId, ...]
    lines: tuple[SlipLine, ...]
    at: int
    parcels: tuple[Sscc, ...] = ()
    to_follow: tuple[SlipLine, ...] = ()
    language: Language = "fr"
    contact: str = ""
    copy: int = 1
    notes: tuple[str, ...] = ()
    """What the office tells the customer, as it was written."""


class PickLine(Struct, frozen=True):
    """One line of a pick list."""

    place: str
    """Where it lies: aisle, shelf, bin."""
    sku: str
    name: str
    quantity: int
    order: str = ""
    """Which order it is for, on a list of several."""


class PickList(Struct, frozen=True, tag=True):
    """What somebody fetches, in the order of the walk; its barcode opens the work at a bench."""

    number: str
    orders: tuple[OrderId, ...]
    lines: tuple[PickLine, ...]
    at: int
    note: str = ""
    language: Language = "fr"
    copy: int = 1


Form: TypeAlias = Literal["zpl", "png", "pdf"]


class CarrierLabel(Struct, frozen=True, tag=True):
    """A label as its carrier gave it, to be printed dot for dot."""

    sscc: Sscc
    """The parcel that it goes on."""
    carrier: str
    tracking: str
    form: Form
    data: bytes
    dpi: int = 0
    """What ZPL was made for, and what a PNG is when the file does not say it itself."""
    codes: tuple[str, ...] = ()
    """What its barcodes must read, or have in them; when empty, the tracking number."""
    copy: int = 1


OfficePaper: TypeAlias = PackingSlip | DeliveryNote | PickList | CarrierLabel
"""What the office may have printed at a bench."""
