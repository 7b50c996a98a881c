"""The order export of a Shopify shop: one row per line item, the order's columns on the first row of each order.

Zip codes come with a leading apostrophe (for spreadsheets). Line items that need no shipping, or that the shop
has sent already, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from central.intake import fields
from central.intake.fields import BadField
from central.intake.table import Table, require_columns
from central.orders.grouping import Orders, orders
from central.orders.model import Contact, NewLine, NewOrder, Note, Payment
from contract.keys import OrderId, Sku
from contract.values import Address, Language

REQUIRED: Final = (
    "Name",
    "Financial Status",
    "Created at",
    "Lineitem quantity",
    "Lineitem sku",
    "Shipping Name",
    "Shipping City",
    "Shipping Zip",
    "Shipping Country",
)
_PAID: Final[Mapping[str, bool]] = {
    "paid": True,
    "partially_refunded": True,
    "refunded": True,
    "pending": False,
    "authorized": False,
    "partially_paid": False,
    "voided": False,
    "expired": False,
    "unpaid": False,
}
_FRENCH: Final = frozenset({"FR", "BE", "LU", "MC", "CH"})
_GIFT: Final = re.compile(r"gift[ _-]?(note|message)|message[ _-]?cadeau", re.IGNORECASE)
# Billing columns are not read: Packline ships, it does not bill.


def is_shopify(table: Table) -> bool:
    """Whether the header is that of a Shopify export rather than of Packline's own file."""
    return any(column.startswith("Lineitem ") for column in table.columns)


def parse(table: Table) -> Orders:
    """Raise `BadTable` for a missing column; columns that Packline has no use for are passed over."""
    require_columns(table, REQUIRED)
    return orders(table, "Name", _order, _line, ())


def _line(row: Mapping[str, str]) -> NewLine | None:
    sent = fields.text(row, "Lineitem fulfillment status").lower() == "fulfilled"
    if sent or fields.text(row, "Lineitem requires shipping").lower() == "false":
        return None
    return NewLine(
        sku=Sku(fields.name(row, "Lineitem sku")),
        quantity=fields.quantity(row, "Lineitem quantity"),
        unit_price=fields.money(row, "Lineitem price"),
        name=fields.text(row, "Lineitem name", 200),
    )


def _order(row: Mapping[str, str], lines: tuple[NewLine, ...]) -> NewOrder:
    if not lines:
        state = fields.text(row, "Fulfillment Status")
        raise BadField("Fulfillment Status", state, "that of an order with something left to pack")
    created_at = fields.moment(row, "Created at")
    if created_at is None:
        raise BadField("Created at", "", "filled in")
    address = _address(row)
    gift_note, notes = _notes(row)
    return NewOrder(
        order=OrderId(fields.name(row, "Name")),
        placed_at=created_at,
        ship_to=address,
        lines=lines,
        contact=Contact(
            email=fields.text(row, "Email", 254),
            phone=fields.text(row, "Shipping Phone", 40).lstrip("'") or fields.text(row, "Phone", 40).lstrip("'"),
            language=_language(address.country),
        ),
        payment=_payment(row),
        pays_by=fields.text(row, "Payment Method", 80),
        currency=fields.currency(row, "Currency"),
        total=fields.money(row, "Total"),
        service=fields.text(row, "Shipping Method", 80),
        gift_note=gift_note,
        notes=notes,
        cancelled=_cancelled(row),
        source="shopify-csv",
    )


def _language(country: str) -> Language:
    """The export names no language: the country has to do."""
    return "fr" if country in _FRENCH else "en"


def _address(row: Mapping[str, str]) -> Address:
    streets = (fields.text(row, "Shipping Address1", 120), fields.text(row, "Shipping Address2", 120))
    lines = tuple(street for street in streets if street) or (fields.required(row, "Shipping Street", 240),)
    return Address(
        name=fields.required(row, "Shipping Name", 120),
        lines=lines,
        postcode=fields.text(row, "Shipping Zip", 16).lstrip("'"),
        city=fields.required(row, "Shipping City", 80),
        country=fields.country(row, "Shipping Country"),
        company=fields.text(row, "Shipping Company", 120),
        region=fields.text(row, "Shipping Province", 80),
    )


def _cancelled(row: Mapping[str, str]) -> bool:
    """Cancelled in the shop, or paid back in full: neither is sent."""
    refunded = fields.text(row, "Financial Status").lower() == "refunded"
    return refunded or fields.moment(row, "Cancelled at") is not None


def _payment(row: Mapping[str, str]) -> Payment | None:
    if not fields.choice(row, "Financial Status", _PAID, False):
        return None
    return Payment(
        method=fields.text(row, "Payment Method", 80) or "shopify",
        reference=fields.text(row, "Payment Reference", 120) or fields.text(row, "Id", 40),
        amount=fields.money(row, "Total"),
    )


def _notes(row: Mapping[str, str]) -> tuple[str, tuple[Note, ...]]:
    """The gift note and the other notes; note attributes are lines of `name: value`."""
    gift: list[str] = []
    notes: list[Note] = []
    written = fields.text(row, "Notes")
    if written:
        notes.append(Note("packer", written))
    for attribute in fields.text(row, "Note Attributes").splitlines():
        label, _, value = attribute.partition(":")
        if _GIFT.search(label) and value.strip():
            gift.append(value.strip())
        elif attribute.strip():
            notes.append(Note("office", attribute.strip()))
    return "\n".join(gift), tuple(notes)
