"""What can be printed, as values, and its refusal. A document holds everything that its drawing needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from msgspec import Struct

from contract.keys import OrderId, Sscc
from contract.papers import CarrierLabel, DeliveryNote, PackingSlip, PickList, SlipLine
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


class ReturnLabel(Struct, frozen=True, tag=True):
    """The label with which a customer sends things back; it lies in the parcel."""

    sscc: Sscc
    """The parcel that the things came in."""
    customer: Address
    shop: Address
    orders: tuple[OrderId, ...]
    service: str
    language: Language = "fr"
    copy: int = 1


class ReturnForm(Struct, frozen=True, tag=True):
    """The sheet on which a customer says what comes back and why; it lies in the parcel."""

    sscc: Sscc
    shop: Address
    orders: tuple[OrderId, ...]
    lines: tuple[SlipLine, ...]
    within_days: int = 14
    """How long a return is taken."""
    country: str = ""
    """Where the customer is; empty: where the shop is."""
    language: Language = "fr"
    contact: str = ""
    copy: int = 1


class TestPrint(Struct, frozen=True, tag=True):
    """Shows that a printer prints; says TEST where a copy says DUPLICATE."""

    station: str
    printer: str
    at: int


class CalibrationSheet(Struct, frozen=True, tag=True):
    """The codes that tell how a scanner is set."""

    station: str
    first: str
    second: str
    """As GS1 elements: `(10)CAL(21)2`."""
    third: str


class CommandSheet(Struct, frozen=True, tag=True):
    """Every command of a bench as a code to scan."""

    station: str
    """Whose it is; empty: for every bench."""
    language: Language = "fr"


Document: TypeAlias = (
    LogisticLabel
    | CarrierLabel
    | PackingSlip
    | ReturnLabel
    | ReturnForm
    | DeliveryNote
    | PickList
    | TestPrint
    | CalibrationSheet
    | CommandSheet
)
Role = Literal["label", "carrier_label", "return_label", "slip", "return_form", "delivery_note", "pick_list"]
"""What a printer is for. A role that no printer has is printed where `FAMILY` says."""
FAMILY: Mapping[Role, Role] = {
    "carrier_label": "label",
    "return_label": "label",
    "return_form": "slip",
    "delivery_note": "slip",
    "pick_list": "slip",
}
