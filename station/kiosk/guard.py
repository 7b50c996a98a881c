"""Keeps foreign pages away from the kiosk: it answers this machine's own browser and nobody else.

A page from elsewhere could point its name at 127.0.0.1 (DNS rebinding) or post a form here (CSRF); both are
told by the Host, Origin and Sec-Fetch-Site that the browser sends and a script cannot change.
"""

from __future__ import annotations

from http import HTTPStatus

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from contract.complaint import shown
from station.kiosk.problems import Problem

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
POLICY = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def refusal(headers: Headers) -> Problem | None:
    """Why a request with these headers is not from this machine's own page; None when it may be."""
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    if name.lower() not in LOOPBACK_NAMES:
        return Problem(
            HTTPStatus.MISDIRECTED_REQUEST,
            "foreign-host",
            f"The kiosk answers on this machine only, as 127.0.0.1 or localhost, not as {shown(host)!r}.",
        )
    origin = headers.get("origin")
    if origin is not None and origin.lower() != f"http://{host.lower()}":
        said = f"The page at {shown(origin)!r} may not use the kiosk; only its own may."
        return Problem(HTTPStatus.FORBIDDEN, "foreign-origin", said)
    if headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
        return Problem(HTTPStatus.FORBIDDEN, "foreign-origin", "Another site's page may not use the kiosk.")
    return None


class Guard:
    """ASGI: refuses foreign requests, and gives every answer the strict headers it does not set itself."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on or refuse one request."""

        async def send_strict(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in POLICY.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        refused = refusal(Headers(scope=scope))
        await (self._app if refused is None else refused.answer())(scope, receive, send_strict)
