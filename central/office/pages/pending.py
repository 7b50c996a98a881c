"""Shelves against open orders."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get
from litestar.params import QueryParameter

from central.office.office import TheOffice
from central.office.render import ThePages
from central.stock.pending import pending_view
from central.tracking import reading as tracking


@get("/pending", include_in_schema=False)
async def show_pending(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    show: Annotated[str, QueryParameter(max_length=10)] = "missing",
) -> Response[str]:
    return pages.page(
        request,
        "pending.html",
        view=await pending_view(office.store, show),
        show=show,
        waiting=await tracking.waiting(office.store),
    )


PAGES = (show_pending,)
