"""What the shops' payloads have in common: amounts, moments, and the last step to an order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from central.orders.body import OrderBody
from central.orders.model import NewOrder
from central.shops.model import BadPayload, Gone
from contract.complaint import in_words
from contract.values import Language

T = TypeVar("T")
_MOST: Final = 10**9
_FRENCH: Final = frozenset({"FR", "BE", "LU", "MC", "CH"})


def decoded(body: bytes, kind: type[T]) -> T:
    """The payload as `kind`; fields that nobody needs are passed over. Raises `BadPayload`."""
    try:
        return msgspec.json.decode(body, type=kind, strict=False)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadPayload(in_words(str(error).replace("`", "'"))) from None


class _Deleted(Struct, frozen=True):
    id: int


def gone(body: bytes) -> Gone:
    """An order that the shop deleted. Raises `BadPayload`."""
    return Gone(str(decoded(body, _Deleted).id))


def minor(amount: str | float | None, field: str) -> int:
    """`37.40` in minor units; what is finer is rounded, half up. Raises `BadPayload`."""
    try:
        found = Decimal(str(amount or 0))
        if not found.is_finite() or abs(found) >= _MOST:
            raise InvalidOperation
    except InvalidOperation:
        raise BadPayload(f"{field}: {str(amount)[:40]!r} is not an amount such as 12.50") from None
    return int((found * 100).to_integral_value(ROUND_HALF_UP))


def moment(text: str | None, field: str, zone: ZoneInfo | None = None) -> int:
    """Milliseconds since the epoch; a time without an offset is of `zone`, or UTC. Raises `BadPayload`."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        raise BadPayload(f"{field}: {str(text)[:40]!r} is not a date and time") from None
    if found.tzinfo is None:
        found = found.replace(tzinfo=zone or UTC)
    return int(found.timestamp() * 1000)


def streets(*lines: str | None) -> list[str]:
    """Those that are filled in."""
    return [line.strip() for line in lines if line and line.strip()]


def person(*names: str | None) -> str:
    """First and last name."""
    return " ".join(name.strip() for name in names if name and name.strip())


def language(locale: str | None, country: str) -> Language:
    """What the customer reads: as the shop tells, else as people in the country do."""
    if locale:
        return "fr" if locale.lower().startswith("fr") else "en"
    return "fr" if country in _FRENCH else "en"


def new_order(source: str, **fields: Any) -> NewOrder:
    """The order, under the same conditions as one that comes by REST. Raises `BadPayload`."""
    try:
        body = msgspec.convert(fields, OrderBody)
    except msgspec.ValidationError as error:
        raise BadPayload(in_words(str(error).replace("`", "'"))) from None
    return msgspec.structs.replace(body.new_order(), source=source)


def notes(*written: tuple[str, str | None]) -> list[dict[str, str]]:
    """Notes by audience; empty ones are left out."""
    return [{"audience": audience, "text": text.strip()[:2000]} for audience, text in written if text and text.strip()]


def total(amounts: Iterable[int]) -> int:
    """The sum, never below zero."""
    return max(0, sum(amounts))
