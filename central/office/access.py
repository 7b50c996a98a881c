"""Who may come in: bearer tokens for programs, a signed cookie for people, loopback alone when there is no token.

A cookie is only as good as the page that sends it: a change asked for with a cookie, or with nothing, must come from
our own pages (SameSite=Strict, and Origin must be this host).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from litestar import Litestar, Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.routes import HTTPRoute
from msgspec import Struct

from central.office.settings import Http, Token, is_loopback
from central.people.scopes import AREAS, EVERYTHING, PUBLIC, needed

COOKIE: Final = "packline"
SIGNED_IN_FOR_MS: Final = 12 * 3600 * 1000


class Visitor(Struct, frozen=True):
    """Somebody who may be here."""

    name: str
    scopes: frozenset[str]
    """`orders:read`; see `central.people.scopes`."""
    by_cookie: bool = False


ON_THIS_MACHINE: Final = Visitor("office", EVERYTHING)
"""Everybody, when no token is configured."""


def token_behind(secret: str, tokens: Sequence[Token]) -> Token | None:
    """The token that `secret` opens; every one is compared, in constant time."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    found = None
    for token in tokens:
        if hmac.compare_digest(token.sha256, digest):
            found = token
    return found


class Door:
    """Lets visitors in. `key` signs the cookies: random at each start, so that a restart signs everybody out."""

    def __init__(self, http: Http, key: bytes) -> None:
        self._http = http
        self._key = key

    @property
    def is_open(self) -> bool:
        """Nobody needs to sign in."""
        return not self._http.tokens

    def cookie(self, token: Token, now: int) -> Cookie:
        """What a person's browser keeps after the sign-in."""
        until = now + SIGNED_IN_FOR_MS
        return self._cookie(f"{until}.{token.name}.{self._signature(token, until)}", SIGNED_IN_FOR_MS // 1000)

    def farewell(self) -> Cookie:
        """Makes the browser forget."""
        return self._cookie("", 0)

    def _cookie(self, value: str, max_age: int) -> Cookie:
        secure = self._http.public_url.startswith("https://")
        return Cookie(COOKIE, value=value, max_age=max_age, httponly=True, samesite="strict", secure=secure, path="/")

    def _signature(self, token: Token, until: int) -> str:
        return hmac.new(self._key, f"{until}.{token.name}.{token.sha256}".encode(), "sha256").hexdigest()

    def visitor(self, connection: ASGIConnection, now: int) -> Visitor | None:  # type: ignore[type-arg]
        """Who this is; None for a stranger."""
        if self.is_open:
            return ON_THIS_MACHINE if _from_here(connection) else None
        kind, _, secret = connection.headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            token = token_behind(secret.strip(), self._http.tokens)
            return None if token is None else Visitor(token.name, token.may)
        return self._by_cookie(connection.cookies.get(COOKIE, ""), now)

    def _by_cookie(self, value: str, now: int) -> Visitor | None:
        until, _, rest = value.partition(".")
        name, _, signature = rest.rpartition(".")
        if not until.isdecimal() or int(until) < now:
            return None
        for token in self._http.tokens:
            if token.name == name and hmac.compare_digest(self._signature(token, int(until)), signature):
                return Visitor(token.name, token.may, by_cookie=True)
        return None


def _from_here(connection: ASGIConnection) -> bool:  # type: ignore[type-arg]
    """A request of this machine that also names this machine: another site's name in Host is a rebinding attack."""
    client = connection.client
    host = urlsplit(f"//{connection.headers.get('host', '')}").hostname or ""
    return client is not None and is_loopback(client.host) and is_loopback(host)


def same_origin(connection: ASGIConnection) -> bool:  # type: ignore[type-arg]
    """Whether one of our own pages asks, or no page at all: browsers name the page's origin in every POST."""
    origin = connection.headers.get("origin", "")
    if not origin:
        return connection.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}
    return urlsplit(origin).netloc == connection.headers.get("host", "")


def require_visitor(connection: ASGIConnection, handler: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Guard of the whole application: who asks must have the scope of the route's area."""
    method = connection.scope["method"]  # type: ignore[typeddict-item]  # there are no websockets here
    area = handler.opt.get("area", "")
    if area == PUBLIC or method == "OPTIONS":
        return
    state = connection.app.state
    visitor: Visitor | None = state.door.visitor(connection, state.now())
    if visitor is None:
        raise NotAuthorizedException(
            "Only this machine may come in while no token is configured."
            if state.door.is_open
            else "Send the header “Authorization: Bearer <token>” with a token of this server, or sign in."
        )
    if method not in {"GET", "HEAD"} and "authorization" not in connection.headers and not same_origin(connection):
        raise PermissionDeniedException("This change was asked for by a page of another site.")
    scope = needed(area, method)
    if scope not in visitor.scopes:
        raise PermissionDeniedException(f"{visitor.name} may not do this: it needs the right {scope}.")
    connection.scope["state"]["visitor"] = visitor


def without_area(app: Litestar) -> list[str]:
    """Routes that do not say who may ask; no application starts with one."""
    return [
        f"{', '.join(sorted(handler.http_methods))} {route.path}"
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if handler.http_methods != {"OPTIONS"} and handler.opt.get("area") not in {*AREAS, PUBLIC}
    ]


def visitor_of(request: Request) -> Visitor:  # type: ignore[type-arg]
    """Who the guard let in."""
    visitor: Visitor = request.scope["state"]["visitor"]
    return visitor
