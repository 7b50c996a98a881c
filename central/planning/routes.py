"""REST: the plan."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from litestar import Router, get
from litestar.params import QueryParameter

from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit, choice, in_order, words_of
from central.office.refusals import answers
from central.planning import reading
from central.planning.reading import Plan

Show: TypeAlias = Annotated[str, choice(reading.SHOWN, "What must be ordered now, or one class; empty: all products.")]


@get(
    "/plan",
    operation_id="getPlan",
    summary="ABC classes, forecasts and reorder proposals",
    description="From what was packed in the last 104 weeks. The forecast is of one week; its error is the mean "
    "absolute difference that the same method had over the last weeks, one week ahead at a time.",
    responses=answers(422),
)
async def get_plan(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="In SKU or name.")] = "",
    show: Show = "",
    sort: Annotated[str, in_order(words_of(reading.SORTED))] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> Plan:
    return reading.narrowed(await reading.plan(office.store, office.now()), q, show, after, limit, sort)


router = Router("/api", route_handlers=[get_plan], opt={"area": "stock"}, tags=["stock"])
