"""When carriers come, and so until when an order must be packed. Pure.

A cut-off is a time on the wall of the site: on the days when clocks change it stays where it is on the wall.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY: Final = timedelta(days=1)


class Departures(Struct, frozen=True):
    """When one service leaves, and how long it travels."""

    cut_off: time = time(17)
    """What is packed by then goes the same day."""
    days: frozenset[str] = frozenset(WEEKDAYS[:5])
    transit_days: int = 1
    """Working days from leaving to delivery."""


class Timetable(Struct, frozen=True):
    """The site's working days, and the departures of its services."""

    zone: str = "UTC"
    working_days: frozenset[str] = frozenset(WEEKDAYS[:5])
    """At least one. Parcels are delivered on these, and leave on no others."""
    holidays: frozenset[date] = frozenset()
    usual: Departures = Departures()
    """Of services that have none of their own."""
    services: tuple[tuple[str, Departures], ...] = ()
    """By name, in lower case as `str.casefold` writes it."""
    default_service: str = ""

    def departures(self, service: str) -> Departures:
        """Of the service that a shop calls so; empty for the default one."""
        wanted = (service or self.default_service).casefold()
        return next((departures for name, departures in self.services if name == wanted), self.usual)

    def due(self, service: str, promised_at: int | None, ready_at: int | None) -> int | None:
        """The moment (ms) by which the order must be packed; None when nothing says so.

        With a promise, the last departure that keeps it, but never one before the order was ready. Without,
        the first departure after it was ready.
        """
        leaves = self.departures(service)
        first = None if ready_at is None else self._first(leaves, ready_at)
        if promised_at is None:
            return first
        last = min(self._last(leaves, promised_at), promised_at)
        return last if first is None else max(first, last)

    def _first(self, leaves: Departures, ready_at: int) -> int:
        for day in _days(self._local(ready_at), _DAY):
            if self._leaves_on(day, leaves) and (at := self._moment(day, leaves.cut_off)) >= ready_at:
                return at
        raise AssertionError("the days do not end")

    def _last(self, leaves: Departures, promised_at: int) -> int:
        days = _days(self._local(promised_at), -_DAY)
        working = (day for day in days if self._works_on(day))
        delivered = next(working)
        left = delivered
        for _ in range(leaves.transit_days):
            left = next(working)
        day = next(day for day in _days(left, -_DAY) if self._leaves_on(day, leaves))
        return self._moment(day, leaves.cut_off)

    def _works_on(self, day: date) -> bool:
        return WEEKDAYS[day.weekday()] in self.working_days and day not in self.holidays

    def _leaves_on(self, day: date, leaves: Departures) -> bool:
        return self._works_on(day) and WEEKDAYS[day.weekday()] in leaves.days

    def _local(self, at: int) -> date:
        return datetime.fromtimestamp(at / 1000, _zone(self.zone)).date()

    def _moment(self, day: date, on_the_wall: time) -> int:
        return int(datetime.combine(day, on_the_wall, _zone(self.zone)).timestamp() * 1000)


@lru_cache(maxsize=16)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _days(first: date, step: timedelta) -> Iterator[date]:
    return (first + number * step for number in count())
