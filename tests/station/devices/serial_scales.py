"""Every protocol of serial scales: its twin, its configuration, and how a person would find its weights."""

from __future__ import annotations

import re
from collections.abc import Callable
from math import floor
from typing import Any, NamedTuple

from hypothesis import strategies as st

from station.devices.registry import DeviceConfig
from station.devices.scale_reader import ScaleProtocol, ScaleReader
from station.devices.serial_scale import SerialScaleSettings
from station.devices.simulated.scale_voices import (
    AdamVoice,
    NciVoice,
    PatternVoice,
    SicsVoice,
    SmaVoice,
    ToledoVoice,
    Voice,
)
from tests.station.devices.corpus import ScaleFrame, frames
from tests.station.devices.watching import config

_GRAMS = {b".": 1_000.0, b"kg": 1_000.0, b"g": 1.0, b"oz": 28.349523125, b"lb": 453.59237}


class Spoken(NamedTuple):
    """One protocol."""

    name: str
    voice: Callable[[], Voice]
    driver: str
    fields: dict[str, Any]
    frame: Callable[[int], bytes]
    """The frame of so many grams at rest."""
    weights: re.Pattern[bytes]
    """Finds the whole frames of weights at rest, number and unit, written without the parser's help."""
    first: bytes = b""
    """What must come before the first frame for it to count."""

    def config(self, **fields: Any) -> DeviceConfig:
        """Its table in station.toml."""
        return config(**{"driver": self.driver, "path": "/dev/serial0", **self.fields, **fields})

    @property
    def protocol(self) -> ScaleProtocol:
        settings = self.config()
        assert isinstance(settings, SerialScaleSettings)
        return settings.protocol

    def reader(self) -> ScaleReader:
        """A reader that knows where frames begin."""
        reader = ScaleReader(self.protocol)
        reader.feed(self.first, 0)
        return reader

    def sent(self, data: bytes) -> set[int]:
        """Every weight at rest that stands in these bytes, wherever it begins."""
        found = (self.weights.match(data, at) for at in range(len(data)))
        return {floor(float(each[1].replace(b" ", b"")) * _GRAMS[each[2].lower()] + 0.5) for each in found if each}


SPOKEN = (
    Spoken(
        "toledo",
        ToledoVoice,
        "toledo_scale",
        {},
        lambda grams: b"\x02%02d.%03d\r" % divmod(grams, 1000),
        re.compile(rb"\x02(\d\d?(?=(\.))\.\d{3})\r"),
    ),
    Spoken(
        "sma",
        SmaVoice,
        "sma_scale",
        {},
        lambda grams: f"\n 1G  {grams / 1000:10.3f}kg \r".encode(),
        re.compile(rb"\n[Z ][1-9 ][Gg] .( *[+-]? *\d+(?:\.\d+)? *)(kg|g|lb|oz) *\r", re.DOTALL),
    ),
    Spoken(
        "nci",
        NciVoice,
        "nci_scale",
        {},
        lambda grams: f"\n{grams / 1000:8.3f}kg\r\n00\r\x03".encode(),
        re.compile(rb"\n( *-? *\d+(?:\.\d+)?)(kg|g|lb|oz) ?\r\n[02](?:0|p0|pp0)\r\x03", re.IGNORECASE),
    ),
    Spoken(
        "sics",
        SicsVoice,
        "sics_scale",
        {},
        lambda grams: f"S S {grams:10.2f} g\r\n".encode(),
        re.compile(rb"S S ([ \d.-]{10}) (kg|g|lb|oz) *[\r\n]", re.IGNORECASE),
    ),
    Spoken(
        "adam",
        AdamVoice,
        "adam_scale",
        {},
        lambda grams: f"ST,GS,{grams / 1000:9.3f}kg\r\n".encode(),
        re.compile(rb"ST, ?GS, ?([+-]? *\d+(?:\.\d+)?) *(kg|g|lb|oz) *[\r\n]", re.IGNORECASE),
        first=b"Date\r\n",
    ),
    Spoken(
        "pattern",
        PatternVoice,
        "pattern_scale",
        PatternVoice.TABLE,
        lambda grams: f"{grams / 1000:.3f} kg]".encode(),
        re.compile(rb"(?<![^\]])(-?\d+(?:\.\d+)?) (kg)\]"),
        first=b"]",
    ),
)
BY_NAME = {spoken.name: spoken for spoken in SPOKEN}


def bad_bytes(spoken: Spoken) -> st.SearchStrategy[bytes]:
    """Noise, and pieces of the protocol's own frames, true and broken, cut anywhere and put together anyhow."""
    pieces = st.sampled_from([frame.sent for frame in frames(spoken.name, ScaleFrame)]).flatmap(
        lambda frame: st.tuples(st.integers(0, len(frame)), st.integers(0, len(frame))).map(
            lambda cut: frame[min(cut) : max(cut)]
        )
    )
    return st.lists(pieces | st.binary(max_size=8), max_size=12).map(b"".join)
