"""A central of the test's own: a real SQLite file behind a real HTTP server on a free loopback port."""

from __future__ import annotations

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from msgspec import Struct

from central.documents.press import Press
from central.office.doors import NO_DOORS, Doors
from central.office.live import Live
from central.office.server import make_app
from central.office.settings import Http, Token
from central.orders.serving import Serving
from central.photos.folder import PhotoFolder
from central.store.sqlite import SqliteStore, now_ms
from tests.central.packed import HOUSE

SECRET = "let-me-in"
READER = "only-looking"


def token(name: str, secret: str, *scopes: str) -> Token:
    return Token(name, hashlib.sha256(secret.encode()).hexdigest(), scopes or ("read", "write"))  # type: ignore[arg-type]


class Central(Struct):
    """A running server and what stands behind it."""

    url: str
    store: SqliteStore
    live: Live
    http: Http
    photos: PhotoFolder
    photos_folder: Path

    def client(self, secret: str | None = SECRET) -> httpx.AsyncClient:
        headers = {"Authorization": f"Bearer {secret}"} if secret else {}
        return httpx.AsyncClient(base_url=self.url, headers=headers)


async def until(api: httpx.AsyncClient, path: str, met: Callable[[Any], bool]) -> Any:
    """What is at `path` as soon as it is so."""
    async with asyncio.timeout(30):
        while not met(found := (await api.get(path)).json()):
            pass
        return found


@asynccontextmanager
async def serve(
    folder: Path, http: Http, clock: Callable[[], int] = now_ms, doors: Doors = NO_DOORS
) -> AsyncIterator[Central]:
    """Run until the test ends."""
    listening = socket.create_server(("127.0.0.1", 0))
    live = Live()
    photos = PhotoFolder(folder / "photos")
    async with SqliteStore(folder / "central.db", "lyon") as store:
        app = make_app(store, http, HOUSE, live, clock, Press(store, HOUSE), photos, mails=True, doors=doors)
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, ws="none", lifespan="on")
        )
        serving = Serving(store, now_ms)
        store.freed = serving.wake
        waiting = asyncio.create_task(serving.run())
        running = asyncio.create_task(server.serve([listening]))
        try:
            yield Central(
                f"http://127.0.0.1:{listening.getsockname()[1]}", store, live, http, photos, folder / "photos"
            )
        finally:
            server.should_exit = True
            await running
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            listening.close()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


@pytest.fixture
async def central(tmp_path: Path, pictures: Path) -> AsyncIterator[Central]:
    http = Http(
        tokens=(token("anna", SECRET), token("eye", READER, "read")), pictures=str(pictures), timezone="Europe/Paris"
    )
    async with serve(tmp_path, http) as running:
        yield running


@pytest.fixture
async def open_central(tmp_path: Path) -> AsyncIterator[Central]:
    """Without any token: for this machine alone."""
    async with serve(tmp_path, Http()) as running:
        yield running


@pytest.fixture
async def api(central: Central) -> AsyncIterator[httpx.AsyncClient]:
    async with central.client() as client:
        yield client
