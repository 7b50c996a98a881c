"""Shelves against open orders."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import QueryParameter

from central.office.listing import listing
from central.office.office import TheOffice
from central.office.render import ThePages
from central.stock.pending import pending_view
from central.tracking import reading as tracking


@get("/pending", include_in_schema=False)
async def show_pending(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Annotated[str, QueryParameter(max_length=100)] = "",
    show: Annotated[str, QueryParameter(max_length=10)] = "missing",
) -> Response[str]:
    shown = listing(request.query_params, "stock.pending", {"q": q, "show": show}, always="show")
    return pages.page(
        request,
        "pending.html",
        view=await pending_view(office.store, q, show, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        show=show,
        waiting=await tracking.waiting(office.store),
    )


PAGES = (show_pending,)
