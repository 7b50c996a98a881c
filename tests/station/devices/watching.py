"""Hears what keepers tell, and waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from station.devices.keeper import Keeper
from station.devices.ports import DeviceStatus, Health, Reading, ScaleState, ScannedText, Still
from station.devices.registry import Device, DeviceConfig, build


def config(**fields: Any) -> DeviceConfig:
    """A configuration as station.toml would give it."""
    decoded: DeviceConfig = msgspec.convert({"name": "it", **fields}, DeviceConfig)
    return decoded


class Watcher:
    """Keeps everything that it is told."""

    def __init__(self) -> None:
        self.scans: list[ScannedText] = []
        self.readings: list[Reading] = []
        self.presses: list[str] = []
        self.statuses: list[DeviceStatus] = []
        self.pictures: list[Still] = []
        self.lines: list[bytes] = []
        self.raw = b""
        """What a driver read, where its tap is listened to."""
        self._news = asyncio.Event()

    def scanned(self, scan: ScannedText) -> None:
        self.scans.append(scan)
        self._news.set()

    def weighed(self, reading: Reading) -> None:
        self.readings.append(reading)
        self._news.set()

    def pressed(self, name: str) -> None:
        self.presses.append(name)
        self._news.set()

    def changed(self, status: DeviceStatus) -> None:
        self.statuses.append(status)
        self._news.set()

    def pictured(self, still: Still) -> None:
        self.pictures.append(still)

    def said(self, data: bytes) -> None: ...

    def heard(self, data: bytes) -> None:
        self.raw += data
        self._news.set()

    def driven(self, lines: bytes) -> None:
        self.lines.append(lines)

    def poke(self) -> None:
        """Something else happened that a condition may depend on."""
        self._news.set()

    @property
    def texts(self) -> list[str]:
        return [scan.text for scan in self.scans]

    @property
    def healths(self) -> list[Health]:
        return [status.health for status in self.statuses]

    @property
    def weights(self) -> set[int]:
        """Every number that was called a weight."""
        return {reading.weight for reading in self.readings if reading.weight is not None}

    async def until(self, true: Callable[[], object]) -> None:
        """Wait for what is told to make it true; long without is a failure."""
        async with asyncio.timeout(60):
            while not true():
                self._news.clear()
                await self._news.wait()

    async def health(self, health: Health) -> DeviceStatus:
        """Wait until the device is seen like this."""
        await self.until(lambda: self.statuses and self.statuses[-1].health is health)
        return self.statuses[-1]

    async def weight(self, grams: int) -> None:
        """Wait until the scale's last word is this weight."""
        await self.until(lambda: self.readings and self.readings[-1].weight == grams)

    async def state(self, state: ScaleState) -> None:
        """Wait until the scale's last word is this state."""
        await self.until(lambda: self.readings and self.readings[-1].state is state)


@asynccontextmanager
async def kept(
    device: DeviceConfig, watcher: Watcher, make: Callable[[DeviceConfig], Device] = build
) -> AsyncIterator[Keeper]:
    """A keeper at work; it must still be at work at the end."""
    keeper = Keeper(device, watcher, make=make, chance=lambda: 0.0)
    task = asyncio.create_task(keeper.run())
    try:
        yield keeper
        assert not task.done(), "the keeper ended by itself"
    finally:
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error
