"""The cable between a twin and the station: in while the twin's block runs, and pulled when a test wants it so."""

from __future__ import annotations

from typing import Generic, Self, TypeVar

from station.devices.simulated.packets import SimulatedNode
from station.devices.simulated.tty import SimulatedTty

Line = TypeVar("Line", SimulatedTty, SimulatedNode)


class Cabled(Generic[Line]):
    """A twin at the end of a line."""

    def __init__(self, line: Line) -> None:
        self._line: Line = line

    async def __aenter__(self) -> Self:
        self.plug()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.unplug()

    @property
    def path(self) -> str:
        """What station.toml gives as `path`."""
        return str(self._line.path)

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._line.plugged

    def plug(self) -> None:
        """Put the cable in; the path is always the same."""
        self._line.plug()

    def unplug(self) -> None:
        """Pull the cable, in the middle of an answer if there is one."""
        self._line.unplug()


class OnNode(Cabled[SimulatedNode]):
    """One behind a device node, of which it sees who has it open."""

    async def opened(self, times: int = 1) -> None:
        """Wait until the station has it open, and has opened it so many times."""
        await self._line.opened(times)
