"""Scales that speak Mettler-Toledo 8217: asked with `W`, they answer."""

from __future__ import annotations

from typing import Literal

from station.devices import toledo
from station.devices.scale_reader import ScaleProtocol
from station.devices.serial_scale import SerialScaleSettings
from station.devices.toledo import ToledoUnit


class ToledoScaleConfig(SerialScaleSettings, frozen=True, kw_only=True, tag="toledo_scale"):
    """`driver = "toledo_scale"`."""

    bits: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"
    unit: ToledoUnit = "kg"
    """What the scale is set to: its frames carry no unit."""

    @property
    def protocol(self) -> ScaleProtocol:
        """`W` asks, `Z` zeroes."""
        return ScaleProtocol(toledo.cutter, lambda raw: toledo.read_answer(raw, self.unit), ask=b"W\r", zero=b"Z\r")
