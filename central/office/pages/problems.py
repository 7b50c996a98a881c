"""Problems: what waits for a person."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from central.desk.aside import set_aside
from central.office.happenings import KINDS
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.paging import PAST_ALL
from central.office.render import Pages, ThePages, language_of
from central.office.retelling import retold
from central.office.telling import names
from central.tracking import reading
from central.tracking.answers import ProblemResult
from central.tracking.closing import acknowledge
from central.tracking.many import acknowledge_each
from central.tracking.routes import Number

_LOOK_BACK_MS: Final = 7 * 24 * 3_600_000
_MOST: Final = 500
Query = Annotated[str, QueryParameter(max_length=100)]


@get("/problems", include_in_schema=False)
async def show_problems(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    everything: Annotated[Literal["", "yes"], QueryParameter(name="all")] = "",
    q: Query = "",
    kind: Query = "",
) -> Response[str]:
    return await _list(office, pages, request, everything == "yes", q, kind)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    everything: bool = False,
    q: str = "",
    kind: str = "",
    results: tuple[ProblemResult, ...] = (),
    error: str = "",
) -> Response[str]:
    asked = {"all": "yes" if everything else "", "q": q, "kind": kind}
    exported = asked | {"all": "true"} if everything else asked
    shown = listing(request.query_params, "tracking.open_problems", asked, exported)
    page = await reading.problems(
        office.store, everything, shown.after, shown.limit, kind=kind, about=q, sort=shown.sort
    )
    return pages.page(
        request,
        "problems.html",
        code=422 if error else 200,
        page=page,
        names=await names(office.store, (problem.badge for problem in page.items)),
        listing=shown,
        everything=everything,
        q=q,
        kind=kind,
        kinds=KINDS,
        queues=await reading.queues(office.store),
        results=results,
        error=error,
        unread=await set_aside(office.store, office.now() - _LOOK_BACK_MS),
        waiting=await reading.waiting(office.store),
    )


@post("/problems/acknowledge", include_in_schema=False, status_code=200)
async def deal_with_many(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    """The list again, with a result for each problem that was selected."""
    chosen = [
        int(value)
        for value in (await request.form()).getall("problem", [])[:_MOST]
        if isinstance(value, str) and value.isascii() and value.isdecimal() and int(value) <= PAST_ALL
    ]
    error = "" if chosen else retold("Select at least one problem.", language_of(request))
    results = (await acknowledge_each(office, request, chosen)).items
    return await _list(office, pages, request, results=results, error=error)


@post("/problems/{problem:int}/acknowledge", include_in_schema=False)
async def deal_with(office: TheOffice, request: Request[Any, Any, Any], problem: Number) -> Redirect:
    await acknowledge(office, request, problem)
    return Redirect("/problems", status_code=303)


PAGES = (show_problems, deal_with_many, deal_with)
