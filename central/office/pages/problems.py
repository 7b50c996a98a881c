"""Problems: what waits for a person."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from central.desk.aside import set_aside
from central.office.happenings import KINDS
from central.office.office import TheOffice
from central.office.render import ThePages
from central.tracking import reading
from central.tracking.routes import Number, acknowledge

_LOOK_BACK_MS: Final = 7 * 24 * 3_600_000


@get("/problems", include_in_schema=False)
async def show_problems(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    everything: Annotated[bool, QueryParameter(name="all")] = False,
    after: Annotated[str, QueryParameter(max_length=100)] = "",
) -> Response[str]:
    return pages.page(
        request,
        "problems.html",
        page=await reading.problems(office.store, everything, after),
        everything=everything,
        kinds=KINDS,
        unread=await set_aside(office.store, office.now() - _LOOK_BACK_MS),
        waiting=await reading.waiting(office.store),
    )


@post("/problems/{problem:int}/acknowledge", include_in_schema=False)
async def deal_with(office: TheOffice, request: Request[Any, Any, Any], problem: Number) -> Redirect:
    await acknowledge(office, request, problem)
    return Redirect("/problems", status_code=303)


PAGES = (show_problems, deal_with)
