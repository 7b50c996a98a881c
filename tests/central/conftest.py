"""A central of the test's own: a real SQLite file behind a real HTTP server on a free loopback port."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from litestar import Litestar
from msgspec import Struct

from central.desk.books import Books, Keys
from central.documents.press import Press
from central.office.access import COOKIE
from central.office.crowd import Crowd
from central.office.doors import NO_DOORS, Doors
from central.office.live import Live
from central.office.server import furnish, make_app
from central.office.settings import Http
from central.orders.serving import Serving
from central.people import rules, sessions, tokens
from central.people.entering import hashed
from central.people.model import Details
from central.people.passwords import Passwords
from central.people.scopes import EVERYTHING, SCOPES
from central.people.tokens import NewToken
from central.photos.folder import PhotoFolder
from central.store.sqlite import SqliteStore, now_ms
from tests.central.packed import HOUSE

SECRET = "let-me-in, please"
"""Anna's password; and of a token with her name, with every right, whose secret it is too."""
READER = "only-looking"
"""The secret of a token that may read."""
SESSION = "annas-browser"
"""The secret of a session of hers."""


_APPS: list[Litestar] = []
"""Those that serve nobody now: to make hundreds of routes takes longer than most tests."""


@cache
def kept(password: str) -> str:
    """Its hash."""
    return asyncio.run(Passwords().hash(password))


async def let_in(store: SqliteStore, now: int) -> None:
    """Anna, who is admin and signed in, and the two tokens."""
    password = await asyncio.to_thread(kept, SECRET)
    reading = tuple(scope for scope in SCOPES if scope.endswith(":read"))

    def decide(books: Books) -> None:
        rules.add(books, "anna", Details("Anna", role="admin", language="en"), password, now, must_change=False)
        sessions.begin(books, "anna", "", hashed(SESSION), "", now)
        tokens.create(books, NewToken("anna", SCOPES), hashed(SECRET), EVERYTHING, "anna", now)
        tokens.create(books, NewToken("eye", reading), hashed(READER), EVERYTHING, "anna", now)

    await store.transact(Keys(everyone=True), decide)


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
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60)

    def browser(self) -> httpx.AsyncClient:
        """Anna's, signed in."""
        return httpx.AsyncClient(
            base_url=self.url,
            cookies={COOKIE: SESSION},
            headers={"Accept": "text/html", "Origin": self.url},
            timeout=60,
        )


async def until(api: httpx.AsyncClient, path: str, met: Callable[[Any], bool]) -> Any:
    """What is at `path` as soon as it is so."""
    async with asyncio.timeout(60):
        while not met(found := (await api.get(path)).json()):
            pass
        return found


@asynccontextmanager
async def serve(
    folder: Path,
    http: Http,
    clock: Callable[[], int] = now_ms,
    doors: Doors = NO_DOORS,
    *,
    is_open: bool = False,
    crowd: Crowd | None = None,
) -> AsyncIterator[Central]:
    """Run until the test ends. `is_open`: nobody can sign in yet."""
    live = Live()
    photos = PhotoFolder(folder / "photos")
    async with SqliteStore(folder / "central.db", "lyon") as store:
        if not is_open:
            await let_in(store, clock())
        store.wrote = live.watch.wrote
        app = _APPS.pop() if _APPS else make_app()
        furnish(app, store, http, HOUSE, live, clock, Press(store, HOUSE), photos, mails=True, doors=doors, crowd=crowd)
        listening = socket.create_server(("127.0.0.1", 0))
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
            _APPS.append(app)


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


@pytest.fixture
async def central(tmp_path: Path, pictures: Path) -> AsyncIterator[Central]:
    async with serve(tmp_path, Http(pictures=str(pictures), timezone="Europe/Paris")) as running:
        yield running


@pytest.fixture
async def open_central(tmp_path: Path) -> AsyncIterator[Central]:
    """In which nobody can sign in: for this machine alone."""
    async with serve(tmp_path, Http(), is_open=True) as running:
        yield running


@pytest.fixture
async def api(central: Central) -> AsyncIterator[httpx.AsyncClient]:
    async with central.client() as client:
        yield client
