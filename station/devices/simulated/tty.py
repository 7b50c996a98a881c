"""A serial device on a pty behind a lasting name, which can be unplugged and plugged in again."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Callable
from pathlib import Path


class SimulatedTty:
    """The device's end is here; the station opens `path`, a symbolic link like those under /dev/serial/by-path."""

    def __init__(self, path: Path, heard: Callable[[bytes], None] | None = None) -> None:
        self.path = path
        self._heard = heard
        self._ends: tuple[int, int] | None = None

    @property
    def plugged(self) -> bool:
        """Whether the station can open it now."""
        return self._ends is not None

    def plug(self) -> None:
        """Make a pty and let the name point to it."""
        if self._ends is not None:
            return
        # Our own hold on the station's end keeps ours quiet while the station has it closed.
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        os.set_blocking(ours, False)
        self._ends = ours, theirs
        self.path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self.path.with_name(self.path.name + ".new")
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(os.ttyname(theirs))
        fresh.replace(self.path)
        asyncio.get_running_loop().add_reader(ours, self._listen)

    def unplug(self) -> None:
        """Take the name and the line away; who has it open is cut off."""
        if self._ends is None:
            return
        ours, theirs = self._ends
        self._ends = None
        self.path.unlink(missing_ok=True)
        asyncio.get_running_loop().remove_reader(ours)
        os.close(ours)
        os.close(theirs)

    def say(self, data: bytes) -> None:
        """Send bytes to the station; lost when unplugged or when nobody reads for long."""
        if self._ends is not None:
            try:
                os.write(self._ends[0], data)
            except BlockingIOError:
                return

    def _listen(self) -> None:
        if self._ends is None:
            return
        try:
            data = os.read(self._ends[0], 4096)
        except BlockingIOError:
            return
        if self._heard is not None:
            self._heard(data)
