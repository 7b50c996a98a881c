"""A bench whose journal cannot be written: it says so on its screen and to the office, and waits until it can."""

from __future__ import annotations

import asyncio
import logging
import socket
from importlib.metadata import version

from contract.machine import MachineTrouble
from contract.messages import StationState
from link.client import Link
from link.machine import why_unwritable
from link.tasks import Heart, notify, run_together, until_signalled
from station.claiming import Identity
from station.clock import now_ms
from station.config import StationConfig
from station.kiosk.frames import Frames
from station.kiosk.machine_words import stopped_screen, trouble_view
from station.kiosk.pictures import Pictures
from station.kiosk.server import make_app, serve
from station.kiosk.view import Frame, Quiet
from station.presence import publish_state, will

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 2.0


async def until_writable(config: StationConfig, listening: socket.socket) -> bool:
    """Return True as soon as the journal's folder takes a file; False when the station is asked to stop before."""
    trouble = await asyncio.to_thread(why_unwritable, config.journal.parent)
    if trouble is None:
        return True
    log.error("%s cannot be written (%s): the bench waits", config.journal.parent, trouble.kind)
    frames = Frames()
    told = asyncio.Event()

    def changed(online: bool) -> None:
        _show(frames, config, trouble, online=online)
        if online:
            told.set()

    changed(False)
    app = make_app(
        frames,
        lambda _: None,
        Pictures(config.pictures, config.central_url, Identity(config.identity).ca_file),
        lambda _: None,
    )
    # What central sends meanwhile is not acknowledged, so the broker keeps it for the bench that goes on.
    link = Link(
        Identity(config.identity).broker(config.broker),
        config.name,
        subscriptions=[],
        deliver=lambda delivery: None,
        will=will(config.site, config.name, now_ms()),
        changed=changed,
    )
    notify("READY=1")
    ended = await run_together(
        {
            "signals": until_signalled(),
            "disk": _until_written(config),
            "link": link.run(),
            "state": _tell(link, config, told, trouble),
            "kiosk": serve(app, frames, listening.dup()),
            "heart": Heart({}).run(),
        }
    )
    return ended == "disk"


def _show(frames: Frames, config: StationConfig, trouble: MachineTrouble, *, online: bool) -> None:
    language = config.bench.language
    corner = Quiet(online=online, station=config.station, troubles=(trouble_view(trouble, language),))
    frames.show(Frame(stopped_screen(trouble, language), corner))


async def _until_written(config: StationConfig) -> None:
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        if await asyncio.to_thread(why_unwritable, config.journal.parent) is None:
            log.info("%s can be written again", config.journal.parent)
            return


async def _tell(link: Link, config: StationConfig, online: asyncio.Event, trouble: MachineTrouble) -> None:
    """Publish the state on every new connection."""
    state = StationState(online=True, version=version("packline"), since=now_ms(), troubles=(trouble,))
    while True:
        await online.wait()
        online.clear()
        await publish_state(link, config.site, config.name, now_ms(), state)
