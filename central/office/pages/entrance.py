"""The way in and out, the language, and what changed while a page is open."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, ServerSentEvent, ServerSentEventMessage

from central.desk.refused import not_found
from central.office.access import Door, same_origin, token_behind
from central.office.forms import typed
from central.office.office import Office, TheOffice
from central.office.render import LANGUAGE_COOKIE, ThePages, language_of
from central.office.words import said

_LOOK_EVERY_S: Final = 1.0
_VERSIONS: Final = {"order": "orders.version", "parcel": "shipping.version"}
Next = Annotated[str, QueryParameter(max_length=200)]


def _inside(path: str) -> str:
    """`path` when it is one of this server's, else the first page: nobody is led away from here."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/orders"


@get("/", include_in_schema=False)
async def first_page() -> Redirect:
    return Redirect("/orders")


@get("/sign-in", include_in_schema=False)
async def show_sign_in(pages: ThePages, request: Request[Any, Any, Any], next: Next = "/orders") -> Response[str]:
    return pages.page(request, "sign_in.html", next=_inside(next), error="")


@post("/sign-in", include_in_schema=False, status_code=200)
async def sign_in(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], next: Next = "/orders"
) -> Response[Any]:
    if not same_origin(request):
        raise PermissionDeniedException("This sign-in was asked for by a page of another site.")
    token = token_behind((await typed(request)).get("token", "").strip(), office.http.tokens)
    if token is None:
        error = said("This server does not know that token.", language_of(request))
        return pages.page(request, "sign_in.html", code=403, next=_inside(next), error=error)
    door: Door = request.app.state.door
    return Redirect(_inside(next), status_code=303, cookies=[door.cookie(token, office.now())])


@post("/sign-out", include_in_schema=False)
async def sign_out(request: Request[Any, Any, Any]) -> Redirect:
    if not same_origin(request):
        raise PermissionDeniedException("This sign-out was asked for by a page of another site.")
    door: Door = request.app.state.door
    return Redirect("/sign-in", status_code=303, cookies=[door.farewell()])


@get("/language/{language:str}", include_in_schema=False)
async def choose_language(language: FromPath[str], next: Next = "/orders") -> Redirect:
    value = "fr" if language == "fr" else "en"
    year = 365 * 24 * 3600
    chosen = Cookie(LANGUAGE_COOKIE, value=value, max_age=year, samesite="lax", httponly=True, path="/")
    return Redirect(_inside(next), status_code=303, cookies=[chosen])


@get("/live", include_in_schema=False)
async def live(
    office: TheOffice,
    subject: Annotated[str, QueryParameter(max_length=100)],
    version: Annotated[int, QueryParameter(ge=0)] = 0,
) -> ServerSentEvent:
    """Tells a page of an order or a parcel that it is no longer the newest."""
    kind, _, name = subject.partition("/")
    if kind not in _VERSIONS:
        raise not_found("live page", subject)
    return ServerSentEvent(newer(office, _VERSIONS[kind], name, version))


async def newer(office: Office, query: str, name: str, version: int) -> AsyncIterator[ServerSentEventMessage]:
    """One `changed` for each new version of a row; the database is asked, so any central's work is seen."""
    yield ServerSentEventMessage(comment="open")
    while True:
        rows = await office.store.read(query, (name,))
        found: int = rows[0]["version"] if rows else version
        if found != version:
            version = found
            yield ServerSentEventMessage(data=str(version), event="changed")
        await asyncio.sleep(_LOOK_EVERY_S)


PUBLIC = (first_page, show_sign_in, sign_in, sign_out, choose_language)
PAGES = (live,)
