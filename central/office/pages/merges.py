"""Orders that could go in one parcel: a person accepts or leaves each proposal."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import QueryParameter
from litestar.response import Redirect

from central.desk.books import Keys
from central.office.commands import command
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.orders.merging import merge
from central.orders.proposing import SORTED, proposals
from central.tracking import reading as tracking
from contract.keys import OrderId


@get("/orders/merges", include_in_schema=False)
async def show_merges(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Annotated[str, QueryParameter(max_length=100)] = "",
) -> Response[str]:
    return await _list(office, pages, request, q)


async def _list(
    office: Office, pages: Pages, request: Request[Any, Any, Any], q: str = "", errors: Beside | None = None
) -> Response[str]:
    shown = listing(request.query_params, tuple(SORTED), {"q": q})
    return pages.page(
        request,
        "merges.html",
        page=await proposals(office.store, q, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/orders/merges", include_in_schema=False, status_code=200)
async def accept(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[Any]:
    orders = [OrderId(order) for order in (await typed(request)).get("orders", "").splitlines() if order]
    try:
        await command(office, request, Keys(orders=frozenset(orders)), lambda books, by: merge(books, orders, by))
    except REFUSALS as error:
        return await _list(office, pages, request, errors=errors_of(error, language_of(request), "merges"))
    return Redirect("/orders/merges", status_code=303)


PAGES = (show_merges, accept)
