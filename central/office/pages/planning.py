"""The plan: what sells, what will, and what to order."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import QueryParameter

from central.office.office import TheOffice
from central.office.render import ThePages
from central.planning import reading
from central.tracking import reading as tracking


@get("/plan", include_in_schema=False)
async def show_plan(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    show: Annotated[str, QueryParameter(max_length=10)] = "",
) -> Response[str]:
    return pages.page(
        request,
        "plan.html",
        plan=await reading.plan(office.store, office.now(), show),
        show=show,
        waiting=await tracking.waiting(office.store),
    )


PAGES = (show_plan,)
