"""Which copies are kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_DAY_MS: Final = 24 * 3_600_000


def kept(moments: Iterable[int], newest: int, days: int) -> set[int]:
    """Of copies taken at these moments: the newest few, and the last of each of the last days that have one (UTC)."""
    ordered = sorted(moments)
    last_of_day = {moment // _DAY_MS: moment for moment in ordered}
    return {*ordered[-newest:], *(last_of_day[day] for day in sorted(last_of_day, reverse=True)[:days])}
