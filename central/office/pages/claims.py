"""Certificates of stations: claims to approve with the code, and what was given."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from central.claims import reading
from central.office.access import visitor_of
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.tracking import reading as tracking


@get("/claims", include_in_schema=False)
async def show_claims(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    return await _show(office, pages, request)


async def _show(
    office: Office, pages: Pages, request: Request[Any, Any, Any], claim: str = "", errors: Beside | None = None
) -> Response[str]:
    return pages.page(
        request,
        "claims.html",
        page=await reading.everything(office.store, office.has_authority, office.now()),
        claim=claim,
        errors=errors,
        waiting=await tracking.waiting(office.store),
    )


@post("/claims/{claim:str}/approve", include_in_schema=False, status_code=200)
async def approve(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], claim: FromPath[str]
) -> Response[Any]:
    form = await typed(request)
    try:
        await office.claims.approve(claim, form.get("code", ""), visitor_of(request).by)
    except REFUSALS as error:
        # The code is not shown again: it is typed anew, from the station's screen.
        errors = errors_of(error, language_of(request), "page", {"code": "code"})
        return await _show(office, pages, request, claim, errors)
    return Redirect("/claims", status_code=303)


@post("/claims/{claim:str}/refuse", include_in_schema=False, status_code=200)
async def refuse(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], claim: FromPath[str]
) -> Response[Any]:
    try:
        await office.claims.refuse(claim)
    except REFUSALS as error:
        return await _show(office, pages, request, claim, errors_of(error, language_of(request), "page"))
    return Redirect("/claims", status_code=303)


@post("/certificates/{station:str}/revoke", include_in_schema=False, status_code=200)
async def revoke(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], station: FromPath[str]
) -> Response[Any]:
    try:
        await office.claims.revoke(station, visitor_of(request).by)
    except REFUSALS as error:
        return await _show(office, pages, request, errors=errors_of(error, language_of(request), "page"))
    return Redirect("/claims", status_code=303)


PAGES = (show_claims, approve, refuse, revoke)
