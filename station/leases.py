"""Finds the job behind a scanned code among those that the station holds. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from contract.keys import BadKey, Gtin
from contract.messages import NEXT_WORK
from contract.values import Job


def job_behind(code: str, jobs: Iterable[Job]) -> Job | None:
    """The job that the code names: by its number, order, tote or pick list, else by its only product.

    A product names a job only when it is all that the job wants, one piece of it; the first is taken when several
    would do. Who wants the next work gets what the station holds already.
    """
    held = list(jobs)
    if code == NEXT_WORK:
        return next(iter(held), None)
    name = code.strip().casefold()
    for job in held:
        if name in {text.casefold() for text in (job.job, *job.orders, *job.codes)}:
            return job
    goods = _product(code)
    return next((job for job in held if _wants_only(job, goods)), None)


def _wants_only(job: Job, goods: str) -> bool:
    if len(job.lines) != 1 or job.lines[0].quantity != 1 or job.in_hand:
        return False
    return any(goods == item.code.casefold() and item.quantity == 1 for item in job.lines[0].codes)


def _product(code: str) -> str:
    """The code as a job's line writes it: a GTIN in 14 digits, other text without regard to case."""
    try:
        return str(Gtin(code.strip()))
    except BadKey:
        return code.strip().casefold()
