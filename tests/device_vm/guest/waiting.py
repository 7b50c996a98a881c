"""Waits for conditions that no event announces. Every wait has an end."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

_POLL_S = 0.02


async def until(condition: Callable[[], object], what: str, seconds: float = 60) -> float:
    """Wait until it holds; how many seconds that took. Raises `TimeoutError` that says `what` did not come."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"in {seconds:.0f} s it did not come to this: {what}")
        await asyncio.sleep(_POLL_S)
    return round(time.monotonic() - began, 3)


async def there(path: str | Path) -> None:
    """Wait until udev has made this name."""
    await until(lambda: Path(path).exists(), f"{path} is there")


async def gone(path: str | Path) -> None:
    """Wait until the name is taken away."""
    await until(lambda: not Path(path).is_symlink() and not Path(path).exists(), f"{path} is gone")
