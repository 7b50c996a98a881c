"""REST: stations."""

from __future__ import annotations

from litestar import Router, get

from central.office.access import require_visitor
from central.office.office import TheOffice
from central.office.refusals import answers
from central.stations.answers import StationList
from central.stations.reading import everyone


@get("/", operation_id="listStations", summary="Stations and what they are doing", responses=answers())
async def list_stations(office: TheOffice) -> StationList:
    return await everyone(office.store, office.live)


router = Router("/api/stations", route_handlers=[list_stations], guards=[require_visitor], tags=["stations"])
