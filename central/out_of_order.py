"""A central whose disk takes nothing as it starts: it says so to whoever asks, and waits until it can write."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from typing import Final

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPResponseBodyEvent, HTTPResponseStartEvent, Receive, Scope, Send

from central.office.retelling import retold
from central.stations.machine_words import told
from contract.machine import MachineTrouble
from link.machine import why_unwritable
from link.tasks import Heart, notify, run_together, until_signalled

log = logging.getLogger(__name__)

_LOOK_EVERY_S: Final = 2.0
_PAGE: Final = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>Packline</title><main><h1>Packline</h1><p>{english}</p><p lang="fr">{french}</p></main></html>'
)
_HEADERS: Final = (
    (b"retry-after", b"10"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
)
Serve = Callable[[ASGIApp, socket.socket], Awaitable[None]]


async def until_writable(folder: Path, listening: socket.socket, serve: Serve) -> bool:
    """Return True as soon as the database's folder takes a file; False when central is asked to stop before."""
    trouble = await asyncio.to_thread(why_unwritable, folder)
    if trouble is None:
        return True
    log.error("%s cannot be written (%s): central waits", folder, trouble.kind)
    notify("READY=1")
    ended = await run_together(
        {
            "signals": until_signalled(),
            "disk": _until_written(folder),
            # The server closes what it is given; central serves on the same port after this.
            "office": _served(serve, trouble, listening),
            "heart": Heart({}).run(),
        }
    )
    return ended == "disk"


async def _until_written(folder: Path) -> None:
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        if await asyncio.to_thread(why_unwritable, folder) is None:
            log.info("%s can be written again", folder)
            return


async def _served(serve: Serve, trouble: MachineTrouble, listening: socket.socket) -> None:
    await serve(_only_saying(told(trouble)), listening.dup())


def _only_saying(sentence: str) -> ASGIApp:
    """An ASGI application that answers every request with 503 and the sentence: a page, or a problem (RFC 9457)."""
    page = _PAGE.format(english=escape(sentence), french=escape(retold(sentence, "fr"))).encode()
    problem = msgspec.json.encode({"title": "Central cannot work now", "status": 503, "detail": sentence})

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            return
        is_program = scope["path"].startswith("/api")
        kind, body = (b"application/problem+json", problem) if is_program else (b"text/html; charset=utf-8", page)
        headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), *_HEADERS]
        await send(HTTPResponseStartEvent(type="http.response.start", status=503, headers=headers))
        await send(HTTPResponseBodyEvent(type="http.response.body", body=body, more_body=False))

    return app
