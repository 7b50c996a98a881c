"""REST: problems that wait for a person."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import Meta, Struct

from central.desk.books import Keys
from central.desk.refused import not_found
from central.office.commands import IDEMPOTENCY, answered
from central.office.office import TheOffice
from central.office.paging import PAST_ALL, USUAL, After, Limit, sorts
from central.office.refusals import answers
from central.store.store import Reads
from central.tracking import reading
from central.tracking.answers import ProblemAnswer, ProblemPage, ProblemResults
from central.tracking.closing import close
from central.tracking.many import acknowledge_each

Number = Annotated[int, PathParameter(ge=0, le=PAST_ALL)]


class ProblemsBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Which problems."""

    problems: Annotated[tuple[Annotated[int, Meta(ge=0, le=PAST_ALL)], ...], Meta(min_length=1, max_length=500)]


@get("/", operation_id="listProblems", summary="What waits for a person, newest first", responses=answers(422))
async def list_problems(
    office: TheOffice,
    everything: Annotated[bool, QueryParameter(name="all", description="Those that were dealt with, too.")] = False,
    kind: Annotated[
        str, QueryParameter(max_length=40, description="Such as `void_label`: a parcel's label must be voided.")
    ] = "",
    q: Annotated[str, QueryParameter(max_length=100, description="An order, a parcel or a product.")] = "",
    sort: Annotated[str, sorts("tracking.open_problems")] = "",
    after: After = "",
    limit: Limit = USUAL,
) -> ProblemPage:
    return await reading.problems(office.store, everything, after, limit, kind=kind, about=q, sort=sort)


@post(
    "/{problem:int}/acknowledge",
    operation_id="acknowledgeProblem",
    summary="Somebody dealt with it",
    description="The first to do so counts; again changes nothing.",
    responses=answers(404),
)
async def acknowledge_problem(office: TheOffice, request: Request[Any, Any, Any], problem: Number) -> ProblemAnswer:
    return await answered(office, request, Keys(), partial(close, problem), partial(_closed, problem), ProblemAnswer)


@post(
    "/acknowledge",
    operation_id="acknowledgeProblems",
    summary="Somebody dealt with many",
    description="Each has its own result; one that is not there, or that somebody dealt with before, stops no other.",
    status_code=200,
    responses=answers(413),
)
async def acknowledge_problems(
    office: TheOffice, request: Request[Any, Any, Any], data: JSONBody[ProblemsBody]
) -> ProblemResults:
    return await acknowledge_each(office, request, data.problems)


async def _closed(problem: int, reads: Reads, done: None) -> ProblemAnswer:
    found = await reading.problem(reads, problem)
    if found is None:
        raise not_found("problem", str(problem))
    return found


router = Router(
    "/api/problems",
    route_handlers=[list_problems, acknowledge_problem, acknowledge_problems],
    opt={"area": "problems"},
    parameters=IDEMPOTENCY,
    tags=["problems"],
)
