"""Stations: every bench, live."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter
from litestar.response import ServerSentEvent, ServerSentEventMessage

from central.documents.routes import pdf
from central.office.happenings import happening
from central.office.office import TheOffice
from central.office.paging import known_filter
from central.office.render import ThePages, language_of
from central.office.streams import stream
from central.office.telling import names
from central.stations.answers import ScaleCheck
from central.stations.reading import STATES, everyone, one, scales
from central.tracking import reading as tracking
from labels.documents import CommandSheet

_NEWEST: Final = 200
"""Entries on a station's page."""
_STATE_WORDS: Final = {"": "All", "online": "Online", "offline": "Offline", "trouble": "With trouble"}
Query = Annotated[str, QueryParameter(max_length=100)]
State = Annotated[str, QueryParameter(name="state", max_length=20)]


@get("/stations", include_in_schema=False)
async def show_stations(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], q: Query = "", station_state: State = ""
) -> Response[str]:
    stations = await everyone(office.store, office.live, q, station_state)
    asked = {name: value for name, value in (("q", q), ("state", station_state)) if value}
    return pages.page(
        request,
        "stations.html",
        q=q,
        state=station_state,
        states=_STATE_WORDS,
        asked=urlencode(asked),
        cards=[pages.text(request, "station.html", station=station) for station in stations.items],
        waiting=await tracking.waiting(office.store),
    )


@get("/stations/{station:str}/scales", include_in_schema=False)
async def show_scales(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], station: FromPath[str]
) -> Response[str]:
    return pages.page(
        request,
        "scales.html",
        station=station,
        trusts=await scales(office.store, station, office.now()),
        points=_points,
        zone=pages.zone.key,
        waiting=await tracking.waiting(office.store),
    )


@get("/stations/{station:str}/events", include_in_schema=False)
async def show_events(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], station: FromPath[str]
) -> Response[str]:
    entries = await tracking.newest(office.store, f"station/{station}", _NEWEST)
    return pages.page(
        request,
        "station_events.html",
        station=station,
        entries=entries,
        names=await names(office.store, (entry.by for entry in entries)),
        events=happening,
        waiting=await tracking.waiting(office.store),
    )


def _points(checks: Sequence[ScaleCheck]) -> list[list[int]]:
    """Columns for the chart, oldest first: seconds, error, empty after, most and least allowed."""
    oldest_first = checks[::-1]
    return [
        [check.at // 1000 for check in oldest_first],
        [check.error_g for check in oldest_first],
        [check.return_g for check in oldest_first],
        [check.tolerance_g for check in oldest_first],
        [-check.tolerance_g for check in oldest_first],
    ]


@get("/stations/live", include_in_schema=False)
async def live(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], q: Query = "", station_state: State = ""
) -> ServerSentEvent:
    """Each changed station's card, all of them at first; `gone` names one that does not fit."""
    known_filter("state", station_state, STATES)

    async def cards() -> AsyncGenerator[ServerSentEventMessage]:
        for bench in office.live.benches():
            yield await card(bench.station)
        async for changed in office.live.changes():
            yield await card(changed)

    async def card(name: str) -> ServerSentEventMessage:
        station = await one(office.store, office.live, name, q, station_state)
        if station is None:
            return ServerSentEventMessage(data=name, event="gone")
        return ServerSentEventMessage(data=pages.text(request, "station.html", station=station), event="station")

    return stream(office, request, cards())


@get("/stations/commands.pdf", include_in_schema=False)
async def command_sheet(office: TheOffice, request: Request[Any, Any, Any]) -> Response[bytes]:
    """The sheet that hangs at every bench, in the visitor's language."""
    return pdf(await office.press.drawn(CommandSheet("", language_of(request))), "packline-commands")


PAGES = (show_stations, command_sheet, show_scales, show_events, live)
