"""Writes tapes: overhears devices of this bench, takes out personal data, writes before anything is forgotten."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

from msgspec import Meta, Struct

from station.devices.keeper import Keeper
from station.devices.registry import DeviceConfig
from station.devices.scrubbing import scrubbed
from station.devices.tape import VERSION, Chunk, Direction, Header, line_of

log = logging.getLogger(__name__)

_QUIET_S = 1.0
"""After this much silence whatever was being said is whole, and can be scrubbed."""
_MOST_HELD = 2000
"""Chunks; a scale that never stops talking is written in parts."""


class TapeConfig(Struct, frozen=True, forbid_unknown_fields=True):
    """`[tape]`: record the raw traffic of devices while the station runs."""

    devices: tuple[str, ...]
    """By their names."""
    folder: str = ""
    """Empty: `tapes` in the state folder."""
    scrub: bool = True
    """Take out codes and documents that may name people."""
    max_mb: Annotated[int, Meta(ge=1, le=10_000)] = 20
    """Per device; then the tape ends."""


class Recorder:
    """One tape of one device."""

    def __init__(self, file: BinaryIO, config: DeviceConfig, *, scrub: bool = True, max_bytes: int = 2**31) -> None:
        self.chunks = 0
        self._file = file
        self._config = config
        self._scrub = scrub
        self._room = max_bytes
        self._held: list[Chunk] = []
        self._timer: asyncio.TimerHandle | None = None
        self._begun = time.monotonic()
        now = time.time_ns() // 1_000_000
        header = Header(packline_tape=VERSION, device=config.name, settings=config, begun_at=now, scrubbed=scrub)
        self._write(line_of(header))

    def heard(self, data: bytes) -> None:
        """The device sent this."""
        self._hold("in", data)

    def said(self, data: bytes) -> None:
        """The device was sent this."""
        self._hold("out", data)

    def close(self) -> None:
        """Write what is held."""
        if self._timer is not None:
            self._timer.cancel()
        self._flush()

    def _hold(self, direction: Direction, data: bytes) -> None:
        self._held.append(Chunk(round(time.monotonic() - self._begun, 6), direction, data.hex()))
        self.chunks += 1
        if self._timer is not None:
            self._timer.cancel()
        if len(self._held) >= _MOST_HELD:
            self._flush()
        self._timer = asyncio.get_running_loop().call_later(_QUIET_S, self._flush)

    def _flush(self) -> None:
        held, self._held = self._held, []
        for chunk in scrubbed(self._config, held) if self._scrub else held:
            self._write(line_of(chunk))

    def _write(self, line: bytes) -> None:
        if self._room < len(line):
            if self._room:
                log.warning("the tape of %s is full and ends here", self._config.name)
            self._room = 0
            return
        try:
            self._file.write(line)
            self._file.flush()
        except OSError as error:
            log.error("the tape of %s ends: %s", self._config.name, error)
            self._room = 0
        else:
            self._room -= len(line)


@contextmanager
def taped(keepers: Iterable[Keeper], config: TapeConfig, folder: Path) -> Iterator[None]:
    """Record the named devices while this lasts. Raises `OSError` when a tape cannot be made."""
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as open_tapes:
        for keeper in keepers:
            if keeper.config.name in config.devices:
                path = folder / tape_name(keeper.config.name, time.gmtime())
                file = open_tapes.enter_context(private(path))
                recorder = Recorder(file, keeper.config, scrub=config.scrub, max_bytes=config.max_mb * 1_000_000)
                open_tapes.callback(recorder.close)
                open_tapes.enter_context(keeper.tap.listening(recorder))
                log.info("recording %s: %s", keeper.config.name, path)
        yield


def tape_name(device: str, at: time.struct_time) -> str:
    """A file name that sorts by device and time."""
    return f"{re.sub(r'[^A-Za-z0-9-]+', '-', device).strip('-') or 'device'}-{time.strftime('%Y%m%dT%H%M%SZ', at)}.tape"


@contextmanager
def private(path: Path) -> Iterator[BinaryIO]:
    """A new file that only this user may read."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
