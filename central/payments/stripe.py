"""Stripe's webhooks: whether they are signed, and what they say. Pure.

The order is named in the payment's metadata: `order`, `order_number` or `order_id`.
"""

from __future__ import annotations

import hmac
from typing import Final

import msgspec
from msgspec import Struct

from central.payments.rows import IncomingRow
from contract.complaint import in_words

TOLERANCE_S: Final = 300
"""How far the moment of signing may be from ours."""
_NAMES: Final = ("order", "order_number", "order_id")


class BadEvent(ValueError):
    """A signed event that is not what Stripe sends."""


class _Object(Struct, frozen=True):
    id: str
    currency: str
    created: int
    amount_received: int = 0
    amount_refunded: int = 0
    latest_charge: str | None = None
    metadata: dict[str, str | None] = {}


class _Data(Struct, frozen=True):
    object: msgspec.Raw


class _Event(Struct, frozen=True):
    id: str
    type: str
    data: _Data
    created: int


def is_signed(secret: bytes, body: bytes, header: str, now_ms: int) -> bool:
    """`t=…,v1=…`: a hexadecimal HMAC-SHA256 of the moment, a dot and the body; any of several `v1` may fit."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    if len(moments) != 1 or not moments[0].isascii() or not moments[0].isdecimal() or len(moments[0]) > 12:
        return False
    expected = hmac.new(secret, moments[0].encode() + b"." + body, "sha256").hexdigest().encode()
    given = [value.encode() for name, _, value in parts if name == "v1"]
    fits = [hmac.compare_digest(expected, each) for each in given]
    return any(fits) and abs(now_ms // 1000 - int(moments[0])) <= TOLERANCE_S


def read(body: bytes) -> IncomingRow | None:
    """The money that an event tells of; None for events that tell of none. Raises `BadEvent`."""
    try:
        event = msgspec.json.decode(body, type=_Event)
        if event.type not in ("payment_intent.succeeded", "charge.refunded"):
            return None
        told = msgspec.json.decode(event.data.object, type=_Object)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadEvent(in_words(str(error).replace("`", "'"))) from None
    paid = event.type == "payment_intent.succeeded"
    amount = told.amount_received if paid else told.amount_refunded
    if not 0 < amount <= 10**11:
        raise BadEvent(f"data.object.amount: {amount} is not an amount above zero")
    return IncomingRow(
        f"stripe-{told.id}" if paid else f"stripe-{told.id}-{amount}",
        "received" if paid else "refunded",
        amount,
        told.currency.upper(),
        "card",
        told.id,
        told.latest_charge or "" if paid else "",
        next((named.strip() for name in _NAMES if (named := told.metadata.get(name))), ""),
        event.created * 1000,
    )
