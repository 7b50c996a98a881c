"""Lights, buttons, drawer and door: a GPIO chip whose inputs change as they did, under what the station wanted then."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path

from msgspec.structs import replace

from station.devices.gpio_signals import GpioSignals, GpioSignalsConfig
from station.devices.keeper import Keeper
from station.devices.line_levels import DRAWER, read_levels, read_wanted
from station.devices.registry import DeviceConfig
from station.devices.replaying.stage import Audience, Stage, rest
from station.devices.simulated.gpio_kernel import Chip, GpioKernel
from station.devices.tape import BadTape, Chunk

_BOARD = "pinctrl-bcm2711"
_MOST_LINES = 256


@asynccontextmanager
async def lines(config: GpioSignalsConfig, chunks: Sequence[Chunk], audience: Audience) -> AsyncIterator[Stage]:
    """The kernel's side of the lines, whatever library had reached them."""
    chip = Chip(config.chip or _BOARD, lines=_MOST_LINES)
    first = next((chunk for chunk in chunks if chunk.direction == "in"), None)
    if first is not None:
        chip.inputs = read_levels(first.data)
    with tempfile.TemporaryDirectory(prefix="tape") as folder, closing(GpioKernel(Path(folder))) as kernel:
        kernel.plug("gpiochip0", chip)
        settings = replace(config, pins="kernel", path="", chip=chip.label, usb=None)

        async def play(keeper: Keeper) -> None:
            before = None
            for chunk in chunks:
                await rest(before, chunk)
                before = chunk
                if chunk.direction == "in":
                    _change(kernel, chip, chunk)
                elif chunk.data == DRAWER:
                    if config.drawer is None:
                        raise BadTape("it opens a drawer that its settings do not have")
                    await keeper.open_drawer()
                elif (lamp := read_wanted(chunk.data)) is not None:
                    keeper.show(lamp)

        def make(_: DeviceConfig) -> GpioSignals:
            return GpioSignals(settings, devices=kernel.devices, ioctl=kernel.ioctl)

        yield Stage(settings, play, make, _Lines(audience))


def _change(kernel: GpioKernel, chip: Chip, chunk: Chunk) -> None:
    for line, high in read_levels(chunk.data).items():
        if line in chip.ends and chip.inputs.get(line) is not high:
            kernel.edge(chip, line, high=high)


class _Lines:
    """Hears the driver set its outputs."""

    def __init__(self, audience: Audience) -> None:
        self._audience = audience

    def heard(self, data: bytes) -> None:
        """Nothing: the tape has it."""

    def said(self, data: bytes) -> None:
        """What was wanted is on the tape; what comes of it is the driver's."""
        if b"=" in data:
            self._audience.driven(data)
