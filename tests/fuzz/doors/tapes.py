"""Tapes for `packline-station replay`."""

from __future__ import annotations

from station.devices.registry import build
from station.devices.tape import BadTape, read_tape
from tests.fuzz.door import Door, pure


def _read(data: bytes) -> str:
    try:
        header, chunks = read_tape(data.splitlines(keepends=True))
    except BadTape as refused:
        return str(refused)
    build(header.settings)
    for chunk in chunks:
        assert len(chunk.data) * 2 <= len(chunk.hex)
    return ""


DOORS = (Door("tape", lambda folder: pure(_read)),)
