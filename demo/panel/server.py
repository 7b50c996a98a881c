"""The panel over HTTP, on this machine only: the page, a stream of states, and what a person does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import Struct
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from demo.packer import Place, carton_g
from demo.panel.state import state_of
from demo.table import Table
from labels.readback import Garbled, printed
from station.devices.simulated import ScaleTrouble
from station.kiosk.guard import Guard

PAGE: Final = Path(__file__).parent / "page"
_BEAT_S: Final = 5.0
_MOST_G: Final = 30_000


class Act(Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag=str.lower):
    """Base of everything that a person does at the panel."""


class Scan(Act, frozen=True):
    """Hold this code before the scanner."""

    text: str


class Next(Act, frozen=True):
    """Do the next right thing."""


class Parcel(Act, frozen=True):
    """Put the open parcel on the scale as it is."""


class Weight(Act, frozen=True):
    """Have this much on the scale."""

    grams: int


class Cable(Act, frozen=True):
    """Plug a device in or out."""

    device: Literal["scanner", "scale", "printer"]
    plugged: bool


class Trouble(Act, frozen=True):
    """Make the scale ill, or (null) well again."""

    trouble: ScaleTrouble | None


class Cover(Act, frozen=True):
    """Open or close the printer."""

    open: bool


class Paper(Act, frozen=True):
    """Take the labels out of the printer, or put new ones in."""

    out: bool


class Press(Act, frozen=True):
    """Press a button on the bench."""

    button: Literal["confirm", "undo"]


AnyAct: TypeAlias = Scan | Next | Parcel | Weight | Cable | Trouble | Cover | Paper | Press
_acts = msgspec.json.Decoder(AnyAct)


async def act(table: Table, wanted: AnyAct) -> None:
    """Do it."""
    bench = table.bench
    match wanted:
        case Scan(text=text):
            table.scan(text)
        case Next():
            await table.do(table.next)
        case Parcel():
            grams = carton_g(table.eyes.screen, table.hands, table.shop) if table.eyes.frame else 0
            await table.do(Place(grams, "put the parcel on"))
        case Weight(grams=grams):
            bench.place(max(0, min(grams, _MOST_G)))
        case Cable(device=device, plugged=plugged):
            await _cable(table, device, plugged)
        case Trouble(trouble=trouble):
            bench.scale.trouble = trouble
        case Cover(open=is_open):
            bench.printer.head_open = is_open
        case Paper(out=out):
            bench.printer.paper_out = out
        case Press(button=button):
            bench.signals.press(button)
    table.note()


async def _cable(table: Table, device: Literal["scanner", "scale", "printer"], plugged: bool) -> None:
    bench = table.bench
    if device == "printer":
        await (bench.printer.plug() if plugged else bench.printer.unplug())
        return
    twin = bench.scanner if device == "scanner" else bench.scale
    if plugged:
        twin.plug()
    else:
        twin.unplug()


def make_app(table: Table, kiosk_url: str, office_url: str, ended: asyncio.Event) -> Starlette:
    """The panel of one table. Its streams end soon after `ended` is set and the table noted it."""
    index = (PAGE / "index.html").read_text("utf-8").replace("{kiosk}", kiosk_url).replace("{office}", office_url)

    async def page(request: Request) -> Response:
        return Response(index, media_type="text/html", headers={"cache-control": "no-store"})

    async def events(request: Request) -> Response:
        return StreamingResponse(_stream(table, ended), media_type="text/event-stream")

    async def do(request: Request) -> Response:
        try:
            wanted = _acts.decode(await request.body())
        except msgspec.DecodeError as error:
            return JSONResponse({"detail": f"The panel does not know this: {error}"}, 400)
        await act(table, wanted)
        return Response(status_code=204)

    async def label(request: Request) -> Response:
        return _picture(table.bench.printer.labels)

    async def slip(request: Request) -> Response:
        return _picture(table.bench.slips.receipts)

    return Starlette(
        routes=[
            Route("/", page),
            Route("/events", events),
            Route("/do", do, methods=["POST"]),
            Route("/label.png", label),
            Route("/slip.png", slip),
            Mount("/page", StaticFiles(directory=PAGE)),
        ],
        middleware=[Middleware(Guard)],
    )


def _picture(papers: list[bytes]) -> Response:
    """The newest paper, drawn from the bytes that reached the printer."""
    if not papers:
        return JSONResponse({"detail": "Nothing was printed yet."}, 404)
    try:
        return Response(printed(papers[-1]).png, media_type="image/png", headers={"cache-control": "no-store"})
    except Garbled as error:
        return JSONResponse({"detail": f"The printer got what is no paper: {error}"}, 500)


async def _stream(table: Table, ended: asyncio.Event) -> AsyncIterator[bytes]:
    """A state at each change, and at least every few seconds."""
    seen: bytes | None = None
    while not ended.is_set():
        changed = table.changed
        state = msgspec.json.encode(state_of(table))
        if state != seen:
            seen = state
            yield b"data: %s\n\n" % state
        try:
            await asyncio.wait_for(changed.wait(), _BEAT_S)
        except TimeoutError:
            yield b": still here\n\n"
