"""Many problems dealt with at once, each with a result of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from litestar import Request

from central.desk.refused import not_found
from central.office.office import Office
from central.tracking import reading
from central.tracking.answers import ProblemResult
from central.tracking.closing import acknowledge


async def acknowledge_each(
    office: Office, request: Request[Any, Any, Any], problems: Iterable[int]
) -> tuple[ProblemResult, ...]:
    """Close each in the visitor's name; one that is not there or that somebody closed before stops no other."""
    return tuple([await _one(office, request, number) for number in dict.fromkeys(problems)])


async def _one(office: Office, request: Request[Any, Any, Any], number: int) -> ProblemResult:
    problem = await reading.problem(office.store, number)
    if problem is None:
        return ProblemResult(number, False, not_found("problem", str(number)).text)
    if problem.closed_at is not None:
        return ProblemResult(number, False, f"{problem.closed_by} dealt with it already.")
    await acknowledge(office, request, number)
    return ProblemResult(number, True)
