"""Where a day in the office begins: what is late, what waits for a person, how the house is doing by the hour."""

from __future__ import annotations

from typing import Any, Final

from litestar import Request, Response, get
from msgspec import Struct

from central.office.marks import ORDER_STATUSES
from central.office.office import TheOffice
from central.office.render import ThePages
from central.orders import reading
from central.orders.queue import queue
from central.stations.reading import everyone
from central.store.store import Store
from central.tracking import reading as tracking

HOURS: Final = 48
_HOUR_MS: Final = 3_600_000
_PROBLEMS: Final = 5


class Hour(Struct, frozen=True):
    """What one hour saw. `at` is its beginning, in milliseconds since the epoch."""

    at: int
    orders: int
    """Placed."""
    parcels: int
    """Closed."""


async def by_hour(store: Store, now: int) -> tuple[Hour, ...]:
    """The last `HOURS` hours, the one under way included, oldest first."""
    first = now // _HOUR_MS - HOURS + 1
    placed = {row["hour"]: row["orders"] for row in await store.read("orders.by_hour", (first * _HOUR_MS, now))}
    closed = {row["hour"]: row["parcels"] for row in await store.read("shipping.by_hour", (first * _HOUR_MS, now))}
    hours = range(first, first + HOURS)
    return tuple(Hour(hour * _HOUR_MS, placed.get(hour, 0), closed.get(hour, 0)) for hour in hours)


@get("/start", include_in_schema=False)
async def show_today(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    now = office.now()
    hours = await by_hour(office.store, now)
    stations = (await everyone(office.store, office.live)).items
    problems = await tracking.problems(office.store, limit=_PROBLEMS)
    return pages.page(
        request,
        "today.html",
        head=await queue(office.store, now, limit=8),
        counts=await reading.open_by_status(office.store),
        statuses=ORDER_STATUSES,
        problems=problems.items,
        online=sum(station.online for station in stations),
        stations=len(stations),
        hours=hours,
        points=[
            [hour.at // 1000 for hour in hours],
            [hour.orders for hour in hours],
            [hour.parcels for hour in hours],
        ],
        zone=pages.zone.key,
        copied_at=office.live.copied_at,
        copy_is_old=office.live.copy_is_old,
        waiting=await tracking.waiting(office.store),
    )


PAGES = (show_today,)
