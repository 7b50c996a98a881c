"""Products, and the places and lots that their pieces are in."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Final, NamedTuple

from msgspec import Struct

from contract.keys import Sku
from contract.values import ItemCode, Policy, TraceKind

MAIN: Final = "main"
"""The one warehouse of a house that configures none."""


class Warehouse(Struct, frozen=True):
    """A building with a shelf of its own. Stations that no warehouse names belong to the first."""

    code: str
    name: str
    stations: tuple[str, ...] = ()


class Place(NamedTuple):
    """Where pieces lie. Pieces that nobody put into a bin lie in the bin without a name."""

    warehouse: str
    bin: str = ""


class Lot(NamedTuple):
    """Pieces made together. `expiry` is the last good day (YYYY-MM-DD), empty when they keep for ever."""

    name: str = ""
    expiry: str = ""

    @classmethod
    def of(cls, name: str, expiry: str) -> Lot:
        """As a label tells it: day 00 is the month's last; pieces that only have an expiry are a lot by that name."""
        expiry = last_good_day(expiry)
        return cls(name or expiry, expiry)


def last_good_day(expiry: str) -> str:
    """`2029-11-00` as `2029-11-30`; other dates as they are."""
    if not expiry.endswith("-00"):
        return expiry
    try:
        first = date.fromisoformat(f"{expiry[:-2]}01")
    except ValueError:
        return expiry
    return first.replace(day=monthrange(first.year, first.month)[1]).isoformat()


def is_day(text: str) -> bool:
    """Whether it is a date as expiry dates are kept: YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def day_of(at: int) -> str:
    """The day (UTC) of a moment in milliseconds, to be compared with expiry dates."""
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


class Product(Struct, frozen=True):
    """What a shop sells. Mass in grams, size in millimetres."""

    sku: Sku
    name: str
    codes: tuple[ItemCode, ...] = ()
    mass_g: int | None = None
    tolerance_g: int = 5
    """How much one piece may differ from `mass_g`: three standard deviations until masses are learned."""
    length_mm: int = 0
    width_mm: int = 0
    height_mm: int = 0
    picture: str = ""
    policy: Policy = "scan"
    fragile: bool = False
    oversell: bool = False
    """Stock may be promised below zero."""
    instruction: str = ""
    """Shown to the packer once per item of this product; empty for none."""
    reorder_point: int = 0
    requires: tuple[TraceKind, ...] = ()
    """What must be known of each piece that is packed."""
    supplier: str = ""
    """Who sends it to customers himself; empty: it comes from our own shelf."""
    safety_stock: int = 0
    """Pieces that should never be gone below; 0: none."""
