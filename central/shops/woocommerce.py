"""Webhooks of a WooCommerce shop: `order.…` carry the order of its REST interface. Pure."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

from central.orders.model import Payment
from central.shops import parts
from central.shops.model import ShopOrder, Told

_ORDERS: Final = frozenset({"order.created", "order.updated", "order.restored"})
_DRAFTS: Final = frozenset({"checkout-draft", "auto-draft"})


class _Address(Struct, frozen=True):
    first_name: str = ""
    last_name: str = ""
    company: str = ""
    address_1: str = ""
    address_2: str = ""
    city: str = ""
    state: str = ""
    postcode: str = ""
    country: str = ""
    email: str | None = None
    phone: str | None = None


class _Item(Struct, frozen=True):
    id: int
    quantity: int
    product_id: int = 0
    variation_id: int = 0
    sku: str | None = None
    name: str = ""
    price: float | str | None = None


class _Shipping(Struct, frozen=True):
    method_title: str = ""


class _Refund(Struct, frozen=True):
    id: int = 0
    total: str | None = None


class _Order(Struct, frozen=True):
    id: int
    number: str
    status: str
    date_created_gmt: str
    line_items: tuple[_Item, ...]
    shipping: _Address
    billing: _Address
    date_modified_gmt: str | None = None
    date_paid_gmt: str | None = None
    currency: str = "EUR"
    total: str | None = None
    payment_method: str = ""
    payment_method_title: str = ""
    transaction_id: str | None = None
    customer_note: str | None = None
    shipping_lines: tuple[_Shipping, ...] = ()
    refunds: tuple[_Refund, ...] = ()


def read(topic: str, body: bytes) -> Told:
    """What a delivery says. Raises `BadPayload`."""
    if topic in _ORDERS:
        return _told(parts.decoded(body, _Order))
    return parts.gone(body) if topic == "order.deleted" else None


def is_ping(body: bytes) -> bool:
    """What WooCommerce sends when a webhook is saved: a form of one field, not signed."""
    name, _, number = body.partition(b"=")
    return name == b"webhook_id" and number.isdigit()


def _told(order: _Order) -> ShopOrder | None:
    items = [item for item in order.line_items if item.quantity > 0]
    if order.status in _DRAFTS or not items:
        return None
    address = order.shipping if order.shipping.address_1 else order.billing
    total = parts.minor(order.total, "total")
    new = parts.new_order(
        "woocommerce",
        order=order.number.strip(),
        placed_at=parts.moment(order.date_created_gmt, "date_created_gmt"),
        ship_to={
            "name": parts.person(address.first_name, address.last_name) or address.company,
            "lines": parts.streets(address.address_1, address.address_2),
            "postcode": address.postcode,
            "city": address.city,
            "country": address.country.upper(),
            "company": address.company,
            "region": address.state,
        },
        lines=[
            {
                "sku": (item.sku or "").strip() or f"product {item.variation_id or item.product_id}",
                "quantity": item.quantity,
                "unit_price": parts.minor(item.price, "price"),
                "name": item.name[:120],
            }
            for item in items
        ],
        contact={
            "email": order.billing.email or "",
            "phone": address.phone or order.billing.phone or "",
            "language": parts.language(None, address.country.upper()),
        },
        payment=_paid(order, total),
        pays_by=_method(order),
        currency=order.currency,
        total=total,
        service=order.shipping_lines[0].method_title[:120] if order.shipping_lines else "",
        notes=parts.notes(("packer", order.customer_note)),
        cancelled=order.status in {"cancelled", "trash"},
    )
    told_at = parts.moment(order.date_modified_gmt or order.date_created_gmt, "date_modified_gmt")
    back = sum(abs(parts.minor(each.total, "refunds.total")) for each in order.refunds)
    refunded = Payment(_method(order), str(order.refunds[-1].id), back) if back else None
    return ShopOrder(str(order.id), told_at, new, refunded)


def _paid(order: _Order, total: int) -> dict[str, object] | None:
    if not order.date_paid_gmt:
        return None
    return {"method": _method(order), "reference": (order.transaction_id or "")[:120], "amount": total}


def _method(order: _Order) -> str:
    return (order.payment_method_title or order.payment_method or "woocommerce")[:120]
