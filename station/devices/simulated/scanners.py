"""Twins of the scanners."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from station.devices.simulated.tty import SimulatedTty


class SimulatedSerialScanner:
    """A serial scanner: sends each code with its terminator."""

    def __init__(self, path: Path, *, terminator: bytes = b"\r") -> None:
        self._tty = SimulatedTty(path)
        self._terminator = terminator

    async def __aenter__(self) -> Self:
        self._tty.plug()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._tty.unplug()

    @property
    def path(self) -> str:
        """What station.toml gives as `path`."""
        return str(self._tty.path)

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._tty.plugged

    def scan(self, text: str) -> None:
        """Read a bar code with this text."""
        self._tty.say(text.encode() + self._terminator)

    def send(self, data: bytes) -> None:
        """Send these very bytes: half a scan, garbage."""
        self._tty.say(data)

    def unplug(self) -> None:
        """Pull the cable."""
        self._tty.unplug()

    def plug(self) -> None:
        """Put the cable in again; the path is the same."""
        self._tty.plug()
