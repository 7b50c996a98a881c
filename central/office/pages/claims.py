"""Certificates of stations: claims to approve with the code, and what was given."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.claims import reading
from central.office.access import visitor_of
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.tracking import reading as tracking


@get("/claims", include_in_schema=False)
async def show_claims(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Annotated[str, QueryParameter(max_length=64)] = "",
    certificate_state: Annotated[str, QueryParameter(name="state", max_length=30)] = "",
) -> Response[str]:
    return await _show(office, pages, request, q=q, state=certificate_state)


async def _show(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    claim: str = "",
    errors: Beside | None = None,
    *,
    q: str = "",
    state: str = "",
) -> Response[str]:
    at = office.now()
    shown = listing(request.query_params, "claims.certificates", {"q": q, "state": state})
    claims = await reading.waiting(office.store, at)
    return pages.page(
        request,
        "claims.html",
        has_authority=office.has_authority,
        claims=claims,
        certified=await reading.certified(office.store, at, [each.station for each in claims]),
        page=await reading.certificates(office.store, at, q, state, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        state=state,
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
