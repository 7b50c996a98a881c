"""What web shops and the card processor send, rightly signed: an input is the topic, a line end, and the body."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path

from central.office.doors import Doors
from central.shops.settings import ShopConfig, shops
from central.store.sqlite import now_ms
from tests.central.shops.test_webhooks import SIGNED_WITH, headers
from tests.fuzz.door import Door, Offer, on_a_loop
from tests.fuzz.doors.wires import office
from tests.fuzz.wire import sentence_of

_KINDS = ("shopify", "woocommerce", "prestashop")


def _stripe(body: bytes) -> dict[str, str]:
    at = str(now_ms() // 1000)
    mac = hmac.new(SIGNED_WITH, at.encode() + b"." + body, "sha256").hexdigest()
    return {"Stripe-Signature": f"t={at},v1={mac}"}


def _signed(sender: str, topic: str, body: bytes) -> bytes:
    """The request, with the sender's own headers."""
    path = "/api/cards/stripe" if sender == "stripe" else f"/api/shops/{sender}"
    told = _stripe(body) if sender == "stripe" else headers(sender, body, topic)
    head = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"POST {path} HTTP/1.1\r\nHost: lyon\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


def _door(sender: str) -> Door:
    @asynccontextmanager
    async def hooks(folder: Path) -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
        secret = folder / "secret"
        secret.write_bytes(SIGNED_WITH)
        configured = shops([ShopConfig(kind, kind, str(secret)) for kind in _KINDS])
        async with office(folder, Doors(configured, SIGNED_WITH)) as wire:

            async def offer(data: bytes) -> str:
                topic, _, body = data.partition(b"\n")
                # What cannot stand in a header never gets as far as the shop's door.
                named = "".join(char for char in topic.decode("latin-1") if " " < char < "\x7f")
                return sentence_of(await wire.exchange(_signed(sender, named, body)))

            yield offer

    def opened(folder: Path) -> AbstractContextManager[Offer]:
        return on_a_loop(hooks(folder))

    return Door(f"webhook_{sender}", opened, is_json=True)


DOORS = tuple(_door(sender) for sender in (*_KINDS, "stripe"))
