"""Headers that every answer carries: nothing from elsewhere is loaded, nobody frames us, nothing private is stored."""

from __future__ import annotations

from typing import Final

from litestar.datastructures import MutableScopeHeaders
from litestar.types import Message, Scope

POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""`data:` is for the small arrows that the vendored style sheet draws."""
_ALWAYS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_HTTPS_ALONE: Final = "max-age=31536000"
"""A year: a browser that was here by HTTPS never asks in clear again."""
_KEPT_BY_BROWSERS: Final = ("/static/", "/pictures/")


async def secure(message: Message, scope: Scope) -> None:
    """Completes the head of every answer, refusals included; a route's own header wins."""
    if message["type"] != "http.response.start":
        return
    headers = MutableScopeHeaders(message)
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    if scope["scheme"] == "https":
        headers.setdefault("Strict-Transport-Security", _HTTPS_ALONE)
    if not str(scope["path"]).startswith(_KEPT_BY_BROWSERS):
        headers.setdefault("Cache-Control", "no-store")
    if headers.get("Content-Type", "").startswith("text/event-stream"):
        # Litestar says `no-cache`, which lets a browser keep what it must ask about again.
        headers["Cache-Control"] = "no-store"
