"""Balances that speak MT-SICS."""

from __future__ import annotations

from typing import Literal

from station.devices import sics
from station.devices.scale_reader import ScaleProtocol
from station.devices.serial_scale import SerialScaleSettings


class SicsScaleConfig(SerialScaleSettings, frozen=True, kw_only=True, tag="sics_scale"):
    """`driver = "sics_scale"`."""

    command: Literal["SI", "S", "SIR"] = "SI"
    """`SI` asks for the weight as it is, `S` waits in the scale until it rests, `SIR` lets the scale talk by itself."""

    @property
    def protocol(self) -> ScaleProtocol:
        """`Z` zeroes, `T` tares."""
        said = f"{self.command}\r\n".encode()
        repeats = self.command == "SIR"
        return ScaleProtocol(
            sics.cutter,
            sics.read_line,
            ask=b"" if repeats else said,
            begin=said if repeats else b"",
            zero=b"Z\r\n",
            tare=b"T\r\n",
            answer_within_s=self.silent_after_s if self.command == "S" else 0.5,
        )
