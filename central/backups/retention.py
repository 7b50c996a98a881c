"""Which copies are kept. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_DAY_MS: Final = 24 * 3_600_000


def kept(moments: Iterable[int], newest: int, days: int, now: int) -> set[int]:
    """Of copies taken at these moments: the newest few, and the last of each of the last days that have one (UTC).

    Those of a clock that was ahead are kept beside them: none of today's goes for them, and it may be this clock that
    is wrong.
    """
    every = set(moments)
    ordered = sorted(moment for moment in every if moment <= now)
    last_of_day = {moment // _DAY_MS: moment for moment in ordered}
    last = {last_of_day[day] for day in sorted(last_of_day, reverse=True)[:days]}
    return (every - set(ordered)) | set(ordered[-newest:]) | last
