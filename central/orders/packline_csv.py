"""Packline's own order file: one row per order line, the order's own columns on its first row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, get_args

from central.intake import fields
from central.intake.fields import BadField
from central.intake.table import Table, refuse_others, require_columns
from central.orders.grouping import Orders, orders
from central.orders.model import Contact, NewLine, NewOrder, Note, Payment
from contract.keys import OrderId, Sku
from contract.values import Address, Language, PhotoPolicy

COLUMNS: Final[Mapping[str, str]] = {
    "order": "order number as the shop prints it; the same on every row of the order",
    "placed_at": "when it was placed, ISO 8601; without an offset it is UTC",
    "name": "consignee",
    "company": "",
    "street": "street and number",
    "street2": "complement: building, floor, pick-up point",
    "postcode": "",
    "city": "",
    "region": "state or province, where the country's addresses have one",
    "country": "two letters, ISO 3166-1",
    "email": "",
    "phone": "international, or national in the country of the address",
    "language": "of the customer: fr or en",
    "sku": "product",
    "quantity": "pieces, at least 1",
    "unit_price": "such as 12.50",
    "item": "product name as the shop printed it",
    "currency": "three letters, EUR when empty",
    "total": "of the whole order",
    "pays_by": "how the customer means to pay, when it is not paid yet",
    "paid_method": "card, transfer, cheque …; empty: not paid yet",
    "paid_reference": "",
    "paid_amount": "the total when empty",
    "service": "how it travels, in the shop's words",
    "gift_note": "",
    "note_packer": "",
    "note_office": "",
    "note_customer": "",
    "tote": "code of the tote that the picked order lies in",
    "pick_list": "code of the list that the order is picked with",
    "photo": "of the open boxes: never, wanted or required; as the service says when empty",
    "promised_at": "when the customer expects it, ISO 8601",
    "cancelled": "yes when the shop has cancelled it",
}
"""Every column and what it holds, in the order of the template."""
STATUS: Final = "status"
"""The last column of downloads: where the order stands. Passed over when the file is read."""

REQUIRED: Final = ("order", "placed_at", "name", "street", "city", "country", "sku", "quantity")
_PHOTOS: Final[Mapping[str, PhotoPolicy | None]] = {policy: policy for policy in get_args(PhotoPolicy)}
_OF_THE_LINE: Final = frozenset({"order", "sku", "quantity", "unit_price", "item"})
_SHARED: Final = tuple(column for column in COLUMNS if column not in _OF_THE_LINE)
_LANGUAGES: Final[Mapping[str, Language]] = {"fr": "fr", "en": "en"}
_YES_NO: Final = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}


def parse(table: Table) -> Orders:
    """Raise `BadTable` for a missing or unknown column."""
    require_columns(table, REQUIRED)
    refuse_others(table, (*COLUMNS, STATUS))
    return orders(table, "order", _order, _line, _SHARED)


def _line(row: Mapping[str, str]) -> NewLine:
    return NewLine(
        sku=Sku(fields.name(row, "sku")),
        quantity=fields.quantity(row, "quantity"),
        unit_price=fields.money(row, "unit_price"),
        name=fields.text(row, "item", 200),
    )


def _order(row: Mapping[str, str], lines: tuple[NewLine, ...]) -> NewOrder:
    placed_at = fields.moment(row, "placed_at")
    if placed_at is None:
        raise BadField("placed_at", "", "filled in")
    total = fields.money(row, "total")
    return NewOrder(
        order=OrderId(fields.name(row, "order")),
        placed_at=placed_at,
        ship_to=address_of(row),
        lines=lines,
        contact=Contact(
            email=fields.text(row, "email", 254),
            phone=fields.text(row, "phone", 40),
            language=fields.choice(row, "language", _LANGUAGES, "fr"),
        ),
        payment=_payment(row, total),
        pays_by=fields.text(row, "pays_by", 120),
        currency=fields.currency(row, "currency"),
        total=total,
        service=fields.text(row, "service", 80),
        gift_note=fields.text(row, "gift_note"),
        notes=_notes(row),
        tote=fields.text(row, "tote", fields.MAX_NAME),
        pick_list=fields.text(row, "pick_list", fields.MAX_NAME),
        promised_at=fields.moment(row, "promised_at"),
        photo=fields.choice(row, "photo", _PHOTOS, None),
        cancelled=fields.choice(row, "cancelled", _YES_NO, False),
        source="csv",
    )


def address_of(row: Mapping[str, str]) -> Address:
    """The address columns of a row. Raises `BadField`."""
    streets = (fields.required(row, "street", 120), fields.text(row, "street2", 120))
    return Address(
        name=fields.required(row, "name", 120),
        lines=tuple(street for street in streets if street),
        postcode=fields.text(row, "postcode", 16),
        city=fields.required(row, "city", 80),
        country=fields.country(row, "country"),
        company=fields.text(row, "company", 120),
        region=fields.text(row, "region", 80),
    )


def _payment(row: Mapping[str, str], total: int) -> Payment | None:
    method = fields.text(row, "paid_method", 40)
    if not method:
        return None
    amount = fields.money(row, "paid_amount") or total
    return Payment(method=method, reference=fields.text(row, "paid_reference", 120), amount=amount)


def _notes(row: Mapping[str, str]) -> tuple[Note, ...]:
    written = (
        Note("packer", fields.text(row, "note_packer")),
        Note("office", fields.text(row, "note_office")),
        Note("customer", fields.text(row, "note_customer")),
    )
    return tuple(note for note in written if note.text)
