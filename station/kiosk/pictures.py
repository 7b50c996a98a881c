"""Product pictures: fetched from central once, kept on disk within a limit, shown without a network."""

from __future__ import annotations

import asyncio
import http.client
import logging
import os
import re
import time
import urllib.error
import urllib.request
from collections import OrderedDict
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from link.tls import https_context

log = logging.getLogger(__name__)

TIMEOUT_S = 3.0
RETRY_AFTER_S = 30.0
"""A picture that was not to be had is not asked for again before."""
MAX_BYTES = 2 * 1024 * 1024
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(png|jpg|jpeg|webp|svg)")
_TYPES = {
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "webp": ("image/webp", b"RIFF"),
    "svg": ("image/svg+xml", b"<"),
}


class NoPicture(Exception):
    """The picture is not here and could not be fetched; the text says why."""


class Picture(Struct, frozen=True):
    """A whole picture whose bytes begin as its kind should."""

    content: bytes
    media_type: str


def _read(name: str, content: bytes) -> Picture:
    media_type, beginning = _TYPES[name.rpartition(".")[2]]
    if not content.startswith(beginning):
        raise NoPicture(f"{name}: what came is not {media_type}")
    return Picture(content, media_type)


def _fetch(url: str, ca_file: Path) -> bytes:
    """Blocking; at most `MAX_BYTES`."""
    # Without a proxy: central is on the site's own network.
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    if url.startswith("https:"):
        handlers.append(urllib.request.HTTPSHandler(context=https_context(ca_file)))
    try:
        with urllib.request.build_opener(*handlers).open(url, timeout=TIMEOUT_S) as answer:
            content: bytes = answer.read(MAX_BYTES + 1)
    except urllib.error.HTTPError as refusal:
        refusal.close()
        raise NoPicture(f"{url}: {refusal}") from refusal
    except (OSError, http.client.HTTPException) as error:
        raise NoPicture(f"{url}: {error}") from error
    if len(content) > MAX_BYTES:
        raise NoPicture(f"{url}: more than {MAX_BYTES} bytes")
    return content


class Pictures:
    """One folder of pictures, the least recently shown forgotten first. `run` fetches ahead."""

    def __init__(self, folder: Path, central_url: str, ca_file: Path, *, limit_bytes: int = 64 * 1024 * 1024) -> None:
        if not central_url.startswith(("http://", "https://")):
            raise ValueError(f"central_url {central_url!r}: it must begin with http:// or https://")
        self._folder = folder
        self._url = central_url.rstrip("/")
        self._ca_file = ca_file
        self._limit = limit_bytes
        self._fetching: dict[str, asyncio.Task[Picture]] = {}
        self._missing: dict[str, tuple[float, str]] = {}
        self._wanted: asyncio.Queue[str] = asyncio.Queue()
        folder.mkdir(parents=True, exist_ok=True)
        kept = [(path.name, path.stat()) for path in folder.iterdir() if _NAME.fullmatch(path.name)]
        kept.sort(key=lambda entry: entry[1].st_mtime)
        self._sizes: OrderedDict[str, int] = OrderedDict((name, stat.st_size) for name, stat in kept)

    async def picture(self, name: str) -> Picture:
        """The picture, from disk or from central. Raises `NoPicture`."""
        if not _NAME.fullmatch(name):
            raise NoPicture(f"{name!r} is not a picture's name")
        kept = self._kept(name)
        if kept is not None:
            return kept
        failed_at, reason = self._missing.get(name, (-RETRY_AFTER_S, ""))
        if time.monotonic() < failed_at + RETRY_AFTER_S:
            raise NoPicture(reason)
        if name not in self._fetching:
            fetching = asyncio.create_task(self._get(name), name=f"picture {name}")
            # Every viewer may have left before it failed.
            fetching.add_done_callback(lambda task: task.cancelled() or task.exception())
            self._fetching[name] = fetching
        return await asyncio.shield(self._fetching[name])

    def prefetch(self, names: Iterable[str]) -> None:
        """Fetch these when there is time, so that they are here when the network is not."""
        for name in names:
            if _NAME.fullmatch(name) and name not in self._sizes:
                self._wanted.put_nowait(name)

    async def run(self) -> None:
        """Fetch ahead, one picture at a time, until cancelled."""
        while True:
            name = await self._wanted.get()
            try:
                await self.picture(name)
            except NoPicture as missing:
                log.info("no picture yet: %s", missing)

    def _kept(self, name: str) -> Picture | None:
        if name not in self._sizes:
            return None
        try:
            picture = _read(name, (self._folder / name).read_bytes())
        except (OSError, NoPicture) as error:
            log.warning("picture %s is fetched again, the one kept is unreadable: %s", name, error)
            self._forget(name)
            return None
        self._sizes.move_to_end(name)
        return picture

    async def _get(self, name: str) -> Picture:
        try:
            picture = _read(name, await asyncio.to_thread(_fetch, f"{self._url}/pictures/{name}", self._ca_file))
        except NoPicture as missing:
            self._missing[name] = (time.monotonic(), str(missing))
            raise
        finally:
            del self._fetching[name]
        self._missing.pop(name, None)
        self._keep(name, picture.content)
        return picture

    def _keep(self, name: str, content: bytes) -> None:
        """A disk that takes nothing costs the offline copy, never the picture that is on its way."""
        unfinished = self._folder / f".{name}.part"
        try:
            unfinished.write_bytes(content)
            os.replace(unfinished, self._folder / name)
        except OSError as error:
            log.warning("picture %s is shown but not kept: %s", name, error)
            unfinished.unlink(missing_ok=True)
            return
        self._sizes[name] = len(content)
        while sum(self._sizes.values()) > self._limit and len(self._sizes) > 1:
            self._forget(next(iter(self._sizes)))

    def _forget(self, name: str) -> None:
        del self._sizes[name]
        (self._folder / name).unlink(missing_ok=True)
