"""When carriers come, as `central.toml` says it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Annotated, Literal

from msgspec import Meta, Struct

from central.policy.timetable import WEEKDAYS, Departures

OnTheWall = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", max_length=5, description="16:30")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Weekdays = Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)]


class Calendar(Struct, frozen=True, forbid_unknown_fields=True):
    """`[calendar]`: the site's working days, in the time zone of `[http]`."""

    cut_off: OnTheWall = "17:00"
    """Of services without one of their own: what is packed by then leaves the same day."""
    working_days: Weekdays = WEEKDAYS[:5]
    holidays: tuple[date, ...] = ()
    """Public holidays, as `["2026-12-25", "2027-01-01"]`: nothing leaves and nothing is delivered."""
    warn_minutes: Annotated[int, Meta(ge=0, le=10_080)] = 60
    """So long before its cut-off an order that is not packed counts as at risk."""

    def departures(self, name: str, cut_off: str, days: Sequence[Weekday], transit_days: int) -> Departures:
        """Of one service. Raises `ValueError` when it would never leave."""
        leaving = frozenset(days or self.working_days)
        if not leaving & frozenset(self.working_days):
            raise ValueError(
                f"[[services]] {name!r}: days {', '.join(days)} are none of calendar.working_days "
                f"({', '.join(self.working_days)}): it would never leave"
            )
        return Departures(time.fromisoformat(cut_off or self.cut_off), leaving, transit_days)
