"""What can be printed, as values, and its refusal. A document holds everything that its drawing needs."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from contract.keys import OrderId, Sscc
from contract.values import Address, Language


class Unprintable(ValueError):
    """The document cannot go on this paper as it is: `field` is at fault, `sentence` says why and what to do."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(f"{field}: {sentence}")
        self.field = field
        self.sentence = sentence


class LogisticLabel(Struct, frozen=True, tag=True):
    """The GS1 logistic label of one parcel."""

    sscc: Sscc
    sender: Address
    consignee: Address
    orders: tuple[OrderId, ...]
    number: int
    """Parcel n of the job."""
    of: int | None
    """m, once it is known (the job's last parcel)."""
    grams: int
    service: str
    packed_at: int
    """Milliseconds since the epoch."""
    copy: int = 1
    """2 and more print DUPLICATE with the number."""
    fragile: bool = False


class SlipLine(Struct, frozen=True):
    """One line of a packing slip."""

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


class TestPrint(Struct, frozen=True, tag=True):
    """Shows that a printer prints; says TEST where a copy says DUPLICATE."""

    station: str
    printer: str
    at: int


Document: TypeAlias = LogisticLabel | PackingSlip | TestPrint
Role = Literal["label", "slip"]
"""Which printer of the bench a document goes to."""
