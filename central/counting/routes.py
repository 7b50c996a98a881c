"""REST: counts of the stock."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from litestar import Request, Response, Router, get, post, put
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from central.counting import commands, reading
from central.counting.answers import CountAnswer, CountPage
from central.counting.model import Found, Plan
from central.office.commands import IDEMPOTENCY
from central.office.downloads import SHEET, sheet
from central.office.office import TheOffice
from central.office.paging import USUAL, After, Limit, choice, sorts
from central.office.refusals import answers
from central.supply.body import Bin, Day, LotName, Name
from contract.keys import Sku

Count = Annotated[str, PathParameter(max_length=64, description="The count's own name.")]
Skus = Annotated[tuple[Name, ...], Meta(max_length=5000)]
COLUMNS: Final = ("bin", "sku", "name", "lot", "counted", "expected", "difference", "counted_by")


class PlanBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be counted: these products, all that lies in these bins, these products in these bins, or what is due
    of these ABC classes (A every 30 days, B every 90, C every 365).
    """

    what: Annotated[str, Meta(max_length=120, description="In people's words.")] = ""
    skus: Skus = ()
    classes: Annotated[tuple[Literal["A", "B", "C"], ...], Meta(max_length=3)] = ()
    bins: Annotated[tuple[Name, ...], Meta(max_length=1000)] = ()
    warehouse: Annotated[str, Meta(max_length=20, description="Empty: the first.")] = ""
    blind: bool = True
    """Who counts is not told what the books have."""

    def plan(self, count: str) -> Plan:
        skus = tuple(Sku(sku) for sku in self.skus)
        what = self.what or ", ".join((*self.classes, *self.bins, *skus))[:120]
        return Plan(count, what, skus, self.warehouse, self.classes, self.bins, self.blind)


class FoundBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Pieces of one product and lot in one bin."""

    sku: Name
    quantity: Annotated[int, Meta(ge=0, le=10_000_000, description="pieces")]
    bin: Bin = ""
    lot: LotName = ""
    expiry: Day = ""


class FoundsBody(Struct, frozen=True, forbid_unknown_fields=True):
    """What was found: all of it is taken down, or nothing."""

    found: Annotated[tuple[FoundBody, ...], Meta(min_length=1, max_length=1000)]


class AgainBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Products that are to be counted once more."""

    skus: Annotated[tuple[Name, ...], Meta(min_length=1, max_length=1000)]


@get("/counts", operation_id="listCounts", summary="Counts of the stock, newest first", responses=answers(422))
async def list_counts(
    office: TheOffice,
    q: Annotated[str, QueryParameter(max_length=100, description="In its name or in what is counted.")] = "",
    status: Annotated[str, choice(reading.FOUND, "`undecided`: nobody has approved or rejected it.")] = "",
    sort: Annotated[str, sorts("counting.search")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> CountPage:
    return await reading.search(office.store, q, status, after, limit, sort)


@get("/counts/{count:str}", operation_id="getCount", summary="One count with its lines", responses=answers(404))
async def get_count(office: TheOffice, count: Count) -> CountAnswer:
    return await reading.one(office.store, count)


@get(
    "/counts/{count:str}/csv", operation_id="getCountSheet", summary="One count as CSV", responses=SHEET | answers(404)
)
async def get_count_sheet(office: TheOffice, count: Count) -> Response[bytes]:
    found = await reading.one(office.store, count)
    rows = (
        (each.bin, each.sku, each.name, each.lot, each.counted, each.expected, each.difference, each.counted_by)
        for each in found.lines
    )
    return sheet(f"count-{count}", COLUMNS, rows)


@put("/counts/{count:str}", operation_id="planCount", summary="Plan a count", responses=answers(404, 422))
async def plan(
    office: TheOffice, request: Request[Any, Any, Any], count: Count, data: JSONBody[PlanBody]
) -> CountAnswer:
    return await commands.plan(office, request, data.plan(count))


@post(
    "/counts/{count:str}/found",
    operation_id="recordCount",
    summary="Take down what was found",
    responses=answers(404, 409, 422),
)
async def record(
    office: TheOffice, request: Request[Any, Any, Any], count: Count, data: JSONBody[FoundsBody]
) -> CountAnswer:
    found = [Found(Sku(each.sku), each.quantity, each.bin, each.lot, each.expiry) for each in data.found]
    return await commands.record(office, request, count, found)


@post(
    "/counts/{count:str}/approved",
    operation_id="approveCount",
    summary="Make the stock what was found",
    description="Differences are of the moment of counting: what moved since stays moved. Promises for which nothing "
    "is left are taken back, the newest orders first. Lines that are far off and that nobody else has counted again "
    "(`unsure`) ask for a reason.",
    responses=answers(404, 409),
)
async def approve(
    office: TheOffice,
    request: Request[Any, Any, Any],
    count: Count,
    reason: Annotated[str, QueryParameter(max_length=100, description="Why no second count is needed.")] = "",
) -> CountAnswer:
    return await commands.approve(office, request, count, reason.strip())


@post(
    "/counts/{count:str}/rejected",
    operation_id="rejectCount",
    summary="Leave the stock as it is",
    responses=answers(404, 409),
)
async def reject(office: TheOffice, request: Request[Any, Any, Any], count: Count) -> CountAnswer:
    return await commands.decide(office, request, count, commands.decision("rejected", count))


@post(
    "/counts/{count:str}/again",
    operation_id="countAgain",
    summary="Have products counted once more",
    responses=answers(404, 409, 422),
)
async def again(
    office: TheOffice, request: Request[Any, Any, Any], count: Count, data: JSONBody[AgainBody]
) -> CountAnswer:
    skus = [Sku(sku) for sku in data.skus]
    return await commands.decide(office, request, count, commands.decision("again", count, skus))


router = Router(
    "/api",
    route_handlers=[list_counts, get_count, get_count_sheet, plan, record, approve, reject, again],
    opt={"area": "counts"},
    parameters=IDEMPOTENCY,
    tags=["stock"],
)
