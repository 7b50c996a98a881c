"""Brings pictures to central, piece by piece: the next one leaves when central has the one before on its disk.

So at most one piece of a station is ever under way, a picture goes on where it stopped after any break, and facts never
stand behind it. A picture is deleted here when central has it whole, proven by its SHA-256.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from contract import topics
from contract.envelope import Envelope, encode
from contract.keys import StationId
from contract.messages import PhotoHeld, PhotoPiece, ProblemRaised
from link.client import Link, LinkDown, PublishRefused
from link.identity import new_message_id
from station.journal import Entry, Journal, WaitingPhoto
from station.photos import PhotoFolder

log = logging.getLogger(__name__)

PIECE_BYTES = 96 * 1024
"""128 KB as Base64: half of what a message may have."""
_AGAIN_S, _LONGEST_S = 5.0, 120.0
_LIVES_S = 60
"""A piece that waits longer at the broker is thrown away there: it is asked for again."""


class PhotoRelay:
    """One picture after the other, the oldest first."""

    def __init__(
        self,
        journal: Journal,
        folder: PhotoFolder,
        link: Link,
        site: str,
        station: StationId,
        recorded: Callable[[], None],
        now_ms: Callable[[], int],
        *,
        again_s: float = _AGAIN_S,
    ) -> None:
        self._journal = journal
        self._folder = folder
        self._link = link
        self._topic = topics.photo(site, station)
        self._station = station
        self._recorded = recorded
        self._now_ms = now_ms
        self._again_s = again_s
        self._work = asyncio.Event()
        self._work.set()
        self._up = asyncio.Event()
        self._answer: asyncio.Future[PhotoHeld] | None = None
        self._asked = ""

    def wake(self) -> None:
        """There may be another picture, or the link is up."""
        self._work.set()
        self._up.set()

    def held(self, answer: PhotoHeld) -> None:
        """Central says how much of a picture it has."""
        if self._answer is not None and not self._answer.done() and answer.sha256 == self._asked:
            self._answer.set_result(answer)

    async def run(self) -> None:
        """Deliver until cancelled."""
        while True:
            await self._work.wait()
            self._work.clear()
            for waiting in await self._journal.photos():
                await self._deliver(waiting)

    async def _deliver(self, waiting: WaitingPhoto) -> None:
        content = await asyncio.to_thread(self._folder.read, waiting.sha256)
        if content is None:
            text = f"The picture of this parcel is lost: its file at {self._station} is gone or damaged."
            lost = ProblemRaised("photo_lost", text, self._now_ms(), sscc=waiting.sscc)
            log.error("picture %s of parcel %s: its file is gone or damaged", waiting.sha256, waiting.sscc)
            await self._journal.record(Entry(facts=(lost,)))
            await self._journal.photo_settled(waiting.sha256)
            self._recorded()
            return
        size, offset = len(content), await self._told(PhotoPiece(waiting.sha256, len(content), 0))
        while offset < size:
            before = offset
            piece = PhotoPiece(waiting.sha256, size, offset, content[offset : offset + PIECE_BYTES])
            offset = await self._told(piece)
            if offset <= before:
                # Central began anew, or its disk takes nothing: not in a tight loop.
                await asyncio.sleep(self._again_s)
        await self._journal.photo_settled(waiting.sha256)
        await asyncio.to_thread(self._folder.forget, waiting.sha256)

    async def _told(self, piece: PhotoPiece) -> int:
        """Send it until central answers; how much central holds. After silence only the question is sent again."""
        pause = self._again_s
        while True:
            self._answer, self._asked = asyncio.get_running_loop().create_future(), piece.sha256
            try:
                self._up.clear()
                envelope = Envelope(new_message_id(), self._station, 0, self._now_ms(), piece)
                await self._link.publish(self._topic, encode(envelope), expiry_s=_LIVES_S)
                async with asyncio.timeout(pause):
                    return max(0, (await self._answer).held)
            except TimeoutError:
                piece = PhotoPiece(piece.sha256, piece.size, 0)
            except PublishRefused as refusal:
                log.error("pictures cannot be delivered: %s. The broker's access list needs …/photo", refusal)
                await self._rest(_LONGEST_S)
            except LinkDown:
                await self._rest(pause)
            pause = min(2 * pause, _LONGEST_S)

    async def _rest(self, seconds: float) -> None:
        """Until the link is up again, at most so long."""
        try:
            async with asyncio.timeout(seconds):
                await self._up.wait()
        except TimeoutError:
            return
