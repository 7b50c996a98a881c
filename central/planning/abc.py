"""ABC analysis: which few products make most of the turnover. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, TypeAlias

from contract.keys import Sku

Class: TypeAlias = Literal["A", "B", "C"]
A_UNTIL: Final = 0.80
B_UNTIL: Final = 0.95
"""Shares of the whole, of the products that are worth most together."""


def classify(worth: Mapping[Sku, int]) -> dict[Sku, Class]:
    """A: the products that make 80 % of the whole, B: those up to 95 %, C: the rest and all that is worth nothing.

    The product that crosses a share belongs to the better class, so that one product alone is A.
    """
    whole = sum(value for value in worth.values() if value > 0)
    found: dict[Sku, Class] = {}
    before = 0
    for sku, value in sorted(worth.items(), key=lambda item: (-item[1], item[0])):
        if value <= 0:
            found[sku] = "C"
            continue
        found[sku] = "A" if before < A_UNTIL * whole else "B" if before < B_UNTIL * whole else "C"
        before += value
    return found
