"""USB scales of the HID class, read from /dev/hidraw."""

from __future__ import annotations

import os
import time
from collections.abc import AsyncIterator
from typing import Annotated, ClassVar, Self

from msgspec import Meta

from station.devices.hid_report import Report, read_report
from station.devices.line import Line, open_node
from station.devices.ports import Reading
from station.devices.settings import AttachedSettings, Seconds
from station.devices.udev import node_of


class HidScaleConfig(AttachedSettings, frozen=True, kw_only=True, tag="hid_scale"):
    """`driver = "hid_scale"`."""

    subsystem: ClassVar[str] = "hidraw"
    report_id: Annotated[int, Meta(ge=1, le=255)] = 3
    """Number of the scale data report; nearly all scales use 3."""
    silent_after_s: Seconds = 2.0


class HidScale:
    """The scale streams; only its newest report counts."""

    def __init__(self, config: HidScaleConfig) -> None:
        self._config = config
        self._line: Line

    async def __aenter__(self) -> Self:
        self._line = open_node(node_of(self._config, self._config.subsystem), os.O_RDONLY)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._line.close()

    async def readings(self) -> AsyncIterator[Reading]:
        """The newest report each time. The kernel keeps up to 63 older ones: they are dropped unread."""
        while True:
            raw: bytes | None = await self._line.read()
            newest: tuple[Report, bytes] | None = None
            while raw is not None:
                report = read_report(raw, self._config.report_id)
                newest = newest if report is None else (report, raw)
                raw = self._line.read_now()
            if newest is not None:
                yield self._reading(*newest)

    def _reading(self, report: Report, raw: bytes) -> Reading:
        return Reading(
            state=report.state,
            grams=report.grams,
            at=time.time_ns() // 1_000_000,
            raw=raw.hex(" "),
            device=self._config.name,
            division_g=report.division_g,
            note=report.note,
        )
