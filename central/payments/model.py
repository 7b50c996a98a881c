"""What is paid of an order. Money in minor units (cents)."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

State: TypeAlias = Literal["awaiting", "partly_paid", "paid", "overpaid", "partly_refunded", "refunded"]
Kind: TypeAlias = Literal["received", "refunded"]

STATES: Final[tuple[State, ...]] = ("awaiting", "partly_paid", "paid", "overpaid", "partly_refunded", "refunded")
MOVED: Final = "split"
"""The method of what went to an order that was split off: it came for both, and nothing of it left the house."""
SETTLED: Final[frozenset[str]] = frozenset({"paid", "overpaid", "partly_refunded"})
"""States of an order that may be packed."""


def state_of(total: int, received: int, refunded: int, *, any_came: bool) -> State:
    """Where the money stands. A shop that tells no total is believed that what came is all (`any_came`)."""
    kept = received - refunded
    if refunded and kept <= 0:
        return "refunded"
    if not any_came:
        return "awaiting"
    if not total:
        return "partly_refunded" if refunded else "paid"
    if received < total:
        return "partly_paid"
    if kept == total:
        return "paid"
    return "overpaid" if kept > total else "partly_refunded"
