"""Twins of the scales."""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from enum import StrEnum
from pathlib import Path
from typing import Literal, Self

from station.devices.simulated.packets import SimulatedNode
from station.devices.simulated.tty import SimulatedTty
from station.devices.toledo import Status

_BYTE_S = 0.001
"""About a byte's time at 9600 baud."""
_REPORT_S = 0.1
_REPORT = struct.Struct("<BBBbH")
_HID_UNITS = {"g": (2, 0, 1.0), "kg": (3, -3, 1.0), "oz": (11, -1, 2.8349523), "lb": (12, -2, 4.5359237)}
"""Unit code, exponent, grams in one count."""


class ScaleTrouble(StrEnum):
    """What can be wrong with a scale."""

    STALL = "stall"
    """Answers nothing."""
    MOTION = "motion"
    """Never comes to rest."""
    DRIFT = "drift"
    """Each answer a gram more than the last."""
    OVERLOAD = "overload"
    HALF_FRAME = "half_frame"
    """Breaks off in the middle of each answer."""
    GARBAGE = "garbage"
    """Answers signs that are no frame."""


class Platform:
    """What stands on a scale, and whether it has come to rest."""

    def __init__(self, *, capacity_g: int, settle_s: float) -> None:
        self._capacity_g = capacity_g
        self._settle_s = settle_s
        self._rests_at = 0.0
        self._grams = 0
        self.trouble: ScaleTrouble | None = None

    @property
    def grams(self) -> int:
        """What is on it."""
        return self._grams

    def place(self, grams: int) -> None:
        """Put this much on it, all in all; 0 empties it. It moves for the settling time."""
        if grams != self._grams:
            self._rests_at = asyncio.get_running_loop().time() + self._settle_s
        self._grams = grams

    @property
    def moving(self) -> bool:
        """Whether it has not come to rest."""
        return self.trouble is ScaleTrouble.MOTION or asyncio.get_running_loop().time() < self._rests_at

    @property
    def overloaded(self) -> bool:
        """Whether more is on it than it can weigh."""
        return self.trouble is ScaleTrouble.OVERLOAD or self._grams > self._capacity_g

    def drift(self) -> None:
        """Creep by a gram when that is the trouble."""
        if self.trouble is ScaleTrouble.DRIFT:
            self._grams += 1


class SimulatedScale:
    """A Mettler-Toledo 8217 scale, set to kg: answers `W` byte by byte, with motion first after each change."""

    def __init__(
        self, path: Path, *, capacity_g: int = 15_000, settle_s: float = 0.3, trouble: ScaleTrouble | None = None
    ) -> None:
        self._platform = Platform(capacity_g=capacity_g, settle_s=settle_s)
        self._platform.trouble = trouble
        self._tty = SimulatedTty(path, self._heard)
        self._outgoing: deque[int] = deque()
        self._speaking: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._tty.plug()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.unplug()

    @property
    def path(self) -> str:
        """What station.toml gives as `path`."""
        return str(self._tty.path)

    @property
    def grams(self) -> int:
        """What is on the platform."""
        return self._platform.grams

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._tty.plugged

    @property
    def trouble(self) -> ScaleTrouble | None:
        """What is wrong with it; None when nothing is."""
        return self._platform.trouble

    @trouble.setter
    def trouble(self, trouble: ScaleTrouble | None) -> None:
        self._platform.trouble = trouble

    def place(self, grams: int) -> None:
        """Put this much on the platform, all in all; 0 empties it."""
        self._platform.place(grams)

    def unplug(self) -> None:
        """Pull the cable, in mid-answer if there is one."""
        self._outgoing.clear()
        if self._speaking is not None:
            self._speaking.cancel()
            self._speaking = None
        self._tty.unplug()

    def plug(self) -> None:
        """Put the cable in again; the path is the same."""
        self._tty.plug()

    def send(self, data: bytes) -> None:
        """Send these very bytes, unasked."""
        self._outgoing.extend(data)
        if self._speaking is None:
            self._speak()

    def _heard(self, data: bytes) -> None:
        for _ in range(data.count(b"W")):
            self.send(self._answer())

    def _answer(self) -> bytes:
        platform = self._platform
        platform.drift()
        match platform.trouble:
            case ScaleTrouble.STALL:
                return b""
            case ScaleTrouble.GARBAGE:
                return b"\x02\xff7#\x00\x9a\r"
        status = Status.ALWAYS
        if platform.overloaded:
            status |= Status.OVER_CAPACITY
        if platform.grams < 0:
            status |= Status.UNDER_ZERO
        if platform.moving:
            status |= Status.MOTION
        weight = b"\x02%02d.%03d\r" % divmod(platform.grams, 1000)
        frame = weight if status == Status.ALWAYS else b"\x02?%c\r" % status
        return frame[: len(frame) // 2] if platform.trouble is ScaleTrouble.HALF_FRAME else frame

    def _speak(self) -> None:
        if not self._outgoing:
            self._speaking = None
            return
        self._tty.say(bytes([self._outgoing.popleft()]))
        self._speaking = asyncio.get_running_loop().call_later(_BYTE_S, self._speak)


class SimulatedHidScale:
    """A USB scale: streams data reports of usage page 0x8D while somebody has it open, as /dev/hidraw* does."""

    def __init__(
        self,
        path: Path,
        *,
        unit: Literal["g", "kg", "oz", "lb"] = "g",
        capacity_g: int = 15_000,
        settle_s: float = 0.3,
        trouble: ScaleTrouble | None = None,
    ) -> None:
        self._platform = Platform(capacity_g=capacity_g, settle_s=settle_s)
        self._platform.trouble = trouble
        self._unit = _HID_UNITS[unit]
        self._node = SimulatedNode(path, greet=self._begin)
        self._streaming: asyncio.TimerHandle | None = None

    async def __aenter__(self) -> Self:
        self._node.plug()
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.unplug()

    @property
    def path(self) -> str:
        """What station.toml gives as `path`."""
        return str(self._node.path)

    @property
    def grams(self) -> int:
        """What is on the platform."""
        return self._platform.grams

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._node.plugged

    async def opened(self) -> None:
        """Wait until the station has it open."""
        await self._node.opened()

    @property
    def trouble(self) -> ScaleTrouble | None:
        """What is wrong with it; None when nothing is."""
        return self._platform.trouble

    @trouble.setter
    def trouble(self, trouble: ScaleTrouble | None) -> None:
        self._platform.trouble = trouble

    def place(self, grams: int) -> None:
        """Put this much on the platform, all in all; 0 empties it."""
        self._platform.place(grams)

    def send(self, report: bytes) -> None:
        """Send this very report."""
        self._node.say(report)

    def unplug(self) -> None:
        """Pull the cable."""
        if self._streaming is not None:
            self._streaming.cancel()
            self._streaming = None
        self._node.unplug()

    def plug(self) -> None:
        """Put the cable in again; the path is the same."""
        self._node.plug()

    def _begin(self) -> None:
        if self._streaming is None:
            self._stream()

    def _stream(self) -> None:
        if not self._node.open:
            self._streaming = None
            return
        report = self._report()
        if report:
            self._node.say(report)
        self._streaming = asyncio.get_running_loop().call_later(_REPORT_S, self._stream)

    def _report(self) -> bytes:
        platform = self._platform
        platform.drift()
        code, exponent, grams_each = self._unit
        counts = round(max(0, platform.grams) / grams_each)
        status = 2 if counts == 0 else 4
        if platform.moving:
            status = 3
        if platform.grams < 0:
            status = 5
        if platform.overloaded:
            status = 6
        report = _REPORT.pack(3, status, code, exponent, counts & 0xFFFF)
        match platform.trouble:
            case ScaleTrouble.STALL:
                return b""
            case ScaleTrouble.HALF_FRAME:
                return report[:3]
            case ScaleTrouble.GARBAGE:
                return b"\x03\xee\xaa\x7f\xff\xff"
        return report
