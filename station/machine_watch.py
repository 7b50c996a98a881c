"""Watches the computer that the bench runs on: disk, memory, supply, certificate, and its clock against central's."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from contract.machine import MachineTrouble, clock_ahead_ms, clock_trouble
from contract.messages import Ask, TellTime
from link.machine import Machine

log = logging.getLogger(__name__)

_ASK_TIME_EVERY_S = 600.0
_JUMP_MS = 2_000
"""Wall clock and uptime do not drift apart so far between two looks: somebody set the clock."""


class MachineWatch:
    """Tell it what central's clock said; it calls `changed` when `troubles` are others than before."""

    def __init__(
        self,
        machine: Machine,
        ask: Callable[[Ask], None],
        now_ms: Callable[[], int],
        certificate: Callable[[], MachineTrouble | None],
        changed: Callable[[tuple[MachineTrouble, ...]], None],
    ) -> None:
        self.troubles: tuple[MachineTrouble, ...] = ()
        self._machine = machine
        self._ask = ask
        self._now_ms = now_ms
        self._certificate = certificate
        self._changed = changed
        self._clock: MachineTrouble | None = None
        self._agreed_offset_ms: int | None = None
        self._asked_at = 0
        self._due = 0.0
        self._offset_ms = self._since_start_ms()

    def link_is_up(self) -> None:
        """Central can be asked now."""
        self._due = 0.0

    def told(self, at: int) -> None:
        """Central's clock, in answer to our question."""
        now = self._now_ms()
        ahead_ms = clock_ahead_ms(self._asked_at, now, at)
        known, self._clock = self._clock, clock_trouble(ahead_ms)
        self._agreed_offset_ms = self._since_start_ms() if self._clock is None else None
        if self._clock is not None and known is None:
            log.warning("this clock and central's are %d s apart", abs(ahead_ms) // 1000)
        self._tell()

    @property
    def clock_ok(self) -> bool:
        """False while our clock is known to be far from central's."""
        return self._clock is None

    @property
    def clock_is_right(self) -> bool:
        """True once ours and central's were the same, for as long as nobody sets ours."""
        agreed = self._agreed_offset_ms
        return agreed is not None and abs(self._since_start_ms() - agreed) <= _JUMP_MS

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            # A worn card answers after seconds, and the bench goes on meanwhile.
            await asyncio.to_thread(self._machine.look)
            self._tell()
            self._ask_time()
            await asyncio.sleep(self._machine.look_every_s)

    def _ask_time(self) -> None:
        offset = self._since_start_ms()
        jumped, self._offset_ms = abs(offset - self._offset_ms) > _JUMP_MS, offset
        if jumped or time.monotonic() >= self._due:
            self._due = time.monotonic() + _ASK_TIME_EVERY_S
            self._asked_at = self._now_ms()
            self._ask(TellTime())

    def _since_start_ms(self) -> int:
        return self._now_ms() - time.monotonic_ns() // 1_000_000

    def _tell(self) -> None:
        others = (self._certificate(), self._clock)
        found = (*self._machine.troubles, *(trouble for trouble in others if trouble is not None))
        if found != self.troubles:
            self.troubles = found
            self._changed(found)
