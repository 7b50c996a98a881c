"""One order at the bench, and what the screen says meanwhile."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from guest.bench import Bench
from guest.installing import KIOSK

from demo.catalogue import items
from demo.robot import Robot
from demo.screen import Eyes
from demo.table import Table
from station.kiosk.view import Frame

PATIENCE_S: Final = 90
"""A software processor on a busy machine needs many times what a bench does."""

Seen = dict[str, Any]
Way = Callable[[], Awaitable[None]]


class Act:
    """One order: the screen, the packer, and the devices that come and go."""

    def __init__(self, seen: Seen, bench: Bench, order: str) -> None:
        self.seen = seen
        self.bench = bench
        self.eyes = Eyes(KIOSK)
        self.table = Table(bench, self.eyes, KIOSK, {item.sku: item for item in items()}, [order])  # type: ignore[arg-type]
        self.robot = Robot(self.table, patience_s=PATIENCE_S)
        self.eyes.changed = self.table.saw
        bench.changed = self.table.note
        bench.answered = lambda: self.eyes.answered
        bench.flashes = lambda: 0 if self.eyes.frame is None else self.eyes.screen.flash
        bench.refused = lambda: health_of(self.eyes.frame).get("scanner") == "bad"

    async def comes_to(self, done: Callable[[], bool]) -> None:
        """Pack until it is so."""
        while not done():
            await self.robot.step()

    async def health(self, device: str, health: str) -> None:
        """Wait until the screen's corner says this of a device."""
        try:
            await self.eyes.until(lambda frame: health_of(frame).get(device) == health, PATIENCE_S)
        except TimeoutError:
            raise TimeoutError(f"{device} did not become {health}: {self.eyes.frame}") from None

    def detail(self, device: str) -> str:
        """What the screen says of a device beside its health."""
        devices = () if self.eyes.frame is None else self.eyes.frame.quiet.devices
        return next((each.detail for each in devices if each.name == device), "")

    async def told_otherwise(self, device: str, before: str) -> str:
        """What the screen says of a device when that is no longer what it said before."""
        await self.eyes.until(lambda _: self.detail(device) != before, PATIENCE_S)
        return self.detail(device)

    async def replugged(self, device: str, what: str, unplug: Way, plug: Way) -> None:
        """Pull it out, see it lost, put it in, see it well."""
        took_s = []
        for move, becomes in ((unplug, "lost"), (plug, "ok")):
            began = time.monotonic()
            await move()
            await self.health(device, becomes)
            took_s.append(round(time.monotonic() - began, 2))
        self.seen.setdefault("replugged", {})[what] = {"lost_after_s": took_s[0], "well_after_s": took_s[1]}

    @property
    def packed(self) -> int:
        """Pieces that the screen counts."""
        return sum(line.packed for line in self.eyes.screen.lines)


def health_of(frame: Frame | None) -> dict[str, str]:
    """What the screen's corner says of each device."""
    return {} if frame is None else {device.name: device.health for device in frame.quiet.devices}
