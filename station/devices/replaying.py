"""Plays a tape to the ordinary driver: the device's part by a twin, the driver's turn taken as it comes."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from msgspec.structs import fields, replace

from station.devices.keeper import Keeper, Tell
from station.devices.ports import Health, Kind
from station.devices.registry import DeviceConfig, kind_of
from station.devices.simulated.packets import SimulatedNode
from station.devices.simulated.tty import SimulatedTty
from station.devices.tape import BadTape, Chunk, Header

_LONGEST_WAIT_S = 1.0
"""For the next chunk, however long the real wait was; and for a driver that does not take its turn."""
_OPENING_S = 10.0
_LAST_S = 0.7
"""After the last chunk: a scan may end by a pause."""


class _Twin(Protocol):
    def plug(self) -> None: ...
    def unplug(self) -> None: ...
    def say(self, data: bytes, /) -> None: ...


async def replay(header: Header, chunks: Sequence[Chunk], tell: Tell) -> None:
    """Tell all that the driver makes of the tape. Raises `BadTape` for devices without a wire, such as lights."""
    with tempfile.TemporaryDirectory(prefix="tape") as folder:
        path = Path(folder) / "device"
        player = _Player(chunks)
        twin = player.twin_at(path, serial=bool(getattr(header.settings, "baud", 0)))
        keeper = Keeper(_moved(header.settings, path), tell)
        twin.plug()
        task = asyncio.create_task(keeper.run(), name="replay")
        try:
            await player.opened(keeper)
            await player.play(twin)
        finally:
            task.cancel()
            await asyncio.wait({task})
            twin.unplug()


def _moved(config: DeviceConfig, path: Path) -> DeviceConfig:
    """The device's settings with the twin's place."""
    places = {"path": str(path), "usb": None, "host": ""}
    known = {field.name for field in fields(config)}
    if "path" not in known or kind_of(config) is Kind.SIGNALS:
        raise BadTape(f"{config.name} has no wire that could be played")
    return replace(config, **{key: place for key, place in places.items() if key in known})


class _Player:
    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._chunks = chunks
        self._asked = asyncio.Event()

    def twin_at(self, path: Path, *, serial: bool) -> _Twin:
        def heard(data: bytes) -> None:
            self._asked.set()

        return SimulatedTty(path, heard) if serial else SimulatedNode(path, heard=heard)

    async def opened(self, keeper: Keeper) -> None:
        """Wait until the driver has the twin open. Raises `BadTape` when it cannot."""
        async with asyncio.timeout(_OPENING_S):
            while keeper.status.health is Health.STARTING and not keeper.opened:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        if keeper.status.health is Health.LOST:
            raise BadTape(f"the driver does not start: {keeper.status.detail}")

    async def play(self, twin: _Twin) -> None:
        """Say what came in; where the station had spoken, wait for the driver to speak."""
        before = self._chunks[0].at_s if self._chunks else 0.0
        for chunk in self._chunks:
            if chunk.direction == "in":
                await asyncio.sleep(min(_LONGEST_WAIT_S, max(0.0, chunk.at_s - before)))
                twin.say(chunk.data)
            elif not chunk.withheld:
                await self._turn()
            before = chunk.at_s
        await asyncio.sleep(_LAST_S)

    async def _turn(self) -> None:
        try:
            async with asyncio.timeout(_LONGEST_WAIT_S):
                await self._asked.wait()
        except TimeoutError:
            return
        self._asked.clear()
