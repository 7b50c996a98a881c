"""USB scales of the HID class, read from /dev/hidraw."""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import AsyncIterator
from typing import Annotated, ClassVar, Self

from msgspec import Meta

from station.devices.hid_descriptor import Layout, common_layout, layout_of
from station.devices.hid_report import Report, read_report
from station.devices.line import Line, open_node
from station.devices.ports import DeviceFault, Reading, ScaleOrder
from station.devices.settings import ScaleSettings
from station.devices.udev import node_of

_GET_DESCRIPTOR_SIZE, _GET_DESCRIPTOR = 0x80044801, 0x90044802
_DESCRIPTOR = struct.Struct("<I4096s")


class HidScaleConfig(ScaleSettings, frozen=True, kw_only=True, tag="hid_scale"):
    """`driver = "hid_scale"`."""

    subsystem: ClassVar[str] = "hidraw"
    report_id: Annotated[int, Meta(ge=0, le=255)] = 0
    """0: as the scale's own description says. A number: the usual six bytes under it, whatever is described."""


class HidScale:
    """The scale streams; only its newest report counts."""

    def __init__(self, config: HidScaleConfig) -> None:
        self._config = config
        self._line: Line
        self._layout: Layout

    async def __aenter__(self) -> Self:
        self._line = open_node(node_of(self._config, self._config.subsystem), os.O_RDONLY)
        try:
            self._layout = self._described()
        except BaseException:
            self._line.close()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._line.close()

    def order(self, what: ScaleOrder) -> None:
        """Its configuration lists no order: postal scales have keys for that."""
        raise DeviceFault(f"{self._config.name} cannot be told to {what}: press its own key")

    async def readings(self) -> AsyncIterator[Reading]:
        """The newest report each time. The kernel keeps up to 63 older ones: they are dropped unread."""
        while True:
            raw: bytes | None = await self._line.read()
            newest: tuple[Report, bytes] | None = None
            while raw is not None:
                report = read_report(raw, self._layout)
                newest = newest if report is None else (report, raw)
                raw = self._line.read_now()
            if newest is not None:
                yield self._reading(*newest)

    def _described(self) -> Layout:
        if self._config.report_id:
            return common_layout(self._config.report_id)
        descriptor = _descriptor_of(self._line.descriptor)
        if descriptor is None:
            return common_layout()
        layout = layout_of(descriptor)
        if layout is None:
            raise DeviceFault(
                f"{self._config.name} is a USB device that describes no weight: give the path or the usb identity of"
                " the scale; if it is one, set report_id = 3"
            )
        return layout

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


def _descriptor_of(node: int) -> bytes | None:
    """What the device says of its reports; None where the node cannot tell."""
    try:
        (size,) = struct.unpack("<I", fcntl.ioctl(node, _GET_DESCRIPTOR_SIZE, bytes(4)))
        buffer = bytearray(_DESCRIPTOR.pack(size, b""))
        fcntl.ioctl(node, _GET_DESCRIPTOR, buffer, True)
    except OSError:
        return None
    filled, descriptor = _DESCRIPTOR.unpack(buffer)
    return bytes(descriptor[:filled])
