"""The way in and out, the language, and what changed while a page is open."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Annotated, Any, Final

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie
from litestar.exceptions import PermissionDeniedException
from litestar.params import FromPath, QueryParameter
from litestar.response import Redirect, ServerSentEvent, ServerSentEventMessage

from central.desk.books import Keys
from central.desk.refused import Refused, not_found
from central.office.access import Door, visitor_of
from central.office.forms import typed
from central.office.office import Office, TheOffice
from central.office.render import LANGUAGE_COOKIE, Pages, ThePages, language_of
from central.office.retelling import retold
from central.office.streams import stream
from central.office.watch import LOOK_AGAIN_S
from central.office.words import said
from central.people.entering import enter
from central.people.scopes import OWN, PUBLIC
from central.people.sessions import end
from contract.values import Language

_FIRST: Final = {"/start": "orders:read", "/stock": "stock:read", "/picking": "picking:read", "/account": "own:read"}
_VERSIONS: Final = {"order": "orders.version", "parcel": "shipping.version"}
Next = Annotated[str, QueryParameter(max_length=200)]


def _inside(path: str) -> str:
    """`path` when it is one of this server's, else the first page: nobody is led away from here."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


@get("/", include_in_schema=False, opt={"area": PUBLIC})
async def first_page(request: Request[Any, Any, Any]) -> Redirect:
    """The first page that the visitor may read; a stranger is led on from there."""
    door: Door = request.app.state.door
    visitor = await door.visitor(request)
    may = visitor.scopes if visitor else {"orders:read"}
    return Redirect(next((path for path, scope in _FIRST.items() if scope in may), "/sign-in"))


@get("/sign-in", include_in_schema=False)
async def show_sign_in(pages: ThePages, request: Request[Any, Any, Any], next: Next = "/") -> Response[str]:
    return pages.page(request, "sign_in.html", next=_inside(next), account="", error="")


@post("/sign-in", include_in_schema=False, status_code=200)
async def sign_in(
    office: TheOffice, pages: ThePages, request: Request[Any, Any, Any], next: Next = "/"
) -> Response[Any]:
    door: Door = request.app.state.door
    if door.is_foreign(request):
        raise PermissionDeniedException("This sign-in was asked for by a page of another site.")
    form = await typed(request)
    account = form.get("account", "").strip().lower()[:60]
    address = request.client.host if request.client else ""
    browser = request.headers.get("user-agent", "")
    try:
        entered = await enter(
            office.store, pages.passwords, account, form.get("password", "")[:1000], address, browser, office.now()
        )
    except Refused as error:
        answer = _again(pages, request, 429, next, account, retold(error.text, language_of(request)))
        answer.headers["Retry-After"] = error.value
        return answer
    if entered is None:
        words = said(
            "Name and password do not fit. Ask an admin for a new password if you forgot yours.", language_of(request)
        )
        return _again(pages, request, 403, next, account, words)
    where = "/account" if entered.must_change else _inside(next)
    return Redirect(
        where, status_code=303, cookies=[door.cookie(entered.secret), language_cookie(office, entered.language)]
    )


def _again(
    pages: Pages, request: Request[Any, Any, Any], code: int, next: str, account: str, error: str
) -> Response[str]:
    return pages.page(request, "sign_in.html", code=code, next=_inside(next), account=account, error=error)


@post("/sign-out", include_in_schema=False, opt={"area": OWN})
async def sign_out(office: TheOffice, request: Request[Any, Any, Any]) -> Redirect:
    session, at = visitor_of(request).session, office.now()
    await office.store.transact(Keys(sessions=frozenset({session})), lambda books: end(books, session, at))
    door: Door = request.app.state.door
    return Redirect("/sign-in", status_code=303, cookies=[door.farewell()])


def language_cookie(office: Office, language: Language) -> Cookie:
    """What the browser is answered in from now on."""
    year = 365 * 24 * 3600
    return Cookie(
        LANGUAGE_COOKIE,
        value=language,
        max_age=year,
        samesite="lax",
        httponly=True,
        secure=office.http.is_secure,
        path="/",
    )


@get("/language/{language:str}", include_in_schema=False)
async def choose_language(office: TheOffice, language: FromPath[str], next: Next = "/") -> Redirect:
    cookie = language_cookie(office, "fr" if language == "fr" else "en")
    return Redirect(_inside(next), status_code=303, cookies=[cookie])


@get("/live", include_in_schema=False)
async def live(
    office: TheOffice,
    request: Request[Any, Any, Any],
    subject: Annotated[str, QueryParameter(max_length=100)],
    version: Annotated[int, QueryParameter(ge=0)] = 0,
) -> ServerSentEvent:
    """Tells a page of an order or a parcel that it is no longer the newest."""
    kind, _, name = subject.partition("/")
    if kind not in _VERSIONS:
        raise not_found("live page", subject)
    return stream(office, request, newer(office, subject, _VERSIONS[kind], name, version))


async def newer(
    office: Office, subject: str, query: str, name: str, version: int
) -> AsyncGenerator[ServerSentEventMessage]:
    """One `changed` for each new version of a row: looked at when something is written about `subject`.

    Also now and then, for the work of another process on the same database.
    """
    yield ServerSentEventMessage(comment="open")
    with office.live.watch.over(subject) as bell:
        while True:
            rows = await office.store.read(query, (name,))
            found: int = rows[0]["version"] if rows else version
            if found != version:
                version = found
                yield ServerSentEventMessage(data=str(version), event="changed")
            await bell.wait(LOOK_AGAIN_S)


STRANGERS = (first_page, show_sign_in, sign_in, choose_language)
PAGES = (live, sign_out)
