"""Pieces of pictures, one after the other, beside the inbox of facts: a large picture never holds a parcel up.

No transaction and no queue of its own: a station has one piece under way and sends it again when no answer comes.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol

from central.desk.deliveries import PhotoCame, SetAside, read
from central.desk.waiting import Bounds, Waiting
from central.photos.folder import BadPiece, PhotoFolder
from contract.messages import InboxItem, PhotoHeld
from contract.topics import parse_station_topic
from link.client import Delivery

log = logging.getLogger(__name__)

_BOUNDS = Bounds(messages=2_000, messages_of_one=20, octets_of_one=4 * 1024 * 1024)
_PURGE_EVERY_S = 3_600.0


class Answer(Protocol):
    """What tells a station something at once."""

    def tell(self, station: str, item: InboxItem, now: int) -> None: ...
    async def room(self) -> None: ...


class PhotoInbox:
    """Takes pieces until cancelled."""

    def __init__(
        self, site: str, folder: PhotoFolder, keep_days: int, replies: Answer, aside: Callable[[Delivery, str], None],
        now_ms: Callable[[], int],
    ) -> None:  # fmt: skip
        """`aside` takes what is no piece of a picture, with the reason, and acknowledges it."""
        self._site = site
        self._folder = folder
        self._keep_days = keep_days
        self._replies = replies
        self._aside = aside
        self._now_ms = now_ms
        self._waiting: Waiting[Delivery] = Waiting(_BOUNDS)
        self._arrived = asyncio.Event()

    def deliver(self, delivery: Delivery) -> None:
        """Take this when its turn comes; beyond a limit it is let go, and its station sends it again."""
        parts = parse_station_topic(delivery.topic)
        station = parts.station if parts is not None else ""
        if self._waiting.put(station, delivery, len(delivery.payload), is_ask=False):
            self._arrived.set()
        else:
            delivery.ack()

    async def run(self) -> None:
        """Put pieces on the disk until cancelled."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._waiting:
                await self._replies.room()
                for delivery in self._waiting.take(1):
                    await self._take(delivery)

    async def purge(self, is_steady: Callable[[], bool]) -> None:
        """Delete every hour what the house no longer keeps, until cancelled; only by a clock that `is_steady`."""
        while True:
            gone = await asyncio.to_thread(self._folder.purge, self._keep_days) if is_steady() else 0
            if gone:
                log.info("%d pictures of parcels were deleted: they are kept for %d days", gone, self._keep_days)
            await asyncio.sleep(_PURGE_EVERY_S)

    async def _take(self, delivery: Delivery) -> None:
        came = read(self._site, delivery.topic, delivery.payload)
        if not isinstance(came, PhotoCame):
            assert isinstance(came, SetAside)
            self._aside(delivery, came.reason)
            return
        piece, station = came.envelope.body, came.envelope.station
        try:
            held = await asyncio.to_thread(self._folder.take, piece)
        except BadPiece as error:
            self._aside(delivery, f"a piece of a picture is refused: {error}")
            return
        except OSError as error:
            log.error("station %s: its picture cannot be kept (%s); it is sent again later", station, error)
        else:
            self._replies.tell(station, PhotoHeld(piece.sha256, held), self._now_ms())
        delivery.ack()
