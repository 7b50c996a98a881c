"""REST: the plan."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from litestar import Response, Router, get

from central.office.downloads import SHEET, sheet
from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit, choice, part
from central.office.refusals import answers
from central.planning import reading
from central.planning.reading import COLUMNS, Plan, urgency

Show: TypeAlias = Annotated[str, choice(reading.SHOWN, "What must be ordered now, or one class; empty: all products.")]


@get(
    "/plan",
    operation_id="getPlan",
    summary="ABC classes, forecasts and reorder proposals",
    description="From what was packed in the last 104 weeks. The forecast is of one week; its error is the mean "
    "absolute difference that the same method had over the last weeks, one week ahead at a time.",
    responses=answers(422),
)
async def get_plan(office: TheOffice, show: Show = "", after: After = "", limit: Limit = USUAL) -> Plan:
    found = reading.narrowed(await reading.plan(office.store, office.now()), show)
    return Plan(*part(found.items, urgency, tuple[bool, str, int, str], after, limit))


@get("/plan/csv", operation_id="getPlanSheet", summary="The same as CSV", responses=SHEET | answers(422))
async def get_plan_sheet(office: TheOffice, show: Show = "") -> Response[bytes]:
    found = reading.narrowed(await reading.plan(office.store, office.now()), show)
    return sheet("plan", COLUMNS, (each.row for each in found.items))


router = Router("/api", route_handlers=[get_plan, get_plan_sheet], opt={"area": "stock"}, tags=["stock"])
