"""Stations: every bench, live."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from litestar import Request, Response, get
from litestar.response import ServerSentEvent, ServerSentEventMessage

from central.office.office import TheOffice
from central.office.render import ThePages
from central.stations.reading import everyone, one
from central.tracking import reading as tracking


@get("/stations", include_in_schema=False)
async def show_stations(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    stations = await everyone(office.store, office.live)
    return pages.page(
        request,
        "stations.html",
        cards=[pages.text(request, "station.html", station=station) for station in stations.items],
        waiting=await tracking.waiting(office.store),
    )


@get("/stations/live", include_in_schema=False)
async def live(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> ServerSentEvent:
    """Each changed station's card, all of them at first."""

    async def cards() -> AsyncIterator[ServerSentEventMessage]:
        for bench in office.live.benches():
            yield await card(bench.station)
        async for changed in office.live.changes():
            yield await card(changed)

    async def card(name: str) -> ServerSentEventMessage:
        station = await one(office.store, office.live, name)
        return ServerSentEventMessage(data=pages.text(request, "station.html", station=station), event="station")

    return ServerSentEvent(cards())


PAGES = (show_stations, live)
