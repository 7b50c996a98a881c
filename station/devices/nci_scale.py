"""Scales that speak NCI (Weigh-Tronix SCP-01, SCP-12)."""

from __future__ import annotations

from typing import Literal

from station.devices import nci
from station.devices.scale_reader import ScaleProtocol
from station.devices.serial_scale import SerialScaleSettings


class NciScaleConfig(SerialScaleSettings, frozen=True, kw_only=True, tag="nci_scale"):
    """`driver = "nci_scale"`."""

    bits: Literal[7, 8] = 7
    parity: Literal["N", "E", "O"] = "E"

    @property
    def protocol(self) -> ScaleProtocol:
        """`W` asks, `Z` zeroes, `T` tares."""
        return ScaleProtocol(nci.cutter, nci.read_response, ask=b"W\r", zero=b"Z\r", tare=b"T\r")
