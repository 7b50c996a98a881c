"""Who may come in: bearer tokens for programs, sessions for people, this machine alone until somebody can sign in.

A cookie is only as good as the page that sends it: a change asked for with a cookie must prove that one of our own
pages asks (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import msgspec
from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from central.desk.books import Keys
from central.office.settings import Http, is_loopback
from central.people import sessions, tokens
from central.people.entering import hashed
from central.people.rows import SessionRow, TokenRow
from central.people.scopes import AREAS, EVERYTHING, OF_ROLE, OWN, OWN_SCOPES, PUBLIC, needed
from central.store.store import Store

COOKIE: Final = "packline"
_SAFE: Final = frozenset({"GET", "HEAD"})


class Visitor(Struct, frozen=True):
    """Somebody who may be here."""

    name: str
    """As timelines show it."""
    by: str
    """As the audit trail does: the sign-in name, `token:NAME` or `this machine`."""
    scopes: frozenset[str]
    """`orders:read`; see `central.people.scopes`."""
    account: str = ""
    session: str = ""

    @property
    def is_program(self) -> bool:
        """It sent its token by hand, which no page of another site can make a browser do."""
        return self.by.startswith("token:")


ON_THIS_MACHINE: Final = Visitor("office", "this machine", EVERYTHING - OWN_SCOPES)
"""Everybody, until somebody can sign in."""


class Door:
    """Lets visitors in."""

    def __init__(self, store: Store, http: Http, now: Callable[[], int]) -> None:
        self._store = store
        self._http = http
        self._now = now

    async def is_open(self) -> bool:
        """Nobody can sign in yet, so nobody has to."""
        (row,) = await self._store.read("people.can_sign_in")
        return not row["somebody"]

    def cookie(self, secret: str) -> Cookie:
        """What a person's browser keeps after the sign-in."""
        return self._cookie(secret, sessions.LONGEST_MS // 1000)

    def farewell(self) -> Cookie:
        """Makes the browser forget."""
        return self._cookie("", 0)

    def _cookie(self, value: str, max_age: int) -> Cookie:
        return Cookie(
            COOKIE,
            value=value,
            max_age=max_age,
            httponly=True,
            samesite="strict",
            secure=self._http.is_secure,
            path="/",
        )

    async def visitor(self, connection: ASGIConnection, *, at_work: bool = True) -> Visitor | None:  # type: ignore[type-arg]
        """Who this is; None for a stranger. It is taken down when one who is `at_work` was here last."""
        kind, _, secret = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return await self._by_token(hashed(secret.strip()), at_work)
        if secret := connection.cookies.get(COOKIE, ""):
            found = await self._by_session(hashed(secret), at_work)
            if found is not None:
                return found
        here = _from_here(connection) and not self._http.is_behind_a_proxy
        return ON_THIS_MACHINE if here and await self.is_open() else None

    async def _by_token(self, sha256: str, at_work: bool) -> Visitor | None:
        rows = await self._store.read("people.token_behind", (sha256,))
        now = self._now()
        if not rows or tokens.is_over(row := msgspec.convert(rows[0], TokenRow), now):
            return None
        if at_work and now - row.used_at > tokens.USED_EVERY_MS:
            keys = Keys(tokens=frozenset({row.token}))
            await self._store.transact(keys, lambda books: tokens.used(books, row.token, now))
        scopes = frozenset(msgspec.json.decode(row.scopes, type=list[str]))
        return Visitor(row.token, f"token:{row.token}", scopes)

    async def _by_session(self, session: str, at_work: bool) -> Visitor | None:
        rows = await self._store.read("people.session", (session,))
        if not rows or not rows[0]["active"]:
            return None
        (row,) = rows
        now = self._now()
        known = SessionRow(session, row["account"], row["started_at"], row["seen_at"], row["ends_at"])
        if sessions.is_over(known, now):
            return None
        if at_work and now - known.seen_at > sessions.SEEN_EVERY_MS:
            keys = Keys(sessions=frozenset({session}))
            await self._store.transact(keys, lambda books: sessions.seen(books, session, now))
        scopes = OWN_SCOPES if row["must_change"] else OF_ROLE[row["role"]]
        return Visitor(row["name"], row["account"], scopes, row["account"], session)

    def proves_origin(self, connection: ASGIConnection) -> bool:  # type: ignore[type-arg]
        """Whether one of our own pages asks: browsers name the page's origin in every POST, and no script can lie."""
        origin = connection.headers.get("origin", "")
        if not origin:
            return connection.headers.get("sec-fetch-site", "") == "same-origin"
        host = urlsplit(origin).netloc
        return bool(host) and host in {connection.headers.get("host", ""), urlsplit(self._http.public_url).netloc}

    def is_foreign(self, connection: ASGIConnection) -> bool:  # type: ignore[type-arg]
        """Whether a page of another site asks. A program that is no browser names none, and is not foreign."""
        named = {"origin", "sec-fetch-site"} & set(connection.headers)
        by_hand = connection.headers.get("sec-fetch-site") == "none" and "origin" not in connection.headers
        return bool(named) and not by_hand and not self.proves_origin(connection)


def _from_here(connection: ASGIConnection) -> bool:  # type: ignore[type-arg]
    """A request of this machine that also names this machine: another site's name in Host is a rebinding attack."""
    client = connection.client
    host = urlsplit(f"//{connection.headers.get('host', '')}").hostname or ""
    return client is not None and is_loopback(client.host) and is_loopback(host)


async def require_visitor(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Guard of the whole application: who asks must have the scope of the route's area."""
    method = connection.scope["method"]  # type: ignore[typeddict-item]  # there are no websockets here
    area = handler.opt.get("area", "")
    if area == PUBLIC or method == "OPTIONS":
        return
    door: Door = connection.app.state.door
    visitor = await door.visitor(connection)
    if visitor is None:
        await _refuse_stranger(door, connection)
    else:
        if method not in _SAFE and not visitor.is_program:
            _refuse_other_sites(door, connection, visitor)
        connection.scope["state"]["visitor"] = visitor
        require(connection, needed(area, method))
        _refuse_other_content(connection, handler)


def _refuse_other_content(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """A body of another kind is not guessed at. One that does not come at all is missed by who reads it."""
    field = handler.parsed_data_field
    expected = getattr(field.kwarg_definition, "media_type", None) if field is not None else None
    kind = connection.headers.get("content-type", "").partition(";")[0].strip().lower()
    comes = connection.headers.get("content-length", "") not in ("", "0") or "transfer-encoding" in connection.headers
    if expected is not None and comes and kind != expected:
        named = f"“{kind}”" if kind else "no Content-Type"
        raise HTTPException(status_code=415, detail=f"This came as {named}; send it as {expected.value!s}.")


def _refuse_other_sites(door: Door, connection: ASGIConnection, visitor: Visitor) -> None:  # type: ignore[type-arg]
    if door.is_foreign(connection) or (visitor.session and not door.proves_origin(connection)):
        raise PermissionDeniedException("This change was asked for by a page of another site.")


async def _refuse_stranger(door: Door, connection: ASGIConnection) -> None:  # type: ignore[type-arg]
    if await door.is_open():
        raise NotAuthorizedException(
            "Only this machine may come in until the first account is made here: packline-central account add NAME "
            "--role admin."
        )
    connection.scope["state"]["signs_in"] = True
    raise NotAuthorizedException(
        "Sign in, or send the header “Authorization: Bearer <token>” with a token of this server."
    )


def without_area(app: Litestar) -> list[str]:
    """Routes that do not say who may ask; no application starts with one."""
    return [
        f"{', '.join(sorted(handler.http_methods))} {route.path}"
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.http_methods != {"OPTIONS"} and handler.opt.get("area") not in {*AREAS, OWN, PUBLIC}
    ]


def require(connection: ASGIConnection, scope: str) -> None:  # type: ignore[type-arg]
    """Also for what a request asks beyond its route's area. Raises `PermissionDeniedException`."""
    visitor: Visitor = connection.scope["state"]["visitor"]
    if scope not in visitor.scopes:
        raise PermissionDeniedException(f"{visitor.name} may not do this: it needs the right {scope}.")


def require_for_payments(connection: ASGIConnection, *, paid: bool) -> None:  # type: ignore[type-arg]
    """An order that comes in as paid is packed: who may not book payments sends it without. Raises
    `PermissionDeniedException`.
    """
    visitor: Visitor = connection.scope["state"]["visitor"]
    if paid and "payments:write" not in visitor.scopes:
        raise PermissionDeniedException(
            f"{visitor.name} may take orders in, but not as paid: it needs the right payments:write. Send them "
            "without their payment; they wait until it is booked."
        )


def visitor_of(request: Request) -> Visitor:  # type: ignore[type-arg]
    """Who the guard let in."""
    visitor: Visitor = request.scope["state"]["visitor"]
    return visitor
