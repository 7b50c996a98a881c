"""USB scales of the HID class, read from /dev/hidraw."""

from __future__ import annotations

import fcntl
import os
import struct
import time
from collections.abc import AsyncIterator
from typing import Annotated, ClassVar, Self

from msgspec import Meta

from station.devices.hid_descriptor import USUAL_ZERO, Layout, common_layout, layout_of, zero_report
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
    zero: bool | None = None
    """Whether the station may zero it; None: when the scale describes a report for that."""


class HidScale:
    """The scale streams; only its newest report counts."""

    def __init__(self, config: HidScaleConfig) -> None:
        self._config = config
        self._line: Line
        self._layout: Layout
        self._zero: bytes | None = None
        self._zeroing = False

    async def __aenter__(self) -> Self:
        place = node_of(self._config, self._config.subsystem)
        self._line = open_node(place, os.O_RDONLY)
        try:
            descriptor = _descriptor_of(self._line.descriptor)
            self._layout = self._described(descriptor)
            self._zero = self._zeroed_by(descriptor)
            if self._zero is not None:
                self._line.close()
                self._line = open_node(place, os.O_RDWR)
        except BaseException:
            self._line.close()
            raise
        return self

    async def __aexit__(self, *exc: object) -> None:
        self._line.close()

    @property
    def orders(self) -> tuple[ScaleOrder, ...]:
        """What it describes."""
        return () if self._zero is None else (ScaleOrder.ZERO,)

    def order(self, what: ScaleOrder) -> None:
        """Zero it, after its next report; most postal scales have only their key for that."""
        if what is not ScaleOrder.ZERO or self._zero is None:
            raise DeviceFault(f"{self._config.name} cannot be told to {what}: press its own key")
        self._zeroing = True

    async def readings(self) -> AsyncIterator[Reading]:
        """The newest report each time. The kernel keeps up to 63 older ones: they are dropped unread."""
        while True:
            first = await self._line.read()
            newest: tuple[Report, bytes] | None = None
            for raw in (first, *self._line.read_waiting()):
                report = read_report(raw, self._layout)
                newest = newest if report is None else (report, raw)
            if self._zeroing and self._zero is not None:
                self._zeroing = False
                await self._line.write(self._zero)
            if newest is not None:
                yield self._reading(*newest)

    def _zeroed_by(self, descriptor: bytes | None) -> bytes | None:
        if self._config.zero is False:
            return None
        if descriptor is None:
            return USUAL_ZERO if self._config.zero else None
        zero = zero_report(descriptor)
        if zero is None and self._config.zero:
            raise DeviceFault(
                f"{self._config.name} describes nothing that zeroes it: take zero = true out of station.toml,"
                " its own key does it"
            )
        return zero

    def _described(self, descriptor: bytes | None) -> Layout:
        if self._config.report_id:
            return common_layout(self._config.report_id)
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
