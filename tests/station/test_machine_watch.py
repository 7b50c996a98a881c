"""When a bench's clock may say what is old enough to be forgotten."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from contract.messages import Ask
from link.machine import Machine
from station.machine_watch import MachineWatch

pytestmark = pytest.mark.feature("R6")

DAY_MS = 24 * 3600 * 1000


class Watched:
    """A bench whose clock is set by hand, and a central whose clock is right."""

    def __init__(self, folder: Path) -> None:
        machine = Machine(folder)
        machine.look_every_s = 0.005
        self.ahead_ms = 0
        self.central_answers = True
        self.asked = 0
        self.watch = MachineWatch(
            machine, self.answer, self.now, certificate=lambda: None, changed=lambda troubles: None
        )

    def now(self) -> int:
        """By the bench's clock."""
        return time.time_ns() // 1_000_000 + self.ahead_ms

    def answer(self, ask: Ask) -> None:
        """As central would, within no time."""
        self.asked += 1
        if self.central_answers:
            self.watch.told(time.time_ns() // 1_000_000)

    async def until(self, true: Callable[[], bool]) -> None:
        """While it goes on looking."""
        looking = asyncio.create_task(self.watch.run())
        async with asyncio.timeout(60):
            while not true():  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        looking.cancel()


async def test_a_clock_is_right_once_central_said_the_same_and_until_somebody_sets_it(tmp_path: Path) -> None:
    bench = Watched(tmp_path)
    bench.central_answers = False
    await bench.until(lambda: bench.asked == 1)
    assert not bench.watch.clock_is_right, "nobody said so"

    bench.central_answers = True
    bench.watch.link_is_up()
    await bench.until(lambda: bench.asked == 2)
    assert bench.watch.clock_is_right

    bench.ahead_ms = DAY_MS
    assert not bench.watch.clock_is_right, "before anybody looked"
    await bench.until(lambda: bench.asked == 3)
    assert not bench.watch.clock_is_right
    assert not bench.watch.clock_ok

    bench.ahead_ms = 0
    await bench.until(lambda: bench.asked == 4)
    assert bench.watch.clock_is_right
