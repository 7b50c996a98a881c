"""REST: stations."""

from __future__ import annotations

from typing import Annotated

from litestar import Router, get
from litestar.params import FromPath, QueryParameter

from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit, choice, part
from central.office.refusals import answers
from central.stations.answers import ScaleTrustList, StationList
from central.stations.reading import STATES, everyone, scales


@get("/", operation_id="listStations", summary="Stations and what they are doing", responses=answers(422))
async def list_stations(
    office: TheOffice,
    q: Annotated[
        str, QueryParameter(max_length=100, description="In its name, its orders or its packer's badge.")
    ] = "",
    station_state: Annotated[
        str, choice(STATES, "`trouble`: its computer or one of its devices is ill.", name="state")
    ] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> StationList:
    stations = (await everyone(office.store, office.live, q, station_state)).items
    return StationList(*part(stations, lambda each: (each.station,), tuple[str], after, limit))


@get(
    "/{station:str}/scales",
    operation_id="listScaleChecks",
    summary="How far a station's scales can be trusted",
    responses=answers(422),
)
async def list_scale_checks(
    office: TheOffice, station: FromPath[str], after: After = "", limit: Limit = USUAL
) -> ScaleTrustList:
    known = await scales(office.store, station, office.now())
    return ScaleTrustList(*part(known, lambda each: (each.scale,), tuple[str], after, limit))


router = Router(
    "/api/stations", route_handlers=[list_stations, list_scale_checks], opt={"area": "stations"}, tags=["stations"]
)
