"""Records what a keeper's device sends, and plays it to the driver again."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from station.devices.keeper import Keeper
from station.devices.registry import Device, DeviceConfig, build
from station.devices.replaying import replay
from station.devices.tape import Chunk, read_tape
from station.taping import Recorder
from tests.station.devices.watching import Watcher


class Tape:
    """A recording in memory."""

    def __init__(self) -> None:
        self.file = io.BytesIO()

    @asynccontextmanager
    async def of(
        self,
        device: DeviceConfig,
        watcher: Watcher,
        make: Callable[[DeviceConfig], Device] = build,
        *,
        scrub: bool = True,
    ) -> AsyncIterator[Keeper]:
        """A keeper that is overheard from its device's first word; it must still be at work at the end."""
        keeper = Keeper(device, watcher, make=make, chance=lambda: 0.0)
        recorder = Recorder(self.file, device, scrub=scrub)
        with keeper.tap.listening(recorder):
            task = asyncio.create_task(keeper.run())
            try:
                yield keeper
                assert not task.done(), "the keeper ended by itself"
            finally:
                task.cancel()
                await asyncio.wait({task})
                recorder.close()

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """What is on it."""
        self.file.seek(0)
        return read_tape(self.file)[1]

    @property
    def words(self) -> bytes:
        """All that is on it, as bytes in a row."""
        return b"\n".join(chunk.data for chunk in self.chunks)

    async def replayed(self) -> Watcher:
        """What the ordinary driver makes of it."""
        self.file.seek(0)
        header, chunks = read_tape(self.file)
        watcher = Watcher()
        await replay(header, chunks, watcher)
        return watcher
