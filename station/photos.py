"""Pictures of open boxes until central has them: files by their SHA-256, bounded in number and size.

They show a customer's goods: only the station's own user may read them, and none is kept longer than it must be.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

_NAME = re.compile(r"[0-9a-f]{64}")
_ORPHAN_AFTER_S = 600.0
"""A picture that no parcel has claimed after this long was taken again, or its parcel was emptied."""


class PhotosConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[photos]`: how many pictures may wait for central on this bench."""

    most: Annotated[int, Meta(ge=1, le=100_000)] = 2_000
    most_mb: Annotated[int, Meta(ge=1, le=100_000)] = 500


class NoRoom(Exception):
    """No more pictures may be kept; the text says why."""

    def __init__(self, text: str, text_fr: str) -> None:
        super().__init__(text)
        self.text_fr = text_fr


class PhotoFolder:
    """The files. Everything here blocks: not on the event loop."""

    def __init__(self, folder: Path, config: PhotosConfig, since_boot_s: Callable[[], float] = time.monotonic) -> None:
        self._folder = folder
        self._config = config
        self._since_boot_s = since_boot_s
        self._unwanted_since: dict[str, float] = {}
        """Found by earlier sweeps: a file's own time is the wall clock's, which may jump."""

    def keep(self, jpeg: bytes) -> str:
        """Have it on the disk; its SHA-256. Raises `NoRoom`: what waits for central is never dropped for it."""
        name = hashlib.sha256(jpeg).hexdigest()
        unfinished = self._folder / f".{name}.part"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._make_room(len(jpeg))
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(jpeg)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self._folder / f"{name}.jpg")
            _sync_folder(self._folder)
        except OSError as error:
            with suppress(OSError):
                unfinished.unlink(missing_ok=True)
            raise NoRoom(
                f"The picture cannot be kept on this bench's disk ({error.strerror}).",
                "La photo ne peut pas être enregistrée : disque plein ou en défaut.",
            ) from error
        return name

    def read(self, name: str) -> bytes | None:
        """The picture, if it is here and nothing has changed in it."""
        if not _NAME.fullmatch(name):
            return None
        try:
            content = (self._folder / f"{name}.jpg").read_bytes()
        except OSError:
            return None
        return content if hashlib.sha256(content).hexdigest() == name else None

    def forget(self, name: str) -> None:
        """Delete it."""
        (self._folder / f"{name}.jpg").unlink(missing_ok=True)

    def sweep(self, wanted: Collection[str]) -> int:
        """Delete what nobody has wanted for long; how many."""
        if not self._folder.is_dir():
            return 0
        now, gone = self._since_boot_s(), 0
        unwanted = {path.name for path in self._folder.iterdir() if path.name.removesuffix(".jpg") not in wanted}
        self._unwanted_since = {name: self._unwanted_since.get(name, now) for name in unwanted}
        for name, since in self._unwanted_since.items():
            if now - since >= _ORPHAN_AFTER_S:
                (self._folder / name).unlink(missing_ok=True)
                gone += 1
        return gone

    def _make_room(self, size: int) -> None:
        sizes = [path.stat().st_size for path in self._folder.glob("*.jpg")]
        if len(sizes) >= self._config.most or sum(sizes) + size > self._config.most_mb * 1024 * 1024:
            raise NoRoom(
                f"{len(sizes)} pictures wait for the centre already: check the network.",
                f"{len(sizes)} photos attendent déjà le central : vérifiez le réseau.",
            )


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
