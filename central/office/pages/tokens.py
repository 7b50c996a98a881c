"""Tokens: programs that may come in."""

from __future__ import annotations

from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect

from central.office.access import visitor_of
from central.office.forms import REFUSALS, Beside, errors_of, typed
from central.office.listing import listing
from central.office.office import Office, TheOffice
from central.office.render import Pages, ThePages, language_of
from central.people import reading
from central.people.commands import create_token, revoke_token
from central.people.scopes import AREAS
from central.people.tokens import token_of
from central.tracking import reading as tracking

_SPANS: Final = ("30", "90", "365", "")
Query = Annotated[str, QueryParameter(max_length=200)]


@get("/tokens", include_in_schema=False)
async def show_tokens(
    office: TheOffice,
    pages: ThePages,
    request: Request[Any, Any, Any],
    q: Query = "",
    token_state: Annotated[str, QueryParameter(name="state", max_length=30)] = "",
) -> Response[str]:
    return await _list(office, pages, request, q, token_state)


async def _list(
    office: Office,
    pages: Pages,
    request: Request[Any, Any, Any],
    q: str = "",
    state: str = "",
    values: dict[str, str] | None = None,
    chosen: tuple[str, ...] = (),
    errors: Beside | None = None,
    secret: str = "",
) -> Response[str]:
    shown = listing(request.query_params, "people.tokens", {"q": q, "state": state})
    return pages.page(
        request,
        "tokens.html",
        page=await reading.tokens(office.store, office.now(), q, state, shown.after, shown.limit, shown.sort),
        listing=shown,
        q=q,
        state=state,
        at=office.now(),
        areas=AREAS,
        spans=_SPANS,
        values=values or {"days": "90"},
        chosen=chosen,
        errors=errors,
        secret=secret,
        waiting=await tracking.waiting(office.store),
    )


@post("/tokens", include_in_schema=False, status_code=200)
async def add_token(office: TheOffice, pages: ThePages, request: Request[Any, Any, Any]) -> Response[str]:
    form, visitor = await typed(request), visitor_of(request)
    chosen = tuple(str(scope) for scope in (await request.form()).getall("scopes", []))
    try:
        new = token_of(form, chosen)
        secret = await create_token(office.store, new, visitor.scopes, visitor.by, office.now())
    except REFUSALS as error:
        errors = errors_of(error, language_of(request), "token", {"name": "name", "scopes": "scopes"})
        return await _list(office, pages, request, values=form, chosen=chosen, errors=errors)
    # Shown in the answer itself: it is kept nowhere that a second page could read it from.
    return await _list(office, pages, request, secret=secret)


@post("/tokens/{name:str}/revoke", include_in_schema=False)
async def revoke(office: TheOffice, name: FromPath[str]) -> Redirect:
    await revoke_token(office.store, name, office.now())
    return Redirect("/tokens", status_code=303)


PAGES = (show_tokens, add_token, revoke)
