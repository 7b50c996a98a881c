"""An order as the REST interface takes it: the same content as a CSV row, in JSON."""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from central.orders.editing import Edit, LineChange
from central.orders.model import Audience, Contact, NewLine, NewOrder, Note, Payment
from contract.keys import OrderId, Sku
from contract.values import Address, Language, PhotoPolicy

Name = Annotated[
    str, Meta(min_length=1, max_length=64, pattern=r"^[^\x00-\x1f\x7f]*[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]*$")
]
Short = Annotated[str, Meta(max_length=120)]
Filled = Annotated[str, Meta(min_length=1, max_length=120)]
Long = Annotated[str, Meta(max_length=2000)]
Sentence = Annotated[str, Meta(min_length=1, max_length=500)]
Minor = Annotated[int, Meta(ge=0, le=10**11, description="amount in minor units (cents)")]
Moment = Annotated[int, Meta(ge=946_684_800_000, lt=4_102_444_800_000, description="milliseconds since the epoch")]
Country = Annotated[str, Meta(pattern="^[A-Z]{2}$", description="ISO 3166-1 alpha-2")]
Currency = Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217")]
Quantity = Annotated[int, Meta(ge=1, le=100_000, description="pieces")]


class AddressBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Where it goes."""

    name: Filled
    lines: Annotated[tuple[Filled, ...], Meta(min_length=1, max_length=4)]
    city: Filled
    country: Country
    postcode: Annotated[str, Meta(max_length=16)] = ""
    company: Short = ""
    region: Short = ""

    def address(self) -> Address:
        return Address(
            self.name, self.lines, self.postcode, self.city, self.country, company=self.company, region=self.region
        )


class LineBody(Struct, frozen=True, forbid_unknown_fields=True):
    """One product and how many of it."""

    sku: Name
    quantity: Quantity
    unit_price: Minor = 0
    name: Short = ""


class LineChangeBody(Struct, frozen=True, forbid_unknown_fields=True):
    """How many of a line are wanted now."""

    line: Annotated[int, Meta(ge=1, le=100_000)]
    quantity: Annotated[int, Meta(ge=0, le=100_000, description="pieces; 0 takes the line off the order")]


class ContactBody(Struct, frozen=True, forbid_unknown_fields=True):
    """How to reach the customer."""

    email: Annotated[str, Meta(max_length=254)] = ""
    phone: Annotated[str, Meta(max_length=40)] = ""
    language: Language = "fr"


class PaymentBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Money received."""

    method: Filled
    reference: Short = ""
    amount: Minor = 0


class NoteBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A note for one audience."""

    audience: Audience
    text: Annotated[str, Meta(min_length=1, max_length=2000)]


class OrderBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A new order. Sent twice with the same content it changes nothing; with other content it is refused (409)."""

    order: Name
    placed_at: Moment
    ship_to: AddressBody
    lines: Annotated[tuple[LineBody, ...], Meta(min_length=1, max_length=500)]
    contact: ContactBody = ContactBody()
    payment: PaymentBody | None = None
    pays_by: Short = ""
    """How the customer means to pay."""
    currency: Currency = "EUR"
    total: Minor = 0
    service: Short = ""
    gift_note: Long = ""
    notes: Annotated[tuple[NoteBody, ...], Meta(max_length=50)] = ()
    tote: Annotated[str, Meta(max_length=64)] = ""
    pick_list: Annotated[str, Meta(max_length=64)] = ""
    photo: Annotated[
        PhotoPolicy | None, Meta(description="Whether its open boxes are photographed; null: as its service says.")
    ] = None
    promised_at: Moment | None = None
    cancelled: bool = False

    def new_order(self) -> NewOrder:
        """The order that the rules take."""
        paid = self.payment
        return NewOrder(
            order=OrderId(self.order),
            placed_at=self.placed_at,
            ship_to=self.ship_to.address(),
            lines=tuple(NewLine(Sku(line.sku), line.quantity, line.unit_price, line.name) for line in self.lines),
            contact=Contact(self.contact.email, self.contact.phone, self.contact.language),
            payment=None if paid is None else Payment(paid.method, paid.reference, paid.amount or self.total),
            pays_by=self.pays_by,
            currency=self.currency,
            total=self.total,
            service=self.service,
            gift_note=self.gift_note,
            notes=tuple(Note(note.audience, note.text) for note in self.notes),
            tote=self.tote,
            pick_list=self.pick_list,
            photo=self.photo,
            promised_at=self.promised_at,
            cancelled=self.cancelled,
            source="rest",
        )


class EditBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be different; what is left out stays."""

    lines: Annotated[tuple[LineChangeBody, ...], Meta(max_length=500)] = ()
    add: Annotated[tuple[LineBody, ...], Meta(max_length=500)] = ()
    service: Short | UnsetType = UNSET
    gift_note: Long | UnsetType = UNSET
    promised_at: Moment | UnsetType | None = UNSET

    def edit(self) -> Edit:
        """The wish that the rules take."""
        return Edit(
            tuple(LineChange(each.line, each.quantity) for each in self.lines),
            tuple(NewLine(Sku(line.sku), line.quantity, line.unit_price, line.name) for line in self.add),
            self.service,
            self.gift_note,
            self.promised_at,
        )
