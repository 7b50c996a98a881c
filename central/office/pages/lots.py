"""Lots by expiry, and the recall of one: whence it came, where it lies, who has it."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.office.listing import listing
from central.office.office import TheOffice
from central.office.render import ThePages
from central.office.shown import moment
from central.stock import recall
from central.tracking import reading as tracking

Query = Annotated[str, QueryParameter(max_length=100)]
Days = Annotated[int, QueryParameter(ge=0, le=3650)]


@get("/lots", include_in_schema=False)
async def show_lots(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    show: Query = "",
    days: Days = 30,
) -> Response[str]:
    today = moment(office.now(), pages.zone).date()
    until = (today + timedelta(days=days)).isoformat() if show == "expiring" else ""
    asked, exported = {"q": q, "show": show, "days": str(days)}, {"q": q, "show": show, "until": until}
    shown = listing(request.query_params, "stock.lots", asked, exported)
    return pages.page(
        request,
        "lots.html",
        page=await recall.lots(office.store, q, show, until, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        show=show,
        days=days,
        today=today.isoformat(),
        waiting=await tracking.waiting(office.store),
    )


@get("/lots/{lot:str}", include_in_schema=False)
async def show_recall(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], lot: FromPath[str], sku: Query = ""
) -> Response[str]:
    return pages.page(
        request,
        "recall.html",
        name=lot,
        found=await recall.of_lot(office.store, lot, sku),
        sheet="/api/lots/" + urlencode({"": lot})[1:] + "/recall/csv" + (f"?{urlencode({'sku': sku})}" if sku else ""),
        waiting=await tracking.waiting(office.store),
    )


@get("/serials", include_in_schema=False)
async def find_serial(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], number: Query = ""
) -> Response[Any]:
    if not number.strip():
        return Redirect("/lots", status_code=303)
    return pages.page(
        request,
        "recall.html",
        name=number.strip(),
        found=await recall.of_serial(office.store, number.strip()),
        sheet="",
        waiting=await tracking.waiting(office.store),
    )


PAGES = (show_lots,)
RECALLS = (show_recall, find_serial)
