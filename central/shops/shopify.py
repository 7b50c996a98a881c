"""Webhooks of a Shopify shop: `orders/…` carry the whole order, its refunds too; `refunds/create` carries one. Pure."""

from __future__ import annotations

import re
from typing import Final

from msgspec import Struct

from central.orders.model import Payment
from central.shops import parts
from central.shops.model import BadPayload, GaveBack, ShopOrder, Told

_ORDERS: Final = frozenset({"orders/create", "orders/updated", "orders/edited", "orders/paid", "orders/cancelled"})
_GIFT: Final = re.compile(r"gift[ _-]?(note|message)|message[ _-]?cadeau", re.IGNORECASE)


class _Address(Struct, frozen=True):
    name: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    zip: str | None = None
    province: str | None = None
    country_code: str | None = None
    phone: str | None = None


class _Item(Struct, frozen=True):
    id: int
    quantity: int
    current_quantity: int | None = None
    sku: str | None = None
    variant_id: int | None = None
    name: str | None = None
    title: str | None = None
    price: str | None = None
    requires_shipping: bool = True


class _Transaction(Struct, frozen=True):
    id: int = 0
    kind: str = ""
    status: str = ""
    amount: str | None = None
    gateway: str | None = None


class _Refund(Struct, frozen=True):
    transactions: tuple[_Transaction, ...] = ()


class _OneRefund(_Refund, frozen=True, kw_only=True):
    order_id: int
    created_at: str


class _Attribute(Struct, frozen=True):
    name: str | None = None
    value: str | None = None


class _Shipping(Struct, frozen=True):
    title: str | None = None


class _Order(Struct, frozen=True):
    id: int
    name: str
    created_at: str
    updated_at: str
    line_items: tuple[_Item, ...]
    currency: str = "EUR"
    email: str | None = None
    phone: str | None = None
    total_price: str | None = None
    total_outstanding: str | None = None
    financial_status: str | None = None
    payment_gateway_names: tuple[str, ...] = ()
    cancelled_at: str | None = None
    customer_locale: str | None = None
    note: str | None = None
    note_attributes: tuple[_Attribute, ...] = ()
    shipping_address: _Address | None = None
    shipping_lines: tuple[_Shipping, ...] = ()
    refunds: tuple[_Refund, ...] = ()


def read(topic: str, body: bytes) -> Told:
    """What a delivery says. Raises `BadPayload`."""
    if topic in _ORDERS:
        return _told(parts.decoded(body, _Order))
    if topic == "refunds/create":
        return _refunded(parts.decoded(body, _OneRefund))
    return parts.gone(body) if topic == "orders/delete" else None


def _refunded(refund: _OneRefund) -> GaveBack | None:
    given = tuple(
        Payment((each.gateway or "shopify")[:120], str(each.id), amount)
        for each in _done((refund,))
        if (amount := parts.minor(each.amount, "transactions.amount")) > 0
    )
    told_at = parts.moment(refund.created_at, "created_at")
    return GaveBack(str(refund.order_id), told_at, given) if given else None


def _told(order: _Order) -> ShopOrder | None:
    items = [item for item in order.line_items if item.requires_shipping and _pieces(item) > 0]
    if not any(item.requires_shipping for item in order.line_items):
        return None
    address = order.shipping_address
    if address is None:
        raise BadPayload("shipping_address: it is missing, though something is to be shipped")
    total = parts.minor(order.total_price, "total_price")
    country = (address.country_code or "").upper()
    gift = [each.value for each in order.note_attributes if each.value and _GIFT.search(each.name or "")]
    others = [f"{each.name}: {each.value}" for each in order.note_attributes if not _GIFT.search(each.name or "")]
    new = parts.new_order(
        "shopify",
        order=order.name.strip(),
        placed_at=parts.moment(order.created_at, "created_at"),
        ship_to={
            "name": address.name or parts.person(address.first_name, address.last_name),
            "lines": parts.streets(address.address1, address.address2),
            "postcode": address.zip or "",
            "city": address.city or "",
            "country": country,
            "company": address.company or "",
            "region": address.province or "",
        },
        # All of it was taken off the order: it is shown as it was, and cancelled.
        lines=[_line(item, _pieces(item)) for item in items]
        or [_line(item, item.quantity) for item in order.line_items],
        contact={
            "email": order.email or "",
            "phone": address.phone or order.phone or "",
            "language": parts.language(order.customer_locale, country),
        },
        payment=_paid(order, total),
        pays_by=(order.payment_gateway_names or ("",))[-1][:120],
        currency=order.currency,
        total=total,
        service=(order.shipping_lines[0].title or "")[:120] if order.shipping_lines else "",
        gift_note="\n".join(gift),
        notes=parts.notes(("packer", order.note), *(("office", each) for each in others)),
        cancelled=order.cancelled_at is not None or not items,
    )
    return ShopOrder(str(order.id), parts.moment(order.updated_at, "updated_at"), new, _given_back(order.refunds))


def _pieces(item: _Item) -> int:
    return item.quantity if item.current_quantity is None else item.current_quantity


def _line(item: _Item, pieces: int) -> dict[str, object]:
    name = (item.name or item.title or "")[:120]
    sku = (item.sku or "").strip() or f"variant {item.variant_id or item.id}"
    return {"sku": sku, "quantity": pieces, "unit_price": parts.minor(item.price, "price"), "name": name}


def _paid(order: _Order, total: int) -> dict[str, object] | None:
    """What came: the total without what is outstanding, once the shop says that any of it came."""
    if order.financial_status not in {"paid", "partially_paid", "partially_refunded", "refunded"}:
        return None
    outstanding = parts.minor(order.total_outstanding, "total_outstanding")
    received = total - max(0, outstanding) if order.financial_status in {"paid", "partially_paid"} else total
    if received <= 0 < total:
        return None
    return {"method": (order.payment_gateway_names or ("shopify",))[-1][:120], "amount": received}


def _given_back(refunds: tuple[_Refund, ...]) -> Payment | None:
    done = _done(refunds)
    amount = parts.total(parts.minor(each.amount, "refunds.amount") for each in done)
    if not amount:
        return None
    return Payment((done[-1].gateway or "shopify")[:120], str(done[-1].id), amount)


def _done(refunds: tuple[_Refund, ...]) -> list[_Transaction]:
    """The money that went back indeed."""
    return [
        each for refund in refunds for each in refund.transactions if each.kind == "refund" and each.status == "success"
    ]
