"""REST: problems that wait for a person."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from litestar import Request, Router, get, post
from litestar.params import PathParameter, QueryParameter

from central.desk.books import Books, Keys
from central.desk.refused import not_found
from central.office.commands import IDEMPOTENCY, answered, command
from central.office.office import Office, TheOffice
from central.office.paging import PAST_ALL, USUAL, After, Limit
from central.office.refusals import answers
from central.orders.rules import By
from central.store.store import Reads
from central.tracking import reading
from central.tracking.answers import ProblemAnswer, ProblemPage

Number = Annotated[int, PathParameter(ge=0, le=PAST_ALL)]


@get("/", operation_id="listProblems", summary="What waits for a person, newest first", responses=answers(422))
async def list_problems(
    office: TheOffice,
    everything: Annotated[bool, QueryParameter(name="all", description="Those that were dealt with, too.")] = False,
    after: After = "",
    limit: Limit = USUAL,
) -> ProblemPage:
    return await reading.problems(office.store, everything, after, limit)


@post(
    "/{problem:int}/acknowledge",
    operation_id="acknowledgeProblem",
    summary="Somebody dealt with it",
    description="The first to do so counts; again changes nothing.",
    responses=answers(404),
)
async def acknowledge_problem(office: TheOffice, request: Request[Any, Any, Any], problem: Number) -> ProblemAnswer:
    return await answered(office, request, Keys(), partial(_close, problem), partial(_closed, problem), ProblemAnswer)


async def acknowledge(office: Office, request: Request[Any, Any, Any], problem: int) -> None:
    """Close a problem in the visitor's name."""
    await command(office, request, Keys(), partial(_close, problem))


def _close(problem: int, books: Books, by: By) -> None:
    books.closed_problems.append((problem, by.at, by.name))


async def _closed(problem: int, reads: Reads, done: None) -> ProblemAnswer:
    found = await reading.problem(reads, problem)
    if found is None:
        raise not_found("problem", str(problem))
    return found


router = Router(
    "/api/problems",
    route_handlers=[list_problems, acknowledge_problem],
    opt={"area": "problems"},
    parameters=IDEMPOTENCY,
    tags=["problems"],
)
