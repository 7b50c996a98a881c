"""Scanners on a serial line: RS-232 or a USB virtual COM port (CDC)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Literal, Self

from station.devices.line import Handshake, Line, open_serial
from station.devices.ports import Garbled, ScannedText
from station.devices.scan_framing import ScanFramer
from station.devices.scan_text import GsText, Outcome, Scan
from station.devices.settings import AttachedSettings, Pause, rest_s
from station.devices.udev import node_of


class SerialScannerConfig(AttachedSettings, frozen=True, kw_only=True, tag="serial_scanner"):
    """`driver = "serial_scanner"`."""

    baud: Literal[1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200] = 9600
    bits: Literal[7, 8] = 8
    parity: Literal["N", "E", "O"] = "N"
    stop_bits: Literal[1, 2] = 1
    ends_by: Literal["sign", "pause"] = "sign"
    """`sign`: CR, LF or ETX ends a scan, and one without is refused. `pause`: silence ends it too."""
    pause_s: Pause = None
    """0.15 s when a pause ends a scan, else 0.6 s: then what has no end is refused."""
    gs_text: GsText = ""
    """What the scanner sends in place of GS, if it does: `|`, `<GS>`."""
    handshake: Handshake = "none"
    aim: bool | None = None
    """Whether it sends AIM identifiers; said, a change of it is noticed."""


class SerialScanner:
    """Reads bytes, yields scans."""

    def __init__(self, config: SerialScannerConfig) -> None:
        self._config = config
        self._rest_s = rest_s(config.pause_s, ends=config.ends_by == "pause")
        self._framer = ScanFramer(pause_ends=config.ends_by == "pause", gs_text=config.gs_text)
        self._line: Line

    async def __aenter__(self) -> Self:
        config = self._config
        self._line = open_serial(
            node_of(config, config.subsystem),
            baud=config.baud,
            bits=config.bits,
            parity=config.parity,
            stop_bits=config.stop_bits,
            handshake=config.handshake,
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._line.close()

    async def scans(self) -> AsyncIterator[ScannedText | Garbled]:
        """Each scan once; a scan cut off by a lost device is never given."""
        while True:
            for found in await self._next():
                yield seen(found, self._config.name)

    async def _next(self) -> list[Outcome]:
        try:
            async with asyncio.timeout(self._rest_s if self._framer.open else None):
                data = await self._line.read()
        except TimeoutError:
            if self._line.waiting:
                return []
            ended = self._framer.pause()
            return [] if ended is None else [ended]
        return self._framer.feed(data)


def seen(found: Outcome, device: str) -> ScannedText | Garbled:
    """The outcome with its device and moment."""
    at = time.time_ns() // 1_000_000
    if isinstance(found, Scan):
        return ScannedText(text=found.text, device=device, at=at)
    return Garbled(reason=found.reason, reason_fr=found.reason_fr, device=device, at=at)
