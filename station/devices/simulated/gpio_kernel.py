"""Twin of GPIO chips as the kernel shows them: nodes in a folder, its structs by ioctl, lines whose far end is here."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

from station.devices.gpio_chip import (
    BOTH_EDGES,
    GET_CHIPINFO,
    GET_LINE,
    GET_VALUES,
    OUTPUT,
    RISING,
    SET_VALUES,
    LineEvent,
)


class Chip:
    """One chip; `lines` of it, and what the station made of them."""

    def __init__(self, label: str, *, lines: int = 28, tells_edges: bool = True) -> None:
        self.label = label
        self.lines = lines
        self.tells_edges = tells_edges
        self.gone = False
        self.outputs: dict[int, bool] = {}
        self.inputs: dict[int, bool] = {}
        self.ends: dict[int, int] = {}
        """The far ends of inputs, by line."""


class GpioKernel:
    """`devices` and `ioctl` for `GpioSignals`."""

    def __init__(self, folder: Path) -> None:
        self.devices = folder
        self._chips: dict[int, Chip] = {}
        self._lines: dict[int, tuple[Chip, int]] = {}

    def plug(self, name: str, chip: Chip) -> None:
        """Show it under this name, with nothing connected."""
        node = self.devices / name
        node.touch()
        self._chips[node.stat().st_ino] = chip

    def unplug(self, name: str) -> None:
        """Take it away; who has it open finds nothing behind it, and is not woken, as by kernels before 6.6."""
        node = self.devices / name
        self._chips[node.stat().st_ino].gone = True
        node.unlink()

    def close(self) -> None:
        """Let go of all far ends."""
        for chip in self._chips.values():
            for end in chip.ends.values():
                os.close(end)

    def edge(self, chip: Chip, line: int, *, high: bool) -> None:
        """Change the level of an input."""
        chip.inputs[line] = high
        os.write(chip.ends[line], bytes(LineEvent(id=RISING if high else 2, offset=line)))

    def ioctl(self, descriptor: int, request: int, said: Any) -> None:
        """As the kernel does it."""
        # A chip that is opened may get the number that a line of a dead one had.
        line = self._lines.get(descriptor) if request in (GET_VALUES, SET_VALUES) else None
        chip = line[0] if line is not None else self._chips[os.fstat(descriptor).st_ino]
        if chip.gone:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        if request == GET_CHIPINFO:
            said.label = chip.label.encode()
        elif request == GET_LINE:
            self._give(chip, said)
        elif request == SET_VALUES and line is not None:
            chip.outputs[line[1]] = bool(said.bits)
        elif request == GET_VALUES and line is not None:
            said.bits = chip.inputs[line[1]]

    def _give(self, chip: Chip, said: Any) -> None:
        line = said.offsets[0]
        if line >= chip.lines:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        if said.config.flags & BOTH_EDGES and not chip.tells_edges:
            raise OSError(errno.ENXIO, os.strerror(errno.ENXIO))
        theirs, ours = os.pipe()
        if line in chip.ends:
            os.close(chip.ends[line])
        chip.ends[line] = ours
        if said.config.flags & OUTPUT:
            chip.outputs[line] = bool(said.config.attrs[0].values)
        else:
            chip.inputs.setdefault(line, True)
        self._lines[theirs] = chip, line
        said.fd = theirs
