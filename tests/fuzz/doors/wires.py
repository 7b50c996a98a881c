"""What comes over HTTP, as bytes of a connection: to central's office and REST, and to the page of a bench.

A line end in an input stands for CR LF up to the end of the head. `@length` becomes the size of the body.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from central.claims.authority import Authority
from central.desk.books import Books, Keys
from central.documents.press import Press
from central.office.doors import Doors
from central.office.live import Live
from central.office.server import furnish
from central.office.server import make_app as make_office
from central.office.settings import Http
from central.photos.folder import PhotoFolder
from central.store.sqlite import SqliteStore, now_ms
from station.kiosk.frames import Frames
from station.kiosk.pictures import Pictures
from station.kiosk.server import make_app as make_kiosk
from station.work.inputs import AnyInput
from tests.central.conftest import let_in
from tests.central.packed import HOUSE
from tests.central.shop import MUG, TEA, shop
from tests.fuzz.door import Door, on_a_loop
from tests.fuzz.wire import Wire, sentence_of


def _stock_up(books: Books) -> None:
    made = shop(("P-1", [(MUG, 2), (TEA, 1)]), ("P-2", [(MUG, 1)]))
    for name in ("orders", "lines", "products", "levels"):
        for row in getattr(made, name):
            getattr(books, name).put(row)
    books.movements.extend(made.movements)


Offering = Callable[[bytes], Awaitable[str]]


@asynccontextmanager
async def office(folder: Path, doors: Doors) -> AsyncIterator[Wire]:
    """Central's HTTP on a real database with a small shop in it; Anna may come in."""
    async with SqliteStore(folder / "central.db", "lyon") as store:
        await store.transact(Keys(), _stock_up)
        await let_in(store, now_ms())
        (folder / "pictures").mkdir()
        http, photos = Http(pictures=str(folder / "pictures")), PhotoFolder(folder / "photos")
        app = make_office()
        furnish(app, store, http, HOUSE, Live(), now_ms, Press(store, HOUSE), photos, mails=True, doors=doors)
        async with app.lifespan():
            yield Wire(app)


def request(data: bytes) -> bytes:
    """The bytes of a connection from an input."""
    head, blank, body = data.partition(b"\n\n")
    head = head.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n").replace(b"@length", b"%d" % len(body))
    return head + blank.replace(b"\n", b"\r\n") + body


@asynccontextmanager
async def _central(folder: Path) -> AsyncIterator[Offering]:
    authority = Authority.create(folder / "authority", "lyon")
    async with office(folder, Doors(authority=authority)) as wire:

        async def offer(data: bytes) -> str:
            return sentence_of(await wire.exchange(request(data)))

        yield offer


@asynccontextmanager
async def _kiosk(folder: Path) -> AsyncIterator[Offering]:
    given: list[AnyInput] = []
    pictures = Pictures(folder, "http://127.0.0.1:9", folder / "ca.pem")
    app = make_kiosk(Frames(), given.append, pictures, {"a" * 64: b"\xff\xd8"}.get)
    wire = Wire(app)

    async def offer(data: bytes) -> str:
        given.clear()
        return sentence_of(await wire.exchange(request(data)))

    yield offer


DOORS = (
    Door("http_central", lambda folder: on_a_loop(_central(folder)), is_json=True),
    Door("http_kiosk", lambda folder: on_a_loop(_kiosk(folder)), is_json=True),
)
