"""Webhooks of a PrestaShop shop: the order of its webservice, with the resources that it names beside it. Pure.

The core has no webhooks. The shape and the signature are those of the modules that send them: see docs/decisions.
The webservice writes every number as text and every time in the shop's own zone.
"""

from __future__ import annotations

from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from central.orders.model import Payment
from central.shops import parts
from central.shops.model import BadPayload, Gone, ShopOrder, Told

_ORDERS: Final = frozenset({"order.created", "order.updated", "order.status_changed", "order.paid"})
_CANCELLED: Final = "6"
"""`PS_OS_CANCELED` of a shop that never renumbered its states."""


class _Row(Struct, frozen=True):
    product_id: int
    product_quantity: int
    product_attribute_id: int = 0
    product_reference: str = ""
    product_name: str = ""
    unit_price_tax_incl: str | None = None


class _Associations(Struct, frozen=True):
    order_rows: tuple[_Row, ...]


class _Order(Struct, frozen=True):
    id: int
    reference: str
    date_add: str
    date_upd: str
    associations: _Associations
    current_state: str = ""
    payment: str = ""
    total_paid: str | None = None
    total_paid_real: str | None = None
    gift: str = "0"
    gift_message: str = ""
    note: str | None = None


class _Address(Struct, frozen=True):
    lastname: str
    firstname: str = ""
    company: str = ""
    address1: str = ""
    address2: str = ""
    postcode: str = ""
    city: str = ""
    phone: str = ""
    phone_mobile: str = ""
    other: str = ""


class _Named(Struct, frozen=True):
    iso_code: str


class _Carrier(Struct, frozen=True):
    name: str = ""


class _Customer(Struct, frozen=True):
    email: str = ""


class _State(Struct, frozen=True):
    template: str = ""


class _Slip(Struct, frozen=True):
    id: int = 0
    amount: str | None = None


class _Delivery(Struct, frozen=True):
    """The order and what its ids stand for, each as the webservice shows it."""

    order: _Order
    address_delivery: _Address
    country: _Named
    customer: _Customer = _Customer()
    currency: _Named = _Named("EUR")
    language: _Named | None = None
    carrier: _Carrier = _Carrier()
    order_state: _State = _State()
    order_slips: tuple[_Slip, ...] = ()


class _Id(Struct, frozen=True):
    id: int


class _Deleted(Struct, frozen=True):
    order: _Id


def read(topic: str, body: bytes, zone: ZoneInfo) -> Told:
    """What a delivery says. Raises `BadPayload`."""
    if topic in _ORDERS:
        return _told(parts.decoded(body, _Delivery), zone)
    if topic == "order.deleted":
        return Gone(str(parts.decoded(body, _Deleted).order.id))
    return None


def _told(told: _Delivery, zone: ZoneInfo) -> ShopOrder:
    order, address, country = told.order, told.address_delivery, told.country.iso_code.upper()
    rows = [row for row in order.associations.order_rows if row.product_quantity > 0]
    if not rows:
        raise BadPayload("order.associations.order_rows: at least one row with a quantity is expected")
    new = parts.new_order(
        "prestashop",
        order=order.reference.strip(),
        placed_at=parts.moment(order.date_add, "order.date_add", zone),
        ship_to={
            "name": parts.person(address.firstname, address.lastname),
            "lines": parts.streets(address.address1, address.address2),
            "postcode": address.postcode,
            "city": address.city,
            "country": country,
            "company": address.company,
        },
        lines=[
            {
                "sku": row.product_reference.strip() or f"product {row.product_attribute_id or row.product_id}",
                "quantity": row.product_quantity,
                "unit_price": parts.minor(row.unit_price_tax_incl, "unit_price_tax_incl"),
                "name": row.product_name[:120],
            }
            for row in rows
        ],
        contact={
            "email": told.customer.email,
            "phone": address.phone_mobile or address.phone,
            "language": parts.language(told.language.iso_code if told.language else None, country),
        },
        payment=_paid(order),
        pays_by=order.payment[:120],
        currency=told.currency.iso_code.upper(),
        total=parts.minor(order.total_paid, "order.total_paid"),
        service=told.carrier.name[:120],
        gift_note=order.gift_message if order.gift == "1" else "",
        notes=parts.notes(("packer", address.other), ("office", order.note)),
        cancelled=told.order_state.template == "order_canceled" or order.current_state == _CANCELLED,
    )
    back = parts.total(parts.minor(slip.amount, "order_slips.amount") for slip in told.order_slips)
    refunded = Payment(order.payment[:120] or "prestashop", str(told.order_slips[-1].id), back) if back else None
    return ShopOrder(str(order.id), parts.moment(order.date_upd, "order.date_upd", zone), new, refunded)


def _paid(order: _Order) -> dict[str, object] | None:
    received = parts.minor(order.total_paid_real, "order.total_paid_real")
    return {"method": order.payment[:120] or "prestashop", "amount": received} if received > 0 else None
