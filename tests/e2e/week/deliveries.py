"""What web shops and the card processor send, signed as they sign it."""

from __future__ import annotations

import copy
import hashlib
import hmac
import json
import time
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from tests.e2e.week.files import euros, postcode
from tests.e2e.week.story import Script

SECRET: Final = b"shpss_0f1e"
STRIPE_SECRET: Final = b"whsec_91fd"
_SAMPLES: Final = Path(__file__).parents[2] / "central" / "shops" / "deliveries"
_PRESTASHOP_ZONE: Final = ZoneInfo("Europe/Paris")


def payload(script: Script, second: int, *, paid: bool, cancelled: bool = False) -> dict[str, Any]:
    """The shop's order as it is so many seconds after it was placed."""
    sample = copy.deepcopy(json.loads((_SAMPLES / f"{script.door}_order.json").read_text(encoding="utf-8")))
    write = {"shopify": _shopify, "woocommerce": _woocommerce, "prestashop": _prestashop}[script.door]
    told: dict[str, Any] = write(script, sample, script.placed_at + second * 1000, paid, cancelled)
    return told


def topic(script: Script, word: str) -> str:
    """`created`, `paid`, `cancelled` in the shop's words."""
    return {
        "shopify": {"created": "orders/create", "paid": "orders/paid", "cancelled": "orders/cancelled"},
        "woocommerce": {"created": "order.created", "paid": "order.updated", "cancelled": "order.updated"},
        "prestashop": {"created": "order.created", "paid": "order.paid", "cancelled": "order.status_changed"},
    }[script.door][word]


def signed(kind: str, body: bytes, topic: str, secret: bytes = SECRET) -> dict[str, str]:
    """The headers of a delivery."""
    mac = hmac.new(secret, body, hashlib.sha256)
    json_ = {"Content-Type": "application/json"}
    if kind == "shopify":
        return json_ | {"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": b64encode(mac.digest()).decode()}
    if kind == "woocommerce":
        return json_ | {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Signature": b64encode(mac.digest()).decode()}
    return json_ | {"X-Prestashop-Topic": topic, "X-Prestashop-Signature": mac.hexdigest()}


def card_event(script: Script, cents: int, *, refunded: bool = False) -> bytes:
    """Stripe's event of a payment, or of money given back."""
    amounts = {"amount_refunded": cents} if refunded else {"amount_received": cents}
    name = f"ch_{script.serial}" if refunded else f"pi_{script.serial}"
    told = {"id": name, "currency": "eur", "created": int(time.time()), "metadata": {"order": script.number}}
    kind = "charge.refunded" if refunded else "payment_intent.succeeded"
    event = {"id": f"evt_{name}", "type": kind, "created": int(time.time()), "data": {"object": told | amounts}}
    return json.dumps(event).encode()


def card_signature(body: bytes, secret: bytes = STRIPE_SECRET) -> dict[str, str]:
    """Stripe's header."""
    moment = str(int(time.time()))
    mac = hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={moment},v1={mac}"}


def _shopify(script: Script, order: dict[str, Any], at: int, paid: bool, cancelled: bool) -> dict[str, Any]:
    who = script.customer
    address = {
        "name": who.name, "company": who.company, "address1": who.street, "address2": who.street2, "city": who.city,
        "zip": postcode(script), "country_code": who.country, "phone": who.phone, "province": None,
    }  # fmt: skip
    item = order["line_items"][0]
    return order | {
        "id": 9_000_000 + script.serial,
        "name": script.number,
        "created_at": _iso(script.placed_at),
        "updated_at": _iso(at),
        "cancelled_at": _iso(at) if cancelled else None,
        "email": who.email,
        "financial_status": "paid" if paid else "pending",
        "total_price": euros(script.total),
        "total_outstanding": "0.00" if paid else euros(script.total),
        "shipping_address": address,
        "shipping_lines": [],
        "line_items": [
            item | {"id": place, "sku": line.sku, "quantity": line.quantity, "current_quantity": line.quantity,
                    "price": euros(line.price)}
            for place, line in enumerate(script.lines, 1)
        ],
    }  # fmt: skip


def _woocommerce(script: Script, order: dict[str, Any], at: int, paid: bool, cancelled: bool) -> dict[str, Any]:
    who = script.customer
    first, _, last = who.name.partition(" ")
    address = {
        "first_name": first, "last_name": last, "company": who.company, "address_1": who.street,
        "address_2": who.street2, "city": who.city, "state": "", "postcode": postcode(script), "country": who.country,
        "phone": who.phone,
    }  # fmt: skip
    item = order["line_items"][0]
    return order | {
        "id": 40_000 + script.serial,
        "number": script.number.removeprefix("WOO-"),
        "status": "cancelled" if cancelled else "processing" if paid else "on-hold",
        "date_created_gmt": _iso(script.placed_at)[:19],
        "date_modified_gmt": _iso(at)[:19],
        "date_paid_gmt": _iso(at)[:19] if paid else None,
        "total": euros(script.total),
        "billing": address | {"email": who.email},
        "shipping": address,
        "shipping_lines": [],
        "line_items": [
            item | {"id": place, "sku": line.sku, "quantity": line.quantity, "price": line.price / 100}
            for place, line in enumerate(script.lines, 1)
        ],
    }


def _prestashop(script: Script, told: dict[str, Any], at: int, paid: bool, cancelled: bool) -> dict[str, Any]:
    who = script.customer
    first, _, last = who.name.partition(" ")
    row = told["order"]["associations"]["order_rows"][0]
    rows = [
        row | {"id": str(place), "product_quantity": str(line.quantity), "product_reference": line.sku,
               "unit_price_tax_incl": f"{euros(line.price)}0000"}
        for place, line in enumerate(script.lines, 1)
    ]  # fmt: skip
    order = told["order"] | {
        "id": str(70_000 + script.serial), "reference": script.number, "date_add": _local(script.placed_at),
        "date_upd": _local(at), "total_paid": f"{euros(script.total)}0000", "gift": "0",
        "total_paid_real": f"{euros(script.total)}0000" if paid else "0.000000",
        "current_state": "6" if cancelled else "2" if paid else "10", "associations": {"order_rows": rows},
    }  # fmt: skip
    address = told["address_delivery"] | {
        "firstname": first, "lastname": last, "company": who.company, "address1": who.street, "address2": who.street2,
        "postcode": postcode(script), "city": who.city, "other": "", "phone": who.phone,
    }  # fmt: skip
    state = {"template": "order_canceled" if cancelled else "payment" if paid else "bankwire"}
    return told | {
        "order": order, "address_delivery": address, "country": {"iso_code": who.country}, "order_state": state,
        "customer": {"email": who.email}, "carrier": {"name": ""},
    }  # fmt: skip


def _iso(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat()


def _local(ms: int) -> str:
    """As PrestaShop writes times: the shop's own, without an offset."""
    return datetime.fromtimestamp(ms / 1000, _PRESTASHOP_ZONE).strftime("%Y-%m-%d %H:%M:%S")
