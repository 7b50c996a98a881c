"""What web shops and the card processor send, rightly signed: an input is the topic, a line end, and the body.

And whoever plays one of them: an input of `webhook_heads` is the sender, its lines of the head, an empty line, and the
body. In the head `@signature` is the right one, `@foreign` one by another secret, `@now` the second.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from pathlib import Path

from central.office.doors import Doors
from central.shops.model import Kind
from central.shops.settings import ShopConfig, shops
from central.shops.signatures import SCHEMES
from central.shops.woocommerce import is_ping
from central.store.sqlite import now_ms
from tests.central.shops.test_webhooks import SIGNED_WITH, headers
from tests.fuzz.door import Door, Finding, Offer, on_a_loop
from tests.fuzz.doors.wires import office
from tests.fuzz.wire import Wire, sentence_of

_KINDS: tuple[Kind, ...] = ("shopify", "woocommerce", "prestashop")


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


def _signature(sender: str, secret: bytes, body: bytes, second: bytes) -> bytes:
    """As the sender writes it."""
    if sender == "stripe":
        return hmac.new(secret, second + b"." + body, "sha256").hexdigest().encode()
    told = headers(sender, body, secret=secret)
    return next(value for name, value in told.items() if name.lower() == SCHEMES[sender].signature).encode()  # type: ignore[index]


def _played(sender: str, head: bytes, body: bytes) -> bytes:
    path = "/api/cards/stripe" if sender == "stripe" else f"/api/shops/{sender}"
    second = b"%d" % (now_ms() // 1000)
    for name, secret in ((b"@signature", SIGNED_WITH), (b"@foreign", b"whsec_other")):
        head = head.replace(name, _signature(sender, secret, body, second))
    lines = head.replace(b"@now", second).replace(b"\n", b"\r\n")
    begin = f"POST {path} HTTP/1.1\r\nHost: lyon\r\nContent-Length: {len(body)}\r\n".encode()
    return begin + lines + b"\r\n\r\n" + body


@asynccontextmanager
async def _at_the_door(folder: Path) -> AsyncIterator[Wire]:
    secret = folder / "secret"
    secret.write_bytes(SIGNED_WITH)
    configured = shops([ShopConfig(kind, kind, str(secret)) for kind in _KINDS])
    async with office(folder, Doors(configured, SIGNED_WITH)) as wire:
        yield wire


def _door(sender: str) -> Door:
    @asynccontextmanager
    async def hooks(folder: Path) -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
        async with _at_the_door(folder) as wire:

            async def offer(data: bytes) -> str:
                topic, _, body = data.partition(b"\n")
                # What cannot stand in a header never gets as far as the shop's door.
                named = "".join(char for char in topic.decode("latin-1") if " " < char < "\x7f")
                return sentence_of(await wire.exchange(_signed(sender, named, body)))

            yield offer

    def opened(folder: Path) -> AbstractContextManager[Offer]:
        return on_a_loop(hooks(folder))

    return Door(f"webhook_{sender}", opened, is_json=True)


@asynccontextmanager
async def _heads(folder: Path) -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
    async with _at_the_door(folder) as wire:

        async def offer(data: bytes) -> str:
            named, _, rest = data.partition(b"\n")
            head, _, body = rest.partition(b"\n\n")
            sender = named.decode("latin-1")
            if sender not in (*_KINDS, "stripe"):
                return "nobody knows this sender"
            said = sentence_of(await wire.exchange(_played(sender, head, body)))
            if not said and b"@signature" not in head and not is_ping(body):
                raise Finding("it was taken without its signature")
            return said

        yield offer


DOORS = (
    *(_door(sender) for sender in (*_KINDS, "stripe")),
    Door("webhook_heads", lambda folder: on_a_loop(_heads(folder))),
)
