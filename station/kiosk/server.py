"""The kiosk's HTTP server: one page, its stream of frames, and what is touched on it. Loopback only."""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import os
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec
import uvicorn
from msgspec import Meta, Struct
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from contract.complaint import why_unreadable
from link.http import Http
from station.kiosk.frames import Frames
from station.kiosk.guard import Guard
from station.kiosk.pictures import NoPicture, Pictures
from station.kiosk.problems import Problem, answer_problem
from station.work.inputs import AnyInput, Scanned, Typed

PAGE = Path(__file__).parent / "page"
BEAT_S = 2.0
"""The stream says something at least this often; the page distrusts a stream that is silent for three beats."""
MAX_BODY = 4096

Body = TypeVar("Body", bound=Struct)


class ScanBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A code, from a touch or from a program on this machine: exactly as a scanner would give it."""

    text: Annotated[str, Meta(min_length=1, max_length=1024)]


class TypedBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A quantity typed for a line."""

    order: Annotated[str, Meta(max_length=100, description="Empty for goods that are counted or received.")]
    line: Annotated[int, Meta(ge=0)]
    quantity: Annotated[int, Meta(ge=0, le=99_999)]


class DeviceBody(Struct, frozen=True, forbid_unknown_fields=True):
    """A device of this bench, by its name."""

    device: Annotated[str, Meta(min_length=1, max_length=40)]


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def page_version(folder: Path = PAGE) -> str:
    """Changes with any file of the page: it is in their addresses, so they may be cached for ever."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def _no_scanner(device: str) -> None:
    raise ValueError(f"{device!r} is no scanner that can be calibrated; there is none")


def make_app(
    frames: Frames,
    submit: Callable[[AnyInput], None],
    pictures: Pictures,
    photo: Callable[[str], bytes | None],
    *,
    calibrate: Callable[[str], None] = _no_scanner,
    now_ms: Callable[[], int] = _now_ms,
    beat_s: float = BEAT_S,
) -> Starlette:
    """The whole kiosk over HTTP. What is touched goes to `submit`; what is seen comes from `frames`.

    `photo` gives the picture of an open box by its SHA-256; it may block. `calibrate` takes a scanner's name and raises
    `ValueError` for one that it cannot calibrate.
    """
    version = page_version()
    index = (PAGE / "index.html").read_text("utf-8").replace("{version}", version)

    async def page(request: Request) -> Response:
        return HTMLResponse(index, headers={"cache-control": "no-cache"})

    async def events(request: Request) -> Response:
        return StreamingResponse(_stream(frames, version, beat_s), media_type="text/event-stream")

    async def scan(request: Request) -> Response:
        body = await _body(request, ScanBody)
        submit(Scanned(now_ms(), body.text, device="screen"))
        return Response(status_code=204)

    async def typed(request: Request) -> Response:
        body = await _body(request, TypedBody)
        submit(Typed(now_ms(), body.order, body.line, body.quantity))
        return Response(status_code=204)

    async def calibration(request: Request) -> Response:
        body = await _body(request, DeviceBody)
        try:
            calibrate(body.device)
        except ValueError as error:
            raise Problem(HTTPStatus.NOT_FOUND, "no-scanner", str(error)) from error
        return Response(status_code=204)

    async def picture(request: Request) -> Response:
        try:
            found = await pictures.picture(request.path_params["name"])
        except NoPicture as missing:
            raise Problem(HTTPStatus.NOT_FOUND, "no-picture", str(missing)) from missing
        return Response(found.content, media_type=found.media_type, headers=_PICTURE_HEADERS)

    async def shot(request: Request) -> Response:
        name = request.path_params["name"]
        content = await asyncio.to_thread(photo, name)
        if content is None:
            raise Problem(HTTPStatus.NOT_FOUND, "no-picture", f"There is no picture {name!r} at this station.")
        return Response(content, media_type="image/jpeg", headers={"cache-control": "private, no-store"})

    return Starlette(
        routes=[
            Route("/", page),
            Route("/events", events),
            Route("/scan", scan, methods=["POST"]),
            Route("/typed", typed, methods=["POST"]),
            Route("/calibrate", calibration, methods=["POST"]),
            Route("/pictures/{name}", picture),
            Route("/photos/{name}", shot),
            Mount(f"/page/{version}", _Unchanging(directory=PAGE)),
        ],
        middleware=[Middleware(Guard)],
        exception_handlers={Problem: answer_problem, HTTPException: answer_problem, Exception: answer_problem},
    )


_PICTURE_HEADERS = {
    "cache-control": "private, max-age=86400",
    # An SVG opened by itself must not run anything.
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


class _Unchanging(StaticFiles):
    """Files whose address has the page's version in it."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


async def _stream(frames: Frames, version: str, beat_s: float) -> AsyncIterator[bytes]:
    """Server-sent events: `page` (the version) once, then each frame, and `beat` while nothing changes."""
    yield b"retry: 1000\nevent: page\ndata: %s\n\n" % version.encode()
    seen = 0
    while True:
        try:
            async with asyncio.timeout(beat_s):
                shown = await frames.newer(seen)
        except TimeoutError:
            yield b"event: beat\ndata: %d\n\n" % seen
            continue
        if shown is None:
            return
        seen = shown.number
        yield b"data: %s\n\n" % shown.json


async def _body(request: Request, kind: type[Body]) -> Body:
    """The request's JSON as `kind`, or a `Problem` that names the field."""
    sent_as = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sent_as != "application/json":
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", f"Content-Type is {sent_as!r}; send application/json."
        )
    received = bytearray()
    try:
        async for part in request.stream():
            received += part
            if len(received) > MAX_BODY:
                raise Problem(
                    HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body-too-large", f"The body has more than {MAX_BODY} bytes."
                )
    except ClientDisconnect as gone:
        raise Problem(HTTPStatus.BAD_REQUEST, "half-a-body", "The body broke off.") from gone
    try:
        return msgspec.json.decode(received, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem(
            HTTPStatus.BAD_REQUEST, "bad-body", f"{request.scope['path']}: {why_unreadable(error)}"
        ) from error


def bind(host: str, port: int) -> socket.socket:
    """A listening socket for `serve`. Raises `OSError` when the port is taken, `ValueError` off the loopback."""
    address = ipaddress.ip_address("127.0.0.1" if host == "localhost" else host)
    if not address.is_loopback:
        raise ValueError(f"[kiosk] host {host!r}: the kiosk serves this machine only; use 127.0.0.1")
    family = socket.AF_INET6 if address.version == 6 else socket.AF_INET
    try:
        listening = socket.create_server((str(address), port), family=family)
    except OSError as error:
        why = os.strerror(error.errno or 0).lower()
        raise OSError(f"[kiosk] port {port}: {why}; is another station running?") from error
    # Connections inherit it. asyncio sets it only for a socket that names its protocol; without it, an event may wait
    # 40 ms for the browser's delayed acknowledgement of the one before.
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


class _Server(uvicorn.Server):
    """uvicorn without its own hands on the process's signals: they belong to the station."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._ending = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def end(self) -> None:
        """Let `serve` come to its end."""
        self.should_exit = True
        self._ending.set()

    async def main_loop(self) -> None:
        """Wait for `end`. uvicorn itself would look for it ten times a second, all day."""
        await self.on_tick(0)
        await self._ending.wait()


async def serve(app: Starlette, frames: Frames, listening: socket.socket) -> None:
    """Serve until cancelled; then every stream ends cleanly before this returns."""
    server = _Server(
        uvicorn.Config(
            app,
            http=Http,
            log_config=None,
            access_log=False,
            lifespan="off",
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=1,
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listening]), name="kiosk server")
    try:
        await asyncio.shield(serving)
    finally:
        frames.close()
        server.end()
        await serving
