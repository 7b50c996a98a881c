"""Scales on a serial line: asked or listened to, one driver for every protocol."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Literal, Self

from msgspec import Meta

from station.devices.line import Line, open_serial
from station.devices.ports import Reading, ScaleOrder, ScaleState
from station.devices.scale_answer import Answer
from station.devices.scale_reader import ScaleProtocol, ScaleReader
from station.devices.settings import ScaleSettings, Seconds
from station.devices.udev import node_of

_LIVELY_S = 2.0
"""How long after the last change the scale is asked at the lively rate."""
_OVERSLEPT_S = 0.25
"""Later than that we were paused ourselves: the rest of a frame may still be on its way through the kernel."""
_ANSWER_BITS = 120
"""A dozen characters: hardly an answer is longer."""


class SerialScaleSettings(ScaleSettings, frozen=True, kw_only=True):
    """What every serial scale's table has; a protocol sets its own defaults."""

    baud: Literal[600, 1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    bits: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stop_bits: Literal[1, 2] = 1
    division_g: Annotated[int, Meta(ge=1, le=500)] = 1
    """The scale's own step; where its numbers show a larger one, that counts."""
    idle_every_s: Seconds = 0.2
    """Pause between questions while nothing moves on the platform."""
    lively_every_s: Seconds = 0.04
    silent_after_s: Seconds = 1.5

    @property
    def protocol(self) -> ScaleProtocol:
        """What the line speaks."""
        raise NotImplementedError


class SerialScale:
    """Asks, reads, and asks sooner while something moves; or listens and keeps the newest."""

    def __init__(self, config: SerialScaleSettings) -> None:
        self._config = config
        self._protocol = config.protocol
        self._reader = ScaleReader(self._protocol)
        self._ordered: list[ScaleOrder] = []
        self._broke_off = False
        """The last answer came half: another such one is told."""
        self._line: Line

    async def __aenter__(self) -> Self:
        config = self._config
        self._line = open_serial(
            node_of(config, config.subsystem),
            baud=config.baud,
            bits=config.bits,
            parity=config.parity,
            stop_bits=config.stop_bits,
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._line.close()

    @property
    def orders(self) -> tuple[ScaleOrder, ...]:
        """What its protocol has a command for."""
        known = {ScaleOrder.ZERO: self._protocol.zero, ScaleOrder.TARE: self._protocol.tare}
        return tuple(order for order, said in known.items() if said)

    def order(self, what: ScaleOrder) -> None:
        """Tell the scale when its line is free; the readings after that show what came of it."""
        self._ordered.append(what)

    async def readings(self) -> AsyncIterator[Reading]:
        """One reading for each question that was answered, or the newest of those that came by themselves."""
        if self._protocol.begin:
            await self._line.write(self._protocol.begin)
        last: Reading | None = None
        changed = 0.0
        lively = True
        while True:
            if self._ordered:
                await self._give(self._ordered.pop(0))
            elif self._protocol.ask:
                await self._line.write(self._protocol.ask)
            answer = await self._answer(lively=lively)
            now = time.monotonic()
            if answer is not None:
                reading = self._reading(answer)
                if last is None or (reading.state, reading.grams) != (last.state, last.grams):
                    changed = now
                last = reading
                yield reading
            lively = now - changed < _LIVELY_S or (last is not None and last.state is ScaleState.MOTION)
            if self._protocol.ask:
                await asyncio.sleep(self._config.lively_every_s if lively else self._config.idle_every_s)

    async def _give(self, order: ScaleOrder) -> None:
        self._reader.tared = order is ScaleOrder.TARE
        await self._line.write(self._protocol.tare if order is ScaleOrder.TARE else self._protocol.zero)

    async def _answer(self, *, lively: bool) -> Answer | None:
        """The newest answer; None when nothing came, a fault when only a part did twice in a row."""
        now, within_s = asyncio.get_running_loop().time, self._protocol.answer_within_s
        try:
            async with asyncio.timeout(within_s) as bound:
                while True:
                    answers = self._reader.feed(await self._line.read(), _monotonic_ms())
                    if not (lively or answers):
                        # A line brings its characters one by one: a wake-up for each is most of an idle bench's CPU.
                        await asyncio.sleep(_ANSWER_BITS / self._config.baud)
                    for more in self._line.read_waiting():
                        answers += self._reader.feed(more, _monotonic_ms())
                    if answers:
                        self._broke_off = False
                        return answers[-1]
                    if self._reader.holding:
                        bound.reschedule(now() + within_s)
        except TimeoutError:
            # What lies there unread came in time: only we were busy.
            late = [each for more in self._line.read_waiting() for each in self._reader.feed(more, _monotonic_ms())]
            if late:
                self._broke_off = False
                return late[-1]
            overslept_s = now() - (bound.when() or 0)
            return None if overslept_s > _OVERSLEPT_S else self._half()

    def _half(self) -> Answer | None:
        """A scale that paused in an answer is asked again; one that breaks off again is told."""
        before, half = self._broke_off, self._reader.give_up()
        self._broke_off = half is not None
        return half if before else None

    def _reading(self, answer: Answer) -> Reading:
        return Reading(
            state=answer.state,
            grams=answer.grams,
            at=time.time_ns() // 1_000_000,
            raw=repr(answer.raw)[2:-1],
            device=self._config.name,
            division_g=max(self._config.division_g, answer.division_g),
            note=answer.note,
            net=answer.net,
        )


def _monotonic_ms() -> int:
    return time.monotonic_ns() // 1_000_000
