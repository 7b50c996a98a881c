"""When a fault strikes: right before a packer's next move of one kind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

from tests.chaos.hands import Step
from tests.chaos.house import House

_HOOK_S: Final = 6.0
"""A step that does not come in this time is not waited for: the fault comes without it."""
STEPS: Final = tuple(step for step in Step if step is not Step.OTHER)


async def at(house: House, station: str, step: Step, deed: Callable[[], Awaitable[None]]) -> bool:
    """Have the deed done under the next move of that step; in vain after a while. Whether the step came."""
    done = asyncio.Event()

    async def hook() -> None:
        try:
            await deed()
        finally:
            done.set()

    hands = house.hands[station]
    hands.at(step, hook)
    try:
        async with asyncio.timeout(_HOOK_S):
            await done.wait()
    except TimeoutError:
        hands.forget(step)
        await deed()
        return False
    return True


async def gone(house: House, name: str, within_s: float) -> bool:
    """Whether that process ended within this time."""
    try:
        async with asyncio.timeout(within_s):
            while house.child(name).returncode is None:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    except TimeoutError:
        return False
    return True
