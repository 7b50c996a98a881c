"""The plan: what sells, what will, and what to order."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, Response, get
from litestar.params import QueryParameter

from central.office.listing import listing
from central.office.office import TheOffice
from central.office.render import ThePages
from central.planning import reading
from central.planning.abc import A_UNTIL, B_UNTIL
from central.planning.pictures import cover, shares, turnover
from central.tracking import reading as tracking

_A: Final = round(100 * A_UNTIL)
_B: Final = round(100 * B_UNTIL)
"""Where the classes end, in percent of the turnover."""


@get("/plan", include_in_schema=False)
async def show_plan(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Annotated[str, QueryParameter(max_length=100)] = "",
    show: Annotated[str, QueryParameter(max_length=10)] = "",
) -> Response[str]:
    everything = await reading.plan(office.store, office.now())
    shown = listing(request.query_params, tuple(reading.SORTED), {"q": q, "show": show})
    steps = turnover(everything.items)
    lasts = cover(everything.items)
    return pages.page(
        request,
        "plan.html",
        plan=reading.narrowed(everything, q, show, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        cover=lasts,
        cover_points=[list(range(len(lasts))), [band.products for band in lasts]],
        shares=shares(everything.items),
        turnover_points=[
            [step.products for step in steps],
            [step.percent for step in steps],
            [_A for _ in steps],
            [_B for _ in steps],
        ],
        limits=(_A, _B),
        show=show,
        waiting=await tracking.waiting(office.store),
    )


PAGES = (show_plan,)
