"""Adam Equipment's scales."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from station.devices import adam
from station.devices.scale_reader import ScaleProtocol
from station.devices.serial_scale import SerialScaleSettings


class AdamScaleConfig(SerialScaleSettings, frozen=True, kw_only=True, tag="adam_scale"):
    """`driver = "adam_scale"`."""

    command: Literal["", "G", "P"] = ""
    """Empty: the scale is set to continuous output. `G` asks CPWplus and its like for the gross weight, `P` others."""
    steady_for_s: Annotated[float, Meta(ge=0.2, le=10)] = 1.0
    """How long a number must stand still where the scale's format has no word for motion."""

    @property
    def protocol(self) -> ScaleProtocol:
        """`Z` zeroes, `T` tares."""
        return ScaleProtocol(
            adam.cutter,
            adam.read_line,
            ask=f"{self.command}\r\n".encode() if self.command else b"",
            zero=b"Z\r\n",
            tare=b"T\r\n",
            steady_for_ms=round(self.steady_for_s * 1_000),
        )
