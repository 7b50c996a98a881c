"""Tapes for `packline-station replay`: as they are read, and what the ordinary driver makes of their first chunks."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, redirect_stdout
from pathlib import Path

from station.devices.registry import build
from station.devices.tape import BadTape, read_tape
from station.technician.replay import replay_file
from tests.fuzz.door import Door, Finding, on_a_loop, pure

_FIRST = 6
"""Lines that are played: a driver takes its time, as on the wire."""


def _read(data: bytes) -> str:
    try:
        header, chunks = read_tape(data.splitlines(keepends=True))
    except BadTape as refused:
        return str(refused)
    build(header.settings)
    for chunk in chunks:
        assert len(chunk.data) * 2 <= len(chunk.hex)
    return ""


@asynccontextmanager
async def _played(folder: Path) -> AsyncIterator[Callable[[bytes], Awaitable[str]]]:
    path = folder / "one.tape"

    async def offer(data: bytes) -> str:
        path.write_bytes(b"".join(data.splitlines(keepends=True)[:_FIRST]))
        with redirect_stdout(io.StringIO()) as said:
            refused = await replay_file(path)
        lines = said.getvalue().splitlines()
        if not all(line.isprintable() for line in lines):
            raise Finding(f"what was understood cannot be read: {lines}")
        return lines[-1].replace(str(folder), "…") if refused else ""

    yield offer


DOORS = (
    Door("tape", lambda folder: pure(_read)),
    Door("tape_played", lambda folder: on_a_loop(_played(folder)), is_json=True),
)
