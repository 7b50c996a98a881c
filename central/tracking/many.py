"""Many problems dealt with at once, each with a result of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request

from central.desk.books import Books, Keys
from central.desk.refused import not_found
from central.office.commands import answered
from central.office.office import Office
from central.orders.rules import By
from central.store.store import Reads
from central.tracking import reading
from central.tracking.answers import ProblemResult, ProblemResults
from central.tracking.closing import close


async def acknowledge_each(office: Office, request: Request[Any, Any, Any], problems: Iterable[int]) -> ProblemResults:
    """Close each in the visitor's name; one that is not there or that somebody closed before stops no other."""
    numbers = tuple(dict.fromkeys(problems))

    def decide(books: Books, by: By) -> By:
        for number in numbers:
            close(number, books, by)
        return by

    async def read(reads: Reads, by: By) -> ProblemResults:
        return ProblemResults(tuple([await _result(reads, number, by) for number in numbers]))

    return await answered(office, request, Keys(), decide, read, ProblemResults)


async def _result(reads: Reads, number: int, by: By) -> ProblemResult:
    problem = await reading.problem(reads, number)
    if problem is None:
        return ProblemResult(number, False, not_found("problem", str(number)).text)
    if (problem.closed_at, problem.closed_by) != (by.at, by.name):
        return ProblemResult(number, False, f"{problem.closed_by} dealt with it already.")
    return ProblemResult(number, True)
