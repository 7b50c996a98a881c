"""Draws papers as A4 PDF: one at once, many as a long work with a count. On a thread of its own."""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, asynccontextmanager
from tempfile import TemporaryFile
from typing import IO, Final

from msgspec import Struct

from central.desk.refused import Refused
from central.documents.model import DocumentName
from central.documents.papers import content, keys_of
from central.packing.house import House
from central.store.store import Store, StoreTrouble
from contract.papers import OfficePaper
from labels.documents import Document
from labels.media import Media
from labels.paper import Bound, Unprintable, bytes_for

log = logging.getLogger(__name__)
_A4: Final = Media(width_mm=210, height_mm=297, dpi=300)
_KEPT: Final = 8
"""Finished volumes; an older one is asked for again."""
_PART: Final = 256 * 1024
"""Bytes of a volume that are in memory while it is sent."""


class Volume(Struct):
    """One PDF of many documents in the making."""

    number: str
    documents: Sequence[DocumentName]
    done: int = 0
    left_out: list[tuple[str, str]] = []
    """Documents that are not in it, and why."""
    pdf: IO[bytes] | None = None
    """A file without a name: it goes when nobody has it any more, whoever is killed. None until it is finished, and
    when every document was left out.
    """
    finished: bool = False

    def close(self) -> None:
        """It is not kept any more; whom it is being sent to gets the rest."""
        if self.pdf is not None:
            self.pdf.close()


class Press:
    """Makes PDFs. Volumes are made one after the other and kept until a restart: then they are asked for again."""

    def __init__(self, store: Store, house: House) -> None:
        self._store = store
        self._house = house
        self._pen = ThreadPoolExecutor(max_workers=1, thread_name_prefix="papers")
        self._volumes: dict[str, Volume] = {}
        self._binding = asyncio.Lock()
        self._works: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def at_work(self) -> AsyncIterator[None]:
        """Until the server ends; what is not finished then is given up."""
        try:
            yield
        finally:
            for work in self._works:
                work.cancel()
            await asyncio.gather(*self._works, return_exceptions=True)
            for volume in self._volumes.values():
                volume.close()
            self._pen.shutdown(wait=False, cancel_futures=True)

    async def content(self, name: DocumentName, at: int) -> OfficePaper:
        """What is on the document now. Raises `Refused`."""
        house = self._house
        return await self._store.transact(keys_of(name), lambda books: content(books, house, name, 1, at))

    async def page(self, name: DocumentName, at: int) -> bytes:
        """One document. Raises `Refused`, also when it cannot be drawn."""
        paper = await self.content(name, at)
        try:
            return await self.drawn(paper)
        except Unprintable as error:
            raise _unprintable(name, error) from error

    async def drawn(self, document: Document) -> bytes:
        """Any document as a PDF. Raises `Unprintable`."""
        return await asyncio.get_running_loop().run_in_executor(self._pen, bytes_for, document, _A4, "pdf")

    def begin(self, number: str, documents: Sequence[DocumentName], at: int) -> Volume:
        """Begin one PDF of these; look at what it comes to with `volume`."""
        while len(self._volumes) >= _KEPT and (old := next((v for v in self._volumes.values() if v.finished), None)):
            self._volumes.pop(old.number).close()
        volume = self._volumes[number] = Volume(number, documents)
        work = asyncio.create_task(self._make(volume, at), name=f"volume {number}")
        self._works.add(work)
        work.add_done_callback(self._works.discard)
        return volume

    def volume(self, number: str) -> Volume:
        """Raises `Refused` for one that is not kept any more."""
        if number not in self._volumes:
            raise Refused("not_found", "This file is not kept any more. Ask for it again.", "number", number)
        return self._volumes[number]

    def finished(self, number: str) -> AsyncIterator[bytes]:
        """The PDF of a volume, part by part. Raises `Refused` while there is none."""
        volume = self.volume(number)
        if volume.pdf is not None:
            return _parts(volume.pdf)
        why = "No document could be put into it." if volume.finished else "It is not finished yet."
        raise Refused("conflict", why, "number", number)

    async def _make(self, volume: Volume, at: int) -> None:
        try:
            async with self._binding:
                await self._bind(volume, at)
        except Exception:
            log.exception("volume %s failed", volume.number)
            rest = volume.documents[volume.done :]
            volume.left_out += [(str(name), "It could not be made; read central's log.") for name in rest]
        finally:
            volume.finished = True

    async def _bind(self, volume: Volume, at: int) -> None:
        loop = asyncio.get_running_loop()
        with ExitStack() as opened:
            file = opened.enter_context(TemporaryFile())
            bound = await loop.run_in_executor(self._pen, Bound, _A4, file)
            for name in volume.documents:
                try:
                    await loop.run_in_executor(self._pen, bound.add, await self.content(name, at))
                except (Refused, Unprintable, StoreTrouble) as error:
                    text = _unprintable(name, error).text if isinstance(error, Unprintable) else str(error)
                    volume.left_out.append((str(name), text))
                volume.done += 1
            if bound.pages:
                await loop.run_in_executor(self._pen, bound.finish)
                file.flush()
                volume.pdf = file
                opened.pop_all()


async def _parts(file: IO[bytes]) -> AsyncIterator[bytes]:
    own = os.dup(file.fileno())
    try:
        place = 0
        while part := await asyncio.to_thread(os.pread, own, _PART, place):
            place += len(part)
            yield part
    finally:
        os.close(own)


def _unprintable(name: DocumentName, error: Unprintable) -> Refused:
    return Refused("conflict", f"{name} cannot be put on paper: {error}.", "document", str(name))
