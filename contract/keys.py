"""GS1 keys as types: a `Gtin` or `Sscc` that exists has a proven check digit.

Source: GS1 General Specifications, section 7.9 (check digit) and section 2.1/2.2 (GTIN, SSCC).
"""

from __future__ import annotations

from typing import NewType, Self

Sku = NewType("Sku", str)
"""The shop's own name of a product, as it writes it."""
OrderId = NewType("OrderId", str)
"""The order number that the shop prints and packers scan."""
JobId = NewType("JobId", str)
StationId = NewType("StationId", str)
MessageId = NewType("MessageId", str)
"""A UUIDv7 in its 36-character form."""

_GTIN_LENGTHS = (8, 12, 13, 14)


class BadKey(ValueError):
    """The text is not the key it should be; the message says why, for a person."""


def check_digit(body: str) -> str:
    """The GS1 mod-10 digit that completes `body` (digits only, check digit not included)."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def _proven(kind: str, digits: str) -> str:
    wanted = check_digit(digits[:-1])
    if digits[-1] != wanted:
        raise BadKey(f"{kind} {digits}: the check digit is {digits[-1]}, it should be {wanted}")
    return digits


class Gtin(str):
    """A GTIN-8, -12, -13 or -14, held as 14 digits so that all lengths compare equal."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Raise `BadKey` unless `text` is 8, 12, 13 or 14 digits with a right check digit."""
        if not (text.isascii() and text.isdigit()) or len(text) not in _GTIN_LENGTHS:
            raise BadKey(f"{text!r} is not a GTIN: it needs 8, 12, 13 or 14 digits")
        return super().__new__(cls, _proven("GTIN", text.zfill(14)))


class Sscc(str):
    """A Serial Shipping Container Code: 18 digits with a right check digit."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        """Raise `BadKey` unless `text` is 18 digits with a right check digit."""
        if not (text.isascii() and text.isdigit()) or len(text) != 18:
            raise BadKey(f"{text!r} is not an SSCC: it needs 18 digits")
        return super().__new__(cls, _proven("SSCC", text))

    @classmethod
    def numbered(cls, prefix: str, serial: int) -> Self:
        """The SSCC of `serial` under `prefix` (extension digit and GS1 company prefix together)."""
        room = 17 - len(prefix)
        body = f"{prefix}{serial:0{room}d}"
        if len(body) != 17:
            raise BadKey(f"serial {serial} does not fit behind the SSCC prefix {prefix} ({room} digits are left)")
        return cls(body + check_digit(body))

    @property
    def grouped(self) -> str:
        """The human-readable form below the bars."""
        return f"(00) {self[0]} {self[1:8]} {self[8:17]} {self[17]}"

    @property
    def return_code(self) -> str:
        """What the return label of this parcel says: never taken for the parcel itself."""
        return f"R{self}"
