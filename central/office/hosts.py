"""As what a request calls this machine: whoever asks for its address reads that, and breaks on one that is none."""

from __future__ import annotations

from urllib.parse import urlsplit

from litestar.exceptions import ClientException
from litestar.types import ASGIApp, Receive, Scope, Send


def checked_host(app: ASGIApp) -> ASGIApp:
    """Middleware. Refuses a Host that is no name with a port."""

    async def checking(scope: Scope, receive: Receive, send: Send) -> None:
        host = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
        try:
            _ = urlsplit(f"//{host}").port
        except ValueError as error:
            raise ClientException("The header Host is not a name with a port, such as central.example:8000.") from error
        await app(scope, receive, send)

    return checking
