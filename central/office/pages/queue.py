"""The queue, live: what is packed next and by when, and what every station packs now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from litestar import Request, Response, get
from litestar.params import QueryParameter
from litestar.response import ServerSentEvent

from central.desk.refused import Refused
from central.office.listing import listing
from central.office.office import TheOffice
from central.office.render import ThePages
from central.office.streams import follow
from central.orders.queue import Part, Punctuality, cut_offs, queue
from central.stations.reading import everyone
from central.tracking import reading as tracking

_PARTS: Final[Mapping[str, Part]] = {"": "", "ready": "ready", "at_station": "at_station", "stopped": "stopped"}
_PUNCTUALITY: Final[Mapping[str, Punctuality]] = {"": "", "at_risk": "at_risk", "late": "late"}
_PART_WORDS: Final = {"": "All", "ready": "Ready to pack", "at_station": "At a station", "stopped": "Stopped"}
_DUE_WORDS: Final = {"": "All", "at_risk": "At risk or late", "late": "Late"}
Query = Annotated[str, QueryParameter(max_length=200)]


@get("/queue", include_in_schema=False)
async def show_queue(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    part: Query = "",
    due: Query = "",
) -> Response[str]:
    if part not in _PARTS or due not in _PUNCTUALITY:
        raise Refused("invalid", "There is no such part of the queue.", "part", part)
    shown = listing(request.query_params, "orders.queue", {"part": part, "due": due})
    stations = await everyone(office.store, office.live, state="online")
    return pages.page(
        request,
        "queue.html",
        page=await queue(
            office.store, office.now(), _PARTS[part], _PUNCTUALITY[due], shown.after, shown.limit, shown.sort
        ),
        listing=shown,
        cut_offs=await cut_offs(office.store),
        cards=[pages.text(request, "station.html", station=station) for station in stations.items],
        part=part,
        due=due,
        parts=_PART_WORDS,
        dues=_DUE_WORDS,
        now=office.now(),
        waiting=await tracking.waiting(office.store),
    )


@get("/queue/live", include_in_schema=False)
async def follow_queue(office: TheOffice, request: Request[Any, Any, Any]) -> ServerSentEvent:
    """Tells when orders changed, and now and then, as orders become late by themselves."""
    return follow(office, request, "order")


PAGES = (show_queue, follow_queue)
