"""Whether a delivery is from whom it says. Pure; every comparison takes the same time whatever differs."""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Mapping
from typing import Final, NamedTuple

from central.shops.model import Kind


class Scheme(NamedTuple):
    """Where a kind of shop writes what."""

    signature: str
    topic: str


SCHEMES: Final[Mapping[Kind, Scheme]] = {
    "shopify": Scheme("x-shopify-hmac-sha256", "x-shopify-topic"),
    "woocommerce": Scheme("x-wc-webhook-signature", "x-wc-webhook-topic"),
    "prestashop": Scheme("x-prestashop-signature", "x-prestashop-topic"),
}
"""PrestaShop's core has no webhooks: see docs/decisions about the scheme that its modules share."""


def is_signed(kind: Kind, secret: bytes, body: bytes, signature: str) -> bool:
    """HMAC-SHA256 of the body: in base64, or of PrestaShop in hexadecimal, with `sha256=` before it or without."""
    digest = hmac.new(secret, body, "sha256")
    if kind == "prestashop":
        expected, given = digest.hexdigest(), signature.removeprefix("sha256=").lower()
    else:
        expected, given = b64encode(digest.digest()).decode(), signature
    return hmac.compare_digest(expected.encode(), given.encode())
