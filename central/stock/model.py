"""Products and their stock."""

from __future__ import annotations

from msgspec import Struct

from contract.keys import Sku
from contract.values import ItemCode, Policy, TraceKind


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
