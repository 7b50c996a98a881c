"""Scales that speak Mettler-Toledo 8217 on a serial line: asked with `W`, they answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Annotated, Literal, Self

from msgspec import Meta

from station.devices.line import Line, open_serial
from station.devices.ports import Reading, ScaleState
from station.devices.settings import AttachedSettings, Seconds
from station.devices.toledo import Answer, AnswerReader, Unit
from station.devices.udev import node_of

_ASK = b"W\r"
_ANSWER_WITHIN_S = 0.5
_LIVELY_S = 2.0
"""How long after the last change the scale is asked at the lively rate."""


class ToledoScaleConfig(AttachedSettings, frozen=True, kw_only=True, tag="toledo_scale"):
    """`driver = "toledo_scale"`."""

    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400] = 9600
    bits: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"
    stop_bits: Literal[1, 2] = 1
    unit: Unit = "kg"
    """What the scale is set to: its frames carry no unit."""
    division_g: Annotated[int, Meta(ge=1, le=500)] = 1
    idle_every_s: Seconds = 0.2
    """Pause between questions while nothing moves on the platform."""
    lively_every_s: Seconds = 0.04
    silent_after_s: Seconds = 1.5


class ToledoScale:
    """Asks, reads, and asks sooner while something moves."""

    def __init__(self, config: ToledoScaleConfig) -> None:
        self._config = config
        self._reader = AnswerReader(config.unit)
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

    async def readings(self) -> AsyncIterator[Reading]:
        """One reading for each question that was answered."""
        last: Reading | None = None
        changed = 0.0
        while True:
            await self._line.write(_ASK)
            answer = await self._answer()
            now = time.monotonic()
            if answer is not None:
                reading = self._reading(answer)
                if last is None or (reading.state, reading.grams) != (last.state, last.grams):
                    changed = now
                last = reading
                yield reading
            lively = now - changed < _LIVELY_S or (last is not None and last.state is ScaleState.MOTION)
            await asyncio.sleep(self._config.lively_every_s if lively else self._config.idle_every_s)

    async def _answer(self) -> Answer | None:
        """The newest answer to the question; None when nothing came, a fault when only a part did."""
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                while True:
                    answers = self._reader.feed(await self._line.read())
                    if answers:
                        return answers[-1]
        except TimeoutError:
            return self._reader.give_up()

    def _reading(self, answer: Answer) -> Reading:
        return Reading(
            state=answer.state,
            grams=answer.grams,
            at=time.time_ns() // 1_000_000,
            raw=repr(answer.raw)[2:-1],
            device=self._config.name,
            division_g=self._config.division_g,
            note=answer.note,
        )
