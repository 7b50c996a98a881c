"""What every kind of tape is played on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NamedTuple, Protocol

from station.devices.keeper import Keeper, Tell
from station.devices.ports import Health, Still
from station.devices.registry import Device, DeviceConfig, build
from station.devices.tap import Listener
from station.devices.tape import Chunk

LONGEST_WAIT_S = 1.0
"""For the next chunk, however long the real wait was; and for a driver that does not take its turn."""
LAST_S = 0.7
"""After the last chunk: a scan may end by a pause."""
_OPENING_S = 10.0
_NOTICED_S = 4.0


class Audience(Tell, Protocol):
    """Who hears what the driver makes of a tape: all that a keeper tells, and what it tells its callers alone."""

    def pictured(self, still: Still) -> None:
        """A picture."""
        ...

    def driven(self, lines: bytes) -> None:
        """Outputs, as `line_levels` writes them."""
        ...


class Stage(NamedTuple):
    """A twin that has the device's part."""

    settings: DeviceConfig
    """Those of the tape, with the twin's place instead of the device's."""
    play: Callable[[Keeper], Awaitable[None]]
    """All of the tape, once the driver has the twin open."""
    make: Callable[[DeviceConfig], Device] = build
    listener: Listener | None = None
    """Overhears the driver."""


async def until_opened(keeper: Keeper) -> None:
    """Wait until the driver has the twin open, or cannot open it."""
    async with asyncio.timeout(_OPENING_S):
        while keeper.status.health is Health.STARTING and not keeper.opened:  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def becomes(true: Callable[[], bool]) -> None:
    """Wait for a driver to see what has changed; not for ever."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_NOTICED_S):
            while not true():  # noqa: ASYNC110
                await asyncio.sleep(0.005)


async def rest(before: Chunk | None, chunk: Chunk) -> None:
    """As long as there was between them, if that was not long."""
    await asyncio.sleep(min(LONGEST_WAIT_S, max(0.0, chunk.at_s - before.at_s)) if before is not None else 0.0)
