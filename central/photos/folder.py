"""The picture files. Names are SHA-256 sums, so a picture is the one that its parcel names, or it is not there."""

from __future__ import annotations

import hashlib
import os
import re
import time
from pathlib import Path

from contract.messages import PhotoPiece

MOST_BYTES = 8 * 1024 * 1024
"""Of one picture; stations keep none above 4 MB."""
_NAME = re.compile(r"[0-9a-f]{64}")
_DAY_S = 24 * 3600
_UNFINISHED_S = 7 * _DAY_S
"""A picture that does not go on for so long is begun anew."""


class BadPiece(ValueError):
    """A station sent what is no part of a picture; the text says why."""


class PhotoFolder:
    """Everything here blocks: not on the event loop. One process writes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, piece: PhotoPiece) -> int:
        """Put the piece where it belongs; how much is held from the picture's beginning, safe on the disk.

        The same piece again changes nothing. A picture whose bytes are not what its name says is begun anew.
        Raises `BadPiece`, and `OSError` when the disk takes nothing.
        """
        _prove(piece)
        whole, part = self._path(piece.sha256), self._path(piece.sha256).with_suffix(".part")
        if whole.exists():
            return piece.size
        held = part.stat().st_size if part.exists() else 0
        if held > piece.size:
            part.unlink()
            held = 0
        if not piece.data or piece.offset > held or piece.offset + len(piece.data) <= held:
            return held
        part.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
            file.seek(piece.offset)
            file.write(piece.data)
            file.flush()
            os.fsync(file.fileno())
        held = piece.offset + len(piece.data)
        return held if held < piece.size else self._finish(piece.sha256, part, whole)

    def read(self, name: str) -> bytes | None:
        """The picture, as it is on the disk; None when it is not here."""
        if not _NAME.fullmatch(name):
            return None
        try:
            return self._path(name).read_bytes()
        except FileNotFoundError:
            return None

    def is_here(self, name: str) -> bool:
        """Whether there is a whole picture of that name."""
        return bool(_NAME.fullmatch(name)) and self._path(name).is_file()

    def purge(self, keep_days: int) -> int:
        """Delete what is older than the house keeps it, and what was never finished; how many."""
        now = time.time()
        gone = 0
        for path in self._folder.glob("??/*"):
            oldest = now - (_UNFINISHED_S if path.suffix == ".part" else keep_days * _DAY_S)
            if path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
                gone += 1
        return gone

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / f"{name}.jpg"

    def _finish(self, name: str, part: Path, whole: Path) -> int:
        content = part.read_bytes()
        if not is_true(name, content):
            part.unlink()
            return 0
        part.replace(whole)
        _sync_folder(whole.parent)
        return len(content)


def is_true(name: str, content: bytes) -> bool:
    """Whether these bytes are the picture of that name."""
    return hashlib.sha256(content).hexdigest() == name


def _prove(piece: PhotoPiece) -> None:
    if not _NAME.fullmatch(piece.sha256):
        raise BadPiece(f"{piece.sha256[:80]!r} is no SHA-256")
    if not 0 < piece.size <= MOST_BYTES:
        raise BadPiece(f"a picture of {piece.size} bytes; it may have {MOST_BYTES}")
    if piece.offset < 0 or piece.offset + len(piece.data) > piece.size:
        raise BadPiece(f"{len(piece.data)} bytes at {piece.offset} do not lie within a picture of {piece.size}")


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
