"""Twins of the scales."""

from __future__ import annotations

import asyncio
import struct
from collections import deque
from pathlib import Path
from typing import Literal

from station.devices.simulated.cable import Cabled, OnNode
from station.devices.simulated.packets import SimulatedNode
from station.devices.simulated.platform import Platform, ScaleTrouble
from station.devices.simulated.scale_voices import ToledoVoice, Voice
from station.devices.simulated.tty import SimulatedTty

_BYTE_S = 0.001
"""About a byte's time at 9600 baud."""
_REPORT_S = 0.1
_REPORT = struct.Struct("<BBBbH")
_HID_UNITS = {"g": (2, 0, 1.0), "kg": (3, -3, 1.0), "oz": (11, -1, 2.8349523), "lb": (12, -2, 4.5359237)}
"""Unit code, exponent, grams in one count."""


class SimulatedScale(Cabled[SimulatedTty]):
    """A serial scale: speaks its protocol byte by byte, with motion first after each change."""

    def __init__(
        self,
        path: Path,
        *,
        voice: Voice | None = None,
        capacity_g: int = 15_000,
        settle_s: float = 0.3,
        trouble: ScaleTrouble | None = None,
    ) -> None:
        """`voice`: its protocol; Mettler-Toledo 8217 when none is given."""
        self._voice = voice or ToledoVoice()
        self._platform = Platform(capacity_g=capacity_g, settle_s=settle_s, trouble=trouble)
        self._repeating: asyncio.TimerHandle | None = None
        super().__init__(SimulatedTty(path, self._heard))
        self._outgoing: deque[int] = deque()
        self._speaking: asyncio.TimerHandle | None = None

    @property
    def grams(self) -> int:
        """What is on the platform."""
        return self._platform.grams

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

    def press_tare(self) -> None:
        """Press the scale's own TARE key."""
        self._platform.tare()

    def unplug(self) -> None:
        """Pull the cable, in mid-answer if there is one."""
        self._outgoing.clear()
        for timer in (self._speaking, self._repeating):
            if timer is not None:
                timer.cancel()
        self._speaking = self._repeating = None
        super().unplug()

    def plug(self) -> None:
        """Put the cable in; the path is always the same."""
        super().plug()
        self._repeat()

    def send(self, data: bytes) -> None:
        """Send these very bytes, unasked."""
        self._outgoing.extend(data)
        if self._speaking is None:
            self._speak()

    def _heard(self, data: bytes) -> None:
        for request in self._voice.requests.finditer(data):
            if self.trouble is not ScaleTrouble.STALL:
                answer = self._voice.answer(request[0], self._platform)
                self.send(self._weight() if answer is None else answer)
        self._repeat()

    def _repeat(self) -> None:
        """Talk by itself, where the protocol or an order wants it."""
        if self._voice.repeats_every_s and self._repeating is None:
            self._say_again()

    def _say_again(self) -> None:
        if not self._outgoing:
            self.send(self._weight())
        self._repeating = asyncio.get_running_loop().call_later(self._voice.repeats_every_s, self._say_again)

    def _weight(self) -> bytes:
        self._platform.drift()
        match self.trouble:
            case ScaleTrouble.STALL:
                return b""
            case ScaleTrouble.GARBAGE:
                return self._voice.garbage
            case trouble:
                frame = self._voice.weight(self._platform)
                return frame[: len(frame) // 2] if trouble is ScaleTrouble.HALF_FRAME else frame

    def _speak(self) -> None:
        if not self._outgoing:
            self._speaking = None
            return
        self._line.say(bytes([self._outgoing.popleft()]))
        self._speaking = asyncio.get_running_loop().call_later(_BYTE_S, self._speak)


class SimulatedHidScale(OnNode):
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
        self._platform = Platform(capacity_g=capacity_g, settle_s=settle_s, trouble=trouble)
        self._unit = _HID_UNITS[unit]
        super().__init__(SimulatedNode(path, greet=self._begin, heard=self._heard))
        self._streaming: asyncio.TimerHandle | None = None

    @property
    def grams(self) -> int:
        """What is on the platform."""
        return self._platform.grams

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
        self._line.say(report)

    def unplug(self) -> None:
        """Pull the cable."""
        if self._streaming is not None:
            self._streaming.cancel()
            self._streaming = None
        super().unplug()

    def _heard(self, report: bytes) -> None:
        if report == b"\x02\x02":
            self._platform.zero()

    def _begin(self) -> None:
        if self._streaming is None:
            self._stream()

    def _stream(self) -> None:
        if not self._line.open:
            self._streaming = None
            return
        report = self._report()
        if report:
            self._line.say(report)
        self._streaming = asyncio.get_running_loop().call_later(_REPORT_S, self._stream)

    def _report(self) -> bytes:
        platform = self._platform
        platform.drift()
        code, exponent, grams_each = self._unit
        counts = round(max(0, platform.shown) / grams_each)
        status = 2 if counts == 0 else 4
        if platform.moving:
            status = 3
        if platform.shown < 0:
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
