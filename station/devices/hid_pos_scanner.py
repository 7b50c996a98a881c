"""USB scanners of the HID POS class, read from /dev/hidraw: no layout, no end key, symbology and GS kept."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import ClassVar, Self

from station.devices.hid_pos_report import ReportReader
from station.devices.line import Line, open_node
from station.devices.ports import Garbled, ScannedText
from station.devices.scan_text import Outcome
from station.devices.serial_scanner import seen
from station.devices.settings import AttachedSettings, Seconds
from station.devices.udev import node_of


class HidPosScannerConfig(AttachedSettings, frozen=True, kw_only=True, tag="hid_pos_scanner"):
    """`driver = "hid_pos_scanner"`."""

    subsystem: ClassVar[str] = "hidraw"
    pause_s: Seconds = 0.5
    """How long the rest of a code in several reports may take."""


class HidPosScanner:
    """Reads reports, yields scans."""

    def __init__(self, config: HidPosScannerConfig) -> None:
        self._config = config
        self._reports = ReportReader()
        self._line: Line

    async def __aenter__(self) -> Self:
        self._line = open_node(node_of(self._config, self._config.subsystem), os.O_RDONLY)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._line.close()

    async def scans(self) -> AsyncIterator[ScannedText | Garbled]:
        """Each scan once; a scan cut off by a lost device is never given."""
        while True:
            found = await self._next()
            if found is not None:
                yield seen(found, self._config.name)

    async def _next(self) -> Outcome | None:
        try:
            async with asyncio.timeout(self._config.pause_s if self._reports.open else None):
                report = await self._line.read()
        except TimeoutError:
            return None if self._line.waiting else self._reports.pause()
        return self._reports.feed(report)
