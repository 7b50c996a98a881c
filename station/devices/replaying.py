"""Plays a tape to the ordinary driver: the device's part by a twin, the driver's turn taken as it comes."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec.structs import fields, replace

from station.devices.keeper import Keeper, Tell
from station.devices.ports import Health, Kind
from station.devices.registry import DeviceConfig, kind_of
from station.devices.simulated.listening import ListeningPrinter
from station.devices.simulated.packets import SimulatedNode
from station.devices.simulated.tty import SimulatedTty
from station.devices.tape import BadTape, Chunk, Header

_LONGEST_WAIT_S = 1.0
"""For the next chunk, however long the real wait was; and for a driver that does not take its turn."""
_OPENING_S = 10.0
_LAST_S = 0.7
"""After the last chunk: a scan may end by a pause."""

Say = Callable[[bytes], None]


async def replay(header: Header, chunks: Sequence[Chunk], tell: Tell) -> None:
    """Tell all that the driver makes of the tape. Raises `BadTape` for devices without a wire, such as lights."""
    asked = asyncio.Event()
    async with _twin(header.settings, asked) as (settings, say):
        keeper = Keeper(settings, tell)
        task = asyncio.create_task(keeper.run(), name="replay")
        try:
            await _opened(keeper)
            await _play(chunks, say, asked)
        finally:
            task.cancel()
            await asyncio.wait({task})


@asynccontextmanager
async def _twin(config: DeviceConfig, asked: asyncio.Event) -> AsyncIterator[tuple[DeviceConfig, Say]]:
    """A twin that says what it is given, and the settings with its place instead of the device's."""
    if "path" not in {field.name for field in fields(config)} or kind_of(config) in (Kind.SIGNALS, Kind.CAMERA):
        raise BadTape(f"{config.name} has no wire that could be played")
    if kind_of(config) is Kind.PRINTER:
        async with _Voice(asked) as voice:
            yield replace(config, path="", usb=None, baud=0, host=voice.host, port=voice.port), voice.say
        return
    with tempfile.TemporaryDirectory(prefix="tape") as folder:
        path = Path(folder) / "device"

        def heard(data: bytes) -> None:
            asked.set()

        twin = SimulatedTty(path, heard) if getattr(config, "baud", 0) else SimulatedNode(path, heard=heard)
        twin.plug()
        try:
            yield replace(config, path=str(path), usb=None), twin.say
        finally:
            twin.unplug()


class _Voice(ListeningPrinter):
    """A printer on the network that says what it is given, whatever it is asked."""

    def __init__(self, asked: asyncio.Event) -> None:
        super().__init__(host="127.0.0.1", port=0)
        self._asked = asked

    def say(self, data: bytes) -> None:
        """To whoever is connected."""
        for transport in self._hosts:
            transport.write(data)

    def took(self, data: bytes) -> bytes:
        """Take the question; the tape has the answer."""
        self._asked.set()
        return b""

    def forget_half(self) -> None:
        """It keeps nothing."""


async def _opened(keeper: Keeper) -> None:
    """Wait until the driver has the twin open. Raises `BadTape` when it cannot."""
    async with asyncio.timeout(_OPENING_S):
        while keeper.status.health is Health.STARTING and not keeper.opened:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    if keeper.status.health is Health.LOST:
        raise BadTape(f"the driver does not start: {keeper.status.detail}")


async def _play(chunks: Sequence[Chunk], say: Say, asked: asyncio.Event) -> None:
    """Say what came in; where the station had spoken, wait for the driver to speak."""
    before = chunks[0].at_s if chunks else 0.0
    for chunk in chunks:
        if chunk.direction == "in":
            await asyncio.sleep(min(_LONGEST_WAIT_S, max(0.0, chunk.at_s - before)))
            say(chunk.data)
        elif not chunk.withheld:
            await _turn(asked)
        before = chunk.at_s
    await asyncio.sleep(_LAST_S)


async def _turn(asked: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(_LONGEST_WAIT_S):
            await asked.wait()
    except TimeoutError:
        return
    asked.clear()
