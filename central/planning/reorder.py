"""What to order, how much, and how long the stock lasts. Pure."""

from __future__ import annotations

from math import ceil, sqrt
from typing import Final

from msgspec import Struct

from central.planning.forecast import Forecast

USUAL_LEAD_DAYS: Final = 7
"""For suppliers that say nothing."""
REVIEW_DAYS: Final = 7
"""Somebody looks at the proposals once a week: what is ordered must last until the next look."""
SERVICE: Final = 1.65 * 1.25
"""For 95 of 100 weeks without a gap: 1.65 standard deviations, each 1.25 mean absolute errors."""


class Need(Struct, frozen=True):
    """When a product should be ordered, and how much of it now."""

    reorder_at: int
    """Order when what is free and on its way falls to this."""
    order_now: int
    """0: there is enough."""
    cover_days: int | None
    """How long what is free lasts; None when nothing is sold."""


def need(coming: Forecast, available: int, incoming: int, lead_days: int, floor: int) -> Need:
    """`incoming`: what suppliers owe. `floor`: the reorder point that a person set; it is never gone below."""
    lead = lead_days or USUAL_LEAD_DAYS
    daily = coming.weekly / 7
    weeks = (lead + REVIEW_DAYS) / 7
    safety = SERVICE * coming.error * sqrt(weeks)
    reorder_at = max(floor, ceil(daily * lead + safety)) if coming.weekly > 0 else floor
    there = available + incoming
    wanted = max(reorder_at, ceil(daily * (lead + REVIEW_DAYS) + safety))
    # A product that nobody sets a point for and nobody buys is not ordered.
    order_now = max(1, wanted - there) if there <= reorder_at and (wanted > 0 or there < 0) else 0
    return Need(reorder_at, order_now, int(max(0, available) / daily) if daily > 0 else None)
