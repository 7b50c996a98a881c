"""Scales that speak the Scale Manufacturers Association's protocol, levels 1 and 2."""

from __future__ import annotations

from station.devices import sma
from station.devices.scale_reader import ScaleProtocol
from station.devices.serial_scale import SerialScaleSettings


class SmaScaleConfig(SerialScaleSettings, frozen=True, kw_only=True, tag="sma_scale"):
    """`driver = "sma_scale"`."""

    @property
    def protocol(self) -> ScaleProtocol:
        """`W` asks, `Z` zeroes, `T` tares; each between LF and CR."""
        return ScaleProtocol(sma.cutter, sma.read_response, ask=b"\nW\r", zero=b"\nZ\r", tare=b"\nT\r")
