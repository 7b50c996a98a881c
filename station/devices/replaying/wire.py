"""Devices that are one stream of bytes each way: scanners, scales, label and receipt printers."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec.structs import replace

from station.devices.keeper import Keeper
from station.devices.ports import Health, Kind
from station.devices.registry import DeviceConfig, kind_of
from station.devices.replaying.stage import LONGEST_WAIT_S, Stage, rest
from station.devices.simulated.listening import ListeningPrinter
from station.devices.simulated.packets import SimulatedNode
from station.devices.simulated.tty import SimulatedTty
from station.devices.tape import BadTape, Chunk

Say = Callable[[bytes], None]


@asynccontextmanager
async def wire(config: DeviceConfig, chunks: Sequence[Chunk]) -> AsyncIterator[Stage]:
    """A twin that says what came in; where the station had spoken, it waits for the driver to speak."""
    asked = asyncio.Event()
    async with _twin(config, asked) as (settings, say):

        async def play(keeper: Keeper) -> None:
            if keeper.status.health is Health.LOST:
                raise BadTape(f"the driver does not start: {keeper.status.detail}")
            before = None
            for chunk in chunks:
                if chunk.direction == "in":
                    await rest(before, chunk)
                    say(chunk.data)
                elif not chunk.withheld:
                    await _turn(asked)
                before = chunk

        yield Stage(settings, play)


@asynccontextmanager
async def _twin(config: DeviceConfig, asked: asyncio.Event) -> AsyncIterator[tuple[DeviceConfig, Say]]:
    """A twin that says what it is given, and the settings with its place instead of the device's."""
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


async def _turn(asked: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(LONGEST_WAIT_S):
            await asked.wait()
    except TimeoutError:
        return
    asked.clear()
